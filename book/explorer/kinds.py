"""What each kind of live figure shows: shapes in data coordinates, computed from a model.

Nothing here draws. ``book/figures/live.py`` draws these shapes with matplotlib, and
``explorer.js`` computes the same shapes in the page; a test compares the two.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.data import Parameter
from book.draws import N_DRAWS, Floats
from book.explorer import words
from book.model import Model, ModelError

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_SWEEP_POINTS = 33
_REGION_POINTS = 25
_REGION_DRAWS = 256
_LABEL_GAP = 0.065

#: Shapes of one figure. Each is ``{"paths": [[[x, y], ...], ...]}``, ``{"text": ..., "at": [x, y]}``
#: or ``{"fill": colour}``.
Shapes = dict[str, dict[str, Any]]


def quantiles(values: Floats, levels: Sequence[float] = QUANTILES) -> Floats:
    """Return order statistics (no interpolation), so that the page can find the very same ones."""
    return np.quantile(values, levels, axis=0, method="inverted_cdf")


@dataclass(frozen=True)
class Scale:
    """One axis of a figure: fixed over the whole range of the controls."""

    low: float
    high: float
    log: bool = False

    def fraction(self, value: Floats | float) -> Floats:
        """Return where on the axis a value lies, 0 at its low end and 1 at its high end."""
        f = np.log10 if self.log else np.asarray
        with np.errstate(divide="ignore", invalid="ignore"):
            return (f(value) - f(self.low)) / (f(self.high) - f(self.low))

    def value(self, fraction: Floats | float) -> Floats:
        """Return the value at a place on the axis."""
        if self.log:
            return self.low * (self.high / self.low) ** np.asarray(fraction)
        return self.low + (self.high - self.low) * np.asarray(fraction)

    def points(self, count: int) -> Floats:
        """Return evenly spaced values from end to end."""
        return self.value(np.linspace(0, 1, count))


def parameter_scale(model: Model, name: str) -> Scale:
    """Return the scale of a control: logarithmic where its distribution is."""
    p = model.parameters[name]
    return Scale(p.minimum, p.maximum, p.distribution in ("loguniform", "lognormal"))


@dataclass
class Frame:
    """A model under one setting of the controls.

    Parameters
    ----------
    model : Model
    fixed : mapping
        Parameters that a choice or the reader has set.
    at : int
        Index on the model's axis at which the claim is judged.
    swap : mapping
        Parameters whose range a choice takes from another row.
    """

    model: Model
    fixed: Mapping[str, float]
    at: int = 0
    swap: Mapping[str, Parameter] = field(default_factory=dict)

    def parameter(self, name: str) -> Parameter:
        """Return the parameter whose range holds under this setting."""
        return self.swap.get(name, self.model.parameters[name])

    def now(self, name: str) -> float:
        """Return where a parameter stands: as set, or central."""
        return float(self.fixed.get(name, self.parameter(name).central))

    @functools.cached_property
    def draws(self) -> dict[str, Floats]:
        """Return one column of 4,096 values for each parameter."""
        return {str(k): v.to_numpy() for k, v in self.model.draws(self.fixed, self.swap).items()}

    def outputs(self, changed: Mapping[str, float] | None = None, rows: int = N_DRAWS) -> dict[str, Floats]:
        """Evaluate the model on the draws, or the first ``rows`` of them, with changes."""
        columns = {k: v[:rows] for k, v in self.draws.items()}
        columns |= {k: np.full(len(columns[k]), v) for k, v in (changed or {}).items()}
        return self.model.evaluate(columns)

    def judged(self, values: Floats) -> Floats:
        """Return an output at the axis value at which the claim is judged."""
        return values[:, self.at] if values.ndim == 2 else values

    def central(
        self, changed: Mapping[str, float] | None = None, along: Sequence[float] | None = None
    ) -> dict[str, Floats]:
        """Evaluate at the central values, with what is set, and at other axis values if given."""
        base = {name: self.now(name) for name in self.model.parameters}
        return self.model.evaluate(base | dict(changed or {}), along)


@dataclass(frozen=True)
class Test:
    """A claim's condition on one output of a model."""

    output: str
    direction: str
    threshold: float

    def __post_init__(self) -> None:
        if self.direction not in (">=", "<="):
            raise ModelError(f"a condition compares with >= or <=, not {self.direction!r}")

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Return in which draws the claim holds."""
        return values >= self.threshold if self.direction == ">=" else values <= self.threshold

    def share(self, values: Floats) -> float:
        """Return the share of draws in which the claim holds."""
        return float(np.mean(self.holds(values)))


@dataclass(frozen=True)
class Line:
    """One output in a fan, with its label at the right end."""

    output: str
    label: str
    colour: int = 0
    band: bool = False
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Common to all kinds: titles of axes and their fixed ranges."""

    x: Scale | None = None
    y: Scale | None = None
    xlabel: str = ""
    ylabel: str = ""

    @property
    def name(self) -> str:
        """Return the name by which ``explorer.js`` knows the kind."""
        return type(self).__name__.lower()

    def needs(self) -> list[str]:
        """Return the outputs that the kind reads."""
        return []

    def inputs(self) -> list[str]:
        """Return the parameters that the kind varies itself."""
        return []

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        """Return the shapes under one setting of the controls."""
        raise NotImplementedError

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        """Return the two axes."""
        if self.x is None or self.y is None:
            raise ModelError(f"a figure of kind {self.name} needs x and y scales")
        return self.x, self.y


def _line(x: Floats, y: Floats) -> list[list[float]]:
    return [[float(a), float(b)] for a, b in zip(x, y, strict=True)]


def _band(x: Floats, low: Floats, high: Floats) -> list[list[float]]:
    return _line(x, low) + _line(x, high)[::-1]


def spread(places: Sequence[float], gap: float = _LABEL_GAP) -> list[float]:
    """Push labels apart until neighbours are a gap apart, and keep them on the axis."""
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    moved = [min(max(p, 0.0), 1.0) for p in places]
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    if order and moved[order[-1]] > 1:
        moved[order[-1]] = 1.0
        for above, below in zip(order[::-1], order[-2::-1], strict=False):
            moved[below] = min(moved[below], moved[above] - gap)
    return moved


def _steps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Turn values that hold from one axis point to the next into a staircase."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


@dataclass(frozen=True, kw_only=True)
class Fan(Kind):
    """Outputs over the model's axis: median, with 50% and 90% bands where asked."""

    lines: Sequence[Line]
    step: bool = False
    every: int = 1  # label every so many points of the axis

    def needs(self) -> list[str]:
        return [line.output for line in self.lines]

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        axis = frame.model.axis
        if axis is None:
            raise ModelError(f"a fan needs a model with an axis; {frame.model.id} has none")
        x, y = np.array(axis.values), self.scales(frame.model)[1]
        outputs, found = frame.outputs(), Shapes()
        ends = []
        for k, line in enumerate(self.lines):
            q = quantiles(outputs[line.output])
            tx, q = (_steps(x, q[0])[0], np.stack([_steps(x, r)[1] for r in q])) if self.step else (x, q)
            if line.band:
                found[f"wide{k}"] = {"paths": [_band(tx, q[0], q[4])]}
                found[f"half{k}"] = {"paths": [_band(tx, q[1], q[3])]}
            found[f"line{k}"] = {"paths": [_line(tx, q[2])]}
            ends.append(float(y.fraction(q[2][-1])))
        for k, place in enumerate(spread(ends)):
            found[f"label{k}"] = {
                "text": self.lines[k].label,
                "at": [float(x[-1]), float(y.value(place))],
            }
        here = float(x[frame.at])
        found["now"] = {"paths": [_line(np.array([here, here]), np.array([y.low, y.high]))]}
        return found


@dataclass(frozen=True, kw_only=True)
class Sweep(Kind):
    """One output against one input: median, 50% and 90% bands, and where the control stands."""

    parameter: str
    output: str

    def needs(self) -> list[str]:
        return [self.output]

    def inputs(self) -> list[str]:
        return [self.parameter]

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        return self.x or parameter_scale(model, self.parameter), self.y or Scale(0, 1)

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        sx, sy = self.scales(frame.model)
        x = sx.points(_SWEEP_POINTS)
        q = np.stack([
            quantiles(frame.judged(frame.outputs({self.parameter: float(v)})[self.output]))
            for v in x
        ], axis=1)  # fmt: skip
        here = frame.now(self.parameter)
        found: Shapes = {
            "wide0": {"paths": [_band(x, q[0], q[4])]},
            "half0": {"paths": [_band(x, q[1], q[3])]},
            "line0": {"paths": [_line(x, q[2])]},
            "now": {"paths": [[[here, sy.low], [here, sy.high]]]},
        }
        if test is not None and test.output == self.output:
            found["threshold"] = {"paths": [[[sx.low, test.threshold], [sx.high, test.threshold]]]}
        return found


@dataclass(frozen=True, kw_only=True)
class Distribution(Kind):
    """The draws of one output, with the claim's threshold and the part in which it holds."""

    output: str
    bins: int = 48

    def needs(self) -> list[str]:
        return [self.output]

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        if self.x is None:
            raise ModelError("a distribution needs an x scale")
        return self.x, Scale(0, 1.12)

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        sx, sy = self.scales(frame.model)
        values = frame.judged(frame.outputs()[self.output])
        edges = sx.points(self.bins + 1)

        def outline(kept: Floats) -> list[list[float]]:
            place = np.floor(np.clip(sx.fraction(kept), 0, 1) * self.bins).astype(int)
            count = np.bincount(np.minimum(place, self.bins - 1), minlength=self.bins)
            tops = np.concatenate([[0], np.repeat(count / tallest, 2), [0]])
            return _line(np.repeat(edges, 2), tops)

        place = np.floor(np.clip(sx.fraction(values), 0, 1) * self.bins).astype(int)
        tallest = np.bincount(np.minimum(place, self.bins - 1), minlength=self.bins).max()
        found: Shapes = {"all": {"paths": [outline(values)]}}
        if test is not None and test.output == self.output:
            holds = test.holds(values)
            found["holds"] = {"paths": [outline(values[holds])]}
            found["threshold"] = {"paths": [[[test.threshold, 0.0], [test.threshold, sy.high]]]}
            found["share"] = {
                "text": f"holds in {words.percent(float(np.mean(holds)))} of draws",
                "at": [float(sx.value(0.98)), 1.05],
            }
        return found


@dataclass(frozen=True, kw_only=True)
class Bars(Kind):
    """One row a scenario: median, 50% box and 90% interval of an output.

    A scenario is another output of the model, or a set of parameter values.
    """

    items: Sequence[tuple[str, str, Mapping[str, float]]]

    def needs(self) -> list[str]:
        return [output for _, output, _ in self.items]

    def inputs(self) -> list[str]:
        return sorted({name for _, _, values in self.items for name in values})

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        if self.x is None:
            raise ModelError("bars need an x scale")
        return self.x, Scale(len(self.items) - 0.4, -0.6)

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        sx, _ = self.scales(frame.model)
        found: Shapes = {}
        for k, (_, output, values) in enumerate(self.items):
            a, b, m, c, d = map(float, quantiles(frame.judged(frame.outputs(values)[output])))
            found[f"wide{k}"] = {"paths": [[[a, k], [d, k]]]}
            found[f"half{k}"] = {"paths": [[[b, k - 0.22], [c, k - 0.22], [c, k + 0.22], [b, k + 0.22]]]}
            found[f"line{k}"] = {"paths": [[[m, k - 0.3], [m, k + 0.3]]]}
            found[f"value{k}"] = {
                "text": words.number(m),
                "at": [float(sx.value(min(max(float(sx.fraction(d)), 0.0), 0.86) + 0.015)), k],
            }
        return found


@dataclass(frozen=True, kw_only=True)
class Fence(Kind):
    """Points and a boundary that the controls move; points on or above it are inside."""

    boundary: str
    points: Sequence[tuple[str, float, float]]
    inside: int = 1
    outside: int = 0

    def needs(self) -> list[str]:
        return [self.boundary]

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        axis = frame.model.axis
        if axis is None:
            raise ModelError(f"a fence needs a model with an axis; {frame.model.id} has none")
        _, sy = self.scales(frame.model)
        x = np.array(axis.values)
        edge = np.clip(frame.central()[self.boundary][0], sy.low, sy.high)
        stair, wall = _steps(x, edge)
        found: Shapes = {"area": {"paths": [_band(stair, wall, np.full_like(stair, sy.high))]}}
        inside = 0
        at = frame.central(along=[px for _, px, _ in self.points])[self.boundary][0]
        for k, (_, _, py) in enumerate(self.points):
            held = bool(py >= at[k])
            inside += held
            found[f"point{k}"] = {"fill": self.inside if held else self.outside}
        sx = self.scales(frame.model)[0]
        found["count"] = {
            "text": f"{inside} of {len(self.points)} inside",
            "at": [float(sx.value(0.02)), float(sy.value(0.96))],
        }
        return found


@dataclass(frozen=True, kw_only=True)
class Region(Kind):
    """A map of two inputs: how likely the claim is at each pair of values."""

    parameters: tuple[str, str]

    def inputs(self) -> list[str]:
        return list(self.parameters)

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        a, b = self.parameters
        return self.x or parameter_scale(model, a), self.y or parameter_scale(model, b)

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        if test is None:
            raise ModelError("a region needs a claim's condition")
        sx, sy = self.scales(frame.model)
        (a, b), n = self.parameters, _REGION_POINTS
        middle, edge = (np.arange(n) + 0.5) / n, np.arange(n + 1) / n
        cells: dict[str, list[list[list[float]]]] = {word: [] for _, word in words.LIKELIHOOD}
        ex, ey = sx.value(edge), sy.value(edge)
        for i, u in enumerate(sx.value(middle)):
            for j, v in enumerate(sy.value(middle)):
                values = frame.outputs({a: float(u), b: float(v)}, _REGION_DRAWS)[test.output]
                cells[words.likelihood(test.share(frame.judged(values)))].append(
                    _band(ex[i : i + 2], np.full(2, ey[j]), np.full(2, ey[j + 1]))
                )
        found: Shapes = {f"class{k}": {"paths": cells[w]} for k, (_, w) in enumerate(words.LIKELIHOOD)}
        here = [frame.now(name) for name in self.parameters]
        found["now"] = {"paths": [
            [[here[0], sy.low], [here[0], sy.high]], [[sx.low, here[1]], [sx.high, here[1]]],
        ]}  # fmt: skip
        return found


@dataclass(frozen=True, kw_only=True)
class Tornado(Kind):
    """Inputs ranked by how far each alone, from its low to its high value, moves an output."""

    output: str
    over: Sequence[str] = field(default_factory=tuple)

    def needs(self) -> list[str]:
        return [self.output]

    def inputs(self) -> list[str]:
        return list(self.over)

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        if self.x is None:
            raise ModelError("a tornado needs an x scale")
        return self.x, Scale(len(self.over) - 0.4, -0.6)

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        sx, sy = self.scales(frame.model)

        def at(changed: Mapping[str, float]) -> float:
            return float(frame.judged(frame.central(changed)[self.output])[0])

        middle = at({})
        swings = []
        for name in self.over:
            p = frame.parameter(name)
            ends = (p.low, p.high) if name not in frame.fixed else (frame.fixed[name],) * 2
            swings.append((name, at({name: ends[0]}), at({name: ends[1]})))
        # equal swings keep the order of definition, here and in the page
        swings.sort(key=lambda s: -abs(float(sx.fraction(s[2]) - sx.fraction(s[1]))))
        found: Shapes = {"middle": {"paths": [[[middle, sy.low], [middle, sy.high]]]}}
        for k, (name, low, high) in enumerate(swings):
            for part, end in (("low", low), ("high", high)):
                found[f"{part}{k}"] = {"paths": [[
                    [middle, k - 0.3], [end, k - 0.3], [end, k + 0.3], [middle, k + 0.3],
                ]]}  # fmt: skip
            found[f"name{k}"] = {"text": frame.parameter(name).name, "at": [sx.low, k]}
        return found


@dataclass(frozen=True, kw_only=True)
class Crux(Kind):
    """What two worlds disagree on, ranked by how much of the gap between their answers it carries.

    The attribution is Shapley's: an input's effect averaged over every order in which the inputs
    could be changed from the first world to the second. On a logarithmic axis effects are factors.
    """

    output: str
    groups: Sequence[tuple[str, Mapping[str, float], Mapping[str, float]]]
    threshold: float

    def needs(self) -> list[str]:
        return [self.output]

    def inputs(self) -> list[str]:
        return sorted({name for _, a, b in self.groups for name in {**a, **b}})

    def scales(self, model: Model) -> tuple[Scale, Scale]:
        if self.x is None:
            raise ModelError("a crux needs an x scale")
        return self.x, Scale(len(self.groups) - 0.4, -0.6)

    def effects(self, frame: Frame) -> tuple[list[float], list[float]]:
        """Return the answer of each subset of changed inputs, and each input's effect."""
        sx, n = self.scales(frame.model)[0], len(self.groups)
        answers = []
        for subset in range(1 << n):
            values: dict[str, float] = {}
            for k, (_, a, b) in enumerate(self.groups):
                values |= dict(b if subset >> k & 1 else a)
            found = float(frame.judged(frame.central(values)[self.output])[0])
            answers.append(float(sx.fraction(found)))
        effects = []
        for k in range(n):
            total = 0.0
            for subset in range(1 << n):
                if not subset >> k & 1:
                    size = subset.bit_count()
                    weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
                    total += weight * (answers[subset | 1 << k] - answers[subset])
            effects.append(total)
        return answers, effects

    def shapes(self, frame: Frame, test: Test | None) -> Shapes:
        sx, sy = self.scales(frame.model)
        answers, effects = self.effects(frame)
        order = sorted(range(len(effects)), key=lambda k: (-round(abs(effects[k]), 9), k))
        start = answers[0]
        found: Shapes = {
            "middle": {"paths": [[[float(sx.value(start)), sy.low], [float(sx.value(start)), sy.high]]]}
        }
        found["threshold"] = {"paths": [[[self.threshold, sy.low], [self.threshold, sy.high]]]}
        for k, which in enumerate(order):
            end = start + effects[which]
            a, b = float(sx.value(start)), float(sx.value(end))
            box = [[a, k - 0.3], [b, k - 0.3], [b, k + 0.3], [a, k + 0.3]]
            found[f"rise{k}"] = {"paths": [box] if effects[which] >= 0 else []}
            found[f"fall{k}"] = {"paths": [box] if effects[which] < 0 else []}
            change = b / a if sx.log else b - a
            found[f"name{k}"] = {"text": self.groups[which][0], "at": [sx.low, k]}
            found[f"value{k}"] = {
                "text": ("\u00d7" if sx.log else "") + words.number(change, 2),
                "at": [float(sx.value(min(max(start, end), 0.9) + 0.015)), k],
            }
            start = end
        return found


assert N_DRAWS >= _REGION_DRAWS
