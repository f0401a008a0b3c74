"""Tables, parameters and sources; every check on loading.

The dictionary of all tables is ``data/datapackage.json``. A row that breaks it, or that cites a
source which ``references.bib`` lacks, stops whoever asked for the table.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from frictionless import Package, system
from pybtex.database import BibliographyData, parse_file
from pybtex.exceptions import PybtexError

from book import draws, units

ROOT = Path(__file__).resolve().parent.parent


class DataError(ValueError):
    """A table, row or source that cannot be used; the message says where and what would be right."""


def split_keys(text: str) -> list[str]:
    """Split ``"a; b"`` into its source keys."""
    return [key.strip() for key in str(text).split(";") if key.strip()]


@functools.cache
def bibliography(root: Path = ROOT) -> BibliographyData:
    """Return ``references.bib``, parsed.

    Raises
    ------
    DataError
        If the file cannot be parsed, or holds a key twice.
    """
    try:
        return parse_file(root / "references.bib", bib_format="bibtex")
    except PybtexError as err:
        raise DataError(f"references.bib: {err}") from err


def check_keys(keys: list[str], where: str, root: Path = ROOT) -> None:
    """Fail unless every source key is in ``references.bib``.

    Raises
    ------
    DataError
        Naming the place and the key.
    """
    if not keys:
        raise DataError(f"{where}: no source; give at least one key of references.bib")
    known = bibliography(root).entries
    for key in keys:
        if key not in known:
            raise DataError(f"{where}: source {key!r} is not in references.bib; add it there")


@functools.cache
def _package(root: Path) -> Package:
    with system.use_context(trusted=True):  # our own folder, given by an absolute path
        return Package(str(root / "data" / "datapackage.json"))


def _check_schema(name: str, root: Path) -> None:
    resource = _package(root).get_resource(name)
    report = resource.validate()
    for row, field, cell, cells, note in report.flatten(["rowNumber", "fieldName", "cell", "cells", "note"]):
        if field is None and cells:  # two rows with one key
            field = resource.schema.primary_key[0]
            cell = cells[resource.schema.field_names.index(field)]
            note, right = f"{note}", "a value that no other row has"
        elif field is not None and resource.schema.has_field(field):
            definition = resource.schema.get_field(field)
            limits = ", ".join(f"{k} {v}" for k, v in definition.constraints.items())
            right = definition.type + (f" with {limits}" if limits else "")
        else:
            right = "what data/datapackage.json says"
        raise DataError(
            f"data/{resource.path}, row {row}, column {field}, value {cell!r}: {note}; right would be {right}"
        )


def _check_rows(frame: pd.DataFrame, path: str, root: Path) -> None:
    for line, (_, row) in enumerate(frame.iterrows(), start=2):
        if "sources" in frame:
            check_keys(split_keys(row["sources"]), f"data/{path}, row {line}, column sources", root)
        for middle in ("value", "central"):
            if middle not in frame or "low" not in frame:
                continue
            bounds = [("low", row["low"]), (middle, row[middle]), ("high", row["high"])]
            given = [(n, v) for n, v in bounds if pd.notna(v)]
            for (n, v), (m, w) in itertools.pairwise(given):
                if v > w:
                    raise DataError(
                        f"data/{path}, row {line} ({row['id']}): {n} {v:g} is above {m} {w:g}; "
                        f"right would be low <= {middle} <= high"
                    )


@functools.cache
def _table(name: str, root: Path) -> pd.DataFrame:
    if not _package(root).has_resource(name):
        raise DataError(
            f"data/datapackage.json has no table {name!r}; it has {', '.join(_package(root).resource_names)}"
        )
    _check_schema(name, root)
    resource = _package(root).get_resource(name)
    texts = [f.name for f in resource.schema.fields if f.type in ("string", "date")]
    frame = pd.read_csv(
        root / "data" / str(resource.path),
        dtype=dict.fromkeys(texts, "string"),
        keep_default_na=False,
        na_values=[""],
    )
    _check_rows(frame, str(resource.path), root)
    return frame


def table(name: str, root: Path = ROOT) -> pd.DataFrame:
    """Load one table of ``data/``, checked.

    Parameters
    ----------
    name : str
        Name of the resource in ``data/datapackage.json``, for instance ``"chips"``.
    root : Path
        The folder that holds ``data/`` and ``references.bib``.

    Returns
    -------
    DataFrame
        One row a record, indexed by ``id`` where the table has one. Yours to change.

    Raises
    ------
    DataError
        With file, row, column, value and what would be right.
    """
    frame = _table(name, root).copy()
    return frame.set_index("id", drop=False) if "id" in frame else frame


def tables(root: Path = ROOT) -> list[str]:
    """Return the names of all tables in ``data/datapackage.json``."""
    return list(_package(root).resource_names)


@dataclass(frozen=True)
class Parameter:
    """An uncertain quantity: one row of ``data/parameters.csv``.

    ``low`` to ``high`` is what the sources support; ``minimum`` to ``maximum`` is how far a reader
    may go.
    """

    id: str
    symbol: str
    name: str
    unit: str
    low: float
    central: float
    high: float
    distribution: str
    minimum: float
    maximum: float
    sources: tuple[str, ...]
    note: str

    def quantile(self, u: draws.Floats) -> draws.Floats:
        """Return the values below which shares ``u`` of the distribution lie."""
        return draws.quantile(self.distribution, u, self.low, self.central, self.high)


def _parameter(row: Any, where: str) -> Parameter:
    def fail(problem: str) -> DataError:
        return DataError(f"{where} ({row['id']}): {problem}")

    try:
        units.unit(row["unit"])
    except units.UnitError as err:
        raise fail(f"column unit: {err}") from err
    low, central, high = (float(row[c]) for c in ("low", "central", "high"))
    minimum, maximum = float(row["minimum"]), float(row["maximum"])
    if not minimum <= low <= high <= maximum:
        raise fail(f"minimum {minimum:g}, low {low:g}, high {high:g}, maximum {maximum:g} are out of order")
    kind = row["distribution"]
    if (kind == "fixed") != (low == high):
        raise fail(f"distribution {kind!r} with low {low:g} and high {high:g}; "
                   "right would be 'fixed' when, and only when, low equals high")  # fmt: skip
    if kind.endswith("normal") and not low < central < high:
        raise fail(f"low {low:g}, central {central:g} and high {high:g} must rise for a {kind} distribution")
    if kind in ("loguniform", "lognormal") and low <= 0:
        raise fail(f"low {low:g} must be above 0 for a {kind} distribution")
    if kind == "logitnormal" and not (low > 0 and high < 1):
        raise fail("low and high must lie between 0 and 1 for a logitnormal distribution")
    return Parameter(
        row["id"], row["symbol"], row["name"], row["unit"], low, central, high, kind,
        minimum, maximum, tuple(split_keys(row["sources"])),
        row["note"] if pd.notna(row["note"]) else "",
    )  # fmt: skip


@functools.cache
def parameters(root: Path = ROOT) -> dict[str, Parameter]:
    """Return all parameters of the report, by id.

    Raises
    ------
    DataError
        For an unknown unit, bounds out of order, or a distribution that its bounds do not allow.
    """
    frame = table("parameters", root)
    return {
        row["id"]: _parameter(row, f"data/parameters.csv, row {line}")
        for line, (_, row) in enumerate(frame.iterrows(), start=2)
    }


def number(frame: pd.DataFrame, row: str, column: str = "value") -> float:
    """Return one number of a table, and fail where it is missing.

    Raises
    ------
    DataError
        If the row does not exist or the cell is empty.
    """
    if row not in frame.index:
        raise DataError(f"no row {row!r} in a table with rows such as {', '.join(frame.index[:3])}")
    value = frame.loc[row, column]
    if pd.isna(value):
        raise DataError(f"row {row!r} has no {column}")
    return float(np.float64(value))
