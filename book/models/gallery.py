"""Models that exist to show authors every kind of figure."""

from __future__ import annotations

import numpy as np
import sympy as sp

from book.model import Axis, Model


def fence() -> Model:
    """Return where the control of October 2023 begins: the least density that is controlled, by TPP.

    Returns
    -------
    Model
        Over TPP, on a logarithmic grid.
    """
    grid = tuple(float(v) for v in np.geomspace(400, 120_000, 121))
    m = Model("gallery.fence", axis=Axis("tpp", "P", grid, tuple(f"{v:.0f}" for v in grid), "TPP"))
    rule = ("bis2023acs",)
    top = m.constant(
        "line_top", r"P_a", 4800.0, "TPP", "TPP at which a chip is controlled alone", rule, (1000, 30_000)
    )
    low = m.constant("line_low", r"P_b", 1600.0, "TPP", "TPP from which density counts", rule, (400, 10_000))
    dense = m.constant(
        "line_density", r"\rho_a", 5.92, "TPP/mm**2", "Density that is controlled", rule, (1, 30)
    )
    none = m.constant("no_density", "0", 0.0, "TPP/mm**2", "No density needed")
    never = m.constant("any_density", r"\infty", 1e6, "TPP/mm**2", "More than any chip has")
    edge = sp.Piecewise((none, m.t >= top), (dense, m.t >= low), (never, True))
    m.formula(
        "least_density", r"\rho", edge, "TPP/mm**2", "Least density that is controlled", source="bis2023acs"
    )
    return m


def queue() -> Model:
    """Return a function that no closed form expresses: the wait in a queue with c servers (Erlang C).

    Returns
    -------
    Model
        With one table over load and servers.
    """
    m = Model("gallery.queue")
    load = m.constant("load", r"\lambda", 0.8, "1", "Load of each desk", span=(0.1, 0.95))
    desks = m.constant("desks", "c", 10.0, "1", "Desks", span=(1, 30))

    def waiting(share: float, servers: float) -> float:
        """Return the probability of having to wait, for a whole number of servers or between two."""
        below, above = np.floor(servers), np.ceil(servers)
        at = [_erlang_c(share * c, int(c)) for c in (below, above)]
        return float(at[0] + (at[1] - at[0]) * (servers - below))

    table = m.tabulate("erlang", "W", waiting, [np.linspace(0.1, 0.95, 35), range(1, 31)], "1")
    m.formula("waits", "w", table(load, desks), "1", "Probability of having to wait")
    return m


def _erlang_c(offered: float, servers: int) -> float:
    """Return the probability of waiting; the sum is run upwards so that nothing overflows."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    busy = offered / servers
    return blocked / (1 - busy * (1 - blocked))
