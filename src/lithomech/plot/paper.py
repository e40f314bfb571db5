"""Panels of curves, bars and sections for figures that are set beside printed ones."""

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import ArrayLike, NDArray

from lithomech.plot.style import (
    BLUE,
    INK,
    MUTED,
    PALETTE,
    RULE,
    VERMILION,
    WIDTH,
    new_figure,
    styled,
)

ROW: Final = 1.75  # inches
PRINTED: Final = "printed"  # in the legend
DIAMOND: Final = {"marker": "D", "ls": "", "color": INK, "mfc": "white", "mew": 1.0}
STEP: Final = "steps"
LETTER, HANDLE = 0.065, 0.42  # inches of the legend: a letter, and what stands before a label
SHORT, LONG = 100.0, 1e6  # ratio of the ends of a logarithmic axis
LINK: Final = "report.html#"
LARGEST: Final = 3.3  # inches of a section
COLUMNS: Final = 4


class Curve(NamedTuple):
    """Points along an axis.

    Attributes:
        x: shape (n,).
        y: shape (n,).
        label: in the legend; curves of one label share their entry.
        colour: of the line.
        style: of the line, as matplotlib writes it; "steps" keeps a value until the next.
        width: of the line in points; that of the house style if None.
    """

    x: ArrayLike
    y: ArrayLike
    label: str = ""
    colour: str = BLUE
    style: str = "-"
    width: float | None = None


class Printed(NamedTuple):
    """What stands in the paper, in the units of the axes: a point, or a line if one is None."""

    x: float | None
    y: float | None
    label: str = PRINTED


class Pane(NamedTuple):
    """One pair of axes.

    Attributes:
        x: label of the axis.
        y: label of the axis.
        curves: that are drawn.
        printed: what the paper prints.
        title: above.
        log: "x", "y" or "xy" for logarithmic axes.
        ylim: lowest and highest value shown; None leaves an end open.
    """

    x: str
    y: str
    curves: Sequence[Curve]
    printed: Sequence[Printed] = ()
    title: str = ""
    log: str = ""
    ylim: tuple[float | None, float | None] = (None, None)


class Image(NamedTuple):
    """Grey values between 0 and 1, or a field with its unit."""

    values: NDArray[np.floating]
    title: str = ""
    unit: str = ""


@styled
def panes(rows: Sequence[Sequence[Pane]], height: float = ROW, width: float = WIDTH) -> Figure:
    """A grid of axes with one legend above; the columns share their horizontal axis.

    Args:
        rows: from above, all of one length.
        height: of a row, in inches.
        width: of the figure, in inches.
    """
    figure = new_figure(0.35 + height * len(rows), width)
    grid = figure.subplots(len(rows), len(rows[0]), squeeze=False, sharex="col")
    for number, (row, axes_row) in enumerate(zip(rows, grid, strict=True)):
        for pane, last, axes in zip(row, rows[-1], axes_row, strict=True):
            _pane(axes, pane)
            if number < len(rows) - 1 and pane.x == last.x:
                axes.set_xlabel("")
    _legend(figure, _handles([pane for row in rows for pane in row]))
    figure.align_ylabels()
    return figure


def _legend(figure: Figure, handles: Sequence[Line2D]) -> None:
    """Put the meaning of colours and marks above, in as many rows as the width asks for."""
    if not handles:
        return
    longest = max(len(str(handle.get_label())) for handle in handles)
    room = max(int(figure.get_figwidth() / (LETTER * longest + HANDLE)), 1)
    figure.legend(
        handles=list(handles), loc="outside upper left", ncols=min(room, len(handles))
    )


def _pane(axes: Axes, pane: Pane) -> None:
    for curve in pane.curves:
        if curve.style == STEP:
            axes.step(curve.x, curve.y, where="post", color=curve.colour, lw=curve.width)
        else:
            axes.plot(curve.x, curve.y, curve.style, color=curve.colour, lw=curve.width)
    for point in pane.printed:
        if point.x is None and point.y is not None:
            axes.axhline(point.y, color=INK, lw=0.8, ls=(0, (4, 2)))
        elif point.y is None and point.x is not None:
            axes.axvline(point.x, color=INK, lw=0.8, ls=(0, (4, 2)))
        else:
            axes.plot(point.x, point.y, **DIAMOND)  # type: ignore[arg-type]
    for name in pane.log:
        _logarithmic(axes, name)
    axes.set_xlabel(pane.x)
    axes.set_ylabel(pane.y)
    axes.set_title(pane.title)
    axes.set_ylim(*pane.ylim)


def _logarithmic(axes: Axes, name: str) -> None:
    """Plain numbers along a logarithmic axis; 2 and 5 too where it is short."""
    axes.set(**{f"{name}scale": "log"})  # type: ignore[arg-type]
    side = axes.xaxis if name == "x" else axes.yaxis
    low, high = side.get_view_interval()
    if high < SHORT * low:
        side.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    if high < LONG * low:
        side.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    side.set_minor_formatter(NullFormatter())


def _handles(every: Sequence[Pane]) -> list[Line2D]:
    """One entry for each label."""
    found: dict[str, Line2D] = {}
    for pane in every:
        for curve in pane.curves:
            if curve.label and curve.label not in found:
                marker = "o" if "o" in curve.style else "." if "." in curve.style else None
                line = {"-.": "-.", "--": "--", ":": ":"}.get(curve.style.strip("o."), "-")
                line = "" if marker and not curve.style.strip("o.") else line
                found[curve.label] = Line2D(
                    [], [], color=curve.colour, ls=line, marker=marker, label=curve.label
                )
        for point in pane.printed:
            whole = point.x is not None and point.y is not None
            look = DIAMOND if whole else {"color": INK, "lw": 0.8, "ls": (0, (4, 2))}
            found.setdefault(point.label, Line2D([], [], label=point.label, **look))  # type: ignore[arg-type]
    return list(found.values())


@styled
def bars(
    groups: Mapping[str, Mapping[str, float]],
    printed: Mapping[str, Mapping[str, float]],
    unit: str,
    height: float = 2.4,
) -> Figure:
    """Bars in groups, with hollow diamonds where the paper prints a number.

    Args:
        groups: by the name of the group, by the name of the bar.
        printed: the same, where a number is printed.
        unit: label of the axis.
        height: of the figure, in inches.
    """
    figure = new_figure(height)
    axes = figure.subplots()
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    wide = 0.8 / len(names)
    for place, (group, values) in enumerate(groups.items()):
        for number, (name, value) in enumerate(values.items()):
            x = place + wide * (number - 0.5 * (len(names) - 1))
            colour = PALETTE[names.index(name) % len(PALETTE)]
            axes.bar(x, value, 0.9 * wide, color=colour)
            if name in printed.get(group, {}):
                axes.plot(x, printed[group][name], **DIAMOND)  # type: ignore[arg-type]
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set_ylabel(unit)
    axes.grid(visible=False, axis="x")
    axes.axhline(0.0, color=MUTED, lw=0.7)
    handles = [
        Line2D([], [], marker="s", ls="", markersize=6, color=colour, label=name)
        for name, colour in zip(names, PALETTE, strict=False)
    ]
    if any(printed.values()):
        handles.append(Line2D([], [], label=PRINTED, **DIAMOND))  # type: ignore[arg-type]
    _legend(figure, handles)
    return figure


@styled
def ranked(items: Mapping[str, float], unit: str) -> Figure:
    """Horizontal bars to both sides of zero, in the order given.

    Args:
        items: values by name, the first on top.
        unit: label of the axis.
    """
    figure = new_figure(0.6 + 0.24 * len(items))
    axes = figure.subplots()
    for height, value in enumerate(items.values()):
        colour = VERMILION if value > 0.0 else BLUE
        axes.barh(height, value, 0.65, color=colour)
        axes.annotate(
            f"{value:+.2g}", (value, height), (4 if value > 0.0 else -4, 0), va="center",
            textcoords="offset points", ha="left" if value > 0.0 else "right",
        )  # fmt: skip
    axes.set_yticks(range(len(items)), list(items))
    axes.set_ylim(len(items) - 0.4, -0.6)
    axes.margins(x=0.2)
    axes.axvline(0.0, color=MUTED, lw=0.7)
    axes.set_xlabel(unit)
    axes.grid(visible=False, axis="y")
    return figure


@styled
def sections(images: Sequence[Image], label: str = "", columns: int = COLUMNS) -> Figure:
    """Sections side by side; fields with a unit share their scale.

    Args:
        images: grey values, or fields with a unit.
        label: what the fields are.
        columns: of the grid.
    """
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    edge = min(WIDTH / columns, LARGEST)
    figure = new_figure(0.1 + rows * (edge + 0.35), columns * edge)
    grid = figure.subplots(rows, columns, squeeze=False)
    fields = [image.values for image in images if image.unit]
    high = max((float(np.nanpercentile(field, 99.0)) for field in fields), default=1.0)
    drawn = None
    for axes, image in zip(grid.flat, images, strict=False):
        if image.unit:
            drawn = axes.imshow(image.values, cmap="inferno", vmin=0.0, vmax=high)
        else:
            axes.imshow(image.values, cmap="gray", vmin=0.0, vmax=1.0, interpolation="nearest")
        axes.set_title(image.title)
    for axes in grid.flat:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
    if drawn is not None:
        unit = next(image.unit for image in images if image.unit)
        figure.colorbar(drawn, ax=grid.ravel().tolist(), shrink=0.75, label=f"{label} ({unit})")
    return figure


@styled
def spider(axes_names: Sequence[str], scores: Mapping[str, Sequence[float]]) -> Figure:
    """Scores from 0 in the middle to 1 at the rim on several axes.

    Args:
        axes_names: the first points up, the others follow clockwise.
        scores: by name, one for each axis.
    """
    figure = new_figure(3.4, 4.6)
    axes = figure.subplots()
    count = len(axes_names)
    turn = [(sin(2 * pi * n / count), cos(2 * pi * n / count)) for n in range(count + 1)]
    for ring in (0.25, 0.5, 0.75, 1.0):
        axes.plot([ring * x for x, _ in turn], [ring * y for _, y in turn], color=RULE, lw=0.7)
    for name, (x, y) in zip(axes_names, turn, strict=False):
        axes.plot([0.0, x], [0.0, y], color=RULE, lw=0.7)
        side = "center" if abs(x) < 0.1 else "left" if x > 0.0 else "right"
        level = "bottom" if y > 0.9 else "top" if y < -0.9 else "center"
        axes.text(1.06 * x, 1.06 * y, name, ha=side, va=level, color=MUTED)
    handles = []
    for (name, values), colour in zip(scores.items(), PALETTE, strict=False):
        ring = [*values, values[0]]
        x, y = ([r * place[k] for r, place in zip(ring, turn, strict=True)] for k in (0, 1))
        axes.plot(x, y, "o-", color=colour)
        handles.append(Line2D([], [], color=colour, marker="o", label=name))
    axes.set_aspect("equal")
    axes.set_axis_off()
    _legend(figure, handles)
    return figure


class Box(NamedTuple):
    """A box of a chart.

    Attributes:
        name: what it is about.
        size: a number that says how large; "" without one.
        where: what computes it; behind the last semicolon a place on the page, which an SVG
            links to.
    """

    name: str
    size: str
    where: str


@styled
def chart(columns: Sequence[tuple[str, Sequence[Box]]]) -> Figure:
    """Boxes in columns, from left to right, each column under its title."""
    deepest = max(len(boxes) for _, boxes in columns)
    figure = new_figure(0.5 + 0.6 * deepest, 7.4)
    axes = figure.subplots()
    for across, (title, boxes) in enumerate(columns):
        axes.text(across, -0.72, title, ha="center", va="center", fontweight="bold")
        for down, box in enumerate(boxes):
            _box(axes, (across, down), box, PALETTE[across % len(PALETTE)])
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(deepest - 0.45, -1.0)
    axes.set_axis_off()
    return figure


def _box(axes: Axes, place: tuple[int, int], box: Box, colour: str) -> None:
    across, down = place
    (filled,) = axes.barh(down, 0.92, 0.86, across - 0.46, color=colour, alpha=0.12)
    link = box.where.rpartition("; ")[2].partition(",")[0]
    if link != box.where:
        filled.set_url(f"{LINK}{link}")
    axes.barh(down, 0.015, 0.86, across - 0.46, color=colour)
    left, top = across - 0.42, down - (0.24 if box.size else 0.13)
    axes.text(left, top, box.name, va="center", fontsize=7.5)
    axes.text(left, down + 0.02, box.size, va="center", fontsize=6.4)
    axes.text(
        left,
        top + (0.5 if box.size else 0.3),
        box.where,
        va="center",
        fontsize=6.0,
        color=MUTED,
    )


TWO: Final = (BLUE, VERMILION)  # of what is set side by side
