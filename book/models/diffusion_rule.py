"""Formulas of the chapter on the diffusion rule."""

from __future__ import annotations

import numpy as np
import sympy as sp

from book import export_controls as ec
from book.data import number, parameters, table
from book.model import Axis, Model

RULE = ("bis2025diffusion", "eto2025agora")


def quarters() -> Axis:
    """Return the twelve quarters for which the rule states ceilings."""
    labels = tuple(f"{q[:4]} Q{q[-1]}" for q in ec.QUARTERS)
    return Axis("quarter", "q", tuple(float(k) for k in range(len(labels))), labels, "1")


def supply() -> Model:
    """Return what the rule lets one country have, beside what one buyer wants (claim DR7).

    Returns
    -------
    Model
        Over the twelve quarters of 2025 to 2027.
    """
    m = Model("diffusion_rule.supply", axis=quarters())
    h100 = ec.chip("h100_sxm")

    tpp = m.constant("tpp_chip", "T", h100["tpp"], "TPP/chip", "TPP of the chip shown")
    rate = m.constant(
        "rate_chip", "R", h100["fp16_tflops"], "Toperation/second/chip", "dense 16-bit rate of the chip shown"
    )
    allocation = m.constant("allocation", "A", 0.0, "TPP", "country allocation used", RULE)
    companies = m.constant(
        "companies", "k", 1.0, "company", "National validated end users", RULE, span=(0, 10)
    )
    consignees = m.constant("consignees", "c", 0.0, "consignee", "Buyers under LPP", RULE, span=(0, 200))
    wanted = m.constant("wanted", "D_w", 200_000.0, "chip", "chips wanted in all")
    tpp_wanted = m.constant("tpp_wanted", "T_w", h100["tpp"], "TPP/chip", "TPP of the chip wanted")
    begin = m.constant("begin", "b", -100.0, "1", "quarter in which the wish begins, counted from 2025 Q1")
    length = m.constant("length", r"\ell", 1.0, "1", "quarters over which it is spread")
    moving = m.constant("moving", "m", 0.0, "1", "1 if the measure is the largest known cluster at the time")
    use = m.input("mfu_training")
    month = m.constant("month", r"\tau", 30 * 86_400, "second", "thirty days")
    tera = m.constant("tera", r"10^{12}", 1e12, "operation/Toperation", "operations in a tera-operation")

    years = 1 + sp.floor(m.t / 4)
    ceiling = m.tabulate("nveu", "N", [ec.nveu_ceiling(q) for q in ec.QUARTERS], [m.steps], "TPP/company")
    cluster = m.tabulate("cluster", "C", largest_clusters(), [m.steps], "TPP")
    lpp = m.constant("lpp_year", "L", ec.lpp("2025q1"), "TPP/consignee", "LPP cap a calendar year", RULE)
    whole = m.constant(
        "whole_allocation", r"\bar A", ec.country_allocation(), "TPP", "country allocation", RULE
    )
    assured = m.constant(
        "assured_allocation",
        r"\bar A^{+}",
        ec.country_allocation(assurances=True),
        "TPP",
        "country allocation with assurances",
        RULE,
    )

    # what each path alone comes to, in chips of the kind shown
    m.formula(
        "lpp_chips",
        r"n_{\mathrm{LPP}}",
        lpp * years / tpp,
        "chip/consignee",
        "One buyer under Licence Exception LPP",
    )
    m.formula("allocation_chips", r"n_{A}", whole / tpp, "chip", "The country allocation")
    m.formula("assured_chips", r"n_{A^{+}}", assured / tpp, "chip", "The allocation with assurances")
    m.formula(
        "nveu_chips",
        r"n_{\mathrm{NVEU}}",
        ceiling(m.t) / tpp,
        "chip/company",
        "One national validated end user",
    )

    # the path chosen, against the wish chosen
    lawful = m.formula(
        "lawful",
        "S",
        allocation + companies * ceiling(m.t) + consignees * lpp * years,
        "TPP",
        "What the chosen path allows",
    )
    spread = sp.Min(1, sp.Max(0, (m.t + 1 - begin) / length))
    demand = m.formula(
        "demand",
        "D",
        (1 - moving) * wanted * tpp_wanted * spread + moving * cluster(m.t),
        "TPP",
        "What is wanted by the quarter",
    )
    chips = m.formula(
        "lawful_chips", "n", lawful / tpp, "chip", "What the chosen path allows, in chips of the kind shown"
    )
    m.formula("demand_chips", "d", demand / tpp, "chip", "What is wanted, in chips of the kind shown")
    m.formula("cover", r"\rho", lawful / demand, "1", "Share of the wish that the rule allows")
    m.formula(
        "month_run",
        "F",
        chips * rate * tera * use * month,
        "operation",
        "Training operations that those chips do in thirty days",
    )
    return m


def largest_clusters() -> list[float]:
    """Return the largest publicly known cluster in each quarter of the rule, in TPP.

    Known for four quarters (``data/demand.csv``), straight between them, and held after the last:
    what came later is not known, so a reading beyond it says too little, never too much.
    """
    rows = {
        0: "ref_colossus_2025_03",
        2: "ref_colossus_2025_07",
        3: "ref_largest_2025_12",
        5: "ref_largest_mid_2026",
    }
    known = [number(table("demand"), row) for row in rows.values()]
    found = np.interp(range(len(ec.QUARTERS)), list(rows), known)
    return [float(v) * float(ec.chip("h100_sxm")["tpp"]) for v in found]


def training() -> Model:
    """Return how long one NVEU ceiling of chips takes to train a model of the frontier's size.

    Returns
    -------
    Model
        Over the twelve quarters of 2025 to 2027.
    """
    m = Model("diffusion_rule.training", axis=quarters())
    h100 = ec.chip("h100_sxm")
    tpp = m.constant("tpp_chip", "T", h100["tpp"], "TPP/chip", "TPP of the chip")
    rate = m.constant(
        "rate_chip", "R", h100["fp16_tflops"], "Toperation/second/chip", "Dense 16-bit rate of the chip"
    )
    share = m.constant("share_used", "s", 1.0, "1", "Share of the ceiling put into one run", span=(0.1, 1.0))
    run, use = m.input("frontier_run"), m.input("mfu_training")
    day = m.constant("day", r"\delta", 86_400.0, "second/day", "Seconds in a day")
    tera = m.constant("tera", r"10^{12}", 1e12, "operation/Toperation", "Operations in a tera-operation")
    ceiling = m.tabulate("nveu", "N", [ec.nveu_ceiling(q) for q in ec.QUARTERS], [m.steps], "TPP")
    chips = m.formula("chips", "n", share * ceiling(m.t) / tpp, "chip", "Chips in the run")
    m.formula("days", "d", run / (chips * rate * tera * use * day), "day", "Days that the run takes",
              source="grattafiori2024llama")  # fmt: skip
    return m


def g42_against_ceiling() -> tuple[float, float]:
    """Return G42's reported part of the UAE framework as multiples of one last NVEU ceiling."""
    wish = parameters()["want_g42"]
    ceiling = ec.nveu_ceiling("2027q4") / ec.chip("h100_sxm")["tpp"]
    return wish.low / ceiling, wish.high / ceiling


def ceilings_wanted(wish: str, chip: str) -> tuple[float, float]:
    """Return how many last NVEU ceilings a whole wish comes to, at its low and high value.

    Parameters
    ----------
    wish : str
        Row of ``data/parameters.csv``, in chips.
    chip : str
        Row of ``data/chips.csv`` in which the wish is read.
    """
    row, one = parameters()[wish], float(ec.chip(chip)["tpp"]) / ec.nveu_ceiling("2027q4")
    return row.low * one, row.high * one


def licensed_2025(row: str) -> float:
    """Return a licensed quantity of ``data/demand.csv`` in TPP."""
    licence = table("demand").loc[row]
    return float(licence["value"]) * float(ec.chip(str(licence["chip"]))["tpp"])


def exports() -> Model:
    """Return what China could sell abroad, beside what the rest of the world is sold (DR5, DR13).

    Returns
    -------
    Model
        Over 2025 and 2026, in chips of the class of an Ascend 910C.
    """
    m = Model("diffusion_rule.exports", axis=Axis("year", "y", (2025.0, 2026.0), ("2025", "2026"), "1"))

    def by_year(name: str) -> sp.Expr:
        first, second = m.input(f"{name}_2025"), m.input(f"{name}_2026")
        return sp.Piecewise((first, m.t < 2025.5), (second, True))

    policy = m.constant(
        "policy", "p", 0.0, "1", "Share of output exported whatever is lacking at home", span=(0, 0.5)
    )
    line = m.constant(
        "line",
        r"\lambda",
        0.05,
        "1",
        "Share of the others' chips that counts as sizeable",
        span=(0.005, 0.25),
    )
    ascend = m.constant(
        "tpp_ascend",
        r"T_{910C}",
        ec.chip("ascend_910c")["tpp"],
        "TPP/chip",
        "TPP of an Ascend 910C",
        ("epoch2025hardware",),
    )
    h100 = m.constant(
        "tpp_h100",
        r"T_{H100}",
        ec.chip("h100_sxm")["tpp"],
        "TPP/chip",
        "TPP of an H100",
        ("epoch2025hardware",),
    )
    seen_only = m.constant("seen_only", "o", 0.0, "1", "1 if only what was seen abroad counts")
    seen = m.input("exports_seen_2025")
    output = m.formula("output", "Q", by_year("china_output"), "chip", "AI chips that China makes")
    demand = m.formula("demand", "D", by_year("china_demand"), "chip", "AI chips that China wants")
    imports = m.formula("imports", "I", by_year("china_imports"), "chip", "Foreign AI chips that China gets")
    rest = m.formula(
        "rest",
        "W",
        by_year("rest_deliveries"),
        "chip",
        "AI chips delivered outside China and the US, in H100",
    )
    m.formula("times", r"D/Q", demand / output, "1", "What China wants over what it makes")
    gap = m.formula("gap", "G", demand - output - imports, "chip", "AI chips that China lacks")
    could = sp.Max(output + imports - demand, policy * output, 0)
    abroad = m.formula(
        "abroad", "E", seen_only * seen + (1 - seen_only) * could, "chip", "Chinese chips sold abroad"
    )
    rented = m.constant(
        "rented",
        "U",
        0.0,
        "chip",
        "American chips of Chinese clouds abroad, in H100",
        ("grunewald2026compute",),
        span=(0, 3e6),
    )
    share = m.formula(
        "share",
        "x",
        (abroad * ascend + rented * h100) / (rest * h100),
        "1",
        "Their share of the chips delivered to others, by TPP",
    )
    room = m.formula("room", "r", 1 - share / line, "1", "How far the share stays under the line")
    m.formula("held_back", "b", sp.Min(gap / output, room), "1",
              "How far China is short at home, and its share abroad under the line")  # fmt: skip
    return m


def clouds() -> Model:
    """Return how the limits on universal validated end users bind a small and a large US cloud (DR9, DR10).

    Returns
    -------
    Model
        Over 2026 to 2030; each firm's computing power is 1 in 2025.
    """
    years = tuple(float(y) for y in range(2026, 2031))
    m = Model(
        "diffusion_rule.clouds", axis=Axis("year", "y", years, tuple(f"{y:.0f}" for y in years), "year")
    )
    start = m.constant("start", "y_0", 2025.0, "year", "first year")
    limit = m.constant("limit", r"\ell", 0.5, "1", "Share allowed abroad", RULE, span=(0.05, 0.9))
    other = m.constant(
        "other",
        "o",
        0.0,
        "1",
        "Power abroad that the limit does not bind, as a share of the firm in 2025",
        span=(0, 100),
    )
    giants = m.input("hyperscaler_share")
    m.formula("allowed", "a", limit, "1", "Share that the limit allows abroad")
    loss: dict[str, sp.Symbol] = {}
    wanted: dict[str, sp.Symbol] = {}
    for size, words in (("small", "small"), ("large", "large")):
        s, h, a = (m.input(f"{what}_{size}") for what in ("share_abroad", "growth_home", "growth_abroad"))
        home = (1 - s) * sp.exp(h * (m.t - start))
        abroad = s * sp.exp(a * (m.t - start))
        sign = size[0].upper()
        wanted[size] = m.formula(
            f"wanted_{size}",
            f"w_{sign}",
            abroad / (home + abroad),
            "1",
            f"Share that a {words} cloud wants abroad",
        )
        kept = sp.Min(abroad, limit / (1 - limit) * home + other)
        loss[size] = m.formula(f"loss_{size}", f"L_{sign}", 1 - (home + kept - 1) / (home + abroad - 1), "1",
                               f"Growth that a {words} cloud loses to the limit")  # fmt: skip
    m.formula("hurt", "u", sp.Min(loss["small"] - loss["large"], loss["small"] - 0.1), "1",
              "How far the small cloud's loss exceeds the large one's, and a tenth")  # fmt: skip
    m.formula("crowded", "c", sp.Min(giants - 0.75, wanted["small"] - limit), "1",
              "How far the four leave less than a quarter, and the limit binds")  # fmt: skip
    return m
