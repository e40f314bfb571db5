"""Figures of one particle."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lithomech.particle.equations import von_mises
from lithomech.particle.result import ParticleStress
from lithomech.plot.style import BLUE, INK, PALETTE, VERMILION, new_figure, styled


@styled
def overview(found: ParticleStress) -> Figure:
    """Section as an electron microscope shows it; its stress; tension while lithium leaves."""
    figure = new_figure(2.6, 7.4)
    grey, stress, curve = figure.subplots(1, 3, width_ratios=(1, 1.22, 1.0))
    grey.imshow(section(found), cmap="gray", vmin=0.0, vmax=1.0, interpolation="nearest")
    middle = found.labels.shape[0] // 2
    inside = found.labels[middle] > 0
    field = np.where(inside, von_mises(found.stress[:, middle]) / 1e6, np.nan)
    drawn = stress.imshow(field, cmap="inferno", vmin=0.0, interpolation="nearest")
    figure.colorbar(drawn, ax=stress, shrink=0.85, label="MPa")
    for axes, title in ((grey, found.name), (stress, "equivalent stress")):
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.set_title(title)
    for name, colour, label in (
        ("tension_99", VERMILION, "tension, highest 1 %"),
        ("tension_90", PALETTE[4], "highest 10 %"),
        ("shear_90", BLUE, "shear, highest 10 %"),
        ("tension_50", INK, "tension, median"),
    ):
        curve.plot(
            found.stoichiometry, found.by_content[name] / 1e6, "o-", color=colour, label=label
        )
    curve.invert_xaxis()
    curve.set_xlabel("Lithium per formula unit")
    curve.set_ylabel("On boundaries (MPa)")
    curve.margins(y=0.32)
    curve.legend(fontsize=6.0, loc="upper left")
    return figure


def section(found: ParticleStress) -> NDArray[np.float64]:
    """Middle section, brightness by the direction of the c axis, boundaries darker."""
    labels = found.labels[found.labels.shape[0] // 2]
    # electrons channel: what is seen of a grain depends on its direction
    seen = 0.62 + 0.28 * (2.0 * np.abs(found.axes[:, 0]) - 1.0)
    grey = np.where(labels > 0, seen[np.maximum(labels, 1) - 1], 0.30)
    edge = np.zeros(labels.shape, bool)
    for axis in (0, 1):
        after = np.roll(labels, -1, axis)
        edge |= (labels != after) & (labels > 0) & (after > 0)
    return np.where(edge, 0.35 * grey, grey)
