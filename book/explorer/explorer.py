"""The explorer: a live figure on a static page, and the same figure as a Jupyter widget."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anywidget
import pandas as pd
import traitlets

from book import draws
from book.data import Parameter, check_keys, parameters
from book.explorer import words
from book.explorer.kinds import Frame, Kind, Shapes, Tornado, parameter_scale, quantiles
from book.explorer.kinds import Test as Condition
from book.figures import live, style
from book.model import Model
from book.sources import link

_HERE = Path(__file__).parent
AT = "at"  # the choice that moves along the model's axis


class ExplorerError(ValueError):
    """A definition that cannot work; the message names the explorer and the parameter or formula."""


@dataclass(frozen=True)
class Option:
    """One option of a choice: parameters set to a value, or given the range of another row."""

    id: str
    label: str
    values: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, str] = field(default_factory=dict)
    phrase: str = ""  # how the answer in words calls it; the label where empty


@dataclass(frozen=True)
class Choice:
    """A question with a few answers, each of which sets parameters of the model."""

    id: str
    label: str
    options: Sequence[Option]
    start: str


@dataclass(frozen=True)
class World:
    """What somebody's claim needs the parameters to be, each with its reason.

    It is the report's reading of the claim, never that person's estimate unless they published it.
    """

    id: str
    name: str
    values: Mapping[str, float]
    reasons: Mapping[str, str]
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


class Explorer(anywidget.AnyWidget):
    """A live figure with its controls, its answer in words and its table of inputs.

    Parameters
    ----------
    id : str
        Its address in the page, for instance the id of its claim.
    title, alt, caption : str
        The finding at the central values, the alternative text and how to read the figure.
    model : Model
    kind : Kind
        What the figure shows.
    test : Test or None
        The claim's condition, written before the result is looked at; None where nothing is judged.
    answer : str
        The answer in words: ``{name}`` stands for the median of an output where the claim is
        judged, ``{name!choice}`` for the label of a choice.
    controls : sequence of str
        Parameters that the reader may set, in order.
    choices, worlds : sequence
    at : str
        Label on the model's axis at which the claim is judged at first.
    sources : sequence of str
        Keys of ``references.bib`` for what is not a parameter.
    height, left, right : float
        Of the figure, in inches.

    Raises
    ------
    ExplorerError
        Naming the explorer and what is wrong with its definition.
    """

    _esm = (_HERE / "explorer.js").read_text("utf8") + "\nexport default { render: Explorer.render };\n"
    _css = (_HERE / "explorer.css").read_text("utf8")

    spec = traitlets.Dict().tag(sync=True)
    markup = traitlets.Unicode().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        id: str,
        title: str,
        model: Model,
        kind: Kind,
        test: Condition | None,
        answer: str,
        alt: str,
        caption: str,
        *,
        controls: Sequence[str] = (),
        choices: Sequence[Choice] = (),
        worlds: Sequence[World] = (),
        at: str = "",
        sources: Sequence[str] = (),
        height: float = 3.4,
        left: float = 0.75,
        right: float = 0.2,
    ) -> None:
        self.id, self.title, self.model, self.kind, self.test = id, title, model, kind, test
        self.answer_template, self.alt, self.caption = answer, alt, caption
        self.controls, self.worlds, self.sources = list(controls), list(worlds), list(sources)
        self.questions = list(choices)
        if model.axis is not None and at:
            options = [Option(slug(label), label) for label in model.axis.labels]
            self.questions.append(Choice(AT, model.axis.name.capitalize(), options, slug(at)))
        self._check()
        super().__init__()
        self.choices = {q.id: q.start for q in self.questions}
        self.values = {}
        start = self.frame_at()
        self._drawing = live.draw(kind, model, kind.shapes(start, test), height, left, right)
        self.spec = self._spec()
        self.markup = self._markup(start)

    # -- checks ---------------------------------------------------------------------------------

    def _check(self) -> None:
        def fail(problem: str) -> ExplorerError:
            return ExplorerError(f"explorer {self.id}: {problem}")

        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", self.id):
            raise fail("an id has letters, digits and hyphens only, and starts with a letter")
        for what in ("title", "alt", "caption"):
            if not getattr(self, "alt" if what == "alt" else what).strip():
                raise fail(f"no {what}; say what the figure shows")
        known = self.model.parameters
        used = {*self.controls, *self.kind.inputs()}
        for question in self.questions:
            if question.start not in [o.id for o in question.options]:
                raise fail(f"choice {question.id} starts at {question.start!r}, which is no option")
            used |= {n for o in question.options for n in [*o.values, *o.ranges]}
            for name in {n for o in question.options for n in o.ranges.values()}:
                if name not in parameters():
                    raise fail(f"choice {question.id}: data/parameters.csv has no row {name!r}")
        for world in self.worlds:
            used |= set(world.values)
            if missing := set(world.values) - set(world.reasons):
                raise fail(f"world {world.id} gives no reason for {sorted(missing)}")
        if unknown := sorted(used - set(known)):
            raise fail(f"parameters {unknown} are not in model {self.model.id}")
        for name in self.controls:
            if known[name].minimum == known[name].maximum:
                raise fail(f"parameter {name} cannot be a control: it has one value only")
        placeholders = {p.split("!")[0].split(":")[0] for p in re.findall(r"{([^}]*)}", self.answer_template)
                        if "!" not in p}  # fmt: skip
        judged = [self.test.output] if self.test else []
        for output in {*judged, *self.kind.needs(), *placeholders}:
            if output not in self.model.formulas:
                raise fail(f"formula {output!r} is not in model {self.model.id}")
        check_keys([*self.sources, *self.input_sources()], f"explorer {self.id}")

    def input_sources(self) -> list[str]:
        """Return the sources of all inputs of the model, in order, once each."""
        keys = [key for p in self._inputs() for key in p.sources]
        return list(dict.fromkeys(keys))

    def _inputs(self) -> list[Parameter]:
        """Return the parameters of the model, and those whose range a choice may lend it."""
        swaps = [n for q in self.questions for o in q.options for n in o.ranges.values()]
        replaced = {n for q in self.questions for o in q.options for n in o.ranges}
        own = [p for p in self.model.parameters.values() if p.id not in replaced]
        return [*own, *(parameters()[n] for n in dict.fromkeys(swaps))]

    # -- state ----------------------------------------------------------------------------------

    def _option(self, question: Choice) -> Option:
        chosen = self.choices.get(question.id, question.start)
        return next((o for o in question.options if o.id == chosen), question.options[0])

    def fixed(self) -> dict[str, float]:
        """Return every parameter that a choice or the reader has set."""
        found: dict[str, float] = {}
        for question in self.questions:
            found |= self._option(question).values
        return found | {k: float(v) for k, v in self.values.items()}

    def frame_at(self) -> Frame:
        """Return the model under the present setting."""
        at = 0
        if self.model.axis is not None and AT in self.choices:
            at = [slug(label) for label in self.model.axis.labels].index(self.choices[AT])
        swap = {n: parameters()[row] for q in self.questions
                for n, row in self._option(q).ranges.items()}  # fmt: skip
        return Frame(self.model, self.fixed(), at, swap)

    def shapes(self) -> Shapes:
        """Return the shapes of the figure under the present setting."""
        return self.kind.shapes(self.frame_at(), self.test)

    def frame(self) -> pd.DataFrame:
        """Return the draws under the present setting: inputs, outputs where judged, and the claim.

        Returns
        -------
        DataFrame
            4,096 rows; one column for each parameter and output, and ``holds``.
        """
        frame = self.frame_at()
        outputs = {k: frame.judged(v) for k, v in frame.outputs().items()}
        table = pd.DataFrame({**frame.draws, **outputs})
        if self.test is not None:
            table["holds"] = self.test.holds(outputs[self.test.output])
        return table

    def share(self) -> float:
        """Return the share of draws in which the claim holds under the present setting.

        Raises
        ------
        ExplorerError
            If nothing is judged.
        """
        if self.test is None:
            raise ExplorerError(f"explorer {self.id} judges no claim")
        return float(self.frame()["holds"].mean())

    def to_link(self, page: str = "") -> str:
        """Return the address of the present scenario.

        Parameters
        ----------
        page : str
            Address of the page, put before the ``#``.
        """
        asked = {k: v for k, v in self.choices.items()
                 if v != next(q.start for q in self.questions if q.id == k)}  # fmt: skip
        pairs = [f"{k}={quote(str(v), safe='')}" for k, v in asked.items()]
        pairs += [f"{k}={_short(v)}" for k, v in self.values.items()]
        return f"{page}#{self.id}" + ("?" + "&".join(pairs) if pairs else "")

    # -- words ----------------------------------------------------------------------------------

    def answer(self) -> str:
        """Return the answer in words under the present setting."""
        frame = self.frame_at()
        outputs = frame.outputs()
        labels = {q.id: self._option(q).phrase or self._option(q).label for q in self.questions}

        def fill(match: re.Match[str]) -> str:
            name, _, choice = match[1].partition("!")
            if choice:
                return labels[choice]
            name, _, digits = name.partition(":")
            middle = quantiles(frame.judged(outputs[name]), [0.5])[0]
            return words.number(float(middle), int(digits or 3))

        return re.sub(r"{([^}]*)}", fill, self.answer_template)

    def verdict(self) -> str:
        """Return the verdict in words under the present setting; empty where nothing is judged."""
        if self.test is None:
            return ""
        share = self.share()
        if share in (0.0, 1.0):
            return f"The claim {'holds' if share else 'fails'} in every draw under this reading."
        return (
            f"The claim holds in {words.percent(share)} of draws under this reading: "
            f"{words.likelihood(share)}."
        )

    # -- what the page gets -----------------------------------------------------------------------

    def _spec(self) -> dict[str, Any]:
        """Return all that ``explorer.js`` needs; nothing in it is HTML."""
        model = self.model
        nets = draws.nets(len(model.parameters))
        kind = {k: v for k, v in vars(self.kind).items() if k not in ("x", "y", "xlabel", "ylabel")}
        if isinstance(self.kind, Tornado):
            kind["names"] = [model.parameters[n].name for n in self.kind.over]
        sx, sy = self.kind.scales(model)
        return json.loads(json.dumps({
            "id": self.id,
            "kind": {"name": self.kind.name, **kind},
            "x": vars(sx), "y": vars(sy),
            "axes": self._drawing.axes,
            "series": list(style.SERIES),
            "axis": None if model.axis is None else
                {"values": model.axis.values, "labels": model.axis.labels},
            "parameters": [_public(p, net.tolist(), model) for p, net in
                           zip(model.parameters.values(), nets, strict=True)],
            "outputs": list(model.formulas),
            "tables": {t.name: {"grid": t.grid, "values": t.values.ravel().tolist()}
                       for t in model.tables.values()},
            "javascript": model.javascript(),
            "test": vars(self.test) if self.test else None,
            "answer": self.answer_template,
            "controls": self.controls,
            "choices": [{"id": q.id, "start": q.start,
                         "options": [{"id": o.id, "phrase": o.phrase or o.label, "values": dict(o.values),
                                      "ranges": {n: _range(parameters()[r]) for n, r in o.ranges.items()}}
                                     for o in q.options]} for q in self.questions],
            "worlds": [{"id": w.id, "values": dict(w.values), "choices": dict(w.choices)}
                       for w in self.worlds],
        }, default=_plain))  # fmt: skip

    def _markup(self, start: Frame) -> str:
        svg = style.to_svg(self._drawing.figure, self.id, self.alt)
        e = html.escape
        parts = [
            f'<figure class="explorer" id="{self.id}" data-explorer="{self.id}">',
            f'<p class="finding">{e(self.title)}</p>',
            '<p class="explorer-note" role="alert" hidden></p>',
            '<div class="explorer-controls">',
            self._worlds_markup(),
            *[self._choice_markup(q) for q in self.questions],
            *[_control_markup(self.id, self.model, name) for name in self.controls],
            "</div>",
            svg,
            f'<p class="answer"><span class="answer-text">{e(self.answer())}</span> '
            f'<strong class="verdict">{e(self.verdict())}</strong> <span class="flip"></span></p>',
            '<p class="visually-hidden announce" role="status" aria-live="polite"></p>',
            '<p class="explorer-buttons"><button type="button" data-do="reset">Reset</button> '
            '<button type="button" data-do="link">Copy link to this scenario</button> '
            '<button type="button" data-do="csv">Data (CSV)</button> '
            '<button type="button" data-do="svg">Figure (SVG)</button> '
            '<button type="button" data-do="png">Figure (PNG)</button></p>',
            f"<figcaption>{e(self.caption)} {self._error_note()}{self._source_note()}</figcaption>",
            self._inputs_markup(),
            "</figure>",
        ]
        return "".join(parts)

    def _source_note(self) -> str:
        """Return what stands under the figure; the inputs' sources stand with the inputs."""
        own = f"Sources: {style.cite_links(self.sources)}; and those" if self.sources else "Sources are those"
        return f'<span class="source">{own} of the inputs, below.</span>'

    def _error_note(self) -> str:
        worst = max((t.error for t in self.model.tables.values()), default=0.0)
        if worst == 0:
            return ""
        return f"Interpolation error at most {worst:.2g} of the largest value. "

    def _worlds_markup(self) -> str:
        if not self.worlds:
            return ""
        buttons = "".join(
            f'<button type="button" data-world="{html.escape(w.id)}" aria-pressed="false" '
            f'title="{html.escape(" ".join([w.note, *w.reasons.values()]).strip())}">{html.escape(w.name)}</button>'
            for w in self.worlds
        )
        return (
            '<div class="worlds" role="group" aria-label="World views"><span>See it as:</span> '
            f"{buttons}</div>"
        )

    def _choice_markup(self, question: Choice) -> str:
        name = f"{self.id}-choice-{question.id}"
        options = "".join(
            f'<option value="{html.escape(o.id)}"{" selected" if o.id == question.start else ""}>'
            f"{html.escape(o.label)}</option>"
            for o in question.options
        )
        return (
            f'<div class="choice"><label for="{name}">{html.escape(question.label)}</label>'
            f'<select id="{name}" data-choice="{html.escape(question.id)}">{options}</select></div>'
        )

    def _inputs_markup(self) -> str:
        rows = []
        for p in self._inputs():
            spread = words.number(p.central)
            if p.low != p.high:
                spread = f"{words.number(p.low)} to {words.number(p.high)}, central {spread}"
            rows.append(
                f'<tr><th scope="row">{html.escape(p.name)}</th><td>{spread}</td>'
                f"<td>{html.escape(_unit(p.unit))}</td><td>{p.distribution}</td>"
                f"<td>{'; '.join(link(k) for k in p.sources) or 'set by a choice'}</td></tr>"
            )
        return (
            '<details class="inputs"><summary>Inputs and their sources</summary>'
            '<div class="scroll" tabindex="0" role="region" aria-label="Inputs and their sources">'
            "<table><thead><tr><th scope='col'>Input</th><th scope='col'>Value</th>"
            "<th scope='col'>Unit</th><th scope='col'>Distribution</th>"
            f"<th scope='col'>Source</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
            f"{self._worlds_explained()}</details>"
        )

    def _worlds_explained(self) -> str:
        """Return what each world view needs, and why; they are the report's reading, not estimates."""
        items = [
            f"<li>{html.escape(w.name)}: {html.escape(' '.join([w.note, *w.reasons.values()]).strip())}</li>"
            for w in self.worlds
            if w.note or w.reasons
        ]
        if not items:
            return ""
        return (
            "<p>A world view is the report's reading of what a claim needs, not that person's own estimate:</p>"
            f"<ul>{''.join(items)}</ul>"
        )

    def as_html(self) -> str:
        """Return what a page of the site holds: the figure, and beside it what the script needs."""
        spec = json.dumps(self.spec, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
        return f'{self.markup}<script type="application/json" data-explorer-spec="{self.id}">{spec}</script>'

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget for a notebook, and the page's own markup for the site."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        data = dict(data) | {
            "text/html": self.as_html(),
            "text/plain": f"{self.title}\n{self.answer()} {self.verdict()}",
        }
        return data, metadata


def slug(label: str) -> str:
    """Return a label as it stands in an address: ``"2026 Q4"`` as ``"2026q4"``."""
    return re.sub(r"[^a-z0-9.-]", "", label.lower())


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else vars(value)


def _range(p: Parameter) -> dict[str, Any]:
    return {"key": p.id, "name": p.name, "low": p.low, "central": p.central, "high": p.high,
            "distribution": p.distribution}  # fmt: skip


def _short(value: float) -> str:
    return f"{float(value):.12g}"


def _unit(text: str) -> str:
    return "" if text == "1" else text.replace("_", " ")


def _public(p: Parameter, net: list[int], model: Model) -> dict[str, Any]:
    scale = parameter_scale(model, p.id)
    return {
        "id": p.id, "name": p.name, "unit": _unit(p.unit), "low": p.low, "central": p.central,
        "high": p.high, "distribution": p.distribution, "minimum": p.minimum,
        "maximum": p.maximum, "log": scale.log, "net": net,
    }  # fmt: skip


def _spread(p: Parameter) -> str:
    if p.low == p.high:
        return f"<b>{words.number(p.central)}</b>"
    return f"{words.number(p.low)} \u2013 <b>{words.number(p.central)}</b> \u2013 {words.number(p.high)}"


def _control_markup(explorer: str, model: Model, name: str) -> str:
    """Return a slider and a number box for one parameter, with its range marked on the track."""
    p, scale = model.parameters[name], parameter_scale(model, name)
    box, e = f"{explorer}-{name}", html.escape
    marks = "".join(
        f'<line x1="{100 * float(scale.fraction(v)):.2f}%" x2="{100 * float(scale.fraction(v)):.2f}%" '
        f'y1="0" y2="100%" class="{kind}"/>'
        for kind, v in (("low", p.low), ("central", p.central), ("high", p.high))
    )
    start, end = (100 * float(scale.fraction(v)) for v in (p.low, p.high))
    place = round(1000 * float(scale.fraction(p.central)))
    unit = f' <span class="unit">{e(_unit(p.unit))}</span>' if _unit(p.unit) else ""
    return (
        f'<div class="control" data-parameter="{name}"><label for="{box}">{e(p.name)}</label>'
        f'<span class="entry"><input type="number" step="any" min="{p.minimum:.12g}" '
        f'max="{p.maximum:.12g}" value="{p.central:.12g}" aria-label="{e(p.name)}, value">{unit}'
        f'<button type="button" class="release" aria-label="Use the published range of {e(p.name)}" '
        f'title="Use the published range" hidden>range</button></span>'
        f'<input type="range" id="{box}" min="0" max="1000" step="1" value="{place}" '
        f'aria-valuetext="{words.number(p.central)} {e(_unit(p.unit))}">'
        f'<svg class="track" aria-hidden="true" preserveAspectRatio="none">'
        f'<rect x="{start:.2f}%" width="{end - start:.2f}%" y="35%" height="30%" class="range"/>{marks}'
        f'<line class="flip-mark" x1="0" x2="0" y1="0" y2="100%" visibility="hidden"/></svg>'
        f'<span class="marks">{_spread(p)} {"; ".join(link(k) for k in p.sources)}</span></div>'
    )
