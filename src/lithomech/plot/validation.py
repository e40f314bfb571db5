"""Figures of the literature register: value against value, and the score."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from lithomech.plot.style import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    MUTED,
    PURPLE,
    RULE,
    SKY,
    VERMILION,
    legend_row,
    new_figure,
    styled,
)

COLOURS: Final = {
    "reproduced": GREEN,
    "contradicted": VERMILION,
    "data": BLUE,
    "erratum": PURPLE,
    "definition": SKY,
    "drawn": AMBER,
    "pending": RULE,
    "cannot": MUTED,
    "unknown": INK,
}
ROW: Final = 0.155  # inches for one claim
LARGEST: Final = 1.0  # relative errors beyond are drawn at the edge, with their number


class Compared(NamedTuple):
    """One published number beside the predicted one, in the same unit.

    Where a range is published, `published` is its end next to the prediction.
    """

    claim: str
    label: str
    status: str
    published: float
    predicted: float
    error: float
    tolerance: float


@styled
def score(counts: Mapping[str, int]) -> Figure:
    """One bar with a part for each status, in the order given."""
    figure = new_figure(0.95)
    axes = figure.subplots()
    left = 0
    for status, count in counts.items():
        if not count:
            continue
        axes.barh(0, count, left=left, color=COLOURS[status], height=0.5, edgecolor="white")
        axes.annotate(
            f"{count}", (left + count / 2, 0), ha="center", va="center",
            color=INK if status in {"pending", "drawn"} else "white",
        )  # fmt: skip
        left += count
    handles = [
        Line2D([], [], marker="s", ls="", markersize=6, color=COLOURS[status], label=status)
        for status, count in counts.items()
        if count
    ]
    axes.set_xlim(0, left or 1)
    axes.set_axis_off()
    legend_row(figure, handles)
    return figure


@styled
def parity(rows: Sequence[Compared]) -> Figure:
    """Predicted against published magnitude of every number, each in its printed unit."""
    figure = new_figure(5.2)
    axes = figure.subplots()
    shown = [row for row in rows if row.published and row.predicted]
    ends = [abs(v) for row in shown for v in (row.published, row.predicted)] or [1.0]
    limits = np.array([min(ends) / 3, max(ends) * 3])
    axes.plot(limits, limits, color=MUTED, lw=0.8)
    for status in ("reproduced", "contradicted"):
        some = [row for row in shown if row.status == status]
        axes.loglog(
            [abs(row.published) for row in some],
            [abs(row.predicted) for row in some],
            "o",
            color=COLOURS[status],
            markersize=4.5,
            alpha=0.85,
            label=f"{status} ({len(some)} numbers)",
        )
    axes.set_xlim(*limits)
    axes.set_ylim(*limits)
    axes.set_aspect("equal")
    axes.set_xlabel("Published, in its printed unit")
    axes.set_ylabel("Predicted, in the same unit")
    axes.legend(loc="upper left")
    return figure


@styled
def errors(rows: Sequence[Compared]) -> Figure:
    """Relative error of each predicted number, with the tolerance it is judged by."""
    figure = new_figure(0.9 + ROW * max(len(rows), 1))
    axes = figure.subplots()
    ordered = sorted(rows, key=lambda row: row.error)
    for height, row in enumerate(ordered):
        _error(axes, height, row)
    axes.axvline(0, color=MUTED, lw=0.8)
    axes.set_xlim(-1.08 * LARGEST, 1.08 * LARGEST)
    axes.set_ylim(-0.8, len(ordered) - 0.2)
    axes.set_yticks(
        range(len(ordered)), [f"{r.label}  {r.claim}" for r in ordered], fontsize=6.5
    )
    axes.xaxis.set_major_locator(MultipleLocator(0.5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:+.0f} %" if value else "0")
    axes.set_xlabel("Predicted over published, less one; grey: tolerance")
    axes.grid(visible=False, axis="y")
    return figure


def _error(axes: Axes, height: int, row: Compared) -> None:
    """One dot on its tolerance; an error off the scale says its size."""
    axes.barh(height, 2 * row.tolerance, left=-row.tolerance, height=0.75, color=RULE)
    place = float(np.clip(row.error, -LARGEST, LARGEST))
    axes.plot(place, height, "o", color=COLOURS[row.status], markersize=3.5)
    if place != row.error:
        axes.annotate(
            f"{100 * row.error:+.0f} %",
            (place, height),
            xytext=(-5 if place > 0 else 5, 0),
            textcoords="offset points",
            ha="right" if place > 0 else "left",
            va="center",
            fontsize=6.5,
        )
