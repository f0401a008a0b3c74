"""Units of the report, and the check that a formula is dimensionally sound."""

from __future__ import annotations

import functools
from typing import TypeAlias

import pint
import sympy as sp

Quantity: TypeAlias = pint.Quantity[float]


class UnitError(ValueError):
    """A unit that is not known, or a formula whose units do not agree."""


# TPP is tera-operations a second times the bit length of the operation (15 CFR part 774,
# technical notes to ECCN 3A090), so a chip's TPP divided by 16 bits is its 16-bit rate.
_DEFINITIONS = (
    "operation = [operation]",
    "chip = [chip]",
    "dollar = [currency] = USD",
    "token = [token]",
    "model_parameter = [model_parameter]",
    "company = [company]",
    "consignee = [consignee]",
    "person = [person]",
    "licence = [licence]",
    "check = [check]",
    "TPP = 1e12 * operation * bit / second",
    "quarter = 0.25 * year",
)


@functools.cache
def registry() -> pint.UnitRegistry[float]:
    """Return the one unit registry of the report."""
    ureg: pint.UnitRegistry[float] = pint.UnitRegistry(autoconvert_offset_to_baseunit=False)
    for definition in _DEFINITIONS:
        ureg.define(definition)
    return ureg


def unit(text: str) -> Quantity:
    """Parse a unit.

    Parameters
    ----------
    text : str
        For instance ``"TPP/chip"``; ``"1"`` and ``"share"`` are dimensionless.

    Raises
    ------
    UnitError
        If the unit is not known.
    """
    if text in ("1", "share"):
        return registry().Quantity(1.0)
    try:
        return registry().Quantity(1.0, registry().parse_units(text))
    except (pint.errors.PintError, AttributeError, ValueError, TypeError) as err:
        raise UnitError(
            f"unknown unit {text!r}; known are SI units and "
            f"{', '.join(d.split(' ')[0] for d in _DEFINITIONS)}"
        ) from err


def _same(a: Quantity, b: Quantity) -> bool:
    if a.dimensionality != b.dimensionality:
        return False
    return abs((a / b).to_base_units().magnitude - 1) < 1e-9


def _require_plain(quantity: Quantity, what: str) -> None:
    if not _same(quantity, unit("1")):
        raise UnitError(f"{what} must be a plain number, and has unit {quantity.units}")


def infer(expr: sp.Expr, units: dict[sp.Basic, Quantity]) -> Quantity:
    """Return the unit of an expression, or fail where its parts do not agree.

    The magnitudes matter as well: numbers enter a formula as they stand in the tables, so days
    cannot be added to seconds, nor terabytes to bytes.

    Parameters
    ----------
    expr : sympy.Expr
        The formula.
    units : dict
        Unit of each symbol and of each tabulated function that occurs in it.

    Raises
    ------
    UnitError
        Naming the two parts that disagree.
    """
    if expr in units:
        return units[expr]
    if expr.is_number:
        return unit("1")
    if expr.is_Symbol:
        raise UnitError(f"no unit given for {expr}")
    if isinstance(expr, sp.Mul):
        return functools.reduce(lambda a, b: a * b, (infer(a, units) for a in expr.args))
    if isinstance(expr, sp.Pow):
        base = infer(expr.base, units)
        if expr.exp.is_number:
            return base ** float(expr.exp)
        _require_plain(infer(expr.exp, units), f"the exponent {expr.exp}")
        _require_plain(base, f"the base {expr.base} of a variable power")
        return base
    if isinstance(expr, (sp.Add, sp.Min, sp.Max)):
        # a bare zero has every unit
        parts = [(a, infer(a, units)) for a in expr.args if a != 0]
        first, found = parts[0]
        for other, quantity in parts[1:]:
            if not _same(found, quantity):
                raise UnitError(
                    f"{first} has unit {found.units} but {other} has unit {quantity.units}; "
                    "they cannot be added or compared"
                )
        return found
    if isinstance(expr, sp.Piecewise):
        branches = [branch for branch, _ in expr.args if branch != 0]
        return infer(sp.Max(*branches, evaluate=False), units) if branches else unit("1")
    if isinstance(expr, sp.core.function.AppliedUndef):
        if expr.func not in units:
            raise UnitError(f"no unit given for the table {expr.func}")
        return units[expr.func]
    if isinstance(expr, (sp.floor, sp.ceiling, sp.Abs)):
        return infer(expr.args[0], units)
    if isinstance(expr, sp.Function):
        for argument in expr.args:
            _require_plain(infer(argument, units), f"the argument of {expr.func.__name__}")
        return unit("1")
    raise UnitError(f"no rule for the unit of {expr}")


def require(expr: sp.Expr, declared: str, units: dict[sp.Basic, Quantity]) -> None:
    """Fail unless ``expr`` has the unit ``declared``."""
    found = infer(expr, units)
    if not _same(found, unit(declared)):
        raise UnitError(f"{expr} has unit {found.units}, but {declared} is declared")
