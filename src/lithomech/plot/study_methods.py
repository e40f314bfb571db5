"""What the methods of a study find: sensitivities, regions of a window, the best members."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from lithomech.plot.study import mark_axis
from lithomech.plot.style import (
    BLUE,
    INK,
    MUTED,
    PALETTE,
    SKY,
    VERMILION,
    legend_row,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.studies.factors import Axis
    from lithomech.studies.sensitivity import Indices

Floats = NDArray[np.float64]
RASTER: Final = 240  # of the regions, in each direction
PALE: Final = 0.45  # opacity of regions


@styled
def sensitivities(found: "Indices", label: str, axes: "Sequence[Axis]") -> Figure:
    """Bars of first order and total indices with their intervals, the largest on top."""
    figure = new_figure(1.3 + 0.42 * len(axes), 5.6)
    panel = figure.subplots()
    order = np.argsort(found.total)
    places = np.arange(len(order))
    for index, ends, shift, colour in (
        (found.first, found.first_interval, 0.2, SKY),
        (found.total, found.total_interval, -0.2, BLUE),
    ):
        sides = np.abs(ends[:, order] - index[order])
        panel.barh(
            places + shift, index[order], 0.36, xerr=sides, color=colour,
            error_kw={"ecolor": INK, "elinewidth": 0.8, "capsize": 2},
        )  # fmt: skip
    panel.set_yticks(places, [axes[k].key for k in order])
    panel.set_xlabel(f"Share of the variance of: {label}")
    panel.set_xlim(min(0.0, panel.get_xlim()[0]), max(1.0, panel.get_xlim()[1]))
    panel.grid(visible=False, axis="y")
    patches = [
        Patch(color=c, label=n) for c, n in ((SKY, "alone"), (BLUE, "with interactions"))
    ]
    figure.legend(handles=patches, loc="outside upper left", ncols=2)
    return figure


class Boundary(NamedTuple):
    """Points between two regions each.

    Attributes:
        places: of them, (points, 2).
        regions: on both sides of each.
    """

    places: Floats
    regions: Sequence[tuple[str, str]]


@styled
def regions(
    axes: "Sequence[Axis]", places: Floats, names: Sequence[str], boundary: Boundary
) -> Figure:
    """Regions over two factors, linear between members and boundary points.

    Args:
        axes: of both factors.
        places: of the members on them, (members, 2).
        names: regions of the members.
        boundary: points where one region ends.
    """
    figure = new_figure(4.0, 5.4)
    panel = figure.subplots()
    for side, axis in zip("xy", axes, strict=True):
        mark_axis(panel, axis, side)
    panel.grid(visible=False)
    known = list(dict.fromkeys(sorted(names)))
    shares = [[float(name == one) for one in known] for name in names]
    shares += [[0.5 * (one in pair) for one in known] for pair in boundary.regions]
    corners = np.concatenate([places, boundary.places])
    scaled = np.column_stack([_scaled(corners[:, k], axes[k]) for k in range(2)])
    low, high = scaled.min(axis=0), scaled.max(axis=0)
    ticks = [np.linspace(low[k], high[k], RASTER) for k in range(2)]
    mesh = np.stack(np.meshgrid(*ticks), axis=-1)
    between = LinearNDInterpolator((scaled - low) / (high - low), np.array(shares))
    inside = np.nan_to_num(between(np.clip((mesh - low) / (high - low), 1e-9, 1.0 - 1e-9)))
    number = np.argmax(inside, axis=-1)
    plane = [np.exp(t) if axis.log else t for t, axis in zip(ticks, axes, strict=True)]
    colours = [PALETTE[k % len(PALETTE)] for k in range(len(known))]
    panel.pcolormesh(
        *plane, number, cmap=ListedColormap(colours), vmin=-0.5, vmax=len(known) - 0.5,
        alpha=PALE, shading="nearest", linewidth=0, rasterized=True,
    )  # fmt: skip
    panel.plot(*places.T, ".", color=MUTED, ms=1.5)
    panel.plot(*boundary.places.T, "o", color=INK, ms=3)
    patches = [
        Patch(color=colour, alpha=PALE, label=name)
        for name, colour in zip(known, colours, strict=True)
    ]
    legend = [*patches, Line2D([], [], marker="o", ls="", color=INK, label="boundary")]
    figure.legend(handles=legend, loc="outside upper left", ncols=4)
    return figure


@styled
def history(label: str, values: Floats, allowed: NDArray[np.bool_], *, rises: bool) -> Figure:
    """One goal over the members in their order, and the best one so far.

    Args:
        label: of the goal.
        values: of it, (members,); NaN where there is none.
        allowed: which members keep all bounds.
        rises: whether more is better.
    """
    figure = new_figure(3.0, 5.4)
    panel = figure.subplots()
    number = np.arange(1, len(values) + 1)
    panel.plot(number[~allowed], values[~allowed], ".", color=MUTED, label="beyond a bound")
    panel.plot(number[allowed], values[allowed], "o", ms=3, color=BLUE, label="allowed")
    kept = np.where(allowed, values, -np.inf if rises else np.inf)
    best = np.maximum.accumulate(kept) if rises else np.minimum.accumulate(kept)
    seen = np.isfinite(best)
    panel.plot(
        number[seen], best[seen], "-", color=VERMILION, drawstyle="steps-post", label="best"
    )
    panel.set(xlabel="Member", ylabel=label)
    legend_row(figure, panel.get_lines())
    return figure


@styled
def front(
    labels: Mapping[str, str], values: Floats, allowed: NDArray[np.bool_], best: Floats
) -> Figure:
    """Two goals against each other; the members that no other one beats are joined.

    Args:
        labels: of the goals, by name; the first two are drawn.
        values: of both, (members, 2).
        allowed: which members keep all bounds.
        best: goals of the members that no other one beats, (front, 2).
    """
    figure = new_figure(3.6, 5.0)
    panel = figure.subplots()
    panel.plot(*values[~allowed].T, ".", color=MUTED, label="beyond a bound")
    panel.plot(*values[allowed].T, "o", ms=3, color=BLUE, label="allowed")
    order = np.argsort(best[:, 0])
    panel.plot(*best[order].T, "o-", color=VERMILION, label="not beaten")
    first, second = list(labels.values())[:2]
    panel.set(xlabel=first, ylabel=second)
    legend_row(figure, panel.get_lines())
    return figure


def _scaled(places: Floats, axis: "Axis") -> Floats:
    return np.log(places) if axis.log else places
