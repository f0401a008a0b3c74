"""What the panellists truly disagree on, claim by claim."""

from __future__ import annotations

from book.cruxes import crux
from book.explorer import Explorer
from book.scenarios import diffusion_rule


def _crux(explorer: Explorer, first: str, second: str) -> Explorer:
    worlds = {w.id: w for w in explorer.worlds}
    return crux(explorer, worlds[first], worlds[second])


def dr7() -> Explorer:
    """Return what Estevez and Nikakhtar disagree on about DR7."""
    return _crux(diffusion_rule.quantity(), "nikakhtar", "estevez")


def dr5() -> Explorer:
    """Return what Miller and Nikakhtar disagree on about DR5."""
    return _crux(diffusion_rule.china_exports(), "nikakhtar", "miller")


def dr9() -> Explorer:
    """Return what sets the report's firms apart from those that Nikakhtar's case needs, in DR9."""
    return _crux(diffusion_rule.small_clouds(), "report", "nikakhtar")


def dr13() -> Explorer:
    """Return what Patel and Nikakhtar disagree on about DR13."""
    return _crux(diffusion_rule.china_at_home(), "patel", "nikakhtar")
