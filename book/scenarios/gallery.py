"""One explorer of every kind, for authors: page ``pages/authors``."""

from __future__ import annotations

from book import export_controls as ec
from book.explorer import Bars, Distribution, Explorer, Fan, Fence, Line, Region, Sweep, Tornado
from book.explorer.kinds import Scale, Test
from book.models import diffusion_rule, gallery
from book.scenarios.diffusion_rule import chip_choice

WITHIN_A_SEASON = Test("days", "<=", 90.0)
ANSWER = "With {chips} chips the run takes {days:2} days."


def fan() -> Explorer:
    """Return outputs over time, with bands."""
    return Explorer(
        id="fan", title="One ceiling of H100 trained a model of the frontier's size within a season from early 2026",
        model=diffusion_rule.training(),
        kind=Fan(lines=[Line("days", "days", band=True)], every=4, x=Scale(0, 11), y=Scale(1, 1000, log=True),
                 ylabel="days that the run takes"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["share_used", "frontier_run", "mfu_training"],
        choices=[chip_choice()], at="2026 Q4", right=0.6,
        alt="Days to train a model of the frontier's size on the chips of one ceiling, falling from quarter to quarter.",
        caption="Median, 50% and 90% intervals.",
    )  # fmt: skip


def sweep() -> Explorer:
    """Return one output against one input."""
    return Explorer(
        id="sweep", title="Size of the run decides, whatever the utilisation",
        model=diffusion_rule.training(),
        kind=Sweep(parameter="frontier_run", output="days", y=Scale(0.1, 10_000, log=True),
                   xlabel="operations in the run", ylabel="days"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["frontier_run", "share_used"], at="2026 Q4",
        alt="Days that a run takes against its size in operations: a rising line that crosses ninety days.",
        caption="Dotted: where the control stands. Solid: ninety days.",
    )  # fmt: skip


def distribution() -> Explorer:
    """Return the draws of one output, with the threshold."""
    return Explorer(
        id="distribution", title="In nearly every draw the run ends within ninety days",
        model=diffusion_rule.training(),
        kind=Distribution(output="days", x=Scale(0, 150), xlabel="days that the run takes"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["share_used", "mfu_training"], at="2026 Q4",
        choices=[chip_choice()],
        alt="A histogram of the days that a run takes, with the part below ninety days in another colour.",
        caption="4,096 draws.",
    )  # fmt: skip


def bars() -> Explorer:
    """Return scenarios side by side."""
    chips = ec.chips()
    items = [(str(chips.loc[n, "name"]), "days", {"tpp_chip": chips.loc[n, "tpp"], "rate_chip": chips.loc[n, "fp16_tflops"]})
             for n in ("h100_sxm", "b200", "b300", "mi300x", "h20")]  # fmt: skip
    return Explorer(
        id="bars", title="A ceiling counted by TPP is worth less in B300, whose TPP comes from 4-bit arithmetic",
        model=diffusion_rule.training(),
        kind=Bars(items=items, x=Scale(1, 1000, log=True), xlabel="days that the run takes"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["share_used", "frontier_run"], at="2026 Q4", left=1.35,
        alt="Five bars: days that one run takes on the chips of one ceiling, by kind of chip.",
        caption="Line: 90% interval. Box: 50% interval. Tick: median.",
    )  # fmt: skip


def fence() -> Explorer:
    """Return points and a movable boundary."""
    chips = ec.chips().query("purpose == 'data_centre' and density > 0 and tpp > 400 and tpp < 120000")
    points = [(str(c["name"]), float(c["tpp"]), float(c["density"])) for _, c in chips.iterrows()]
    return Explorer(
        id="fence", title="The fence of October 2023, and the chips on either side",
        model=gallery.fence(),
        kind=Fence(boundary="least_density", points=points, x=Scale(400, 120_000, log=True), y=Scale(0.5, 80, log=True),
                   xlabel="TPP", ylabel="TPP a mm2"),
        test=None, answer="Move the fence and see which chips it takes in.",
        controls=["line_top", "line_low", "line_density"], sources=["epoch2025hardware"],
        alt="Chips by performance and performance density, with the region that is controlled shaded.",
        caption="Data-centre chips with a published die area.",
    )  # fmt: skip


def region() -> Explorer:
    """Return a map of two inputs."""
    return Explorer(
        id="region", title="Where the run ends within ninety days",
        model=diffusion_rule.training(),
        kind=Region(parameters=("mfu_training", "share_used"), xlabel="utilisation", ylabel="share of the ceiling"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["mfu_training", "share_used", "frontier_run"], at="2026 Q4",
        alt="A map of utilisation and of the share of the ceiling used, coloured by how likely the claim is.",
        caption="From blue, where the claim fails, to brown, where it holds; seven classes of likelihood.",
    )  # fmt: skip


def tornado() -> Explorer:
    """Return inputs ranked by how far each moves the answer."""
    return Explorer(
        id="tornado", title="What is not known of the run's size matters most",
        model=diffusion_rule.training(),
        kind=Tornado(output="days", over=["mfu_training", "frontier_run"], x=Scale(5, 120, log=True), xlabel="days"),
        test=WITHIN_A_SEASON, answer=ANSWER, controls=["mfu_training", "frontier_run", "share_used"], at="2026 Q4",
        left=2.7, height=2.0,
        alt="Two bars: the range of days that utilisation and the size of the run each lead to.",
        caption="Each input alone from its low to its high value, the others central.",
    )  # fmt: skip


def tabulated() -> Explorer:
    """Return a figure whose function is a table, with its error stated."""
    return Explorer(
        id="tabulated", title="At the same load, more desks mean less waiting",
        model=gallery.queue(),
        kind=Sweep(parameter="desks", output="waits", y=Scale(0, 1), xlabel="desks", ylabel="probability of waiting"),
        test=Test("waits", "<=", 0.5), answer="A file waits with probability {waits:2}.", controls=["desks", "load"],
        alt="Probability of waiting against the number of desks: a falling curve.",
        caption="Erlang C, tabulated and interpolated.", sources=["wirelessnderlang"],
    )  # fmt: skip
