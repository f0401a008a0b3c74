"""Distributions of parameters, and the draws that Python and the page share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import qmc

BITS = 12
N_DRAWS = 2**BITS  # 4,096
SEED = 20250305  # the day of the debate
_Z95 = float(ndtri(0.95))

Floats = NDArray[np.float64]

DISTRIBUTIONS = (
    "fixed",
    "uniform",
    "loguniform",
    "triangular",
    "normal",
    "lognormal",
    "logitnormal",
)


def _through(u: Floats, low: float, central: float, high: float) -> Floats:
    """Quantile of Tukey's g distribution through the 5th, 50th and 95th percentiles.

    It is a shifted lognormal, skewed to whichever side is wider, and a normal where both are equal.
    """
    z = ndtri(u)
    skew = np.log((high - central) / (central - low)) / _Z95
    if abs(skew) < 1e-9:
        return central + z / _Z95 * (high - central)
    return central + (high - central) * np.expm1(skew * z) / np.expm1(skew * _Z95)


def quantile(distribution: str, u: Floats, low: float, central: float, high: float) -> Floats:
    """Return the values below which shares ``u`` of a parameter's distribution lie.

    ``uniform`` and ``loguniform`` lie between low and high; ``triangular`` has its mode at the
    central value; ``normal``, ``lognormal`` and ``logitnormal`` have low, central and high as
    their 5th, 50th and 95th percentiles, skewed where these lie unevenly.

    Parameters
    ----------
    distribution : str
        One of :data:`DISTRIBUTIONS`.
    u : ndarray
        Shares between 0 and 1, any shape.
    low, central, high : float
        The row of ``data/parameters.csv``.

    Returns
    -------
    ndarray
        Same shape as ``u``, in the parameter's unit.

    Raises
    ------
    ValueError
        If the distribution is unknown.

    References
    ----------
    Hoaglin (1985), "Summarizing shape numerically: the g-and-h distributions".
    """
    match distribution:
        case "fixed":
            return np.full_like(u, central)
        case "uniform":
            return low + (high - low) * u
        case "loguniform":
            return np.exp(np.log(low) + (np.log(high) - np.log(low)) * u)
        case "triangular":
            cut = (central - low) / (high - low)
            left = low + np.sqrt(u * (high - low) * (central - low))
            right = high - np.sqrt((1 - u) * (high - low) * (high - central))
            return np.where(u < cut, left, right)
        case "normal":
            return _through(u, low, central, high)
        case "lognormal":
            return np.exp(_through(u, *np.log([low, central, high])))
        case "logitnormal":
            return expit(_through(u, *logit([low, central, high])))
    raise ValueError(f"unknown distribution {distribution!r}; known: {', '.join(DISTRIBUTIONS)}")


def nets(dimensions: int, seed: int = SEED) -> NDArray[np.int64]:
    """Return scrambled Sobol nets in their shortest form.

    The first 2**12 points of a scrambled Sobol sequence, rounded to 12 bits, are a digital net:
    the number of point ``i`` is a shift XOR one generator for each bit that is set in ``i``. Thirteen
    small integers a parameter are enough for the page to make the very draws that Python makes.

    Parameters
    ----------
    dimensions : int
        Number of parameters.
    seed : int
        Seed of the scrambling.

    Returns
    -------
    ndarray of int, shape (dimensions, 13)
        The shift, then the 12 generators.

    References
    ----------
    Owen (1998), doi 10.1006/jcom.1998.0487; Matousek (1998), doi 10.1006/jcom.1998.0489.
    """
    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(BITS)
    strata = np.floor(points * N_DRAWS).astype(np.int64)
    order = np.arange(N_DRAWS)
    gray = order ^ (order >> 1)
    at = {int(g): int(i) for g, i in zip(gray, order, strict=True)}
    shift = strata[0]
    generators = [strata[at[1 << bit]] ^ shift for bit in range(BITS)]
    return np.stack([shift, *generators], axis=1)


def strata(net: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the stratum (0 to 4,095) of each draw of one parameter.

    Parameters
    ----------
    net : ndarray of int, shape (13,)
        One row of :func:`nets`.

    Returns
    -------
    ndarray of int, shape (4096,)
        Every stratum occurs exactly once.
    """
    numbers = np.full(N_DRAWS, net[0])
    index = np.arange(N_DRAWS)
    for bit in range(BITS):
        numbers ^= np.where(index >> bit & 1, net[1 + bit], 0)
    return numbers


def levels(net: NDArray[np.int64]) -> Floats:
    """Return the share ``u`` (the middle of its stratum) of each draw of one parameter."""
    return (strata(net) + 0.5) / N_DRAWS
