"""Explorers of the chapter on the diffusion rule."""

from __future__ import annotations

from book import export_controls as ec
from book.data import number, parameters, table
from book.explorer import Choice, Distribution, Explorer, Fan, Line, Option, Sweep, World
from book.explorer.kinds import Scale, Test
from book.models import diffusion_rule as models

SHOWN = ("h100_sxm", "h200_sxm", "b200", "b300", "gb300", "a100_80gb_sxm", "mi300x", "mi325x", "mi355x")


def chip_choice() -> Choice:
    """Return the choice of the chip in which budgets are shown."""
    chips = ec.chips().loc[list(SHOWN)]
    options = [
        Option(str(i), str(c["name"]), {"tpp_chip": c["tpp"], "rate_chip": c["fp16_tflops"]})
        for i, c in chips.iterrows()
    ]
    return Choice("chip", "Counted in", options, "h100_sxm")


def path_choice() -> Choice:
    """Return the choice of the path by which a country gets chips."""
    once = ec.country_allocation()

    def path(
        id: str, label: str, phrase: str, allocation: float, companies: float, consignees: float
    ) -> Option:
        values = {"allocation": allocation, "companies": companies, "consignees": consignees}
        return Option(id, label, values, phrase=phrase)

    options = [
        path(
            "nveu",
            "One national validated end user",
            "one national validated end user could have held",
            0,
            1,
            0,
        ),
        path("allocation", "The country allocation", "the country allocation came to", once, 0, 0),
        path(
            "assured",
            "The allocation, doubled by assurances",
            "the doubled allocation came to",
            2 * once,
            0,
            0,
        ),
        path("lpp", "One buyer under LPP", "one buyer under Licence Exception LPP could have had", 0, 0, 1),
        path(
            "both",
            "Allocation and one validated end user",
            "the allocation and one validated end user came to",
            once,
            1,
            0,
        ),
    ]
    return Choice("path", "By which path", options, "nveu")


def yardstick_choice() -> Choice:
    """Return the choice of what counts as chips in quantity."""
    tpp = ec.chips()["tpp"]
    always, from_2025, from_november = (-100.0, 1.0), (0.0, 12.0), (10 / 3, 12.0)

    def wish(
        id: str, label: str, phrase: str, row: str, chip: str, when: tuple[float, float], moving: float = 0.0
    ) -> Option:
        values = {"tpp_wanted": float(tpp[chip]), "begin": when[0], "length": when[1], "moving": moving}
        return Option(id, label, values, {"wanted": row}, phrase)

    g42 = "G42's part of the UAE framework"
    options = [
        wish("cluster", "Largest known cluster of March 2025", "the largest publicly known cluster of March 2025",
             "want_cluster", "h100_sxm", always),
        wish("frontier", "Largest known cluster at the time", "the largest publicly known cluster at the time",
             "want_cluster", "h100_sxm", always, moving=1.0),
        wish("g42-h100", f"{g42}, if H100", f"{g42} if its chips were H100", "want_g42_chips", "h100_sxm", from_2025),
        wish("g42-b200", f"{g42}, if B200", f"{g42} if its chips were B200", "want_g42_chips", "b200", from_2025),
        wish("g42-b300", f"{g42}, if B300", f"{g42} if its chips were B300", "want_g42_chips", "b300", from_2025),
        wish("g42", f"{g42}, as reported in H100-equivalents", f"{g42} as reported in H100-equivalents", "want_g42",
             "h100_sxm", from_2025),
        wish("ytl", "YTL's plan in Johor, Malaysia", "YTL's plan in Johor", "want_ytl", "h100_sxm", from_2025),
        wish("humain", "Humain's plan of November 2025, if B300", "Humain's plan of November 2025 if its chips were B300",
             "want_humain", "b300", from_november),
    ]  # fmt: skip
    return Choice("yardstick", "Beside what is wanted", options, "cluster")


def worlds() -> list[World]:
    """Return what each side needs to be right about DR7."""
    return [
        World("report", "the report", {}, {}, {"path": "nveu", "yardstick": "g42-b200", "at": "2026q4"}),
        World(
            "estevez", "Estevez", {}, {},
            {"path": "nveu", "yardstick": "g42-h100", "at": "2026q4"},
            "The status can be had, and the buyer wants the chips that the rule had in mind.",
        ),
        World(
            "nikakhtar", "Nikakhtar", {}, {},
            {"path": "allocation", "yardstick": "g42-b300", "at": "2026q4"},
            "The status cannot be had in time, so the buyer has the country's allocation at most, and it wants the newest chips.",
        ),
    ]  # fmt: skip


def quantity() -> Explorer:
    """Return the explorer of claim DR7, on what validated end users may hold."""
    return Explorer(
        id="DR7",
        title="One validated company could pass the largest known cluster of March 2025 during 2026; "
        "whether that is enough for G42 turns on the chip it buys",
        model=models.supply(),
        kind=Fan(
            lines=[
                Line("lpp_chips", "LPP, one buyer", 4),
                Line("allocation_chips", "country", 2),
                Line("assured_chips", "with assurances", 2, dashed=True),
                Line("nveu_chips", "one NVEU", 0),
                Line("demand_chips", "wanted", 1, band=True),
            ],
            step=True, every=4,
            x=Scale(0, 11), y=Scale(1e2, 1e7, log=True),
            ylabel="chips of the kind chosen, cumulative", xlabel="quarter",
        ),
        test=Test("cover", ">=", 0.995),  # the rule counts an H100 at 15,825 TPP, its rates give 15,832
        answer="By {!at}, {!path} {lawful_chips} chips ({!chip}): {cover:2} times {!yardstick}. In thirty days "
        "they do {month_run} training operations.",
        alt="Chips that each path of the diffusion rule allows in a country outside tier 1, by quarter "
        "from 2025 to 2027, on a logarithmic axis: licence exception LPP, country allocation, the same "
        "doubled, and the ceiling of one national validated end user, beside what is wanted.",
        caption="Steps: the ceiling of each quarter. Shaded: 90% and 50% intervals of what is wanted. "
        "Dotted: the quarter at which the claim is judged. A validated end user needed leave from BIS to train a closed "
        "model of 10^26 operations or more outside the first tier.",
        controls=["companies", "consignees", "mfu_training"],
        choices=[chip_choice(), path_choice(), yardstick_choice()],
        worlds=worlds(),
        at="2026 Q4",
        height=3.6,
        right=1.15,
    )  # fmt: skip


def _policy(start: str = "surplus") -> Choice:
    options = [
        Option(
            "seen",
            "What was seen abroad in 2025",
            {"seen_only": 1.0},
            phrase="What was seen abroad in 2025 is",
        ),
        Option(
            "surplus", "What is left over at home", {"policy": 0.0}, phrase="What is left over at home is"
        ),
        Option(
            "tenth", "A tenth of output, as policy", {"policy": 0.1}, phrase="What it sold as policy would be"
        ),
    ]
    return Choice("exported", "What China exports", options, start)


def china_exports() -> Explorer:
    """Return the explorer of claim DR5, on how much China could sell abroad."""
    lines = [
        Option("five", "5% of what others are sold", {"line": 0.05}),
        Option("one", "1%", {"line": 0.01}),
    ]
    return Explorer(
        id="DR5",
        title="China wants several times the AI chips that it makes; what it sells abroad is a choice, not a surplus",
        model=models.exports(),
        kind=Fan(lines=[Line("output", "makes", 0, band=True), Line("demand", "wants", 1, band=True)],
                 x=Scale(2025, 2026), y=Scale(1e5, 3e7, log=True), ylabel="chips of the class of a 910C", xlabel="year"),
        test=Test("room", ">=", 0.0),
        answer="In {!at} China wants {times:2} times the AI chips that it makes. {!exported} {share:2} of what others are sold, "
        "by TPP.",
        alt="Two lines with bands on a logarithmic axis, 2025 to 2026: AI chips that China makes, and those that it wants.",
        caption="Median, 50% and 90% intervals.",
        controls=["china_output_2025", "china_output_2026", "china_demand_2025", "china_demand_2026", "china_imports_2026", "policy"],
        choices=[_policy(), Choice("line", "Sizeable means", lines, "five")],
        worlds=[
            World("report", "the report", {}, {}, {"exported": "seen", "line": "five", "at": "2025"},
                  "What was seen abroad, in the last whole year."),
            World("miller", "Miller", {}, {}, {"exported": "surplus", "line": "five", "at": "2026"},
                  "China sells abroad only what it cannot use."),
            World("nikakhtar", "Nikakhtar", {}, {}, {"exported": "tenth", "line": "one", "at": "2026"},
                  "China sells abroad as policy, whatever is lacking at home."),
        ],
        at="2026", right=0.6, left=0.85,
    )  # fmt: skip


def china_at_home() -> Explorer:
    """Return the explorer of claim DR13, on whether China could take over clouds elsewhere."""
    lines = [Option("quarter", "A quarter of what others are sold", {"line": 0.25})]
    cluster = number(table("clouds"), "oracle_sea_h100e")
    counted = [Option("chinese", "Chinese chips only", {"rented": 0.0}),
               Option("american", "And one planned cluster of American chips", {"rented": cluster})]  # fmt: skip
    return Explorer(
        id="DR13",
        title="Even a tenth of China's output, sent abroad as policy, is a small part of what others buy",
        model=models.exports(),
        kind=Distribution(output="share", x=Scale(0, 0.3), xlabel="share of the AI chips delivered outside China and the US"),
        test=Test("held_back", ">=", 0.0),
        answer="In {!at} China lacks {gap:2} chips of the class of a 910C. {!exported} {share:2} of what others are sold, by TPP.",
        alt="A histogram of the share of others' AI chips that could be Chinese.",
        caption="4,096 draws. The claim needs both: China short at home, and its share abroad under a quarter.",
        controls=["china_output_2025", "china_output_2026", "china_demand_2025", "china_demand_2026", "china_imports_2026", "policy"],
        choices=[_policy("tenth"), Choice("counted", "What counts", counted, "chinese"), Choice("line", "Taking over means", lines, "quarter")],
        worlds=[
            World("report", "the report", {}, {}, {"exported": "tenth", "counted": "american", "at": "2026"},
                  "Sold as policy, and clouds on American chips counted: the widest reading that the sources allow."),
            World("patel", "Patel", {}, {}, {"exported": "surplus", "counted": "chinese", "at": "2026"},
                  "China sells abroad only what it cannot use at home."),
            World("nikakhtar", "Nikakhtar", {"policy": 0.5},
                  {"policy": "Half of output goes abroad although the other half is wanted at home."},
                  {"exported": "tenth", "counted": "american", "at": "2026"},
                  "China sells to win states over, and its clouds abroad count whatever chips they run on."),
        ],
        at="2026", left=0.4,
    )  # fmt: skip


def _status() -> Choice:
    options = [
        Option("inside", "It takes the universal status", {"other": 0.0}, phrase="A firm with the status"),
        Option(
            "outside",
            "It stays outside, where the half does not bind",
            {"other": 100.0},
            phrase="A firm outside the status",
        ),
    ]
    return Choice("status", "The firm", options, "inside")


def small_clouds() -> Explorer:
    """Return the explorer of claim DR9, on what the limits cost a small and a large US cloud."""
    return Explorer(
        id="DR9",
        title="In most draws neither kind of US cloud reaches the half-at-home limit by 2030",
        model=models.clouds(),
        kind=Fan(lines=[Line("wanted_small", "small cloud", 0, band=True), Line("wanted_large", "large cloud", 1, band=True),
                        Line("allowed", "allowed", 5, dashed=True)],
                 x=Scale(2026, 2030), y=Scale(0, 1), ylabel="share of computing power abroad", xlabel="year"),
        test=Test("hurt", ">=", 0.0),
        answer="By {!at} a small US cloud would want {wanted_small:2} of its computing power abroad and a large one {wanted_large:2}. "
        "{!status} loses {loss_small:2} of its growth if it is small, and {loss_large:2} if it is large.",
        alt="Share of computing power that a small and a large US cloud want abroad, 2026 to 2030, beside the limit.",
        caption="Median, 50% and 90% intervals.",
        controls=["share_abroad_small", "growth_home_small", "growth_abroad_small", "share_abroad_large", "growth_home_large", "growth_abroad_large", "limit"],
        choices=[_status()],
        worlds=[
            World("report", "the report", {}, {}, {"status": "inside", "at": "2028"}, "Firms as measured, and the limit as the rule has it."),
            World("nikakhtar", "Nikakhtar",
                  {"growth_home_small": parameters()["growth_home_small"].low, "growth_abroad_small": parameters()["growth_abroad_small"].high},
                  {"growth_home_small": "The large firms leave a small one little room at home: the lowest growth there that was published.",
                   "growth_abroad_small": "Its growth lies abroad: the highest growth there that was published."},
                  {"status": "inside", "at": "2028"}),
            World("estevez", "Estevez", {}, {}, {"status": "outside", "at": "2028"},
                  "The limit belongs to a status that nobody has to take. No answer of his to this point is known; this is what the rule's defence needs."),
        ],
        at="2028", right=0.95,
    )  # fmt: skip


def saturation() -> Explorer:
    """Return the explorer of claim DR10, on when the limit binds and what the four leave."""
    return Explorer(
        id="DR10",
        title="When growth at home slows, the limit binds earlier",
        model=models.clouds(),
        kind=Sweep(parameter="growth_home_small", output="wanted_small", y=Scale(0, 1), xlabel="growth at home, a year",
                   ylabel="share wanted abroad"),
        test=Test("crowded", ">=", 0.0),
        answer="By {!at} a small US cloud would want {wanted_small:2} of its computing power abroad, where half is allowed.",
        alt="Share that a small US cloud wants abroad against its growth at home: a falling line.",
        caption="Median, 50% and 90% intervals. The claim needs both: the four leave less than a quarter, and the limit binds.",
        controls=["growth_home_small", "growth_abroad_small", "share_abroad_small", "hyperscaler_share"],
        worlds=[
            World("report", "the report", {}, {}, {"at": "2027"}, "Growth and shares as measured."),
            World("nikakhtar", "Nikakhtar", {"growth_home_small": 0.0, "hyperscaler_share": 0.8},
                  {"growth_home_small": "Demand at home is met, and stops growing.",
                   "hyperscaler_share": "The four leave a fifth of the market at home, less than the quarter that counts as little."},
                  {"at": "2027"}),
        ],
        at="2027",
    )  # fmt: skip
