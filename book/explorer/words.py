"""Numbers and likelihoods in words. ``explorer.js`` has the same rules; a test compares them."""

from __future__ import annotations

import math

#: Calibrated language of the IPCC (Mastrandrea et al. 2010): lowest share, and the word.
LIKELIHOOD = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)


def likelihood(share: float) -> str:
    """Return the IPCC word for the share of draws in which a claim holds.

    The two upper words need a share above their bound; ``"about as likely as not"`` and the words
    below it include theirs.

    Examples
    --------
    >>> likelihood(0.5), likelihood(0.995), likelihood(0.001)
    ('about as likely as not', 'virtually certain', 'exceptionally unlikely')
    """
    for bound, word in LIKELIHOOD:
        if share > bound or (share == bound and bound <= 0.33):
            return word
    raise ValueError(f"a share lies between 0 and 1, got {share}")


def number(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, in full up to a billion.

    Examples
    --------
    >>> number(49898.9), number(0.01234), number(5.4e25)
    ('49,900', '0.0123', '5.40e25')
    """
    if not math.isfinite(value):
        return "not defined"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e10 or size < 1e-4:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    rounded = float(f"{value:.{digits}g}")
    places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{places}f}"


def percent(share: float) -> str:
    """Write a share as a percentage, without claiming 0 or 100 that it is not.

    Examples
    --------
    >>> percent(0.42), percent(0.0002), percent(1.0)
    ('42%', 'less than 1%', '100%')
    """
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{math.floor(100 * share + 0.5)}%"
