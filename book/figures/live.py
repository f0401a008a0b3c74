"""Draws the shapes of a live figure with matplotlib, each under the name by which it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from book.explorer.kinds import Bars, Crux, Distribution, Fan, Fence, Kind, Scale, Shapes, Tornado
from book.figures.style import CLASSES, INK, MUTED, RC, SERIES, WIDTH, new_figure
from book.model import Model

_TOP, _BOTTOM = 0.16, 0.5  # inches kept free above and below the axes


@dataclass(frozen=True)
class Drawing:
    """A drawn figure and where its axes lie, in the units of the SVG."""

    figure: Figure
    axes: dict[str, dict[str, Any]]


def _patch(axes: Axes, name: str, paths: list[list[list[float]]], **style: Any) -> None:
    vertices: list[list[float]] = []
    codes: list[Any] = []
    for path in paths:
        vertices += [*path, path[0]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(path) - 1), Path.CLOSEPOLY]
    if not vertices:
        vertices, codes = [[0, 0], [0, 0]], [Path.MOVETO, Path.LINETO]  # an empty class of a map
    patch = PathPatch(Path(vertices, codes), gid=name, **({"linewidth": 0} | style))
    axes.add_patch(patch)


def _stroke(axes: Axes, name: str, paths: list[list[list[float]]], **style: Any) -> None:
    vertices = [point for path in paths for point in path]
    codes = [c for path in paths for c in [Path.MOVETO, *[Path.LINETO] * (len(path) - 1)]]
    axes.add_patch(PathPatch(Path(vertices, codes), gid=name, fill=False, **style))


def _ticks(axes: Axes, kind: Kind, model: Model) -> None:
    if isinstance(kind, Fan) and model.axis is not None:
        axes.set_xticks(model.axis.values[:: kind.every], model.axis.labels[:: kind.every])
    if isinstance(kind, (Bars, Crux, Tornado)):
        names = [item[0] for item in kind.items] if isinstance(kind, Bars) else []
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
    if isinstance(kind, Distribution):
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)


def _artists(axes: Axes, kind: Kind, shapes: Shapes) -> None:
    lines = kind.lines if isinstance(kind, Fan) else ()
    for name, shape in shapes.items():
        stem, index = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
        k = int(index) if index else 0
        colour = SERIES[lines[k].colour] if lines else SERIES[0]
        if "text" in shape:
            x, y = shape["at"]
            style: dict[str, Any] = {"ha": "left", "va": "center"}
            if stem == "label":
                style |= {"color": colour}
                axes.annotate(shape["text"], (x, y), (5, 0), textcoords="offset points", gid=name,
                              annotation_clip=False, **style)  # fmt: skip
                continue
            if stem == "share":
                style["ha"] = "right"
            if stem == "name":
                axes.annotate(shape["text"], (x, y), (-6, 0), textcoords="offset points", gid=name,
                              ha="right", va="center", annotation_clip=False)  # fmt: skip
                continue
            axes.text(x, y, shape["text"], gid=name, clip_on=False, **style)
        elif "fill" in shape:
            assert isinstance(kind, Fence)
            _, x, y = kind.points[k]
            axes.plot([x], [y], "o", ms=5, mew=0.6, mec=INK, mfc=SERIES[shape["fill"]], gid=name)
        elif stem in ("wide", "half") and not isinstance(kind, Bars):
            _patch(axes, name, shape["paths"], facecolor=colour, alpha=0.18 if stem == "wide" else 0.3)
        elif stem == "wide":
            _stroke(axes, name, shape["paths"], edgecolor=MUTED, linewidth=1.6)
        elif stem == "half":
            _patch(axes, name, shape["paths"], facecolor=SERIES[0], alpha=0.45)
        elif stem == "line":
            dash = "--" if lines and lines[k].dashed else "-"
            _stroke(axes, name, shape["paths"], edgecolor=colour, linewidth=2.0, linestyle=dash)
        elif stem == "now":
            _stroke(axes, name, shape["paths"], edgecolor=INK, linewidth=1.0, linestyle=(0, (2, 2)))
        elif stem in ("threshold", "middle"):
            _stroke(axes, name, shape["paths"], edgecolor=INK, linewidth=1.3)
        elif stem == "all":
            _patch(axes, name, shape["paths"], facecolor=SERIES[0], alpha=0.28)
        elif stem == "holds":
            _patch(axes, name, shape["paths"], facecolor=SERIES[2], alpha=0.75)
        elif stem == "area":
            _patch(axes, name, shape["paths"], facecolor=SERIES[1], alpha=0.16)
        elif stem == "class":
            _patch(axes, name, shape["paths"], facecolor=CLASSES[k])
        elif stem in ("low", "high"):
            _patch(axes, name, shape["paths"], facecolor=SERIES[4 if stem == "low" else 0], alpha=0.8)
        elif stem in ("rise", "fall"):
            _patch(axes, name, shape["paths"], facecolor=SERIES[2 if stem == "rise" else 1], alpha=0.8)
        else:
            raise ValueError(f"no drawing for the shape {name!r} of a {kind.name}")


def draw(kind: Kind, model: Model, shapes: Shapes, height: float, left: float, right: float) -> Drawing:
    """Draw a live figure at its starting values.

    Parameters
    ----------
    kind : Kind
    model : Model
    shapes : Shapes
        From ``kind.shapes``.
    height : float
        In inches.
    left, right : float
        Room beside the axes for labels, in inches.

    Returns
    -------
    Drawing
    """
    sx, sy = kind.scales(model)
    with mpl.rc_context(RC):
        figure = new_figure(height)
        box = (left / WIDTH, _BOTTOM / height, 1 - (left + right) / WIDTH, 1 - (_TOP + _BOTTOM) / height)
        axes = figure.add_axes(box)
        axes.set(
            xscale="log" if sx.log else "linear", yscale="log" if sy.log else "linear",
            xlim=(sx.low, sx.high), ylim=(sy.low, sy.high),
            xlabel=kind.xlabel, ylabel=kind.ylabel,
        )  # fmt: skip
        axes.minorticks_off()
        _ticks(axes, kind, model)
        _artists(axes, kind, shapes)
    return Drawing(figure, {"x": _axis(sx, 0, box, height), "y": _axis(sy, 1, box, height)})


def _axis(scale: Scale, which: int, box: tuple[float, float, float, float], height: float) -> dict[str, Any]:
    """Return the two ends of an axis, in data and in the SVG's units (72 an inch, down the page)."""
    if which == 0:
        start, end = box[0] * WIDTH * 72, (box[0] + box[2]) * WIDTH * 72
    else:
        start, end = (1 - box[1]) * height * 72, (1 - box[1] - box[3]) * height * 72
    return {"low": scale.low, "high": scale.high, "log": scale.log, "start": start, "end": end}
