"""Numbers in prose: computed in a cell, injected by name, and traced to where they come from.

A chapter says a number once, ``say_row("caps", "diffusion_rule", "ca_total")``, and writes
``{glue}`caps` `` wherever it needs it. The page links each number to its line in
:func:`derivations`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from myst_nb import glue

from book.data import check_keys, number, split_keys, table
from book.explorer import words
from book.explorer.kinds import quantiles
from book.model import Model
from book.pages import Html
from book.sources import link


@dataclass(frozen=True)
class Number:
    """A number, how it is written, and how it came about."""

    key: str
    value: float
    text: str
    how: str
    sources: tuple[str, ...]

    def _repr_html_(self) -> str:
        return (
            f'<a class="num" href="#from-{self.key}" title="{html.escape(self.how)}" '
            f'data-value="{self.value!r}">{html.escape(self.text)}</a>'
        )

    def __repr__(self) -> str:
        return self.text


_SAID: dict[str, Number] = {}


def say(
    key: str, value: float, how: str, sources: Sequence[str], *, digits: int = 3, text: str = ""
) -> Number:
    """Give a number a name under which the prose may use it.

    Parameters
    ----------
    key : str
        Its name, unique in the chapter.
    value : float
    how : str
        How it was computed, in words a reader can repeat.
    sources : sequence of str
        Keys of ``references.bib``.
    digits : int
        Significant digits.
    text : str
        Written in place of the digits, for instance ``"a third"``. A whole number given as ``int`` is
        written in full.

    Raises
    ------
    ValueError
        If the name is taken, or the number is not finite.
    DataError
        If a source is unknown.
    """
    if key in _SAID and _SAID[key].value != value:
        raise ValueError(f"the number {key!r} is said twice, as {_SAID[key].value!r} and {value!r}")
    if not np.isfinite(value):
        raise ValueError(f"the number {key!r} is {value!r}")
    check_keys(list(sources), f"number {key!r}")
    written = f"{value:,d}" if isinstance(value, int) else words.number(float(value), digits)
    said = Number(key, float(value), text or written, how, tuple(sources))
    _SAID[key] = said
    glue(key, said, display=False)
    return said


def say_row(key: str, name: str, row: str, column: str = "value", *, digits: int = 4) -> Number:
    """Say a number that stands in a table of ``data/``."""
    frame = table(name)
    value = number(frame, row, column)
    where = f"data/{name}.csv, row {row}, column {column}"
    if "paragraph" in frame:
        where += f" ({frame.loc[row, 'paragraph']})"
    whole = int(value) if value.is_integer() else value
    return say(key, whole, where, split_keys(frame.loc[row, "sources"]), digits=digits)


def say_output(
    key: str,
    model: Model,
    output: str,
    values: Mapping[str, float] | None = None,
    at: str = "",
    *,
    digits: int = 3,
) -> Number:
    """Say the median of a model's output over its draws.

    Parameters
    ----------
    key : str
    model : Model
    output : str
        Name of a formula.
    values : mapping, optional
        Parameters that are set; the rest keep their ranges.
    at : str
        Label on the model's axis.
    digits : int
    """
    found = model.evaluate(model.draws(values))[output]
    where = f"median of {output} = {model.formulas[output].expression}, model {model.id},"
    if model.axis is not None:
        found = found[:, model.axis.labels.index(at)]
        where += f" at {at}"
    if values:
        where += " with " + ", ".join(f"{k} = {words.number(v, 4)}" for k, v in values.items())
    sources = [s for p in model.parameters.values() for s in p.sources]
    return say(key, float(quantiles(found, [0.5])[0]), where, list(dict.fromkeys(sources)), digits=digits)


def derivations() -> Html:
    """Return the list of all numbers said so far in this chapter, each with its way back."""
    rows = "".join(
        f'<tr id="from-{n.key}"><th scope="row">{html.escape(n.text)}</th><td>{html.escape(n.how)}</td>'
        f"<td>{'; '.join(link(s) for s in n.sources)}</td></tr>"
        for n in _SAID.values()
    )
    return Html(
        '<details class="inputs"><summary>Where the numbers of this page come from</summary>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Where the numbers come from">'
        '<table><thead><tr><th scope="col">Number</th><th scope="col">How</th>'
        f'<th scope="col">Sources</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _reset() -> dict[str, Any]:
    """Forget what was said (tests use this)."""
    _SAID.clear()
    return {}
