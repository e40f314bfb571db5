"""Utilisation and conductivities over composition and size ratio."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from lithomech.plot.style import new_figure, styled

if TYPE_CHECKING:
    from lithomech.studies.composition import CompositionMap

PANELS: Final = (  # quantity, title, scale, colours
    ("utilisation", "in use (%)", 100.0, "viridis"),
    ("conductivity_ionic", "ions (mS/cm)", 10.0, "Blues"),
    ("conductivity_electronic", "electrons (mS/cm)", 10.0, "Oranges"),
)
DARK: Final = 0.6  # of the range, from where letters are white


@styled
def maps(study: "CompositionMap") -> Figure:
    """Three tables with colours, at the highest stack pressure."""
    figure = new_figure(2.7)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (name, title, scale, colours) in zip(panels, PANELS, strict=True):
        values = scale * study.table(name)[:, :, -1]
        axes.imshow(values, cmap=colours, aspect="auto", origin="lower")
        low, high = np.nanmin(values), np.nanmax(values)
        for (i, j), value in np.ndenumerate(values):
            share = (value - low) / (high - low) if high > low else 0.0
            dark = share < 1.0 - DARK if name == "utilisation" else share > DARK
            axes.text(
                j, i, f"{value:.3g}", ha="center", va="center", fontsize="small",
                color="white" if dark else "black",
            )  # fmt: skip
        axes.set_xticks(range(len(study.size_ratios)), [f"{r:g}" for r in study.size_ratios])
        axes.set_yticks(range(len(study.weights)), [f"{100 * w:g}" for w in study.weights])
        axes.set_xlabel("size ratio")
        axes.set_title(title, fontsize="medium")
        axes.grid(visible=False)
    panels[0].set_ylabel("active material (wt %)")
    pressure = study.stack_pressures[-1] / 1e6
    figure.suptitle(f"stack pressure {pressure:g} MPa", fontsize="small")
    return figure
