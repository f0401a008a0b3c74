"""A verdict says what its test allows, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from book.claims import DEPENDS, ClaimError, Specification, claims, judge, weigh
from book.site.claims import page


def _specs(shares: list[float]) -> list[Specification]:
    return [Specification(str(k), s, "#") for k, s in enumerate(shares)]


def test_every_claim_stands() -> None:
    for claim in claims().values():
        assert claim.verdict.word, claim.id


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_a_claim_that_fails_under_one_reading_is_never_called_certain(shares: list[float]) -> None:
    verdict = judge(_specs(shares))
    if min(shares) < 0.33 < 0.66 < max(shares):
        assert verdict.word == DEPENDS
    if verdict.word == "virtually certain":
        assert sum(shares) / len(shares) > 0.99
    assert f"{sum(s > 0.5 for s in shares)} of {len(shares)}" in verdict.line or len(shares) == 1


def _rows(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"stance": s, "weight": w} for s, w in rows]


def test_evidence_is_weighed_by_the_stated_rule() -> None:
    strong, weak, against = ("supports", "strong"), ("supports", "weak"), ("against", "strong")
    assert weigh(_rows(strong)).word == "not testable on public evidence"
    assert weigh(_rows(strong, weak)).word == "supported"
    assert weigh(_rows(strong, against)).word == "mixed"
    assert weigh(_rows(against, against, weak)).word == "contradicted"


def _claims_with(project: Path, change: Any) -> None:
    path = project / "data" / "claims" / "diffusion-rule.yml"
    records = yaml.safe_load(path.read_text("utf8"))
    change(next(r for r in records if r["id"] == "DR7"), records)
    path.write_text(yaml.safe_dump(records), "utf8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda r, _: r.update(speaker=["Nobody"]), "diffusion-rule.yml, DR7: speaker"),
        (lambda r, _: r.update(verdict="likely"), "DR7: a verdict is typed"),
        (lambda r, _: r["test"].update(verdict="likely"), "DR7: test"),
        (lambda r, _: r["since"][0].update(sources=["none1999"]), "DR7: source 'none1999'"),
        (lambda r, all_: all_.append(dict(r)), "DR7: the id is taken"),
        (lambda r, _: r.update(related=["DR99"]), "related 'DR99' is no claim"),
        (lambda r, _: r.pop("evidence"), "DR7: a tested claim needs evidence"),
        (lambda r, _: r.update(id="DR007"), "DR007: id"),
        (lambda r, _: r.update(kinds=["P"]), "DR7: a prediction needs resolves"),
    ],
)
def test_a_broken_record_is_named(project: Path, change: Any, named: str) -> None:
    _claims_with(project, change)
    with pytest.raises((ClaimError, ValueError), match=named):
        claims(project)


def test_a_retired_claim_keeps_its_page_and_says_what_replaced_it(project: Path) -> None:
    _claims_with(project, lambda r, _: r.update(replaced_by="DR8"))
    text = page(claims(project)["DR7"])
    assert "This claim is retired" in text
    assert 'href="claim:DR8"' in text


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda r, _: r["test"].update(explorer="no_such"), "no explorer 'no_such'"),
        (lambda r, _: r["test"]["specifications"][0]["set"].update(yardstick="moon"), "no option 'moon'"),
        (lambda r, _: r["test"]["specifications"][0]["set"].update(speed=1), "sets 'speed'"),
    ],
)
def test_a_test_that_cannot_run_is_named(project: Path, change: Any, named: str) -> None:
    _claims_with(project, change)
    with pytest.raises(ClaimError, match=named):
        _ = claims(project)["DR7"].verdict
