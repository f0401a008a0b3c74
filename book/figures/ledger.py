"""One picture of all verdicts."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.patches import Rectangle

from book.claims import CHAPTERS, Claim
from book.figures.style import CLASSES, INK, MUTED, PAPER, RC, Exhibit, new_figure

#: What is drawn for each verdict: its colour, and the colour of the id written on it.
_HOLDS, _FAILS, _BETWEEN = (CLASSES[6], PAPER), (CLASSES[0], PAPER), (CLASSES[3], INK)
_LOOK = {
    "supported": _HOLDS, "virtually certain": _HOLDS, "very likely": _HOLDS, "likely": (CLASSES[5], INK),
    "about as likely as not": _BETWEEN, "mixed": _BETWEEN, "depends on the reading": _BETWEEN,
    "unlikely": (CLASSES[1], INK), "very unlikely": _FAILS, "exceptionally unlikely": _FAILS, "contradicted": _FAILS,
    "not testable on public evidence": ("none", INK), "not yet tested": ("none", MUTED),
}  # fmt: skip


def verdicts(claims: list[Claim]) -> Exhibit:
    """Draw every claim as a square in its chapter's row, coloured by its verdict.

    Parameters
    ----------
    claims : list of Claim
        All claims of the ledger.
    """
    rows = [c for c in CHAPTERS if any(claim.chapter == c for claim in claims)]
    with mpl.rc_context(RC):
        figure = new_figure(0.62 * len(rows) + 0.1)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        for y, chapter in enumerate(rows):
            axes.text(0, y - 0.42, CHAPTERS[chapter], va="center", fontsize=9.5, fontweight="bold")
            for x, claim in enumerate(c for c in claims if c.chapter == chapter):
                face, ink = _LOOK[claim.verdict.word]
                axes.add_patch(
                    Rectangle((x, y - 0.22), 0.94, 0.52, facecolor=face, edgecolor=MUTED, linewidth=0.6)
                )
                axes.text(x + 0.47, y + 0.04, claim.id, ha="center", va="center", fontsize=6.4, color=ink)
        axes.set(xlim=(-0.05, 17.1), ylim=(len(rows) - 0.5, -0.65))
        axes.axis("off")
    tested = [c for c in claims if c.verdict.word != "not yet tested"]
    words = sorted({c.verdict.word for c in tested})
    counts = ", ".join(f"{sum(c.verdict.word == w for c in tested)} {w}" for w in words)
    return Exhibit(
        id="verdicts",
        figure=figure,
        title=f"{len(tested)} of {len(claims)} claims tested so far: {counts}",
        alt=f"A square for each of {len(claims)} claims, in a row for each chapter. Tested so far: {counts}. The rest is "
        "not yet tested.",
        caption="Brown: the claim holds. Blue: it fails. Grey: mixed, or it depends on the reading. Empty: not tested yet, or "
        "not testable.",
        sources=["scsp2025chipwars"],
    )
