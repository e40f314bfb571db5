"""A pressed composite as it looks, and what it conducts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from lithomech.plot.style import AMBER, BLUE, INK, MUTED, VERMILION, new_figure, styled

if TYPE_CHECKING:
    from lithomech.microstructure.result import Conduction, EffectiveProperties

Floats = NDArray[np.float64]
VOID: Final = 0.04  # greys of a back-scattered electron picture: light is heavy
GLUE: Final = 0.42
ACTIVE: Final = (0.92, 0.82, 0.72)
ADDITIVE: Final = 0.18
EDGE: Final = 0.75  # of the grey, where two grains of active material meet
PIXELS: Final = 420
TILT: Final = 0.55
COLOURS: Final = {"ionic": BLUE, "electronic": VERMILION}


def _greys(result: "EffectiveProperties") -> Floats:
    """Grey of each label."""
    composition = result.input["composition"]
    n = len(composition["active"])
    actives = [ACTIVE[k % len(ACTIVE)] for k in range(n)]
    additives = [ADDITIVE for _ in composition["additives"]]
    return np.array([VOID, *actives, GLUE, *additives])


def _names(result: "EffectiveProperties") -> list[str]:
    return ["void", *(powder["name"] for powder in result.provenance["powders"])]


@styled
def overview(result: "EffectiveProperties") -> Figure:
    """A section of the first piece, and conductivities against stack pressure."""
    figure = new_figure(3.1)
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.15))
    _draw_section(left, result)
    _draw_conductivities(right, result)
    return figure


@styled
def section(result: "EffectiveProperties", mark: NDArray[np.bool_] | None = None) -> Figure:
    """The middle section of the first piece, as an electron microscope shows it.

    Args:
        result: of the pressed composite.
        mark: voxels of the piece that are drawn in colour.
    """
    figure = new_figure(4.2, 4.6)
    axes = figure.subplots()
    _draw_section(axes, result)
    if mark is not None:
        shown = np.where(mark[:, mark.shape[1] // 2], 1.0, np.nan)
        extent = axes.get_images()[0].get_extent()
        axes.imshow(shown, ListedColormap([VERMILION]), extent=extent, interpolation="nearest")
    return figure


def _draw_section(axes: Axes, result: "EffectiveProperties") -> None:
    middle = result.labels.shape[1] // 2
    labels, grains = result.labels[:, middle], result.grains[:, middle]
    grey = _greys(result)[labels]
    n = len(result.input["composition"]["active"])
    for axis in (0, 1):
        met = (
            (np.roll(grains, 1, axis) != grains)
            & (labels >= 1)
            & (labels <= n)
            & (np.roll(labels, 1, axis) == labels)
        )
        grey = np.where(met, EDGE * grey, grey)
    dz, _, dx = result.spacing * 1e6
    extent = (0.0, dx * labels.shape[1], dz * labels.shape[0], 0.0)
    axes.imshow(grey, cmap="gray", vmin=0.0, vmax=1.0, extent=extent, interpolation="nearest")
    axes.set_xlabel("x (µm)")
    axes.set_ylabel("z, pressed along (µm)")
    axes.grid(visible=False)
    pressure = result.stack_pressures[0] / 1e6
    axes.set_title(f"{result.name}: section at {pressure:g} MPa", fontsize="medium")


def _draw_conductivities(axes: Axes, result: "EffectiveProperties") -> None:
    pressure = result.stack_pressures / 1e6
    order = np.argsort(pressure)
    for carrier, colour in COLOURS.items():
        values = result.quantities[f"conductivity_{carrier}"] / 100.0
        if not np.any(values > 0.0):
            axes.plot([], [], colour, label=f"{carrier}: nothing spans")
            continue
        for row in values:
            axes.plot(pressure, np.where(row > 0.0, row, np.nan), "o", color=colour, alpha=0.35)
        mean = values.mean(axis=0)
        axes.plot(pressure[order], mean[order], "-", color=colour, label=carrier)
    axes.set_yscale("log")
    _pressure_axis(axes, pressure)
    axes.set_ylabel("conductivity (S/cm)")
    axes.set_title(f"mean and {len(result.seeds)} pieces", fontsize="medium")
    axes.legend(loc="best")


def _pressure_axis(axes: Axes, pressures: Floats) -> None:
    """Stack pressures in MPa, marked where something was computed."""
    axes.set_xscale("log")
    axes.set_xticks(np.unique(pressures)[-8:], [f"{p:g}" for p in np.unique(pressures)[-8:]])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("stack pressure (MPa)")


@styled
def solid(result: "EffectiveProperties") -> Figure:
    """The first piece in three dimensions; in the corner cut open only active grains stand."""
    figure = new_figure(4.4, 4.8)
    axes = figure.subplots()
    axes.imshow(_render(result), interpolation="bilinear")
    axes.set_axis_off()
    edge = result.spacing[1] * result.labels.shape[1] * 1e6
    axes.set_title(f"{result.name}: {edge:.0f} um across, pressed from above")
    return figure


def _render(result: "EffectiveProperties") -> Floats:
    """Rays through the voxels, seen from above one corner; (pixels, pixels, 3)."""
    labels = result.labels
    shape = np.array(labels.shape, float)
    n = len(result.input["composition"]["active"])
    colours = np.array(
        [to_rgb("white"), *(to_rgb(c) for c in ("#c9ccd3", "#d8b48a", "#a9c1c9")[:n])]
    )
    colours = np.vstack([colours, to_rgb("#e3c565"), *[to_rgb("#333333")] * 10])
    view = np.array([TILT, 0.6, 0.6])  # direction of the rays: down and away
    view /= np.linalg.norm(view)
    right = np.array([0.0, -view[2], view[1]])
    right /= np.linalg.norm(right)
    up = np.cross(view, right)
    up *= -np.sign(up[0])
    reach = 0.5 * np.linalg.norm(shape)
    u = np.linspace(-reach, reach, PIXELS)
    a, b = np.meshgrid(u, -u)
    start = shape / 2 - reach * view + a[..., None] * right + b[..., None] * up
    start = start.reshape(-1, 3)
    depth = np.full(len(start), np.nan)
    found = np.zeros(len(start), np.uint8)
    alive = np.arange(len(start))
    for step in range(int(2 * reach)):
        place = start[alive] + step * view
        cell = np.floor(place).astype(np.int64)
        inside = np.all((cell >= 0) & (cell < labels.shape), axis=1)
        cell = np.where(inside[:, None], cell, 0)
        label = labels[cell[:, 0], cell[:, 1], cell[:, 2]]
        opened = (place[:, 0] < 0.55 * shape[0]) & np.all(place[:, 1:] < 0.55 * shape[1:], 1)
        seen = inside & (label > 0) & (~opened | (label <= n))
        found[alive[seen]], depth[alive[seen]] = label[seen], step
        alive = alive[~seen]
    hit = ~np.isnan(depth)
    shade = _lit(depth.reshape(a.shape)).ravel()
    picture = colours[found] * np.where(hit, shade, 1.0)[:, None]
    return picture.reshape(*a.shape, 3)


def _lit(depth: Floats) -> Floats:
    """Light on a surface seen at a depth."""
    filled = np.where(np.isnan(depth), np.nanmax(depth), depth)
    smooth = filled
    for axis in (0, 1):
        smooth = (np.roll(smooth, 1, axis) + 2.0 * smooth + np.roll(smooth, -1, axis)) / 4.0
    gy, gx = np.gradient(smooth)
    normal = 1.0 / np.sqrt(1.0 + gx**2 + gy**2)
    return np.clip(0.35 + 0.65 * normal * (1.0 - 0.25 * np.tanh(gx + gy)), 0.0, 1.0)


@styled
def force_chains(result: "EffectiveProperties") -> Figure:
    """Contacts of a slab, as wide as their force, beside the porosity along the axis."""
    figure = new_figure(3.6)
    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1.0), sharey=True)
    box = result.spacing * np.array(result.labels.shape)
    slab = np.abs(result.forces[:, 1] - 0.5 * box[1]) < 0.15 * box[1]
    rows = result.forces[slab]
    lines = 1e6 * np.stack([rows[:, [2, 0]], rows[:, [5, 3]]], axis=1)
    mean = float(result.forces[:, 6].mean())
    left.add_collection(
        LineCollection(
            list(lines), linewidths=np.minimum(0.5 * rows[:, 6] / mean, 6.0), colors=INK
        )
    )
    left.set_xlim(0.0, 1e6 * box[2])
    left.set_ylim(1e6 * box[0], 0.0)
    left.set_aspect("equal")
    left.set_title(f"forces in a slab; mean {1e3 * mean:.3g} mN", fontsize="medium")
    left.set_xlabel("x (µm)")
    left.set_ylabel("z, pressed along (µm)")
    left.grid(visible=False)
    height = (np.arange(result.labels.shape[0]) + 0.5) * result.spacing[0] * 1e6
    names = _names(result)
    for label, colour in zip(range(len(names)), (MUTED, VERMILION, BLUE, AMBER), strict=False):
        share = np.mean(result.labels == label, axis=(1, 2))
        right.plot(100.0 * share, height, color=colour, label=names[label])
    right.set_xlabel("share of the layer (%)")
    figure.legend(*right.get_legend_handles_labels(), loc="outside upper right", ncols=4)
    return figure


@styled
def streamlines(conduction: "Conduction") -> Figure:
    """Current through the middle section of an image, along its first axis.

    Args:
        conduction: along z, one that keeps its field.
    """
    if conduction.potential is None or conduction.labels is None:
        raise ValueError("the result holds no field; ask for keep_field")
    middle = conduction.potential.shape[1] // 2
    potential = conduction.potential[:, middle].astype(float)
    labels = conduction.labels[:, middle]
    down = -_slope(potential, 0)
    across = -_slope(potential, 1)
    figure = new_figure(4.2, 4.8)
    axes = figure.subplots()
    axes.imshow(labels, cmap="gray", interpolation="nearest", alpha=0.35)
    strength = np.hypot(down, across)
    z, x = np.arange(potential.shape[0]), np.arange(potential.shape[1])
    drawn = axes.streamplot(
        x, z, np.where(strength > 0, across, np.nan), np.where(strength > 0, down, np.nan),
        color=strength / max(float(strength.mean()), 1e-300), density=2.2, linewidth=0.9,
        arrowsize=0.6, cmap="viridis",
    )  # fmt: skip
    drawn.lines.set_clim(0.0, 4.0)
    figure.colorbar(drawn.lines, ax=axes, shrink=0.8, label="current over its mean")
    axes.set_xlim(0, x[-1])
    axes.set_ylim(z[-1], 0)
    axes.set_xlabel("x (voxels)")
    axes.set_ylabel("z (voxels), along the current")
    axes.grid(visible=False)
    return figure


def _slope(potential: Floats, axis: int) -> Floats:
    """Difference between neighbours that conduct; 0 across an edge."""
    step = np.diff(potential, axis=axis)
    step = np.where(np.isnan(step), 0.0, step)
    ends = [(1, 0) if a == axis else (0, 0) for a in range(2)]
    other = [(0, 1) if a == axis else (0, 0) for a in range(2)]
    return 0.5 * (np.pad(step, ends) + np.pad(step, other))


@styled
def against_measurement(
    results: Mapping[str, "EffectiveProperties"],
    measured: Mapping[str, tuple[Sequence[float], Sequence[float], Sequence[float]]],
) -> Figure:
    """Tortuosity factors against stack pressure, model beside measurement (Fig. 12).

    Args:
        results: by composition.
        measured: by composition: stack pressures [Pa], ionic and electronic factors.
    """
    figure = new_figure(3.4)
    panels = figure.subplots(1, 2)
    for axes, carrier, column in zip(panels, COLOURS, (1, 2), strict=True):
        for colour, (name, result) in zip(
            (BLUE, VERMILION, AMBER), results.items(), strict=False
        ):
            pressure = result.stack_pressures / 1e6
            order = np.argsort(pressure)
            mean = result.mean(f"tortuosity_factor_{carrier}")[order]
            every = result.quantities[f"tortuosity_factor_{carrier}"]
            shown = np.isfinite(mean)
            axes.plot(pressure[order][shown], mean[shown], "-", color=colour)
            for row in every:
                fine = np.isfinite(row)
                axes.plot(pressure[fine], row[fine], ".", color=colour, alpha=0.3)
            given = measured[name]
            axes.plot(np.array(given[0]) / 1e6, given[column], "D", color=colour, mfc="white")
            axes.plot([], [], "-", color=colour, label=name)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        _pressure_axis(axes, next(iter(results.values())).stack_pressures / 1e6)
        axes.set_title(f"{carrier} tortuosity factor", fontsize="medium")
    panels[0].plot([], [], "D", color=MUTED, mfc="white", label="measured")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=4)
    return figure
