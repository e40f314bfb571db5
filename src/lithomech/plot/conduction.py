"""Sections through an image with the potential that drives the current."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from lithomech.plot.style import MUTED, new_figure, styled

if TYPE_CHECKING:
    from lithomech.microstructure.result import Conduction

CURVES: Final = 12  # equipotentials


@styled
def sections(result: "Conduction") -> Figure:
    """The middle section along the current: phases, and the potential with equipotentials.

    Args:
        result: one that keeps its field.
    """
    if result.potential is None or result.labels is None:
        raise ValueError("the result holds no field; ask for keep_field")
    along, shape = "zyx".index(result.axis), result.labels.shape
    across = max((a for a in range(3) if a != along), key=lambda a: shape[a])
    through = 3 - along - across
    middle = shape[through] // 2
    labels = np.take(result.labels, middle, axis=through)
    potential = np.take(result.potential, middle, axis=through)
    if along > across:
        labels, potential = labels.T, potential.T
    figure = new_figure(3.4)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    edges = result.edges or (1.0, 1.0, 1.0)
    shape_of_pixel = edges[along] / edges[across]
    left.imshow(labels, cmap="gray", interpolation="nearest", aspect=shape_of_pixel)
    left.set_title("phases", fontsize="medium")
    shown = right.imshow(
        potential,
        cmap="viridis",
        vmin=0,
        vmax=1,
        interpolation="nearest",
        aspect=shape_of_pixel,
    )
    right.set_facecolor("0.85")
    if min(potential.shape) > 2 and np.isfinite(potential).any():
        levels = np.linspace(0, 1, CURVES + 1)[1:-1]
        right.contour(potential, levels=levels, colors="white", linewidths=0.6)
    right.set_title("potential", fontsize="medium")
    figure.colorbar(shown, ax=right, shrink=0.8)
    names = "zyx"
    for axes in (left, right):
        axes.set_xlabel(f"{names[across]} (voxels)")
        axes.grid(visible=False)
    left.set_ylabel(f"{names[along]} (voxels), along the current")
    figure.supxlabel(
        f"section {middle} along {names[through]}; grey: no current",
        fontsize="small",
        color=MUTED,
    )
    return figure
