"""Figures of one particle."""

from io import BytesIO
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from lithomech.particle.closure import first_charge
from lithomech.particle.ensemble import CrackEnsemble
from lithomech.particle.result import CrackedParticle, Moment
from lithomech.particle.section import Canvas, canvas, cut, section
from lithomech.plot.style import BLUE, INK, PALETTE, VERMILION, new_figure, styled

PIXELS: Final = 420  # edge of the animation
FRAME_MS: Final = 120
MOST_FRAMES: Final = 60


@styled
def overview(found: CrackedParticle) -> Figure:
    """Sections at the moments, and what happens on the way."""
    count = len(found.moments)
    figure = new_figure(4.6, 7.4)
    grid = figure.add_gridspec(2, 1, height_ratios=(1.0, 1.0))
    above = grid[0].subgridspec(1, count).subplots(squeeze=False)
    drawn = canvas(found.labels, found.axes)
    for axes, moment in zip(above[0], found.moments, strict=True):
        _picture(axes, micrograph(found, moment, drawn))
        share = 100.0 * found.at("crack_fraction", moment.half_cycles)
        axes.set_title(f"{moment.name}\n{share:.2f} % cracks", fontsize=8.0)
    cracks, broken, lithium = grid[1].subgridspec(1, 3).subplots(squeeze=False)[0]
    _cracks(cracks, found)
    _broken(broken, found)
    _lithium(lithium, found)
    return figure


@styled
def stresses(found: CrackedParticle) -> Figure:
    """Equivalent stress in the section at the moments."""
    count = len(found.moments)
    figure = new_figure(2.4, 7.4)
    inside = found.labels[found.labels.shape[0] // 2] > 0
    fields = [np.where(inside, m.stress / 1e6, np.nan) for m in found.moments]
    high = max(float(np.nanpercentile(f, 99.0)) for f in fields)
    drawn = None
    every = figure.subplots(1, count, squeeze=False)[0]
    for axes, moment, values in zip(every, found.moments, fields, strict=True):
        drawn = axes.imshow(values, cmap="inferno", vmin=0.0, vmax=max(high, 1.0))
        _bare(axes)
        axes.set_title(moment.name, fontsize=8.0)
    if drawn is not None:
        figure.colorbar(drawn, ax=list(every), shrink=0.7, label="Equivalent stress (MPa)")
    return figure


@styled
def discharge(found: CrackedParticle) -> Figure:
    """Discharge time over current, both logarithmic, and slopes of -1 and -2."""
    figure = new_figure(2.8, 3.6)
    axes = figure.subplots()
    currents, times = found.discharge
    shown = (times > 1.0) & (currents > 0.0)
    axes.set_xlabel("Current (particles per hour)")
    axes.set_ylabel("Discharge time (h)")
    if not shown.any():
        axes.text(0.5, 0.5, "no lithium comes in", ha="center", transform=axes.transAxes)
        return figure
    hours = 3600.0 * currents[shown]
    axes.loglog(hours, times[shown] / 3600.0, color=BLUE)
    for slope, style in ((-1, "--"), (-2, ":")):
        middle = len(hours) // (2 if slope == -2 else 1) - 1
        anchor = times[shown][middle] / 3600.0
        line = anchor * (hours / hours[middle]) ** slope
        axes.loglog(hours, line, style, color=INK, linewidth=0.8, label=f"slope {slope}")
    axes.set_ylim(0.3 * times[shown].min() / 3600.0, 3.0 * times[shown].max() / 3600.0)
    axes.legend(fontsize=7.0)
    return figure


@styled
def ensemble(found: CrackEnsemble) -> Figure:
    """Broken share and crack area of every seed, and the cell's law."""
    figure = new_figure(3.0, 7.0)
    broken, area = figure.subplots(1, 2)
    every = zip((found.particles, found.pressed), found.pressures, strict=True)
    for (particles, pressure), colour in zip(every, (VERMILION, BLUE), strict=True):
        label = f"{pressure / 1e6:.0f} MPa"
        for particle in particles:
            rows, x = particle.by_increment, first_charge(particle, "lithium")
            b = 100.0 * first_charge(particle, "broken")
            broken.plot(x, b, color=colour, alpha=0.4, linewidth=0.8)
            cracked = 100.0 * rows["crack_fraction"]
            area.plot(rows["lithium"], cracked, color=colour, alpha=0.5, linewidth=0.8)
        fine = found.given.lithium
        law = 100.0 * found.given.broken(found.law, pressure, fine)
        broken.plot(fine, law, "--", color=colour, label=f"{label}, the cell's law")
        area.plot([], [], color=colour, label=label)
    broken.set_ylabel("Broken boundaries (%)")
    area.set_ylabel("Crack area, charge and discharge (%)")
    for axes in (broken, area):
        axes.set_xlabel("Lithium per formula unit")
        axes.invert_xaxis()
        axes.legend(fontsize=7.0)
    return figure


def micrograph(
    found: CrackedParticle, moment: Moment, drawn: Canvas | None = None
) -> NDArray[np.float64]:
    """The section as an electron microscope shows it at a moment.

    Args:
        found: the particle.
        moment: of it.
        drawn: its grains, where they were drawn before.
    """
    width = cut(found.labels.shape, found.between, np.asarray(moment.openings, np.float64))
    return section(drawn or canvas(found.labels, found.axes), width, found.voxel)


def animation(found: CrackedParticle) -> bytes:
    """The first cycle's sections as a GIF."""
    last = int(np.searchsorted(found.by_increment["half_cycles"], 2.0, side="right"))
    every = max(1, -(-last // MOST_FRAMES))
    frames, drawn = [], canvas(found.labels, found.axes)
    for width in found.frames[:last:every]:
        grey = section(drawn, width, found.voxel)
        whole = Image.fromarray((255.0 * np.clip(grey, 0.0, 1.0)).astype(np.uint8))
        frames.append(whole.resize((PIXELS, PIXELS)))
    stream = BytesIO()
    frames[0].save(
        stream, "GIF", save_all=True, append_images=frames[1:], duration=FRAME_MS, loop=0
    )
    return stream.getvalue()


def _picture(axes: Axes, grey: NDArray[np.float64]) -> None:
    axes.imshow(grey, cmap="gray", vmin=0.0, vmax=1.0)
    _bare(axes)


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)


def _cracks(axes: Axes, found: CrackedParticle) -> None:
    rows = found.by_increment
    first = rows["half_cycles"] <= 1.0
    later = rows["half_cycles"] >= 1.0
    axes.plot(
        rows["potential"][later],
        100.0 * rows["crack_fraction"][later],
        color=INK,
        alpha=0.35,
        linewidth=0.8,
        label="cracks, later",
    )
    for name, colour, label in (
        ("crack_fraction", VERMILION, "cracks"),
        ("gap_fraction", PALETTE[4], "gap around"),
    ):
        axes.plot(
            rows["potential"][first], 100.0 * rows[name][first], color=colour, label=label
        )
    axes.set_xlabel("Potential (V)")
    axes.set_ylabel("Share of the particle (%)")
    axes.legend(fontsize=6.5, frameon=True, framealpha=0.85, edgecolor="none")


def _broken(axes: Axes, found: CrackedParticle) -> None:
    rows = found.by_increment
    for name, colour, label in (
        ("broken", VERMILION, "between grains"),
        ("detached", PALETTE[4], "to the electrolyte"),
        *((("broken_through", INK, "seams in grains"),) * found.in_pieces),
    ):
        axes.plot(0.5 * rows["half_cycles"], 100.0 * rows[name], color=colour, label=label)
    axes.set_xlabel("Cycles")
    axes.set_ylabel("Broken boundaries (%)")
    axes.set_ylim(0.0, 105.0)
    axes.legend(fontsize=6.5)


def _lithium(axes: Axes, found: CrackedParticle) -> None:
    rows = found.diffusion
    first = rows["half_cycles"] <= 1.0
    axes.semilogy(rows["potential"][first], rows["diffusivity"][first], "o-", color=BLUE)
    axes.set_xlabel("Potential (V)")
    axes.set_ylabel("Apparent D over D_a")
    seen = rows["diffusivity"][first]
    if seen.min() > 0.0:
        low, high = np.floor(np.log10(seen.min())), np.ceil(np.log10(seen.max()) + 0.05)
        axes.set_ylim(10.0**low, 10.0**high)
