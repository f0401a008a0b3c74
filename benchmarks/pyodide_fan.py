"""The fan of the benchmark as pure Python, run by Pyodide in the page.

The page sets ``INPUTS``, rows of parameters with their nets, before this runs: see contenders.py.
"""

from __future__ import annotations

import json
import math
from statistics import NormalDist

N, YEARS, LEVELS = 4096, range(25), (0.05, 0.25, 0.5, 0.75, 0.95)
RANKS = [max(math.ceil(q * N - 1e-9), 1) - 1 for q in LEVELS]
Z95 = NormalDist().inv_cdf(0.95)


def table(p: dict) -> list[float]:
    """Return the quantiles of one parameter, as book/draws.py defines them."""
    f, g = (math.log, math.exp) if p["distribution"] == "lognormal" else (float, float)
    low, middle, high = f(p["low"]), f(p["central"]), f(p["high"])
    skew = math.log((high - middle) / (middle - low)) / Z95
    z = [NORMAL.inv_cdf((i + 0.5) / N) for i in range(N)]
    if abs(skew) < 1e-9:
        return [g(middle + v / Z95 * (high - middle)) for v in z]
    end = math.expm1(skew * Z95)
    return [g(middle + (high - middle) * math.expm1(skew * v) / end) for v in z]


def column(p: dict) -> list[float]:
    """Return the 4,096 draws of one parameter, the same ones that the explorer uses."""
    values, (shift, *generators) = table(p), p["net"]
    out = []
    for i in range(N):
        s = shift
        for bit, generator in enumerate(generators):
            if i >> bit & 1:
                s ^= generator
        out.append(values[s])
    return out


NORMAL = NormalDist()
DRAWS = {p["id"]: column(p) for p in INPUTS}  # noqa: F821


def fan(fixed: str) -> str:
    """Return five quantiles a year, as JSON, with some parameters set."""
    held = json.loads(fixed)
    a, b, g = ([held[k]] * N if k in held else DRAWS[k] for k in ("a", "b", "g"))
    exp, rows = math.exp, []
    for t in YEARS:
        values = sorted([x / (x + y * exp(-z * t)) for x, y, z in zip(a, b, g, strict=True)])
        rows.append([values[r] for r in RANKS])
    return json.dumps([list(c) for c in zip(*rows, strict=True)])
