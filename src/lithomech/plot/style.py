"""The look of every figure: colours, letters, labels at line ends, files."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from lithomech.files.atomic import replacing

# Okabe and Ito's colours, which colour-blind readers can tell apart.
BLUE: Final = "#0072b2"
VERMILION: Final = "#d55e00"
GREEN: Final = "#009e73"
PURPLE: Final = "#b0578d"
AMBER: Final = "#c98a00"
SKY: Final = "#3d9bd6"
INK: Final = "#1f2430"
MUTED: Final = "#6b7280"
RULE: Final = "#d9dde3"
PALETTE: Final = (BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY)

WIDTH: Final = 6.6  # inches; two columns of a journal
MOST_CURVES: Final = len(PALETTE)

_STYLE: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so figures look alike everywhere
    "font.size": 8.5,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "axes.formatter.useoffset": False,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "legend.handlelength": 1.4,
    "legend.borderaxespad": 0.2,
    "figure.facecolor": "white",
    "svg.hashsalt": "lithomech",  # the same figure gives the same file
    "savefig.dpi": 200,
}

P = ParamSpec("P")
T = TypeVar("T")


class Label(NamedTuple):
    """A text to stand at the right end of a curve."""

    height: float
    text: str
    colour: str


def styled(draw: Callable[P, T]) -> Callable[P, T]:
    """Run a drawing function in the style of this package, whatever the user's settings."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        with mpl.rc_context(mpl.rcParamsDefault | _STYLE):  # type: ignore[operator]
            return draw(*args, **kwargs)

    return drawn


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure, in inches, that arranges its own margins."""
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(wspace=0.06, hspace=0.05)  # type: ignore[union-attr, call-arg]
    return figure


def chosen(count: int) -> list[int]:
    """Indices of at most six of ``count`` curves, evenly spread, first and last included."""
    spread = np.linspace(0, count - 1, min(count, MOST_CURVES))
    return [int(index) for index in spread.round()]


def widen(axes: Axes, least: float) -> None:
    """Show at least this span, so that the last digits of a constant do not fill the axis."""
    low, high = axes.get_ylim()
    missing = least - (high - low)
    if missing > 0:
        axes.set_ylim(low - missing / 2, high + missing / 2)


def label_ends(axes: Axes, labels: Sequence[Label]) -> None:
    """Write texts at the right edge, moved apart so that none covers another.

    Args:
        axes: Axes whose vertical limits are final afterwards.
        labels: Heights are values on the vertical axis.
    """
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    points = axes.bbox.height / axes.figure.dpi * 72
    gap = 1.25 * mpl.rcParams["font.size"] / points
    wanted = [(label.height - low) / (high - low) for label in labels]
    for label, height in zip(labels, moved_apart(wanted, gap), strict=True):
        axes.annotate(
            label.text,
            xy=(1, height),
            xytext=(5, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            color=label.colour,
            va="center",
            annotation_clip=False,
        )


def labelled_curves(
    axes: Axes,
    time: NDArray[np.float64],
    curves: Mapping[str, NDArray[np.float64]],
    *,
    last_is_sum: bool,
) -> None:
    """Draw curves with their names at the right, the sum (if any) in ink."""
    colours = [*PALETTE * (1 + len(curves) // len(PALETTE))][: len(curves)]
    if last_is_sum:
        colours[-1] = INK
    axes.axhline(0, color=RULE, lw=0.9)
    for values, colour in zip(curves.values(), colours, strict=True):
        axes.plot(time, values, color=colour)
    axes.margins(x=0)
    # After a full cycle all curves may meet again: their order is read where they are apart.
    apart = int(np.argmax(np.ptp(list(curves.values()), axis=0)))
    label_ends(
        axes,
        [
            Label(float(values[apart]), name, colour)
            for (name, values), colour in zip(curves.items(), colours, strict=True)
        ],
    )


def legend_row(figure: Figure, handles: Sequence[Line2D]) -> None:
    """Put the meaning of the colours in one row above the panels."""
    figure.legend(handles=handles, loc="outside upper left", ncols=min(len(handles), 8))


def moved_apart(heights: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Heights moved as little as needed (least squares) to be ``gap`` apart and inside."""
    order = np.argsort(heights, kind="stable")
    shifted = np.asarray(heights)[order] - gap * np.arange(len(heights))
    blocks: list[list[float]] = []
    for height in shifted:  # pool adjacent violators: equal means stay in order
        blocks.append([height, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, count), (upper, number) = blocks[-2], blocks.pop()
            blocks[-1] = [(mean * count + upper * number) / (count + number), count + number]
    top = max(0.0, 1 - gap * (len(heights) - 1))
    pooled = [np.clip(mean, 0, top) for mean, count in blocks for _ in range(int(count))]
    placed = np.empty(len(heights))
    placed[order] = np.asarray(pooled) + gap * np.arange(len(heights))
    return placed


def label_of_key(key: str) -> str:
    """Return the end of a key: what is scaled, or the last two parts, one below the other."""
    parts = key.removesuffix(".scale").split(".")
    return ".\n".join(parts[-2:]).replace("_", " ")


def time_axis(seconds: NDArray[np.float64]) -> tuple[NDArray[np.float64], str]:
    """Return times in a unit that suits their span, and the label of the axis."""
    span = float(np.ptp(seconds)) if seconds.size else 0.0
    for unit, length, most in (("s", 1, 300), ("min", 60, 10_800), ("h", 3600, 20 * 86_400)):
        if span <= most:
            return seconds / length, f"Time ({unit})"
    return seconds / 86_400, "Time (days)"


@styled
def save_png(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, whole or not at all."""
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png")


@styled
def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, SVG or PDF, as the ending says, whole or not at all."""
    with replacing(path) as temporary:
        figure.savefig(temporary, format=path.suffix.removeprefix("."))


@styled
def to_svg(figure: Figure) -> str:
    """Return a figure as SVG text without background, letters drawn as outlines."""
    stream = StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return stream.getvalue()
