"""A reader can trust every row: it obeys the dictionary and its sources exist."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from book import data
from book.data import DataError, bibliography, check_keys, parameters, split_keys, table, tables
from book.export_controls import chip
from book.units import UnitError, unit


@pytest.mark.parametrize("name", tables())
def test_every_table_obeys_the_dictionary(name: str) -> None:
    assert len(table(name)) > 0


def test_there_are_enough_chips_with_what_the_rules_ask_for() -> None:
    chips = table("chips")
    rates = chips[["fp16_tflops", "fp8_tflops", "int8_tops", "fp4_tflops"]].notna().any(axis=1)
    assert rates.sum() >= 45
    assert (rates & chips["die_area_mm2"].notna()).sum() >= 45


def test_every_key_in_the_data_is_a_source() -> None:
    for name in tables():
        frame = table(name)
        for column in {"sources", "source"} & set(frame.columns):
            for cell in frame[column]:
                check_keys(split_keys(cell), name)


def test_every_source_says_where_it_is() -> None:
    for key, entry in bibliography().entries.items():
        assert {"title", "year"} <= set(entry.fields), key
        assert "url" in entry.fields or "doi" in entry.fields or "note" in entry.fields, key


def test_classified_and_named_chips_exist() -> None:
    known = set(table("chips")["id"])
    assert set(table("chip_classifications")["chip_id"]) <= known
    assert set(table("demand")["chip"].dropna()) <= known


def test_all_countries_have_a_tier() -> None:
    tiers = table("country_tiers").set_index("alpha3")
    assert len(tiers) >= 249
    assert (tiers["basis"] == "supp5a").sum() == 18
    assert tiers.loc["MAC", "tier"] == tiers.loc["CHN", "tier"] == tiers.loc["HKG", "tier"] == 3
    assert tiers.loc["USA", "tier"] == tiers.loc["TWN", "tier"] == 1
    assert tiers.loc["ARE", "tier"] == tiers.loc["IND", "tier"] == tiers.loc["ISR", "tier"] == 2


def test_wishes_agree_with_the_rows_they_name() -> None:
    """A parameter that restates a table must not drift from it."""
    rows, wish = table("demand"), parameters()
    assert wish["want_cluster"].central == rows.loc["ref_colossus_2025_03", "value"]
    assert wish["want_g42"].low == rows.loc["uae_framework_g42_h100e", "low"]
    assert wish["want_g42"].high == rows.loc["uae_framework_g42_h100e", "high"]
    assert wish["want_g42_chips"].central == 3 * rows.loc["uae_framework_g42_year", "value"]
    assert wish["want_humain"].high == rows.loc["humain_600k", "high"]
    assert wish["want_humain"].low == rows.loc["humain_600k", "high"] / 2
    assert wish["want_ytl"].central == rows.loc["ytl_h100e", "value"]
    assert wish["frontier_run"].low == rows.loc["ref_grok3_flop", "low"]
    assert wish["frontier_run"].high == rows.loc["ref_grok3_flop", "high"]


# -- planted faults: each is named by file, row, column, value and what would be right --------------


def _plant(project: Path, name: str, row: int, column: str, value: str) -> None:
    path = project / "data" / f"{name}.csv"
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf8", newline="") as file:
        csv.writer(file).writerows(rows)


FAULTS = [
    ("chips", 5, "sources", "nobody2025nothing", ["chips.csv, row 5", "nobody2025nothing", "references.bib"]),
    ("chips", 7, "fp16_tflops", "fast", ["chips.csv, row 7", "fp16_tflops", "fast", "number"]),
    ("chips", 4, "market", "mars", ["chips.csv, row 4", "market", "mars", "china_domestic"]),
    ("chips", 3, "id", "h100_sxm", ["chips.csv", "h100_sxm"]),
    ("demand", 5, "low", "9e9", ["demand.csv, row 5", "low 9e+09 is above value"]),
    ("parameters", 2, "unit", "parsec_per_chip", ["parameters.csv, row 2", "unknown unit 'parsec_per_chip'"]),
    ("parameters", 4, "low", "1400000", ["parameters.csv, row 4", "low 1.4e+06 is above central"]),
    ("parameters", 2, "maximum", "0.2", ["parameters.csv, row 2", "out of order"]),
    ("parameters", 2, "distribution", "fixed", ["parameters.csv, row 2", "'fixed'"]),
]


@pytest.mark.parametrize(("name", "row", "column", "value", "named"), FAULTS)
def test_a_broken_row_is_named(
    project: Path, name: str, row: int, column: str, value: str, named: list[str]
) -> None:
    _plant(project, name, row, column, value)
    with pytest.raises(DataError) as caught:
        parameters(project) if name == "parameters" else table(name, project)
    for word in named:
        assert word in str(caught.value)


def test_an_unknown_table_and_row_are_named() -> None:
    with pytest.raises(DataError, match="no table 'planets'"):
        table("planets")
    with pytest.raises(DataError, match="no chip 'h1000'"):
        chip("h1000")
    with pytest.raises(DataError, match="no row 'nope'"):
        data.number(table("diffusion_rule"), "nope")


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnitError, match="furlongs_per_token"):
        unit("furlongs_per_token")


def test_the_dictionary_describes_every_column() -> None:
    package = json.loads((data.ROOT / "data" / "datapackage.json").read_text("utf8"))
    for resource in package["resources"]:
        with (data.ROOT / "data" / resource["path"]).open(encoding="utf8") as file:
            header = next(csv.reader(file))
        assert header == [f["name"] for f in resource["schema"]["fields"]], resource["name"]
        assert all(f["description"] for f in resource["schema"]["fields"]), resource["name"]
