"""An output of a study over its factors: lines, a map, or parallel coordinates."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from lithomech.plot.style import (
    INK,
    MUTED,
    PALETTE,
    VERMILION,
    legend_row,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.studies.factors import Axis
    from lithomech.studies.limits import Limit
    from lithomech.studies.table import StudyResult

Floats = NDArray[np.float64]
COLOURS: Final = "viridis"
MOST_LINES: Final = 2000  # of parallel coordinates; more are thinned evenly
MOST_WORDS: Final = len(PALETTE)  # of a factor that is drawn as one curve for each word
COMPLETED: Final = "completed"
WIDE: Final = 70  # letters of a title
CURVES, MAP, PARALLEL = "curves", "map", "parallel"


class Drawn(NamedTuple):
    """What a picture shows.

    Attributes:
        axes: of the factors.
        places: of the members on them, (members, factors).
        label: of the output.
        values: of it, (members,); NaN where there is none.
        status: of the members.
    """

    axes: "tuple[Axis, ...]"
    places: Floats
    label: str
    values: Floats
    status: NDArray[np.str_]

    @property
    def valued(self) -> NDArray[np.bool_]:
        """Which members have a value."""
        return np.isfinite(self.values)


def kind_of(axes: "Sequence[Axis]") -> str:
    """Return which picture suits the factors."""
    words = [axis for axis in axes if 0 < len(axis.words) <= MOST_WORDS]
    if len(axes) == 1 or (len(axes) == 2 and len(words) >= 1):
        return CURVES
    return MAP if len(axes) == 2 else PARALLEL


def overview(result: "StudyResult", output: str | None = None) -> Figure:
    """Draw one output, the first one if none is named."""
    readings = {reading.name: reading for reading in result.study.readings}
    name = output if output is not None else next(iter(readings))
    values = result.column(name)  # an unknown name is an InputError
    places = np.array(
        [
            [axis.place(value) for axis, value in zip(result.study.axes, m.point, strict=True)]
            for m in result.members()
        ]
    )
    drawn = Drawn(
        result.study.axes, places, readings[name].label, values, result.column("status")
    )
    return {CURVES: curves, MAP: field_map, PARALLEL: parallel}[kind_of(drawn.axes)](drawn)


def figures(result: "StudyResult") -> dict[str, Figure]:
    """Draw every output that has at least one value, by its name."""
    names = [reading.name for reading in result.study.readings]
    return {
        name: overview(result, name)
        for name in names
        if np.isfinite(np.asarray(result.column(name), np.float64)).any()
    }


@styled
def limited(result: "StudyResult", output: str, bound: float, limit: "Limit") -> Figure:
    """Draw an output over the first range with a bound, and from where on it is passed.

    Args:
        result: of a sweep with limits.
        output: that the limit is of.
        bound: of it.
        limit: as it was found.
    """
    axes, figure = result.study.axes, new_figure(3.4, 5.4)
    first = next(k for k, axis in enumerate(axes) if axis.key == limit.key)
    panel = figure.subplots()
    lines: dict[str, list[tuple[float, float]]] = {}
    for member in result.members():
        others = [axes[k].shown(v) for k, v in enumerate(member.point) if k != first]
        value = member.outputs[output]
        row = (axes[first].place(member.point[first]), np.nan if value is None else value)
        label = ", ".join(v if isinstance(v, str) else f"{v:g}" for v in others)
        lines.setdefault(label, []).append(row)
    for number, (label, rows) in enumerate(lines.items()):
        x, y = np.array(sorted(rows)).T
        panel.plot(x, y, ".-", ms=3, color=PALETTE[number % len(PALETTE)], label=label)
    panel.axhline(bound, color=INK, lw=0.9, ls="--")
    if limit.low is not None and limit.high is not None:
        panel.axvspan(limit.low, limit.high, color=MUTED, alpha=0.2, lw=0)
    if limit.value is not None:
        panel.axvline(limit.value, color=INK, lw=0.9)
    mark_axis(panel, axes[first], "x")
    panel.set_ylabel({one.name: one.label for one in result.study.readings}[output])
    panel.set_title("\n".join(wrap(limit.words, WIDE)), fontsize=7.5)
    others = [axis.label for k, axis in enumerate(axes) if k != first]
    if others:
        panel.legend(title=", ".join(others), title_fontsize=7, fontsize=7)
    return figure


@styled
def curves(drawn: Drawn) -> Figure:
    """The output over one factor; a second one that has words gives the curves."""
    first, by = _split(drawn.axes)
    figure = new_figure(3.2, 5.0)
    axes = figure.subplots()
    mark_axis(axes, drawn.axes[first], "x")
    axes.set_ylabel(drawn.label)
    words = drawn.axes[by].words if by is not None else ("",)
    handles = []
    for number, _ in enumerate(words):
        chosen = drawn.valued & (True if by is None else drawn.places[:, by] == number)
        order = np.argsort(drawn.places[chosen, first], kind="stable")
        x, y = drawn.places[chosen, first][order], drawn.values[chosen][order]
        colour = PALETTE[number % len(PALETTE)]
        style = "" if drawn.axes[first].words else "-"
        handles += axes.plot(x, y, f"o{style}", color=colour, label=words[number])
    if by is not None:
        legend_row(figure, handles)
    _mark_failures(axes, drawn, drawn.places[:, first])
    return figure


@styled
def field_map(drawn: Drawn) -> Figure:
    """The output as colours over two factors; members without a value are crosses."""
    figure = new_figure(3.8, 5.2)
    axes = figure.subplots()
    for name, axis in zip("xy", drawn.axes, strict=True):
        mark_axis(axes, axis, name)
    axes.grid(visible=False)
    x, y = drawn.places.T
    columns, rows = np.unique(x), np.unique(y)
    if len(columns) * len(rows) == len(x):
        table = np.full((len(rows), len(columns)), np.nan)
        table[np.searchsorted(rows, y), np.searchsorted(columns, x)] = drawn.values
        edges = (_edges(columns, drawn.axes[0]), _edges(rows, drawn.axes[1]))
        shown = axes.pcolormesh(*edges, np.ma.masked_invalid(table), cmap=COLOURS)
    else:
        inside = drawn.valued
        shown = axes.scatter(
            x[inside], y[inside], c=drawn.values[inside], cmap=COLOURS, s=_size(len(x)), lw=0
        )
    if drawn.valued.any():
        figure.colorbar(shown, label=drawn.label)
    _cross(axes, drawn, x, y)
    return figure


@styled
def parallel(drawn: Drawn) -> Figure:
    """One line for each member through all factors to the output, which gives the colour."""
    count = len(drawn.axes)
    figure = new_figure(3.6, max(5.0, 1.35 * (count + 1)))
    axes = figure.subplots()
    axes.grid(visible=False)
    heights = np.column_stack(
        [_height(drawn.places[:, k], axis) for k, axis in enumerate(drawn.axes)]
    )
    thinned = np.unique(np.linspace(0, len(heights) - 1, MOST_LINES).astype(int))
    valued = np.intersect1d(thinned, np.flatnonzero(drawn.valued))
    failed = np.setdiff1d(thinned, valued)
    low, high = _span(drawn.values[drawn.valued])
    last = (drawn.values - low) / (high - low)
    paths = np.column_stack([heights, last])
    order = valued[np.argsort(drawn.values[valued], kind="stable")]
    x = np.arange(count + 1)
    opacity = max(0.15, min(0.9, 60.0 / max(len(order), 1)))
    bundle = LineCollection(
        [np.column_stack([x, paths[k]]) for k in order],
        array=drawn.values[order], cmap=COLOURS, norm=Normalize(low, high), alpha=opacity,
    )  # fmt: skip
    axes.add_collection(bundle)
    lost = [np.column_stack([x[:-1], heights[k]]) for k in failed]
    axes.add_collection(LineCollection(lost, colors=VERMILION, linewidths=0.6, alpha=0.5))
    _posts(axes, drawn, (low, high))
    if len(failed):
        handle = Line2D([], [], color=VERMILION, label=_failures(drawn))
        legend_row(figure, [handle])
    return figure


def _posts(axes: Axes, drawn: Drawn, span: tuple[float, float]) -> None:
    """The upright axes with the numbers at their ends."""
    for k, axis in enumerate(drawn.axes):
        if axis.words:
            last = max(len(axis.words) - 1, 1)
            ticks = {word: n / last for n, word in enumerate(axis.words)}
        else:
            ends = _span(drawn.places[:, k])
            ticks = {f"{ends[0]:.3g}": 0.0, f"{ends[1]:.3g}": 1.0}
        _post(axes, k, ticks)
    _post(axes, len(drawn.axes), {f"{span[0]:.4g}": 0.0, f"{span[1]:.4g}": 1.0})
    names = [_broken(axis.label) for axis in drawn.axes]
    axes.set_xticks(range(len(names) + 1), [*names, _broken(drawn.label)])
    axes.tick_params(axis="x", length=0, labelsize="small")
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    axes.set_xlim(-0.25, len(names) + 0.35)
    axes.set_ylim(-0.08, 1.08)


def _post(axes: Axes, x: float, ticks: dict[str, float]) -> None:
    axes.axvline(x, 0.08 / 1.16, 1.08 / 1.16, color=MUTED, lw=0.8)
    for text, height in ticks.items():
        place = {0.0: "top", 1.0: "bottom"}.get(height, "center")
        axes.annotate(
            text, (x, height), (0, -2 if place == "top" else 2), va=place, ha="center",
            textcoords="offset points", fontsize="small", color=INK,
        )  # fmt: skip


def _broken(label: str) -> str:
    """A long name on several lines."""
    return label.replace(".", ".\n").replace(" (", "\n(").replace(", ", ",\n")


def _split(axes: "Sequence[Axis]") -> tuple[int, int | None]:
    """Which factor goes along the picture, and which one gives the curves."""
    if len(axes) == 1:
        return 0, None
    return (1, 0) if axes[0].words and not axes[1].words else (0, 1)


def mark_axis(axes: Axes, axis: "Axis", name: str) -> None:
    """Label an axis; words are written at their places."""
    change = {f"{name}label": axis.label}
    if axis.log:
        change[f"{name}scale"] = "log"
    axes.set(**change)  # type: ignore[arg-type]
    if axis.words:
        ticks = axes.set_xticks if name == "x" else axes.set_yticks
        ticks(range(len(axis.words)), list(axis.words))
    elif axis.log:
        side = axes.xaxis if name == "x" else axes.yaxis
        side.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        side.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        side.set_minor_formatter(NullFormatter())


def _mark_failures(axes: Axes, drawn: Drawn, x: Floats) -> None:
    """Crosses at the lower edge where a member has no value."""
    failed = ~drawn.valued
    if failed.any():
        axes.plot(
            x[failed], np.full(failed.sum(), 0.02), "x", color=VERMILION,
            transform=axes.get_xaxis_transform(), label=_failures(drawn),
        )  # fmt: skip
        axes.set_title(f"× {_failures(drawn)}", fontsize="small", color=VERMILION)


def _cross(axes: Axes, drawn: Drawn, x: Floats, y: Floats) -> None:
    failed = ~drawn.valued
    if failed.any():
        axes.plot(x[failed], y[failed], "x", color=VERMILION, ms=4)
        axes.set_title(f"× {_failures(drawn)}", fontsize="small", color=VERMILION)


def _failures(drawn: Drawn) -> str:
    """How many members have no value, by status."""
    failed = drawn.status[~drawn.valued]
    names, counts = np.unique(failed.astype(str), return_counts=True)
    return ", ".join(f"{count} {name}" for name, count in zip(names, counts, strict=True))


def _edges(centres: Floats, axis: "Axis") -> Floats:
    """Edges of cells around centres, half-way between them on the scale of the axis."""
    at = np.log(centres) if axis.log else centres
    if len(at) == 1:
        edges = np.array([at[0] - 0.5, at[0] + 0.5])
    else:
        middle = (at[1:] + at[:-1]) / 2.0
        edges = np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])
    return np.exp(edges) if axis.log else edges


def _height(places: Floats, axis: "Axis") -> Floats:
    """Places on an upright axis, 0 to 1."""
    at = np.log(places) if axis.log else places
    low, high = _span(at)
    return (at - low) / (high - low)


def _span(values: Floats) -> tuple[float, float]:
    """Smallest and largest value; apart also where they are one."""
    if len(values) == 0:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low, low + (abs(low) or 1.0))


def _size(count: int) -> float:
    """Area of a point such that many do not cover each other [points squared]."""
    return float(np.clip(6000.0 / count, 4.0, 40.0))
