"""What two sides truly disagree on, and which fact would most likely settle a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import sobol_indices

from book.claims import Claim
from book.data import Parameter, parameters
from book.draws import Floats
from book.explorer.explorer import AT, Choice, Explorer, World
from book.explorer.kinds import Crux, Frame, Scale
from book.explorer.kinds import Test as Condition

_SAMPLES = 2**11


def setting(explorer: Explorer, world: World) -> dict[str, dict[str, float]]:
    """Return what a world sets, by what the reader would call it: each choice, each control.

    A control that the world sets takes precedence over the same parameter set by a choice.
    """
    found: dict[str, dict[str, float]] = {}
    for question in explorer.questions:
        if question.id == AT:
            continue
        option = next(o for o in question.options if o.id == world.choices.get(question.id, question.start))
        values = dict(option.values) | {n: parameters()[r].central for n, r in option.ranges.items()}
        found[question.label] = {n: v for n, v in values.items() if n not in world.values}
    for name, value in world.values.items():
        found[explorer.model.parameters[name].name] = {name: value}
    return found


def disagreements(
    explorer: Explorer, first: World, second: World
) -> list[tuple[str, Mapping[str, float], Mapping[str, float]]]:
    """Return what two worlds set differently: its name, and its values in each.

    A parameter that only one of them sets stands, in the other, as its choices leave it.
    """
    a, b = setting(explorer, first), setting(explorer, second)
    owner: dict[str, str] = {}
    for side in (b, a):
        for group, values in side.items():
            for name in values:
                owner[name] = group
    for world in (first, second):  # what a world sets by hand is a disagreement of its own
        for name in world.values:
            owner[name] = explorer.model.parameters[name].name
    flat_a, flat_b = ({n: v for values in side.values() for n, v in values.items()} for side in (a, b))
    base = {n: p.central for n, p in explorer.model.parameters.items()}
    groups: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    for name, group in owner.items():
        left, right = flat_a.get(name, base[name]), flat_b.get(name, base[name])
        if left != right:
            pair = groups.setdefault(group, ({}, {}))
            pair[0][name], pair[1][name] = left, right
    return [(label, left, right) for label, (left, right) in groups.items()]


@dataclass(frozen=True)
class _Quantile:
    """A parameter as SciPy wants a distribution."""

    parameter: Parameter

    def ppf(self, u: Floats) -> Floats:
        return self.parameter.quantile(np.clip(u, 1e-6, 1 - 1e-6))


def sensitivity(frame: Frame, test: Condition) -> pd.DataFrame:
    """Return how much of an answer's variance, and of the verdict's, each uncertain input carries.

    Parameters
    ----------
    frame : Frame
        The model under one reading.
    test : Test
        The claim's condition.

    Returns
    -------
    DataFrame
        One row an uncertain input, largest total effect first: ``first`` and ``total`` Sobol indices
        of the output, and ``verdict``, the first-order index of whether the claim holds: the share of
        the verdict's uncertainty that knowing this input would be expected to remove.

    Notes
    -----
    Saltelli et al. (2010), doi 10.1016/j.cpc.2009.09.018, as in :func:`scipy.stats.sobol_indices`.
    """
    free = {n: frame.parameter(n) for n in frame.model.parameters if n not in frame.fixed}
    names = [n for n, p in free.items() if p.low < p.high]
    uncertain = [free[n] for n in names]
    base = {n: frame.now(n) for n in frame.model.parameters}

    def outputs(x: Floats) -> Floats:
        columns = dict(zip(names, np.atleast_2d(x), strict=True))
        found = frame.judged(frame.model.evaluate({**base, **columns})[test.output])
        return np.stack([found, test.holds(found).astype(float)])

    if not uncertain:
        return pd.DataFrame(columns=["input", "first", "total", "verdict"])
    with np.errstate(invalid="ignore", divide="ignore"):
        result = sobol_indices(func=outputs, n=_SAMPLES, dists=[_Quantile(p) for p in uncertain], rng=1)
    first, total = (np.reshape(x, (2, len(uncertain))) for x in (result.first_order, result.total_order))
    found = pd.DataFrame({"first": first[0], "total": total[0], "verdict": first[1]})
    found = found.fillna(0.0).clip(lower=0.0, upper=1.0)
    found.insert(0, "input", [p.name for p in uncertain])
    return found.sort_values("total", ascending=False, ignore_index=True)


def readings(claim: Claim) -> pd.DataFrame:
    """Return how much of the spread between a claim's readings each choice of the reading explains.

    Returns
    -------
    DataFrame
        ``choice`` and ``explains``: the variance between the means of its options over the variance
        of all readings; empty where all readings agree.
    """
    specs = claim.test.get("specifications", [])
    explorer = claim.explorer
    if explorer is None or len(specs) < 2:
        return pd.DataFrame(columns=["choice", "explains"])
    start = {q.id: q.start for q in explorer.questions} | {n: None for s in specs for n in s["set"]}
    table = (
        pd.DataFrame([start | {q.id: q.start for q in explorer.questions} | s["set"] for s in specs])
        .astype(object)
        .fillna("not set")
    )
    shares = pd.Series([s.share for s in claim.verdict.specifications])
    spread = shares.var(ddof=0)
    labels = {q.id: q.label for q in explorer.questions}
    rows = []
    for column in table:
        if spread > 0 and table[column].nunique() > 1:
            means = shares.groupby(table[column].astype(str).to_numpy()).transform("mean")
            name = labels.get(column) or explorer.model.parameters[column].name
            rows.append({"choice": name, "explains": float(means.var(ddof=0) / spread)})
    return pd.DataFrame(rows, columns=["choice", "explains"]).sort_values(
        "explains", ascending=False, ignore_index=True
    )


def settles(claim: Claim) -> str:
    """Return, in words, what would most likely settle a modelled claim."""
    explorer = claim.explorer
    if explorer is None or explorer.test is None:
        raise ValueError(f"claim {claim.id} is not decided by a model")
    between = readings(claim)
    if claim.verdict.specifications and len(between) > 0:
        top = between.iloc[0]
        if top["explains"] >= 0.5:
            return (
                f"The reading settles it: “{top['choice'].lower()}” alone explains {top['explains']:.0%} of the "
                "differences between the readings."
            )
    table = sensitivity(explorer.frame_at(), explorer.test)
    if len(table) and table["verdict"].max() > 0:
        top = table.loc[table["verdict"].idxmax()]
        return f"Knowing “{top['input'].lower()}” would be expected to remove {top['verdict']:.0%} of the verdict's uncertainty."
    return (
        "No single input: the readings differ by several choices at once."
        if len(between)
        else "Nothing: every draw agrees."
    )


def crux(explorer: Explorer, first: World, second: World) -> Explorer:
    """Return a live figure of what two worlds disagree on.

    Parameters
    ----------
    explorer : Explorer
        Of a contested claim.
    first, second : World
        Two of its worlds.
    """
    assert explorer.test is not None
    groups = disagreements(explorer, first, second)
    output, threshold = explorer.test.output, explorer.test.threshold
    frame = Frame(explorer.model, {}, explorer.frame_at().at)
    plain = Crux(output=output, groups=groups, threshold=threshold, x=Scale(0, 1))
    values = [*plain.effects(frame)[0], threshold]
    if min(values) > 0:  # effects are factors
        low, high = (
            10 ** (f(np.log10(v) + d))
            for f, v, d in ((np.floor, min(values), -0.1), (np.ceil, max(values), 0.1))
        )
        scale = Scale(float(low), float(high), log=True)
    else:
        room = 0.15 * (max(values) - min(values))
        scale = Scale(min(values) - room, max(values) + room)
    _, effects = Crux(output=output, groups=groups, threshold=threshold, x=scale).effects(frame)
    top = groups[int(np.argmax(np.abs(effects)))][0]
    moved = {n for _, a, b in groups for n in {**a, **b}}
    words = explorer.model.formulas[output].words
    at: list[Choice] = [q for q in explorer.questions if q.id == AT]
    return Explorer(
        id=f"{explorer.id}-{first.id}-{second.id}",
        title=f"From {first.name} to {second.name}: \u201c{top[0].lower() + top[1:]}\u201d carries most of the gap",
        model=explorer.model,
        kind=Crux(output=output, groups=groups, threshold=threshold, x=scale, xlabel=words),
        test=None,
        answer=f"{first.name}'s world puts the answer at the thin line; each bar moves it towards that of {second.name}.",
        alt=f"Bars that lead from the answer under the world of {first.name} to that of {second.name}, one for each "
        "input on which they disagree, longest first.",
        caption="Each bar is an input's share of the gap, averaged over every order of change (Shapley). Thin line: where "
        f"{first.name} starts. Thick line: the claim's threshold.",
        controls=[c for c in explorer.controls if c not in moved],
        at=next((o.label for q in at for o in q.options if o.id == q.start), ""),
        sources=[*explorer.sources, *explorer.input_sources()],
        height=1.0 + 0.45 * len(groups),
        left=1.75,
        right=0.35,
    )


def modelled(claims: Mapping[str, Claim]) -> Iterator[Claim]:
    """Yield the claims that a model decides."""
    return (c for c in claims.values() if c.explorer is not None)


__all__ = ["crux", "disagreements", "modelled", "readings", "sensitivity", "setting", "settles"]
