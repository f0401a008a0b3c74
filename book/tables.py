"""Tables in chapters: plain HTML that scrolls on a phone and says where it comes from."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import pandas as pd

from book.figures.style import cite_links
from book.pages import Html


def show(frame: pd.DataFrame, columns: Mapping[str, str], caption: str, sources: Sequence[str]) -> Html:
    """Return a table for a chapter.

    Parameters
    ----------
    frame : DataFrame
    columns : mapping
        Columns to show, in order, with their headings. The first names the row.
    caption : str
        What the table says.
    sources : sequence of str
        Keys of ``references.bib``.

    Raises
    ------
    KeyError
        If the frame lacks a column.
    """

    def cell(value: object, first: bool) -> str:
        text = (
            f"{value:,}"
            if isinstance(value, int)
            else f"{value:,.0f}"
            if isinstance(value, float)
            else str(value)
        )
        return f'<th scope="row">{html.escape(text)}</th>' if first else f"<td>{html.escape(text)}</td>"

    rows = "".join(
        "<tr>" + "".join(cell(v, k == 0) for k, v in enumerate(row)) + "</tr>"
        for row in frame[list(columns)].astype(object).itertuples(index=False)
    )
    head = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in columns.values())
    return Html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(caption)}"><table>'
        f"<caption>{html.escape(caption)} <span class='source'>Source: {cite_links(sources)}.</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
