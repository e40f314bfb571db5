"""Requirements of electrolytes as radar charts; the rules are those of ``ranking.AXES``."""

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from lithomech.materials.material import Material
from lithomech.materials.ranking import AXES, of_class, requirements
from lithomech.plot.materials_look import LOOKS, OTHER, SMALL
from lithomech.plot.style import MUTED, PALETTE, RULE, legend_row, new_figure, styled

COLUMNS: Final = 3
RINGS: Final = (0.25, 0.5, 0.75, 1.0)
STYLES: Final = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
Range = tuple[float, float, float]  # lowest, middle, highest


@styled
def radar(materials: Sequence[Material]) -> Figure:
    """Scores of a few materials in one chart; an axis without a value has no point.

    Args:
        materials: Electrolytes; with more than six, colours repeat with another line.
    """
    figure = new_figure(4.2)
    axes = figure.subplots()
    _grid(axes, 8.5)
    handles = []
    for number, m in enumerate(materials):
        colour = PALETTE[number % len(PALETTE)]
        line = STYLES[number // len(PALETTE) % len(STYLES)]
        values = requirements(m)
        scores = [axis.score(values[axis.name]) for axis in AXES]
        _outline(axes, scores, colour, line, [of_class(m, axis.property) for axis in AXES])
        handles.append(Line2D([], [], color=colour, ls=line, marker="o", label=m.name))
    legend_row(figure, handles)
    return figure


@styled
def class_radars(classes: Mapping[str, Mapping[str, Range]], columns: int = COLUMNS) -> Figure:
    """One chart for each family: its middle, and the range of its materials.

    Args:
        classes: By family, by axis, the lowest, middle and highest value in the shown unit.
        columns: Of the grid.
    """
    rows = -(-len(classes) // columns) or 1
    figure = new_figure(2.15 * rows)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, (family, ranges) in zip(panels, classes.items(), strict=False):
        colour = LOOKS.get(family, OTHER).colour
        _grid(axes, SMALL - 0.8)
        for number, axis in enumerate(AXES):
            if axis.name in ranges:
                ends = [axis.score(value) or 0.0 for value in ranges[axis.name]]
                x, y = _place(number, np.array(ends))
                axes.plot(x[[0, 2]], y[[0, 2]], color=colour, lw=4, alpha=0.3)
        middle = [
            axis.score(ranges[axis.name][1]) if axis.name in ranges else None for axis in AXES
        ]
        _outline(axes, middle, colour, "-")
        axes.set_title(family.replace("_", " "), color=colour, fontweight="bold", pad=9)
    for axes in panels[len(classes) :]:
        axes.set_axis_off()
    return figure


def short(name: str) -> str:
    """Return the name of an axis in one word."""
    return name.replace("ionic ", "").replace(" stability", "")


def _place(
    number: int, radius: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where scores stand on an axis; the first points up, the next to its right."""
    angle = 2 * pi * number / len(AXES)
    return radius * sin(angle), radius * cos(angle)


def _grid(axes: Axes, size: float) -> None:
    """Rings, spokes, and the names of the axes."""
    everywhere = range(len(AXES) + 1)
    for ring in RINGS:
        corners = [_place(n, np.array(ring)) for n in everywhere]
        axes.plot(*np.array(corners).T, color=RULE, lw=0.7)
    for number, axis in enumerate(AXES):
        x, y = _place(number, np.array([0.0, 1.0]))
        axes.plot(x, y, color=RULE, lw=0.7)
        side = "center" if abs(x[1]) < 0.1 else "left" if x[1] > 0 else "right"
        level = "bottom" if y[1] > 0.9 else "top" if y[1] < -0.9 else "center"
        axes.text(
            1.06 * x[1], 1.06 * y[1], short(axis.name),
            ha=side, va=level, fontsize=size, color=MUTED,
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()


def _outline(
    axes: Axes,
    scores: Sequence[float | None],
    colour: str,
    line: str | tuple[object, ...],
    hollow: Sequence[bool] = (),
) -> None:
    """Dots where there is a score, lines between neighbours that both have one."""
    count = len(scores)
    for number, score in enumerate(scores):
        following = scores[(number + 1) % count]
        if score is None:
            continue
        x, y = _place(number, np.array(score))
        if following is not None:
            to_x, to_y = _place(number + 1, np.array(following))
            axes.plot([x, to_x], [y, to_y], color=colour, ls=line)
        face = "white" if hollow and hollow[number] else colour
        axes.plot(x, y, "o", color=colour, mfc=face, zorder=3)
