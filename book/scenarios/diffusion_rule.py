"""Explorers of the chapter on the diffusion rule."""

from __future__ import annotations

from book import export_controls as ec
from book.explorer import Choice, Explorer, Fan, Line, Option, World
from book.explorer.kinds import Scale, Test
from book.models import diffusion_rule as models

SHOWN = (
    "h100_sxm",
    "h200_sxm",
    "b200",
    "b300",
    "a100_80gb_sxm",
    "h20",
    "mi300x",
    "mi325x",
    "ascend_910c",
    "tpu_v6e",
)


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

    def paths(allocation: float, companies: float, consignees: float) -> dict[str, float]:
        return {"allocation": allocation, "companies": companies, "consignees": consignees}

    options = [
        Option(
            "nveu",
            "One national validated end user",
            paths(0, 1, 0),
            phrase="one national validated end user may hold",
        ),
        Option(
            "allocation",
            "The country allocation",
            paths(once, 0, 0),
            phrase="the country allocation comes to",
        ),
        Option(
            "assured",
            "The allocation, doubled by assurances",
            paths(2 * once, 0, 0),
            phrase="the doubled allocation comes to",
        ),
        Option(
            "lpp",
            "One buyer under LPP",
            paths(0, 0, 1),
            phrase="one buyer under Licence Exception LPP may have had",
        ),
        Option(
            "both",
            "Allocation and one validated end user",
            paths(once, 1, 0),
            phrase="the allocation and one validated end user come to",
        ),
        Option(
            "most",
            "Doubled allocation and three validated end users",
            paths(2 * once, 3, 0),
            phrase="the doubled allocation and three validated end users come to",
        ),
    ]
    return Choice("path", "By which path", options, "nveu")


def yardstick_choice() -> Choice:
    """Return the choice of what counts as chips in quantity."""
    tpp = ec.chips()["tpp"]

    def wish(id: str, label: str, phrase: str, row: str, chip: str, total: bool) -> Option:
        values = {"tpp_wanted": float(tpp[chip]), "ramp": float(total)}
        return Option(id, label, values, {"wanted": row}, phrase)

    options = [
        wish("colossus", "The largest cluster on the day", "the largest cluster in operation on the day of the debate",
             "want_colossus", "h100_sxm", False),
        wish("india", "India's national programme", "what India's national programme had by early 2026",
             "want_india", "h100_sxm", True),
        wish("johor", "One site in Johor, as B200", "one site in Johor, read as B200",
             "want_johor", "b200", True),
        wish("g42-chips", "G42's part of the UAE framework, 100,000 B200 a year",
             "G42's part of the UAE framework, read as B200", "want_g42_chips", "b200", True),
        wish("g42", "The same, as reported in H100-equivalents",
             "G42's part of the UAE framework, as reported in H100-equivalents", "want_g42", "h100_sxm", True),
        wish("humain", "Saudi Arabia's Humain, in B300", "what Saudi Arabia's Humain planned, read as B300",
             "want_humain", "b300", True),
    ]  # fmt: skip
    return Choice("yardstick", "Beside what is wanted", options, "colossus")


def worlds() -> list[World]:
    """Return what each side needs to be right about DR7."""
    return [
        World("report", "the report", {}, {}, {"path": "nveu", "yardstick": "colossus", "at": "2026q4"}),
        World(
            "estevez", "Estevez", {"companies": 3.0},
            {"companies": "Three validated companies in one country: the rule sets no number, and each "
             "counts by itself."},
            {"path": "most", "yardstick": "g42-chips", "at": "2027q4"},
        ),
        World(
            "nikakhtar", "Nikakhtar", {"companies": 0.0},
            {"companies": "No company is validated: the status needs an agreement between "
             "governments, and none had been reached."},
            {"path": "allocation", "yardstick": "humain", "at": "2027q4"},
        ),
    ]  # fmt: skip


def quantity() -> Explorer:
    """Return the explorer of claim DR7, on what validated end users may hold."""
    return Explorer(
        id="DR7",
        title="One validated company could outgrow the largest cluster of March 2025 by the end of 2026, "
        "and still hold a fraction of what Gulf buyers then asked for",
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
            x=Scale(0, 11), y=Scale(3e2, 3e7, log=True),
            ylabel="chips of the kind chosen, cumulative", xlabel="quarter",
        ),
        test=Test("cover", ">=", 1.0),
        answer="By {!at}, {!path} {lawful_chips} chips ({!chip}): {cover:2} times {!yardstick}, and enough for "
        "a training run of {month_run} operations in thirty days.",
        alt="Chips that each path of the diffusion rule allows in a country outside tier 1, by quarter "
        "from 2025 to 2027, on a logarithmic axis: licence exception LPP, country allocation, the same "
        "doubled, and the ceiling of one national validated end user, beside what is wanted.",
        caption="Steps: the ceiling of each quarter. Shaded: 90% and 50% intervals of what is wanted. "
        "Dotted: the quarter at which the claim is judged.",
        controls=["companies", "consignees", "mfu_training"],
        choices=[chip_choice(), path_choice(), yardstick_choice()],
        worlds=worlds(),
        at="2026 Q4",
        height=3.6,
        right=1.15,
    )  # fmt: skip
