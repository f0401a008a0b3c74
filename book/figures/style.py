"""One look for every figure, and figures as inline SVG that follows the page's colours."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Each of these is mapped to a colour of the page, light and dark, in book.css.
INK = "#1c2430"
MUTED = "#5b6675"
GRID = "#d9dee6"
PAPER = "#ffffff"
SERIES = ("#1f5fa8", "#c2481a", "#1b7f5c", "#7a4fa3", "#8f6400", "#3d4b5c")
#: From the claim failing to the claim holding; same order as the likelihood words, reversed.
CLASSES = ("#2b5c8a", "#6a94ba", "#b3cde0", "#e6e6e6", "#f0c9a8", "#d98b52", "#b2541a")

WIDTH = 4.6  # inches: 331 units, so that text of 10 units is ten pixels high on a phone

RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "chip-war",
    "path.simplify": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "lines.linewidth": 1.8,
}


def new_figure(height: float = 3.4, width: float = WIDTH) -> Figure:
    """Return an empty figure in the report's style, ready for ``subplots``."""
    with mpl.rc_context(RC):
        return Figure(figsize=(width, height), layout=None)


_DECLARATION = re.compile(r"([a-z-]+):\s*([^;\"]+);?\s*")


def _attributes(match: re.Match[str]) -> str:
    """Turn a style attribute into presentation attributes, which a strict policy allows."""
    found = []
    for name, value in _DECLARATION.findall(html.unescape(match[1])):
        if name == "font":
            size = re.search(r"([\d.]+)px", value)
            weight = re.search(r"\b(bold|[5-9]00)\b", value)
            found.append(f'font-size="{size[1]}"' if size else "")
            found.append(f'font-weight="{weight[1]}"' if weight else "")
        elif not name.startswith("stroke-miter"):
            found.append(f'{name}="{value.strip()}"')
    return " ".join(f for f in found if f)


def to_svg(figure: Figure, prefix: str, description: str) -> str:
    """Return a figure as inline SVG.

    Parameters
    ----------
    figure : Figure
    prefix : str
        Put before every id, so that many figures share a page.
    description : str
        Alternative text.

    Returns
    -------
    str
        An ``<svg>`` element without styles, scripts, dates or anything random.
    """
    out = io.StringIO()
    with mpl.rc_context(RC):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.S)
    text = re.sub(r'style="([^"]*)"', _attributes, text)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\1{prefix}-", text)
    view = re.search(r'viewBox="([^"]+)"', text)
    assert view is not None
    _, _, width, height = view[1].split()
    body = re.sub(r"^<svg[^>]*>", "", text)
    body = re.sub(r"\n\s*", "\n", body)
    label = f"{prefix}-alt"
    return (
        f'<svg class="figure" viewBox="{view[1]}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{label}" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" stroke-linejoin="round" '
        f'stroke-linecap="butt"><title id="{label}">{html.escape(description)}</title>{body}'
    )


def cite_links(sources: Sequence[str]) -> str:
    """Return links to the entries of sources on the bibliography page, for captions."""
    from book.sources import link  # the bibliography is only needed by whoever shows a source

    return "; ".join(link(key) for key in sources)


@dataclass(frozen=True)
class Exhibit:
    """A figure that does not move, as it stands in a chapter.

    Parameters
    ----------
    id : str
        Unique in the page.
    figure : Figure
    title : str
        States the finding.
    alt : str
        What the figure shows, for those who do not see it.
    caption : str
        How to read it.
    sources : sequence of str
        Keys of ``references.bib``.

    Raises
    ------
    ValueError
        If title or alternative text is missing.
    """

    id: str
    figure: Figure
    title: str
    alt: str
    caption: str
    sources: Sequence[str]

    def __post_init__(self) -> None:
        for name in ("title", "alt", "caption"):
            if not getattr(self, name).strip():
                raise ValueError(f"figure {self.id}: no {name}; say what the figure shows")
        if not self.sources:
            raise ValueError(f"figure {self.id}: no sources")

    def _repr_html_(self) -> str:
        return (
            f'<figure class="exhibit" id="{self.id}"><p class="finding">{html.escape(self.title)}'
            f"</p>{to_svg(self.figure, self.id, self.alt)}<figcaption>{html.escape(self.caption)} "
            f'<span class="source">Source: {cite_links(self.sources)}.</span></figcaption></figure>'
        )
