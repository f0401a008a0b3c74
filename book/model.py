"""A model: named formulas over parameters, written once in SymPy.

From that one text come the equation on the page (:meth:`Model.latex`), the function that the cells
run (:meth:`Model.evaluate`) and the function that the page runs (:meth:`Model.javascript`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import sympy as sp
from scipy.interpolate import RegularGridInterpolator

from book import draws, units
from book.data import DataError, Parameter, parameters

Floats = draws.Floats


class ModelError(ValueError):
    """A model that cannot be built or evaluated; the message names the model and the formula."""


@dataclass(frozen=True)
class Formula:
    """One named output of a model."""

    name: str
    symbol: str
    expression: sp.Expr
    unit: str
    words: str
    source: str


@dataclass(frozen=True)
class Axis:
    """What the outputs run over: quarters, years, values of one input."""

    name: str
    symbol: str
    values: tuple[float, ...]
    labels: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class Table:
    """A function given by its values on a grid, interpolated linearly in each direction."""

    name: str
    symbol: str
    grid: tuple[tuple[float, ...], ...]
    values: Floats
    unit: str
    error: float

    def __call__(self, *arguments: Floats | float) -> Floats:
        """Interpolate; outside the grid the nearest edge holds."""
        columns = np.broadcast_arrays(*[np.asarray(a, float) for a in arguments])
        inside = [np.clip(c, g[0], g[-1]) for c, g in zip(columns, self.grid, strict=True)]
        return RegularGridInterpolator(self.grid, self.values)(np.stack(inside, axis=-1))


@dataclass
class Model:
    """Named formulas over parameters.

    Parameters
    ----------
    id : str
        Name of the model, unique in the report.
    axis : Axis, optional
        What the outputs run over. Its symbol is :attr:`t`.

    Examples
    --------
    >>> model = Model("example")
    >>> budget = model.constant("budget", "B", 790e6, "TPP")
    >>> one = model.constant("tpp_per_chip", "T", 15832, "TPP/chip")
    >>> _ = model.formula("chips", "N", budget / one, "chip", "chips that the budget buys")
    >>> float(model.evaluate({})["chips"][0])  # doctest: +ELLIPSIS
    49898.9...
    """

    id: str
    axis: Axis | None = None
    inputs: dict[str, Parameter] = field(default_factory=dict)
    constants: dict[str, Parameter] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    _units: dict[sp.Basic, Any] = field(default_factory=dict)
    _symbols: dict[str, sp.Symbol] = field(default_factory=dict)
    _latex: dict[sp.Symbol, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.axis is not None:
            self.t = self._declare(self.axis.name, self.axis.symbol, self.axis.unit)

    @property
    def steps(self) -> tuple[float, ...]:
        """The values of the axis.

        Raises
        ------
        ModelError
            If the model has none.
        """
        if self.axis is None:
            raise ModelError(f"model {self.id} has no axis")
        return self.axis.values

    # -- building -------------------------------------------------------------------------------

    def _declare(self, name: str, latex: str, unit: str) -> sp.Symbol:
        if name in self._symbols or name in self.tables:
            raise ModelError(f"model {self.id}: {name!r} is defined twice")
        symbol = sp.Symbol(name, real=True)
        self._symbols[name] = symbol
        self._latex[symbol] = latex
        self._units[symbol] = units.unit(unit)
        return symbol

    def input(self, name: str) -> sp.Symbol:
        """Add a parameter of ``data/parameters.csv`` and return its symbol.

        Raises
        ------
        ModelError
            If there is no such parameter.
        """
        try:
            parameter = parameters()[name]
        except KeyError:
            raise ModelError(f"model {self.id}: data/parameters.csv has no parameter {name!r}") from None
        self.inputs[name] = parameter
        return self._declare(name, parameter.symbol, parameter.unit)

    def constant(
        self,
        name: str,
        symbol: str,
        value: float,
        unit: str,
        words: str = "",
        sources: Sequence[str] = (),
        span: tuple[float, float] | None = None,
    ) -> sp.Symbol:
        """Add a quantity that has one value unless a choice or the reader sets another.

        Parameters
        ----------
        name, symbol, unit, words
            Its name in tables, in equations, its unit, and what it is.
        value : float
            Its value.
        sources : sequence of str
            Keys of ``references.bib``.
        span : pair of float, optional
            How far a reader may move it; a constant without one cannot be a control.
        """
        lowest, highest = span or (value, value)
        self.constants[name] = Parameter(
            name, symbol, words or name, unit, value, value, value, "fixed",
            lowest, highest, tuple(sources), "",
        )  # fmt: skip
        return self._declare(name, symbol, unit)

    def tabulate(
        self,
        name: str,
        symbol: str,
        function: Callable[..., float] | Sequence[float],
        grid: Sequence[Sequence[float] | Floats],
        unit: str,
        refine: int = 4,
    ) -> Callable[..., sp.Expr]:
        """Add a Python function that no closed form expresses, as values on a grid.

        Parameters
        ----------
        name, symbol : str
            Its name, and how the equations write it.
        function : callable or sequence
            Takes one number for each direction of the grid; or, for one direction, its values.
        grid : sequence of sequences
            The grid points of each direction, rising.
        unit : str
            Unit of its value.
        refine : int
            The interpolation error is measured on a grid this many times finer.

        Returns
        -------
        callable
            Apply it to expressions inside a formula. The largest relative error measured is in
            ``model.tables[name].error``.
        """
        axes = tuple(tuple(float(v) for v in axis) for axis in grid)
        if callable(function):
            values = _on_grid(function, axes)
            draft = Table(name, symbol, axes, values, unit, 0.0)
            fine = tuple(
                tuple(np.interp(np.linspace(0, len(a) - 1, refine * (len(a) - 1) + 1),
                                np.arange(len(a)), a)) for a in axes)  # fmt: skip
            truth = _on_grid(function, fine)
            guess = draft(*np.meshgrid(*fine, indexing="ij"))
            error = float(np.max(np.abs(guess - truth)) / max(np.max(np.abs(truth)), 1e-300))
        else:
            values, error = np.asarray(function, float), 0.0
        self.tables[name] = Table(name, symbol, axes, values, unit, error)
        applied = sp.Function(name)
        self._units[applied] = units.unit(unit)
        return applied

    def formula(
        self, name: str, symbol: str, expression: sp.Expr, unit: str, words: str, source: str = ""
    ) -> sp.Symbol:
        """Add a named formula; return its symbol for use in later formulas.

        Parameters
        ----------
        name, symbol : str
            Its name in tables, and how the equations write it.
        expression : sympy.Expr
            Over symbols of this model.
        unit : str
            Checked against the units of what it is made of.
        words : str
            What it is, in a phrase.
        source : str
            Where the formula was published, if it was: a key of ``references.bib``.

        Raises
        ------
        ModelError
            Naming the model and the formula, if a symbol is unknown or the units disagree.
        """
        expression = sp.sympify(expression)
        unknown = expression.free_symbols - set(self._symbols.values())
        if unknown:
            raise ModelError(f"model {self.id}, formula {name}: unknown {sorted(map(str, unknown))}")
        try:
            units.require(expression, unit, self._units)
        except units.UnitError as err:
            raise ModelError(f"model {self.id}, formula {name}: {err}") from err
        self.formulas[name] = Formula(name, symbol, expression, unit, words, source)
        return self._declare(name, symbol, unit)

    # -- reading --------------------------------------------------------------------------------

    @property
    def parameters(self) -> dict[str, Parameter]:
        """All parameters and constants, in the order of their definition."""
        return {**self.inputs, **self.constants}

    def latex(self, name: str) -> str:
        """Return the equation of one formula, as TeX."""
        formula = self._formula(name)
        names = {**self._latex}
        text = sp.latex(formula.expression, symbol_names=names, mul_symbol=r"\,")
        for table in self.tables.values():
            escaped = table.name.replace("_", r"\_")
            text = text.replace(rf"\operatorname{{{escaped}}}", table.symbol)
        return f"{formula.symbol} = {text}"

    def _formula(self, name: str) -> Formula:
        try:
            return self.formulas[name]
        except KeyError:
            raise ModelError(
                f"model {self.id} has no output {name!r}; it has {', '.join(self.formulas)}"
            ) from None

    def _closed(self, names: Iterable[str]) -> list[sp.Expr]:
        """Return formulas with every earlier output replaced by what it stands for."""
        found: dict[sp.Symbol, sp.Expr] = {}
        for name, formula in self.formulas.items():
            found[self._symbols[name]] = formula.expression.xreplace(found)
        return [found[self._symbols[self._formula(n).name]] for n in names]

    @functools.cached_property
    def _numpy(self) -> Callable[..., list[Floats]]:
        return sp.lambdify(
            [self._symbols[n] for n in self._arguments],
            self._closed(self.formulas),
            modules=[dict(self.tables), "numpy"],
            cse=True,
        )

    @property
    def _arguments(self) -> list[str]:
        return [*self.parameters, *([self.axis.name] if self.axis else [])]

    def draws(
        self,
        fixed: Mapping[str, float] | None = None,
        swap: Mapping[str, Parameter] | None = None,
    ) -> pd.DataFrame:
        """Return 4,096 draws of the parameters.

        Parameters
        ----------
        fixed : mapping, optional
            Parameters that somebody has set: every draw has that value.
        swap : mapping, optional
            Parameters whose range is taken from another row, say from another estimate.

        Returns
        -------
        DataFrame, shape (4096, number of parameters)
            In each parameter's unit.

        Raises
        ------
        ModelError
            If ``fixed`` names a parameter that the model lacks.
        """
        fixed, swap = dict(fixed or {}), dict(swap or {})
        if unknown := {*fixed, *swap} - set(self.parameters):
            raise ModelError(f"model {self.id} has no parameter {sorted(unknown)}")
        net = draws.nets(len(self.parameters))
        return pd.DataFrame({
            name: np.full(draws.N_DRAWS, float(fixed[name]))
            if name in fixed
            else swap.get(name, parameter).quantile(draws.levels(net[k]))
            for k, (name, parameter) in enumerate(self.parameters.items())
        })  # fmt: skip

    def central(self, values: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return one row with every parameter at its central value, or as given."""
        row = {name: p.central for name, p in self.parameters.items()} | dict(values or {})
        return pd.DataFrame([row])

    def evaluate(
        self, values: Mapping[str, Any] | pd.DataFrame, along: Sequence[float] | None = None
    ) -> dict[str, Floats]:
        """Evaluate every formula.

        Parameters
        ----------
        values : mapping or DataFrame
            A column (n values) or one number for each parameter; those left out are central.
        along : sequence of float, optional
            Values of the axis, in place of the model's own.

        Returns
        -------
        dict of ndarray
            Each of shape (n,), or (n, number of axis values) for a model with an axis.

        Raises
        ------
        ModelError
            If a name is unknown.
        """
        given = {str(k): np.asarray(v, float) for k, v in values.items()}
        if unknown := set(given) - set(self.parameters):
            raise ModelError(f"model {self.id} has no parameter {sorted(unknown)}")
        rows = max((v.size for v in given.values()), default=1)
        columns: list[Floats] = [
            np.broadcast_to(given.get(name, np.float64(p.central)), rows)
            for name, p in self.parameters.items()
        ]
        shape: tuple[int, ...] = (rows,)
        if self.axis:
            steps = np.asarray(self.axis.values if along is None else along, float)
            columns = [c[:, None] for c in columns] + [steps[None, :]]
            shape = (rows, len(steps))
        with np.errstate(all="ignore"):
            results = self._numpy(*columns)
        return {
            name: np.array(np.broadcast_to(np.asarray(r, float), shape))
            for name, r in zip(self.formulas, results, strict=True)
        }

    def javascript(self) -> str:
        """Return the same formulas as a JavaScript function.

        The function takes columns ``c`` (one typed array a parameter), the number of rows ``n``,
        the axis value ``t``, tables ``T`` and output arrays ``o``; it fills ``o``.
        """
        names = [f"p{k}" for k in range(len(self._arguments))]
        swap = {
            self._symbols[n]: sp.Symbol(new, real=True) for n, new in zip(self._arguments, names, strict=True)
        }
        closed = [e.xreplace(swap) for e in self._closed(self.formulas)]
        shared, results = sp.cse(closed, symbols=sp.numbered_symbols("x"), list=True)
        user = {name: f"T.{name}" for name in self.tables}

        def code(expression: sp.Expr) -> str:
            return sp.jscode(expression, user_functions=user).replace("\n", " ")

        head = [f"const C{k}=c.{n};" for k, n in enumerate(self.parameters)]
        head += [f"const O{k}=o.{n};" for k, n in enumerate(self.formulas)]
        body = [f"const {names[k]}=C{k}[i];" for k in range(len(self.parameters))]
        steady: set[sp.Symbol] = set()  # what does not change from draw to draw
        if self.axis:
            head.append(f"const {names[-1]}=t;")
            steady.add(sp.Symbol(names[-1], real=True))
        tables = {f: k for k, f in enumerate(sorted(_tables(closed, self.tables), key=str))}
        for table, k in tables.items():
            if table.free_symbols <= steady:  # looked up once for all draws
                head.append(f"const y{k}={code(table)};")
                fixed = sp.Symbol(f"y{k}", real=True)
                shared = [(s, e.xreplace({table: fixed})) for s, e in shared]
                results = [e.xreplace({table: fixed}) for e in results]
                steady.add(fixed)
        for symbol, expression in shared:
            if expression.free_symbols <= steady:
                head.append(f"const {symbol}={code(expression)};")
                steady.add(symbol)
            else:
                body.append(f"const {symbol}={code(expression)};")
        body += [f"O{k}[i]={code(e)};" for k, e in enumerate(results)]
        return f"function(c,n,t,T,o){{{''.join(head)}for(let i=0;i<n;i++){{{' '.join(body)}}}}}"


def _tables(expressions: Iterable[sp.Expr], tables: Mapping[str, Table]) -> set[sp.Expr]:
    """Return every use of a tabulated function."""
    used = {f for e in expressions for f in e.atoms(sp.core.function.AppliedUndef)}
    return {f for f in used if f.func.__name__ in tables}


def _on_grid(function: Callable[..., float], axes: tuple[tuple[float, ...], ...]) -> Floats:
    return np.vectorize(function, otypes=[float])(*np.meshgrid(*axes, indexing="ij"))


__all__ = ["Axis", "DataError", "Formula", "Model", "ModelError", "Table"]
