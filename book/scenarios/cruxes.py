"""What the panellists truly disagree on, claim by claim."""

from __future__ import annotations

from book.cruxes import crux
from book.explorer import Explorer
from book.scenarios import diffusion_rule


def dr7() -> Explorer:
    """Return what Estevez and Nikakhtar disagree on about DR7."""
    explorer = diffusion_rule.quantity()
    worlds = {w.id: w for w in explorer.worlds}
    return crux(explorer, worlds["nikakhtar"], worlds["estevez"])


def dr5() -> Explorer:
    """Return what Miller and Nikakhtar disagree on about DR5."""
    explorer = diffusion_rule.china_exports()
    worlds = {w.id: w for w in explorer.worlds}
    return crux(explorer, worlds["nikakhtar"], worlds["miller"])
