"""The arithmetic of the chip controls: TPP, performance density, entries, and budgets in chips.

Every rate is dense. A vendor's "TOPS" and "TFLOPS" count a multiply-accumulate as two operations,
as the rule does, so they are never doubled here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from book.data import ROOT, DataError, number, table

#: Bit length of the operation behind each rate column of ``data/chips.csv``.
BITS = {"fp16_tflops": 16, "fp8_tflops": 8, "int8_tops": 8, "fp6_tflops": 6, "fp4_tflops": 4}

OCTOBER_2022 = dt.date(2022, 10, 21)
OCTOBER_2023 = dt.date(2023, 11, 17)
DIFFUSION = dt.date(2025, 1, 13)
REVIEW_2026 = dt.date(2026, 1, 15)


def tpp(rates: Mapping[int, float]) -> float:
    """Total processing performance of a chip.

    Parameters
    ----------
    rates : mapping of int to float
        Dense rate in tera-operations a second for each bit length, summed over all dies of the
        package. A sparse rate must not be used.

    Returns
    -------
    float
        The largest product of rate and bit length, in TPP.

    Raises
    ------
    ValueError
        If there is no rate, or a rate is not above zero.

    Notes
    -----
    15 CFR part 774, technical notes to ECCN 3A090 :cite:p:`bis2023acs`. The rule's "2 x MacTOPS" is
    a vendor's TOPS.

    Examples
    --------
    >>> tpp({16: 989.5, 8: 1979})
    15832.0
    """
    if not rates:
        raise ValueError("a chip without any rate has no TPP")
    if bad := {bits: rate for bits, rate in rates.items() if not rate > 0}:
        raise ValueError(f"rates must be above zero, got {bad}")
    return max(bits * rate for bits, rate in rates.items())


def performance_density(total: float, die_area_mm2: float, non_planar: bool = True) -> float:
    """TPP over applicable die area.

    Parameters
    ----------
    total : float
        TPP of the chip.
    die_area_mm2 : float
        Area in mm2 of the logic dies made on a non-planar node. Memory dies do not count.
    non_planar : bool
        Whether any die is non-planar; if none is, the applicable area, and with it the density,
        does not exist and the density branches cannot be met.

    Returns
    -------
    float
        In TPP a mm2; 0 for a planar chip.

    Raises
    ------
    ValueError
        If the area is not above zero.
    """
    if not non_planar:
        return 0.0
    if not die_area_mm2 > 0:
        raise ValueError(f"die area must be above zero, got {die_area_mm2} mm2")
    return total / die_area_mm2


@dataclass(frozen=True)
class Entry:
    """What a chip falls under at a date, and why.

    ``entry`` is ``"3A090.a"``, ``"3A090.b"``, ``"3A090"`` (the single entry of October 2022),
    ``"none"`` or ``"unknown"`` where the published data do not settle it.
    """

    entry: str
    reason: str
    source: str


def entry_2022(total: float, link_gb_s: float | None) -> Entry:
    """Apply the test of October 2022: link speed and performance, both."""
    source = "bis2022advanced"
    if total < 4800:
        return Entry("none", f"TPP {total:,.0f} is below 4,800", source)
    if link_gb_s is None:
        return Entry("unknown", "link bandwidth not published", source)
    if link_gb_s < 600:
        return Entry("none", f"links of {link_gb_s:,.0f} GB/s are below 600", source)
    return Entry("3A090", f"TPP {total:,.0f} and links of {link_gb_s:,.0f} GB/s", source)


def entry_2023(total: float, density: float | None, data_centre: bool) -> Entry:
    """Apply the test in force since 17 November 2023.

    Parameters
    ----------
    total : float
        TPP.
    density : float or None
        Performance density; None where the die area is not published.
    data_centre : bool
        Whether the chip is designed or marketed for data centres (Note 2 to 3A090).
    """
    source = "bis2023acs"
    if total >= 4800:
        how = "" if data_centre else "; not for data centres, so the notification route is open"
        return Entry("3A090.a", f"TPP {total:,.0f} is at least 4,800{how}", source)
    if not data_centre:
        return Entry("none", f"not for data centres and TPP {total:,.0f} is below 4,800", source)
    if total < 1600:
        return Entry("none", f"TPP {total:,.0f} is below 1,600", source)
    if density is None:
        return Entry("unknown", "die area not published", source)
    facts = f"TPP {total:,.0f} and density {density:.2f}"
    if density >= 5.92:
        return Entry("3A090.a", facts, source)
    if density >= 3.2 or (total >= 2400 and density >= 1.6):
        return Entry("3A090.b", facts, source)
    return Entry("none", facts, source)


def classify(chip: Mapping[str, Any] | pd.Series, on: dt.date) -> Entry:
    """Return the entry that a chip falls under at a date.

    Parameters
    ----------
    chip : mapping
        A row of :func:`chips`.
    on : date
        From 21 October 2022; earlier dates fall under no entry, though letters of 26 August 2022
        already bound two companies.

    Returns
    -------
    Entry
        Where two published die areas lead to different entries, ``"unknown"`` with both.
    """
    if on < OCTOBER_2022:
        return Entry("none", "no performance control before 21 October 2022", "bis2022advanced")
    total = chip["tpp"]
    if pd.isna(total):
        return Entry("unknown", "no dense rate published", "bis2023acs")
    if on < OCTOBER_2023:
        link = chip["link_gb_s"]
        return entry_2022(float(total), None if pd.isna(link) else float(link))
    densities = [chip[c] for c in ("density", "density_low", "density_high")]
    tests = [
        entry_2023(float(total), float(d), chip["purpose"] == "data_centre")
        for d in densities
        if not pd.isna(d)
    ] or [entry_2023(float(total), None, chip["purpose"] == "data_centre")]
    if len({t.entry for t in tests}) > 1:
        found = " or ".join(dict.fromkeys(f"{t.entry} ({t.reason})" for t in tests))
        return Entry("unknown", f"published die areas disagree: {found}", tests[0].source)
    return tests[0]


def review_2026(total: float, dram_bandwidth_gb_s: float) -> bool:
    """Whether China licences for a chip are reviewed case by case under the rule of January 2026.

    True below 21,000 TPP and 6,500 GB/s; a licence is needed either way :cite:p:`bis2026review`.
    """
    return bool(total < 21_000 and dram_bandwidth_gb_s < 6_500)


def chips(root: Path = ROOT) -> pd.DataFrame:
    """Return ``data/chips.csv`` with the computed columns.

    Returns
    -------
    DataFrame
        With ``tpp``, ``density`` (and ``density_low``, ``density_high`` from the published range of
        die areas), ``best`` (the rate that sets the TPP) added; missing where rates or areas are.
    """
    frame = table("chips", root)
    products = frame[list(BITS)] * pd.Series(BITS)
    frame["tpp"] = products.max(axis=1)
    frame["best"] = products.loc[frame["tpp"].notna()].idxmax(axis=1)
    planar = frame["non_planar"].eq(False)
    for column, area in (
        ("density", "die_area_mm2"),
        ("density_low", "die_area_high_mm2"),
        ("density_high", "die_area_low_mm2"),
    ):
        frame[column] = (frame["tpp"] / frame[area]).mask(planar, 0.0)
    return frame


def chip(name: str, root: Path = ROOT) -> pd.Series:
    """Return one row of :func:`chips`.

    Raises
    ------
    DataError
        If there is no such chip.
    """
    frame = chips(root)
    if name not in frame.index:
        raise DataError(f"data/chips.csv has no chip {name!r}")
    return frame.loc[name]


def in_chips(budget_tpp: float, name: str, root: Path = ROOT) -> int:
    """Return how many whole chips a TPP budget buys.

    Examples
    --------
    >>> in_chips(790_000_000, "h100_sxm")
    49898
    """
    return int(budget_tpp // float(chip(name, root)["tpp"]))


# -- the budgets of the diffusion rule ----------------------------------------------------------

QUARTERS = tuple(f"{year}q{quarter}" for year in (2025, 2026, 2027) for quarter in (1, 2, 3, 4))


def _rule(row: str, root: Path) -> float:
    return number(table("diffusion_rule", root), row)


def country_allocation(assurances: bool = False, root: Path = ROOT) -> float:
    """Return the licensed TPP that a country outside tiers 1 and 3 may have in 2025 to 2027.

    One cumulative figure: the rule has no yearly share of it.
    """
    return _rule("assurance_total" if assurances else "ca_total", root)


def lpp(quarter: str, root: Path = ROOT) -> float:
    """Return what one ultimate consignee may have had under Licence Exception LPP by a quarter.

    The cap is by calendar year, so it starts again each January; in TPP.
    """
    return _rule("lpp_cap", root) * (int(_quarter(quarter)[:4]) - 2024)


def nveu_ceiling(quarter: str, root: Path = ROOT) -> float:
    """Return the installed base of one national validated end user in one country, in TPP."""
    return _rule(f"nveu_{_quarter(quarter)}", root)


def _quarter(quarter: str) -> str:
    if quarter not in QUARTERS:
        raise ValueError(f"quarter {quarter!r} is not in the rule; right would be 2025q1 to 2027q4")
    return quarter


@dataclass(frozen=True)
class UveuLimits:
    """Where the chips of a universal validated end user may be, in TPP."""

    outside_tier1: float
    one_country: float
    outside_us: float | None


def uveu_limits(total: float, us_headquartered: bool, root: Path = ROOT) -> UveuLimits:
    """Return the limits on a universal validated end user with ``total`` TPP worldwide."""
    share = {k: _rule(f"uveu_{k}", root) / 100 for k in ("outside", "single", "us")}
    return UveuLimits(
        outside_tier1=total * share["outside"],
        one_country=total * share["single"],
        outside_us=total * share["us"] if us_headquartered else None,
    )


def caps(names: list[str] | None = None, root: Path = ROOT) -> pd.DataFrame:
    """Return what each cap of the diffusion rule is in whole chips.

    Parameters
    ----------
    names : list of str, optional
        Rows of ``data/chips.csv``; all that are in 3A090.a if left out.

    Returns
    -------
    DataFrame
        One row a chip: its TPP, and whole chips under LPP in a calendar year, the country
        allocation, the same with assurances, and the NVEU ceiling at three year ends.

    Raises
    ------
    ValueError
        If a chip is not in 3A090.a: the rule counts no other.
    """
    frame = chips(root)
    controlled = frame.apply(lambda c: classify(c, DIFFUSION).entry == "3A090.a", axis=1)
    names = list(frame.index[controlled]) if names is None else names
    if free := [n for n in names if not controlled[n]]:
        raise ValueError(f"{', '.join(free)}: not in 3A090.a, so no cap of the rule counts it")
    frame = frame.loc[names]
    budgets = {
        "lpp_year": lpp("2025q1", root),
        "allocation": country_allocation(root=root),
        "assured": country_allocation(assurances=True, root=root),
        "nveu_2025": nveu_ceiling("2025q4", root),
        "nveu_2026": nveu_ceiling("2026q4", root),
        "nveu_2027": nveu_ceiling("2027q4", root),
    }
    found = frame[["name", "tpp"]].copy()
    for column, budget in budgets.items():
        found[column] = (budget // frame["tpp"]).astype("int64")
    return found


# -- the rule as a machine ------------------------------------------------------------------------


def group(country: str, root: Path = ROOT) -> int:
    """Return the rule's group of a state: 1 partners, 3 arms-embargoed, 2 the rest.

    Parameters
    ----------
    country : str
        ISO 3166 code of three letters.

    Raises
    ------
    ValueError
        If there is no such code.
    """
    tiers = table("country_tiers", root).set_index("alpha3")["tier"]
    if country not in tiers.index:
        raise ValueError(f"{country!r} is no ISO code of three letters in data/country_tiers.csv")
    return int(tiers[country])


def paths(headquarters: int, destination: int, quarter: str, root: Path = ROOT) -> pd.DataFrame:
    """Return the paths that the diffusion rule leaves to a buyer.

    Parameters
    ----------
    headquarters, destination : int
        Groups of the state of the buyer's ultimate parent and of the site.
    quarter : str
        For instance ``"2026q4"``.

    Returns
    -------
    DataFrame
        Rows of ``data/paths.csv`` with ``tpp`` added: what the path allows by the quarter, in TPP;
        infinite where no cap is stated, zero where denial is presumed, and for a universal
        validated end user the share of its own total that one country may hold.
    """
    frame = table("paths", root)
    if 3 in (headquarters, destination):
        frame = frame[frame["kind"] == "nothing"]
    else:
        open_to = frame["headquarters"].str.contains(str(headquarters))
        frame = frame[
            open_to & frame["destination"].str.contains(str(destination)) & (frame["kind"] != "nothing")
        ]
        # inside the first group the shares of a universal validated end user do not bind
        if destination == 1:
            frame = frame[frame["kind"] != "share"]

    def allowed(kind: str, limit: str) -> float:
        match kind:
            case "none":
                return float("inf")
            case "nothing":
                return 0.0
            case "year":
                return lpp(quarter, root)
            case "quarter":
                return nveu_ceiling(quarter, root)
            case "share":
                return _rule(limit, root) / 100
            case _:
                return _rule(limit, root)

    limits = frame["limit"].fillna("")
    return frame.assign(tpp=[allowed(k, n) for k, n in zip(frame["kind"], limits, strict=True)])
