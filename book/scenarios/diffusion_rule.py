"""Explorers of the chapter on the diffusion rule."""

from __future__ import annotations

from book import export_controls as ec
from book.explorer import Choice, Explorer, Fan, Line, Option, World
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
