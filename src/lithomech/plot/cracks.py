"""Figures of cracks in cross-sections."""

from typing import Final

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from lithomech.observe.cracks import SHIFTS, Cracks
from lithomech.plot.style import BLUE, INK, MUTED, VERMILION, new_figure, styled

MOST_PIXELS: Final = 1200  # along the longer side of the picture that is drawn


@styled
def overlay(found: Cracks) -> Figure:
    """The picture; the same with cracks, contact and gaps in colour; sensitivity."""
    figure = new_figure(2.75, 7.4)
    first, second, third = figure.subplots(1, 3, width_ratios=(1, 1, 0.75))
    every = max(1, int(np.ceil(max(found.picture.shape) / MOST_PIXELS)))
    grey = found.picture[::every, ::every]
    low, high = np.percentile(grey, [0.5, 99.5])
    scaled = np.clip((grey - low) / max(high - low, 1e-12), 0.0, 1.0)
    first.imshow(scaled, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    coloured = np.repeat(scaled[..., None], 3, axis=2)
    for mask, colour in (
        (found.cracks, VERMILION),
        (found.contact, BLUE),
        (found.gap, "#f0e442"),
    ):
        coloured[_thinned(mask, every)] = to_rgb(colour)
    second.imshow(coloured, interpolation="nearest")
    for axes in (first, second):
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
    first.set_title(found.name)
    second.set_title("cracks red, contact blue, gaps yellow")
    third.plot(100 * np.array(SHIFTS), 100 * found.sensitivity, "o-", color=INK, lw=0.9)
    third.axhline(100 * found.fraction, color=MUTED, lw=0.7)
    third.set_ylim(0, 1.25 * max(100 * float(np.nanmax(found.sensitivity)), 1e-3))
    third.set_xlabel("Threshold shift (%)")
    third.set_ylabel("Crack area in particles (%)")
    return figure


def _thinned(mask: "np.ndarray", every: int) -> "np.ndarray":
    """A mask as coarse as the picture, without losing thin lines."""
    rows, columns = (size // every * every for size in mask.shape)
    blocks = mask[:rows, :columns].reshape(rows // every, every, columns // every, every)
    out = np.zeros(tuple(-(-size // every) for size in mask.shape), bool)
    out[: rows // every, : columns // every] = blocks.any(axis=(1, 3))
    return out
