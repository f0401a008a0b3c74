"""The live figure: what it computes (kinds), what it says (words), and the widget itself."""

from book.explorer.explorer import Choice, Explorer, ExplorerError, Option, World
from book.explorer.kinds import Bars, Crux, Distribution, Fan, Fence, Line, Region, Sweep, Tornado

__all__ = [
    "Bars",
    "Choice",
    "Crux",
    "Distribution",
    "Explorer",
    "ExplorerError",
    "Fan",
    "Fence",
    "Line",
    "Option",
    "Region",
    "Sweep",
    "Tornado",
    "World",
]
