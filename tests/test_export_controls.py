"""The arithmetic of the controls agrees with the rules' text and with what others printed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from book import export_controls as ec
from book.data import table

RATES = st.dictionaries(st.sampled_from([4, 6, 8, 16, 32]), st.floats(0.1, 1e5), min_size=1)


@given(RATES, st.floats(0.1, 10))
def test_tpp_grows_in_proportion_to_the_rates(rates: dict[int, float], factor: float) -> None:
    assert ec.tpp({b: r * factor for b, r in rates.items()}) == pytest.approx(factor * ec.tpp(rates))


@given(RATES)
def test_tpp_is_reached_by_one_operation_and_exceeded_by_none(rates: dict[int, float]) -> None:
    assert ec.tpp(rates) in [b * r for b, r in rates.items()]
    assert all(b * r <= ec.tpp(rates) for b, r in rates.items())


def test_bis_yardstick() -> None:
    """BIS: 4,800 is 600 TOPS at 8 bits or 300 TFLOPS at 16 bits."""
    assert ec.tpp({8: 600}) == ec.tpp({16: 300}) == 4800


def test_a_rate_that_is_not_one_is_refused() -> None:
    with pytest.raises(ValueError, match="without any rate"):
        ec.tpp({})
    with pytest.raises(ValueError, match="above zero"):
        ec.tpp({8: -1})
    with pytest.raises(ValueError, match="die area"):
        ec.performance_density(1000, 0)


def test_a_planar_chip_has_no_density() -> None:
    assert ec.performance_density(4000, 500, non_planar=False) == 0
    assert ec.entry_2023(4000, 0.0, data_centre=True).entry == "none"


# -- traps ------------------------------------------------------------------------------------------


def test_rates_are_dense_and_not_doubled() -> None:
    """A sparse rate, or a rate doubled once more, would make an RTX 4090 a chip of 10,570."""
    assert ec.chip("rtx_4090")["tpp"] == pytest.approx(5285, rel=0.001)
    assert ec.chip("h100_sxm")["tpp"] == pytest.approx(15_832, rel=0.001)
    assert ec.chip("l40s")["tpp"] == pytest.approx(5864, rel=0.01)


def test_four_bit_rates_count_where_they_are_highest() -> None:
    b300 = ec.chip("b300")
    assert b300["best"] == "fp4_tflops"
    assert b300["tpp"] == pytest.approx(56_000)


def test_the_rule_has_no_yearly_country_cap() -> None:
    """790 million TPP is one figure for three years; LPP starts again each January."""
    assert ec.country_allocation() == 790e6
    assert ec.country_allocation(assurances=True) == 2 * ec.country_allocation()
    assert [ec.lpp(q) / ec.lpp("2025q1") for q in ("2025q4", "2026q1", "2027q4")] == [1, 2, 3]


def test_nveu_ceilings_are_stocks_that_never_fall() -> None:
    ceilings = [ec.nveu_ceiling(q) for q in ec.QUARTERS]
    assert ceilings == sorted(ceilings)
    assert ceilings[0] == 633e6
    assert ceilings[-4:] == [5064e6] * 4
    with pytest.raises(ValueError, match="2028q1"):
        ec.nveu_ceiling("2028q1")


def test_nveu_ceilings_are_whole_numbers_of_one_h100() -> None:
    """Each is a multiple of 15,825, which shows the value at which BIS counted an H100."""
    assert all(ec.nveu_ceiling(q) % 15_825 == 0 for q in ec.QUARTERS)
    assert [ec.nveu_ceiling(q) / 15_825 for q in ("2025q1", "2025q4", "2027q4")] == [40_000, 100_000, 320_000]


@given(st.floats(1, 1e12))
def test_a_universal_user_keeps_half_at_home(total: float) -> None:
    limits = ec.uveu_limits(total, us_headquartered=True)
    assert limits.outside_us == pytest.approx(0.5 * total)
    assert limits.outside_tier1 == pytest.approx(0.25 * total)
    assert limits.one_country == pytest.approx(0.07 * total)
    assert ec.uveu_limits(total, us_headquartered=False).outside_us is None


def test_the_caps_count_no_chip_that_the_rule_does_not() -> None:
    """An H20 is in no entry, so it uses up no ceiling."""
    with pytest.raises(ValueError, match=r"h20: not in 3A090\.a"):
        ec.caps(["h100_sxm", "h20"])
    assert "h20" not in ec.caps().index
    assert {"h100_sxm", "b300", "mi300x"} <= set(ec.caps().index)


# -- published results --------------------------------------------------------------------------------


def test_caps_agree_with_the_white_house() -> None:
    """Roughly 1,700, 50,000 and 320,000 advanced GPUs."""
    found = [ec.in_chips(b, "h100_sxm")
             for b in (ec.lpp("2025q1"), ec.country_allocation(), ec.nveu_ceiling("2027q4"))]  # fmt: skip
    for ours, theirs in zip(found, (1_700, 50_000, 320_000), strict=True):
        assert ours == pytest.approx(theirs, rel=0.003)


def _published() -> pd.DataFrame:
    ours = ec.chips()[["tpp", "density"]].add_suffix("_ours")
    return table("chip_classifications").join(ours, on="chip_id")


#: Where a publication differs from the arithmetic, and why; anything else that differs is a fault.
KNOWN = {
    "gaudi2": "Epoch takes BF16 at 450; the vendor's document says 432",
    "trainium1": "Epoch counts TF32 as 19 bits",
    "inferentia2": "Epoch counts TF32 as 19 bits",
    "mi350x": "published figures leave out FP6",
    "mi355x": "published figures leave out FP6",
    "mi325x": "Epoch rounds the rates",
    "gb300": "Epoch takes a rate above the vendor's",
    "max_1550": "Epoch takes the vector rate",
    "b30a": "the tracker prints twice what its own rates give",
    "maia_100": "Epoch leaves out the formats of 6 and 9 bits",
    "rtx_4090": "one magazine doubled the figure",
    "wse_3": "published figures take a sparse rate",
    "mi308x": "no rate published",
    "mi210": "die area differs between sources",
    "mi250x": "die area differs between sources",
}


def test_tpp_agrees_with_every_publication_or_the_difference_is_known() -> None:
    rows = _published().dropna(subset=["tpp", "tpp_ours"])
    assert len(rows) >= 50
    off = rows[(rows["tpp"] / rows["tpp_ours"] - 1).abs() > 0.01]
    assert set(off["chip_id"]) <= set(KNOWN), sorted(set(off["chip_id"]) - set(KNOWN))


def test_density_agrees_with_every_publication_or_the_difference_is_known() -> None:
    rows = _published().dropna(subset=["performance_density", "density_ours"])
    assert len(rows) >= 10
    off = rows[(rows["performance_density"] / rows["density_ours"] - 1).abs() > 0.01]
    assert set(off["chip_id"]) <= set(KNOWN), sorted(set(off["chip_id"]) - set(KNOWN))


def _entry(name: str, date: str) -> str:
    return ec.classify(ec.chip(name), dt.date.fromisoformat(date)).entry


@pytest.mark.parametrize(
    ("name", "date", "entry"),
    [
        ("a100_80gb_sxm", "2022-10-20", "none"),  # before the rule: letters only
        ("a100_80gb_sxm", "2022-10-21", "3A090"),
        ("a800_80gb_sxm", "2023-11-16", "none"),  # made for the test of link speed
        ("a800_80gb_sxm", "2023-11-17", "3A090.a"),
        ("h800_sxm", "2023-06-01", "none"),
        ("h800_sxm", "2024-01-01", "3A090.a"),
        ("h20", "2024-06-01", "none"),  # 32 under 2,400, and too sparse
        ("h20", "2026-06-01", "none"),
        ("l20", "2024-06-01", "none"),
        ("l2", "2024-06-01", "none"),
        ("l4", "2024-06-01", "3A090.a"),
        ("tpu_v5e", "2024-06-01", "3A090.a"),  # by density, under 4,800
        ("rtx_4090", "2024-01-01", "3A090.a"),
        ("rtx_4090d", "2024-01-01", "none"),  # not for data centres and under 4,800
        ("v100_sxm2_32gb", "2024-01-01", "none"),  # 2,000, and too sparse
    ],
)
def test_entries_at_their_dates(name: str, date: str, entry: str) -> None:
    assert _entry(name, date) == entry


def test_nvidias_own_list_of_october_2023() -> None:
    """The company named these as covered: A100, A800, H100, H800, L40, L40S, RTX 4090."""
    rows = table("chip_classifications").query("source == 'nvidia2023eightk'")
    assert len(rows) >= 5
    for name in rows["chip_id"]:
        assert _entry(name, "2023-11-17") in ("3A090.a", "3A090.b"), name


def test_the_review_ceilings_of_2026() -> None:
    """The rule names the H200 and the MI325X as inside; a B200 is outside on both counts."""
    for name, inside in (("h200_sxm", True), ("mi325x", True), ("b200", False)):
        chip = ec.chip(name)
        assert ec.review_2026(chip["tpp"], chip["dram_bandwidth_gb_s"]) is inside


@given(st.floats(1, 1e5), st.floats(0, 100), st.booleans())
def test_more_performance_never_frees_a_chip(total: float, density: float, data_centre: bool) -> None:
    order = {"none": 0, "3A090.b": 1, "3A090.a": 2}
    before = order[ec.entry_2023(total, density, data_centre).entry]
    assert order[ec.entry_2023(total * 1.5, density * 1.5, data_centre).entry] >= before


def test_unknown_data_are_not_guessed() -> None:
    bare = pd.Series({"tpp": 2500.0, "density": None, "density_low": None, "density_high": None,
                      "purpose": "data_centre", "link_gb_s": None})  # fmt: skip
    assert ec.classify(bare, dt.date(2024, 1, 1)).entry == "unknown"
    split = bare.copy()
    split["density"], split["density_low"], split["density_high"] = 3.0, 1.0, 7.0
    found = ec.classify(split, dt.date(2024, 1, 1))
    assert found.entry == "unknown"
    assert "disagree" in found.reason


@pytest.mark.parametrize("quarter", ec.QUARTERS)
def test_the_third_group_has_no_path_but_a_licence_that_is_refused(quarter: str) -> None:
    for other in (1, 2, 3):
        for home, place in ((3, other), (other, 3)):
            assert list(ec.paths(home, place, quarter)["tpp"]) == [0.0]


def test_paths_agree_with_the_fact_sheet_of_the_white_house() -> None:
    paths = ec.paths(2, 2, "2027q4")["tpp"]
    in_h100 = {name: ec.in_chips(tpp, "h100_sxm") for name, tpp in paths.items() if np.isfinite(tpp)}
    assert in_h100["allocation"] == pytest.approx(50_000, rel=0.01)
    assert in_h100["assured"] == pytest.approx(100_000, rel=0.01)
    assert in_h100["nveu"] == pytest.approx(320_000, rel=0.01)
    assert in_h100["lpp"] / 3 == pytest.approx(1_700, rel=0.01)


@given(st.sampled_from([1, 2]), st.sampled_from([1, 2]), st.integers(0, 10))
def test_a_later_quarter_never_allows_less(home: int, place: int, k: int) -> None:
    now, then = (ec.paths(home, place, q)["tpp"] for q in (ec.QUARTERS[k], ec.QUARTERS[k + 1]))
    assert (then >= now).all()
