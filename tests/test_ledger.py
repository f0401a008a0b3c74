"""The ledger says the same to people, to spreadsheets and to search engines; its sums are right."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, until
from playwright.sync_api import Page
from scipy.stats import spearmanr

from book import cruxes, ledger, registry
from book.claims import claims
from book.explorer.kinds import Crux, Frame, Scale
from book.explorer.kinds import Test as Condition
from book.model import Model
from book.record import newest, outcome
from book.site.tracing import count

IDS = [*(f"DS{k}" for k in range(1, 13)), *(f"YF{k}" for k in range(1, 18)), *(f"DR{k}" for k in range(1, 16)),
       *(f"AL{k}" for k in range(1, 10)), *(f"SI{k}" for k in range(1, 8)), *(f"CX{k}" for k in range(1, 6))]  # fmt: skip


def test_all_claims_of_the_debate_are_there_with_a_test() -> None:
    assert sorted(claims()) == sorted(IDS)
    assert all(c.test["how"] for c in claims().values())


def test_files_for_machines_hold_every_claim(site: Path) -> None:
    whole = json.loads((site / "claims.json").read_text("utf8"))
    lines = list(csv.DictReader(io.StringIO((site / "claims.csv").read_text("utf8"))))
    assert [c["id"] for c in whole["claims"]] == [line["id"] for line in lines] == list(claims())
    for record, line in zip(whole["claims"], lines, strict=True):
        assert (site / record["address"]).exists()
        assert record["verdict"] == line["verdict"] == claims()[record["id"]].verdict.word


@cache
def _schema() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return schema.org's properties by type, and what each type inherits from."""
    path = ROOT / ".venv" / "node" / "node_modules" / "schema-dts" / "dist" / "schema.d.ts"
    if not path.exists():
        pytest.skip("schema.org's definition is not installed: run 'make test'")
    text = path.read_text("utf8")
    own, parent = {}, {}
    for match in re.finditer(r"interface (\w+)Base extends ([^{]*){(.*?)\n}", text, re.S):
        own[match[1]] = set(re.findall(r'^    "(\w+)"\?:', match[3], re.M))
        parent[match[1]] = match[2]
    return own, parent


def _properties(kind: str) -> set[str]:
    own, parent = _schema()
    found = set(own[kind])
    for name in re.findall(r"(\w+)Base", parent[kind]):
        found |= _properties(name)
    return found


def _valid(thing: Any, where: str) -> None:
    if isinstance(thing, list):
        for item in thing:
            _valid(item, where)
    elif isinstance(thing, dict):
        kind = thing["@type"]
        assert kind in _schema()[0], (where, kind)
        unknown = {k for k in thing if not k.startswith("@")} - _properties(kind)
        assert not unknown, (where, kind, unknown)
        for value in thing.values():
            _valid(value, where)


def test_claim_reviews_obey_schema_org(site: Path) -> None:
    seen = 0
    for claim in claims().values():
        page = (site / "claims" / f"{claim.id}.html").read_text("utf8")
        scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        assert len(scripts) == (claim.verdict.word in ledger.RATING), claim.id
        for script in scripts:
            review = json.loads(script)
            assert review == ledger.claim_review(claim)
            _valid(review, claim.id)
            assert review["itemReviewed"]["text"] == claim.record["claim"]
            seen += 1
    assert seen >= 6


def test_a_wrong_property_would_be_seen() -> None:
    with pytest.raises(AssertionError, match="verdictReviewed"):
        _valid({"@type": "ClaimReview", "verdictReviewed": "x"}, "planted")


def test_every_claim_page_has_verdict_and_test_without_scripts(site: Path) -> None:
    for claim in claims().values():
        text = (site / "claims" / f"{claim.id}.html").read_text("utf8")
        assert f'id="claim-{claim.id}"' in text
        assert "The test, written on" in text


@pytest.mark.browser
def test_the_ledger_filters_sorts_and_remembers(page: Page, served: str) -> None:
    page.goto(f"{served}/pages/claims.html")
    shown = "[...document.querySelectorAll('table.ledger tbody tr')].filter((r) => !r.hidden).length"
    assert page.evaluate(shown) == len(IDS)
    page.select_option("[data-filter=chapter]", "allies")
    assert page.evaluate(shown) == 9
    page.select_option("[data-filter=speaker]", "Miller")
    left = page.evaluate(shown)
    assert 0 < left < 9
    page.reload()
    until(page, f"{shown} === {left}")
    page.goto(f"{served}/pages/claims.html")
    page.get_by_role("button", name="Verdict").click()
    words = page.locator("table.ledger tbody tr td:nth-child(5)").all_inner_texts()
    assert words == sorted(words)


def test_predictions_are_scored_only_where_they_are_tested() -> None:
    for claim in claims().values():
        if claim.test["kind"] == "planned":
            assert outcome(claim) == "unresolved"
    assert newest() >= "2026-08"


# -- cruxes and sensitivity ---------------------------------------------------------------------------


def _product() -> Model:
    m = Model("test.product")
    a, b, c = (m.constant(n, n, 1.0, "1", span=(0.1, 10)) for n in "abc")
    m.formula("y", "y", a * b**2 * c, "1", "y")
    return m


def test_effects_add_up_to_the_gap_and_are_known_for_a_product() -> None:
    """For a product on a logarithmic axis each factor's effect is its own, whatever the order."""
    groups = [("a", {"a": 1.0}, {"a": 2.0}), ("b", {"b": 1.0}, {"b": 3.0}), ("c", {"c": 1.0}, {"c": 0.5})]
    kind = Crux(output="y", groups=groups, threshold=1.0, x=Scale(0.01, 100, log=True))
    answers, effects = kind.effects(Frame(_product(), {}))
    assert sum(effects) == pytest.approx(answers[-1] - answers[0])
    assert effects == pytest.approx(np.log10([2, 9, 0.5]) / 4)


def test_effects_do_not_depend_on_the_order_of_inputs() -> None:
    explorer = registry.explorers()["cruxes.dr7"]
    assert isinstance(explorer.kind, Crux)
    for order in itertools.permutations(explorer.kind.groups):
        kind = Crux(output=explorer.kind.output, groups=order, threshold=1.0, x=explorer.kind.x)
        _, effects = kind.effects(explorer.frame_at())
        named = {g[0]: e for g, e in zip(order, effects, strict=True)}
        assert named == pytest.approx(
            {
                g[0]: e
                for g, e in zip(
                    explorer.kind.groups, explorer.kind.effects(explorer.frame_at())[1], strict=True
                )
            }
        )


def test_sensitivity_finds_the_input_that_matters() -> None:
    explorer = registry.explorers()["gallery.fan"]
    assert explorer.test is not None
    table = cruxes.sensitivity(explorer.frame_at(), explorer.test)
    frame = explorer.frame()
    strength = {p.name: abs(spearmanr(frame[p.id], frame["days"]).statistic)
                for p in explorer.model.parameters.values() if p.low < p.high}  # fmt: skip
    assert list(table["input"]) == sorted(strength, key=lambda n: -strength[n])
    assert (table["first"] <= table["total"] + 0.02).all()


def test_sensitivity_of_a_linear_model_is_its_variances() -> None:
    m = Model("test.linear")
    use, run = m.input("mfu_training"), m.input("frontier_run")
    m.formula("z", "z", use * 1.0, "1", "z")
    table = cruxes.sensitivity(Frame(m, {}), Condition("z", ">=", 0.4))
    assert table.loc[0, "first"] == pytest.approx(1, abs=0.02)
    assert table.loc[1, "total"] == pytest.approx(0, abs=0.02)
    assert table.loc[0, "verdict"] == pytest.approx(1, abs=0.05)
    assert run is not use


def test_what_settles_a_claim_is_said_for_each_modelled_claim() -> None:
    for claim in cruxes.modelled(claims()):
        assert cruxes.settles(claim).endswith(".")
        assert (cruxes.readings(claim)["explains"] <= 1 + 1e-9).all()


# -- tracing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "computed", "cited", "untraced"),
    [
        ("There were \ue001 chips.", 1, 0, 0),
        ("There were 5 chips.", 0, 0, 1),
        ("There were 5 chips \ue000. And 7 more.", 0, 1, 1),
        (
            "On 13 May 2025 an H100, a GB300, an MI300X and a RTX 4090 fell under 3A090.a (90 FR 4544, part 748).",
            0,
            0,
            0,
        ),
        ("DR7 in 2026 Q4, tier 2, group D:5, 16 bits.", 0, 0, 0),
        ("It rose 3.5 times, to 1,000,000.", 0, 0, 2),
    ],
)
def test_numbers_are_told_from_names(text: str, computed: int, cited: int, untraced: int) -> None:
    found = count(text)
    assert (found.computed, found.cited, len(found.untraced)) == (computed, cited, untraced)
