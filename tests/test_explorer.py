"""An explorer says what it shows, refuses what cannot work, and its words follow its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from book import registry
from book.explorer import Choice, Explorer, ExplorerError, Option, World, words
from book.explorer.kinds import Distribution, Scale, Sweep, quantiles, spread
from book.explorer.kinds import Test as Condition
from book.figures.style import Exhibit, new_figure
from book.model import Model


def _model() -> Model:
    m = Model("test.explorer")
    use = m.input("mfu_training")
    k = m.constant("scale", "k", 2.0, "1", span=(0.5, 8.0))
    m.formula("product", "y", use * k, "1", "the product")
    return m


def _explorer(**changes: Any) -> Explorer:
    given_: dict[str, Any] = {
        "id": "T1", "title": "A finding", "model": _model(),
        "kind": Sweep(parameter="scale", output="product", y=Scale(0, 5)),
        "test": Condition("product", ">=", 0.8), "answer": "It is {product}.",
        "alt": "A line that rises.", "caption": "How to read it.", "controls": ["scale", "mfu_training"],
    }  # fmt: skip
    return Explorer(**(given_ | changes))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": "has space"}, "id has letters"),
        ({"alt": " "}, "no alt"),
        ({"title": ""}, "no title"),
        ({"controls": ["speed"]}, r"parameters \['speed'\] are not in model test.explorer"),
        ({"test": Condition("nothing", ">=", 1.0)}, "formula 'nothing'"),
        ({"answer": "It is {wrong}."}, "formula 'wrong'"),
        ({"sources": ["nobody1900x"]}, "nobody1900x"),
        ({"choices": [Choice("q", "Q", [Option("a", "A")], "b")]}, "starts at 'b'"),
        ({"choices": [Choice("q", "Q", [Option("a", "A", {"speed": 1.0})], "a")]}, "speed"),
        ({"choices": [Choice("q", "Q", [Option("a", "A", {}, {"scale": "no_row"})], "a")]}, "no_row"),
        ({"worlds": [World("w", "W", {"scale": 1.0}, {})]}, "no reason for"),
    ],
)
def test_a_definition_that_cannot_work_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises((ExplorerError, ValueError), match=named):
        _explorer(**changes)


def test_a_figure_without_alternative_text_is_refused() -> None:
    with pytest.raises(ValueError, match="figure f: no alt"):
        Exhibit("f", new_figure(), "A finding", "", "How to read it.", ["bis2025diffusion"])
    with pytest.raises(ValueError, match="figure f: no sources"):
        Exhibit("f", new_figure(), "A finding", "What it shows", "How to read it.", [])


def test_moving_a_control_moves_answer_share_and_link() -> None:
    e = _explorer()
    assert e.to_link() == "#T1"
    before = e.share()
    e.values = {"scale": 8.0}
    assert e.share() == 1.0 > before
    assert e.to_link("page.html") == "page.html#T1?scale=8"
    assert (e.frame()["scale"] == 8).all()
    assert "every draw" in e.verdict()


def test_frame_holds_the_draws_and_the_claim() -> None:
    frame = _explorer().frame()
    assert len(frame) == 4096
    assert {"mfu_training", "scale", "product", "holds"} <= set(frame.columns)
    assert ((frame["product"] >= 0.8) == frame["holds"]).all()


def test_a_choice_can_lend_another_row_its_range() -> None:
    option = Option("b", "B", {}, {"scale": "mfu_training"})
    e = _explorer(choices=[Choice("q", "Q", [Option("a", "A"), option], "a")])
    assert e.frame()["scale"].nunique() == 1
    e.choices = {"q": "b"}
    assert e.frame()["scale"].between(0.38, 0.43).all()
    assert e.frame()["scale"].nunique() > 4000


@given(st.floats(0, 1))
def test_likelihood_words_never_say_more_than_the_share(share: float) -> None:
    word = words.likelihood(share)
    bounds = {"virtually certain": (0.99, 1), "very likely": (0.9, 0.99), "likely": (0.66, 0.9),
              "about as likely as not": (0.33, 0.66), "unlikely": (0.1, 0.33), "very unlikely": (0.01, 0.1),
              "exceptionally unlikely": (0, 0.01)}  # fmt: skip
    low, high = bounds[word]
    assert low <= share <= high


@given(st.floats(1e-9, 1e30), st.integers(1, 6))
def test_numbers_in_words_are_the_number(value: float, digits: int) -> None:
    assert float(words.number(value, digits).replace(",", "")) == pytest.approx(
        value, rel=0.6 * 10 ** (1 - digits)
    )


@given(st.lists(st.floats(-1, 2), max_size=8))
def test_labels_never_overlap_nor_leave_the_axis(places: list[float]) -> None:
    moved = spread(places)
    assert all(b - a >= 0.065 - 1e-9 for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False))
    assert all(m <= 1 + 1e-9 for m in moved)


@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=200))
def test_quantiles_are_values_that_occur(values: list[float]) -> None:
    found = quantiles(np.array(values))
    assert set(found) <= set(values)
    assert list(found) == sorted(found)


def test_the_shapes_of_every_explorer_lie_on_its_axes() -> None:
    """What a figure shows at its central values must be visible: the axes cover it."""
    for name, explorer in registry.explorers().items():
        sx, sy = explorer.kind.scales(explorer.model)
        for part, shape in explorer.shapes().items():
            if not part.startswith("line"):
                continue
            points = np.array([p for path in shape["paths"] for p in path])
            assert (np.abs(sx.fraction(points[:, 0]) - 0.5) <= 0.501).all(), (name, part)
            assert (np.abs(sy.fraction(points[:, 1]) - 0.5) <= 0.501).all(), (name, part)


def test_a_distribution_counts_every_draw() -> None:
    e = _explorer(kind=Distribution(output="product", x=Scale(0, 5)))
    shapes = e.shapes()
    assert shapes["all"]["paths"][0][0][1] == 0
    assert f"{words.percent(e.share())} of draws" in shapes["share"]["text"]
