"""A formula is written once: units hold, draws are what they claim, all forms agree."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

import book
from book import draws, registry
from book.data import parameters
from book.model import Axis, Model, ModelError


def _model() -> Model:
    m = Model("test", axis=Axis("year", "t", (0.0, 1.0, 2.0), ("a", "b", "c"), "1"))
    m.constant("budget", "B", 100.0, "TPP")
    m.constant("one", "T", 4.0, "TPP/chip")
    m.constant("price", "c", 3.0, "dollar/chip")
    return m


def _symbol(m: Model, name: str) -> sp.Symbol:
    return m._symbols[name]


# -- units ------------------------------------------------------------------------------------------


def test_tpp_cannot_be_added_to_dollars() -> None:
    m = _model()
    spent = _symbol(m, "budget") + _symbol(m, "budget") / _symbol(m, "one") * _symbol(m, "price")
    with pytest.raises(ModelError, match=r"model test, formula bad: .*(TPP|dollar).*cannot be added"):
        m.formula("bad", "x", spent, "TPP", "")


def test_a_wrong_unit_is_refused() -> None:
    m = _model()
    with pytest.raises(ModelError, match="dollar is declared"):
        m.formula("bad", "x", _symbol(m, "budget") / _symbol(m, "one"), "dollar", "")


def test_scale_counts_as_well_as_dimension() -> None:
    """Numbers enter formulas as they stand, so days and seconds do not mix."""
    m = _model()
    day = m.constant("day", "d", 1.0, "day")
    with pytest.raises(ModelError, match="second"):
        m.formula("bad", "x", day, "second", "")


@pytest.mark.parametrize("function", [sp.exp, sp.log, sp.sin])
def test_functions_take_plain_numbers(function: type[sp.Function]) -> None:
    m = _model()
    with pytest.raises(ModelError, match="plain number"):
        m.formula("bad", "x", function(_symbol(m, "budget")), "1", "")


def test_unknown_names_are_named() -> None:
    m = _model()
    with pytest.raises(ModelError, match=r"unknown \['zeta'\]"):
        m.formula("bad", "x", sp.Symbol("zeta", real=True), "1", "")
    with pytest.raises(ModelError, match="no parameter 'nothing'"):
        m.input("nothing")
    with pytest.raises(ModelError, match="defined twice"):
        m.constant("budget", "B", 1.0, "1")
    with pytest.raises(ModelError, match="no output 'nope'"):
        m.latex("nope")
    with pytest.raises(ModelError, match="no parameter"):
        m.evaluate({"nope": 1.0})
    with pytest.raises(ModelError, match="no parameter"):
        m.draws({"nope": 1.0})


# -- draws ------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(0, 2**31))
def test_the_short_form_of_a_net_is_the_scrambled_sobol_sequence(dimensions: int, seed: int) -> None:
    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(draws.BITS)
    expected = {tuple(row) for row in np.floor(points * draws.N_DRAWS).astype(int)}
    short = np.stack([draws.strata(net) for net in draws.nets(dimensions, seed)], axis=1)
    assert {tuple(row) for row in short} == expected


def test_every_stratum_of_every_parameter_is_drawn_once() -> None:
    for net in draws.nets(30):
        assert sorted(draws.strata(net)) == list(range(draws.N_DRAWS))


@pytest.mark.parametrize("kind", [k for k in draws.DISTRIBUTIONS if k != "fixed"])
@given(low=st.floats(0.01, 0.3), up=st.floats(0.01, 0.3), more=st.floats(0.01, 0.3))
def test_quantiles_rise_and_keep_what_they_promise(kind: str, low: float, up: float, more: float) -> None:
    central, high = low + up, low + up + more
    u = np.linspace(0.0005, 0.9995, 801)
    values = draws.quantile(kind, u, low, central, high)
    assert np.all(np.diff(values) >= -1e-12)
    at = draws.quantile(kind, np.array([0.05, 0.5, 0.95]), low, central, high)
    if kind.endswith("normal"):
        assert at == pytest.approx([low, central, high], rel=1e-9)
    else:
        assert values[0] >= low - 1e-12
        assert values[-1] <= high + 1e-12


def test_parameters_set_by_somebody_are_fixed_and_the_rest_keep_their_draws() -> None:
    m = Model("test.fixed")
    name = "mfu_training"
    m.input(name)
    m.constant("other", "o", 1.0, "1")
    free = m.draws()
    held = m.draws({name: 0.5})
    assert (held[name] == 0.5).all()
    assert free[name].nunique() > 4000
    assert (held["other"] == free["other"]).all()


# -- evaluation -------------------------------------------------------------------------------------


def test_outputs_have_a_row_a_draw_and_a_column_an_axis_value() -> None:
    m = _model()
    m.formula("n", "n", _symbol(m, "budget") / _symbol(m, "one") * (1 + m.t), "chip", "")
    found = m.evaluate({"budget": [100.0, 200.0]})["n"]
    assert found.tolist() == [[25, 50, 75], [50, 100, 150]]


def test_formulas_build_on_earlier_ones_and_equations_show_their_names() -> None:
    m = _model()
    n = m.formula("n", "n", _symbol(m, "budget") / _symbol(m, "one"), "chip", "")
    m.formula("cost", "C", n * _symbol(m, "price"), "dollar", "")
    assert m.evaluate({})["cost"][0, 0] == 75
    assert m.latex("cost") == r"C = n\,c"


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_a_tabulated_function_stays_within_its_stated_error(x: float, y: float) -> None:
    m = Model("test.table")
    a, b = m.constant("a", "a", x, "1"), m.constant("b", "b", y, "1")
    grid = np.linspace(-3, 3, 41)

    def truth(u: float, v: float) -> float:
        return float(np.sin(u) * np.cos(v))

    f = m.tabulate("f", "f", truth, [grid, grid], "1")
    m.formula("g", "g", f(a, b), "1", "")
    # the stated error is measured on a finer grid, relative to the largest value
    assert abs(m.evaluate({})["g"][0] - truth(x, y)) <= 1.1 * m.tables["f"].error
    assert 0 < m.tables["f"].error < 0.01


def test_every_model_of_the_report_is_finite_at_its_central_values() -> None:
    for name, model in registry.models().items():
        for output, values in model.evaluate({}).items():
            assert np.isfinite(values).all(), (name, output)


def test_every_parameter_of_the_table_is_used() -> None:
    used = {p for m in registry.models().values() for p in m.inputs}
    used |= {r for e in registry.explorers().values() for q in e.questions
             for o in q.options for r in o.ranges.values()}  # fmt: skip
    assert set(parameters()) == used


def _modules() -> list[str]:
    return [
        m.name for m in pkgutil.walk_packages(book.__path__, "book.") if not m.name.startswith("book.site")
    ]


@pytest.mark.parametrize("name", _modules())
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
