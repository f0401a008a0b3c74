"""Figures of the chapter on the diffusion rule."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from book.explorer import words
from book.figures.style import RC, SERIES, Exhibit, new_figure


def ceiling_in_chips(caps: pd.DataFrame) -> Exhibit:
    """Draw the last NVEU ceiling in chips of several kinds, most capable chip first.

    Parameters
    ----------
    caps : DataFrame
        From :func:`book.export_controls.caps`.
    """
    frame = caps.sort_values("tpp")
    with mpl.rc_context(RC):
        figure = new_figure(2.6)
        axes = figure.add_axes((0.3, 0.19, 0.56, 0.79))
        axes.barh(range(len(frame)), frame["nveu_2027"] / 1000, color=SERIES[0], height=0.62)
        axes.set_yticks(range(len(frame)), frame["name"])
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("thousand chips under one NVEU ceiling, 2027")
        for place, value in enumerate(frame["nveu_2027"]):
            axes.text(value / 1000, place, f" {words.number(value)}", va="center")
    first, last = frame.loc["h100_sxm"], frame.loc["b300"]
    return Exhibit(
        id="ceiling-in-chips",
        figure=figure,
        title=f"The ceiling is fixed in performance, so better chips are fewer: {words.number(first['nveu_2027'])} "
        f"H100 or {words.number(last['nveu_2027'])} B300",
        alt="Bars of how many chips of each kind fit under the ceiling of one national validated end user in "
        "2027, from the least to the most capable chip; the numbers fall as the chips get better.",
        caption="Whole chips under 5,064 million TPP. Chips are counted at their dense rates.",
        sources=["bis2025diffusion", "eto2025agora", "epoch2025hardware"],
    )
