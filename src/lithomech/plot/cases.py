"""A measured cell beside its simulation: every row of one case, with its band."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.plot.style import BLUE, INK, RULE, VERMILION, legend_row, new_figure, styled

ROW: Final = 0.17  # inches for one row
TITLE: Final = 0.55  # inches for the frame of one panel
COLOURS: Final = {"predicted": BLUE, "calibrated": VERMILION}


class Compared(NamedTuple):
    """One row of a case.

    Attributes:
        panel: quantity and unit; rows of the same one share an axis.
        label: condition and place.
        value: simulated; None leaves the row empty.
        band: that assumed inputs leave, or None.
        measured: where it was seen before.
        role: predicted | calibrated.
    """

    panel: str
    label: str
    value: float | None
    band: tuple[float, float] | None
    measured: float | None
    role: str


@styled
def compared(rows: Sequence[Compared]) -> Figure:
    """One panel for each quantity, one line for each condition and place."""
    panels = list(dict.fromkeys(row.panel for row in rows))
    counts = [sum(row.panel == panel for row in rows) for panel in panels]
    figure = new_figure(0.35 + ROW * len(rows) + TITLE * len(panels))
    axes = figure.subplots(
        len(panels), 1, squeeze=False, height_ratios=[TITLE + ROW * count for count in counts]
    )[:, 0]
    for panel, one in zip(panels, axes, strict=True):
        _panel(one, [row for row in rows if row.panel == panel])
    handles = [
        Line2D([], [], marker="o", ls="", color=colour, label=role)
        for role, colour in COLOURS.items()
    ]
    handles += [
        Line2D([], [], color=RULE, lw=6, label="band of assumed inputs"),
        Line2D([], [], marker="|", ls="", color=INK, markersize=9, label="measured"),
    ]
    legend_row(figure, handles)
    return figure


def _panel(axes: Axes, rows: Sequence[Compared]) -> None:
    """The rows of one quantity, the first on top."""
    for height, row in enumerate(rows):
        if row.band is not None:
            axes.barh(
                height, row.band[1] - row.band[0], left=row.band[0], height=0.7, color=RULE
            )
        if row.value is not None:
            axes.plot(row.value, height, "o", color=COLOURS[row.role], markersize=3.5)
        if row.measured is not None:
            axes.plot(row.measured, height, "|", color=INK, markersize=9, markeredgewidth=1.6)
    axes.set_yticks(range(len(rows)), [row.label for row in rows], fontsize=6.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.use_sticky_edges = False  # of the bars: a point at the end of a band stands free
    axes.margins(x=0.05)
    axes.set_title(rows[0].panel)
    axes.grid(visible=False, axis="y")
