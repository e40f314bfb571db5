"""Figures of rate tests."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.observe.rate import Rate
from lithomech.plot.style import MUTED, PALETTE, legend_row, new_figure, styled


@styled
def discharge_times(found: Sequence[Rate]) -> Figure:
    """Discharge time over current, both logarithmic, with the lines of slope -1 and -2.

    Args:
        found: at least one.
    """
    figure = new_figure(3.6, 4.6)
    axes = figure.subplots()
    handles = []
    for one, colour in zip(found, PALETTE, strict=False):
        current = np.geomspace(one.current[0], one.current[-1], 200)
        axes.plot(1e3 * one.current, one.time / 3600.0, "o", color=colour)
        axes.plot(1e3 * current, one.model(current) / 3600.0, color=colour, lw=0.9)
        label = one.name
        if np.isfinite(one.transition):
            axes.axvline(1e3 * one.transition, color=colour, lw=0.7, ls=":")
            label = f"{one.name}: slopes meet at {1e3 * one.transition:.3g} mA"
        handles.append(Line2D([], [], color=colour, marker="o", label=label))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("Current (mA)")
    axes.set_ylabel("Discharge time (h)")
    handles.append(Line2D([], [], color=MUTED, lw=0.9, label="slopes −1 and −2"))
    legend_row(figure, handles)
    return figure
