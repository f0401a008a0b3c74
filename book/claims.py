"""Claims as objects: who said what, how it was read, how it was tested, and the verdict.

A claim is a record in ``data/claims/<chapter>.yml``. Its verdict is never in the file: it is computed
from a model's draws, or from an evidence table by the rule of :func:`weigh`.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from book.data import ROOT, check_keys
from book.explorer import words
from book.explorer.explorer import AT, Explorer

CHAPTERS = {
    "deepseek": "DeepSeek",
    "small-yard-high-fence": "Small yard, high fence",
    "diffusion-rule": "The diffusion rule",
    "allies": "Allies",
    "superintelligence-strategy": "Superintelligence strategy",
    "context": "Context",
}
SPEAKERS = {
    "Estevez": "Alan Estevez, head of BIS under Biden",
    "Nikakhtar": "Nazak Nikakhtar, acting head of BIS in 2019",
    "Miller": "Chris Miller, author of Chip War",
    "Goujon": "Reva Goujon, Rhodium Group",
    "Patel": "Dylan Patel, SemiAnalysis",
    "Swanson": "Ana Swanson, The New York Times",
    "HSW": "Hendrycks, Schmidt and Wang, Superintelligence Strategy",
    "Author": "the report of the day",
}
KINDS = {
    "Q": "a quantity",
    "M": "a causal claim",
    "P": "a prediction",
    "H": "a fact",
    "N": "a recommendation",
}


DEPENDS = "depends on the reading"


class ClaimError(ValueError):
    """A record that cannot stand; the message names the file and the claim."""


@dataclass(frozen=True)
class Specification:
    """One defensible reading of a claim and the share of draws in which the claim holds under it."""

    name: str
    share: float
    link: str

    @property
    def holds(self) -> bool:
        """Whether the claim holds in more than half of the draws."""
        return self.share > 0.5


@dataclass(frozen=True)
class Verdict:
    """What a test allows to be said.

    ``word`` is an IPCC likelihood or ``"depends on the reading"`` for a model, one of supported, mixed, contradicted for an
    evidence table, ``"not testable on public evidence"``, or ``"not yet tested"``.
    """

    word: str
    line: str
    share: float | None = None
    specifications: tuple[Specification, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One claim of the debate."""

    id: str
    chapter: str
    record: Mapping[str, Any]

    @property
    def speakers(self) -> list[str]:
        """Who made it."""
        return list(self.record["speaker"])

    @property
    def test(self) -> Mapping[str, Any]:
        """Its test, as written down."""
        return dict(self.record["test"])

    @functools.cached_property
    def explorer(self) -> Explorer | None:
        """The live figure that tests it, if a model does."""
        if self.test["kind"] != "model":
            return None
        module = importlib.import_module(f"book.scenarios.{self.chapter.replace('-', '_')}")
        make = getattr(module, self.test["explorer"], None)
        if make is None:
            raise ClaimError(
                f"data/claims/{self.chapter}.yml, {self.id}: no explorer {self.test['explorer']!r} "
                f"in book/scenarios/{self.chapter.replace('-', '_')}.py"
            )
        found = make()
        assert isinstance(found, Explorer)
        return found

    @functools.cached_property
    def verdict(self) -> Verdict:
        """The verdict, computed."""
        kind = self.test["kind"]
        if kind == "planned":
            return Verdict("not yet tested", "The test is written down; it has not been run.")
        if kind == "not_testable":
            return Verdict("not testable on public evidence", f"What is missing: {self.test['missing']}")
        if kind == "evidence":
            return weigh(self.test["rows"])
        return self._from_model()

    def _from_model(self) -> Verdict:
        explorer = self.explorer
        assert explorer is not None
        found = []
        for spec in self.test["specifications"]:
            choices = {q.id: q.start for q in explorer.questions}
            values = {}
            for name, value in spec["set"].items():
                if name in choices:
                    choices[name] = str(value)
                elif name in explorer.model.parameters:
                    values[name] = float(value)
                else:
                    raise ClaimError(
                        f"data/claims/{self.chapter}.yml, {self.id}: specification {spec['name']!r} sets "
                        f"{name!r}, which explorer {explorer.id} does not have"
                    )
            _check_options(self, explorer, choices)
            explorer.choices, explorer.values = choices, values
            found.append(Specification(spec["name"], explorer.share(), explorer.to_link()))
        explorer.choices, explorer.values = {q.id: q.start for q in explorer.questions}, {}
        return judge(found)


def _check_options(claim: Claim, explorer: Explorer, choices: Mapping[str, str]) -> None:
    for question in explorer.questions:
        known = [o.id for o in question.options]
        if choices[question.id] not in known:
            raise ClaimError(
                f"data/claims/{claim.chapter}.yml, {claim.id}: {question.id} has no option "
                f"{choices[question.id]!r}; right would be one of {', '.join(known)}"
            )


def judge(specifications: Sequence[Specification]) -> Verdict:
    """Return the verdict that a model's specifications allow.

    Where the claim is likely under one reading and unlikely under another, the readings decide, and
    no likelihood is given: it would put a number on a choice of words. Otherwise the likelihood is
    that of the share of draws in which the claim holds, over all specifications alike.
    """
    shares = [s.share for s in specifications]
    held, total = sum(s.holds for s in specifications), len(specifications)
    share = sum(shares) / total
    found = tuple(specifications)
    where = f"it holds in {held} of {total} readings"
    if min(shares) < 0.33 and max(shares) > 0.66:
        return Verdict(DEPENDS, f"{DEPENDS.capitalize()}: {where}.", share, found)
    word = words.likelihood(share)
    line = f"{word.capitalize()}: it holds in {words.percent(share)} of draws"
    return Verdict(word, f"{line}; {where}." if total > 1 else f"{line}.", share, found)


def weigh(rows: Sequence[Mapping[str, Any]]) -> Verdict:
    """Return the verdict that an evidence table allows.

    A strong row counts two, a weak one counts one. Three quarters of the weight on one side make
    the claim supported or contradicted; anything between is mixed; less than three in all is not
    enough to judge.
    """
    weight = {"strong": 2, "weak": 1}
    for_, against = (
        sum(weight[r["weight"]] for r in rows if r["stance"] == stance) for stance in ("supports", "against")
    )
    total = for_ + against
    line = f"weight of evidence {for_} for, {against} against"
    if total < 3:
        return Verdict("not testable on public evidence", f"Too little evidence to judge: {line}.")
    word = "supported" if for_ >= 0.75 * total else "contradicted" if against >= 0.75 * total else "mixed"
    return Verdict(word, f"{word.capitalize()}: {line}.")


def _check_record(record: Mapping[str, Any], where: str) -> None:
    if "verdict" in record or "verdict" in record.get("test", {}):
        raise ClaimError(f"{where}: a verdict is typed where one is computed; remove it")
    for row in [*record.get("since", []), *record["test"].get("rows", [])]:
        check_keys(row["sources"], where)
    if "P" in record["kinds"] and "resolves" not in record:
        raise ClaimError(f"{where}: a prediction needs resolves, the date at which it can be scored")
    if record["test"]["kind"] != "planned":
        for needed in ("evidence", "agreement", "answer", "would_change"):
            if needed not in record:
                raise ClaimError(f"{where}: a tested claim needs {needed}")


class _Strict(yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which a key that stands twice is a fault, not a silent loss of the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping, or fail where a key stands twice."""
        keys = [self.construct_object(key) for key, _ in node.value]
        if twice := {k for k in keys if keys.count(k) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"{sorted(twice)} stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


@functools.cache
def claims(root: Path = ROOT) -> dict[str, Claim]:
    """Return all claims by id, in the order of the chapters.

    Raises
    ------
    ClaimError
        Naming the file, the claim and what would be right.
    """
    schema = json.loads((root / "data" / "claims" / "schema.json").read_text("utf8"))
    found: dict[str, Claim] = {}
    for chapter in CHAPTERS:
        path = root / "data" / "claims" / f"{chapter}.yml"
        if not path.exists():
            continue
        try:
            records = yaml.load(path.read_text("utf8"), _Strict)
        except yaml.YAMLError as err:
            raise ClaimError(f"data/claims/{chapter}.yml: {err}") from err
        for record in records:
            name = record.get("id", "a claim without id") if isinstance(record, dict) else repr(record)
            where = f"data/claims/{chapter}.yml, {name}"
            if isinstance(record, dict) and "verdict" in record:
                raise ClaimError(f"{where}: a verdict is typed where one is computed; remove it")
            try:
                jsonschema.validate([record], schema)
            except jsonschema.ValidationError as err:
                place = ".".join(str(p) for p in list(err.absolute_path)[1:])
                raise ClaimError(f"{where}: {place}: {err.message[:300]}") from err
            _check_record(record, where)
            if name in found:
                raise ClaimError(f"{where}: the id is taken in data/claims/{found[name].chapter}.yml")
            found[name] = Claim(name, chapter, record)
    for claim in found.values():
        for other in claim.record.get("related", []):
            if other not in found:
                raise ClaimError(
                    f"data/claims/{claim.chapter}.yml, {claim.id}: related {other!r} is no claim"
                )
    return found


def claim(id: str, root: Path = ROOT) -> Claim:
    """Return one claim.

    Raises
    ------
    ClaimError
        If there is no such claim.
    """
    try:
        return claims(root)[id]
    except KeyError:
        raise ClaimError(f"no claim {id!r} in data/claims") from None


__all__ = [
    "AT",
    "CHAPTERS",
    "KINDS",
    "SPEAKERS",
    "Claim",
    "ClaimError",
    "Specification",
    "Verdict",
    "claim",
    "claims",
    "judge",
    "weigh",
]
