"""Figures of acoustic emission."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.observe.acoustic import Acoustic
from lithomech.plot.style import INK, MUTED, PALETTE, legend_row, new_figure, styled


@styled
def activity(found: Acoustic) -> Figure:
    """Peak frequencies over time, cumulative hits, and the voltage of the cell."""
    rows = 2 if found.series is None else 3
    figure = new_figure(1.6 * rows)
    panels = figure.subplots(rows, 1, sharex=True)
    hours = found.hits.time / 3600.0
    handles = []
    for band in range(found.bands):
        colour = PALETTE[band % len(PALETTE)]
        inside = found.band == band
        panels[0].plot(
            hours[inside], found.hits.frequency[inside] / 1e3, ".", color=colour, ms=3
        )
        time, count = found.cumulative(band)
        panels[1].step(time / 3600.0, count, where="post", color=colour)
        label = f"band {band + 1}: {int(inside.sum())} hits"
        handles.append(Line2D([], [], color=colour, marker=".", label=label))
    for edge in found.edges:
        panels[0].axhline(edge / 1e3, color=MUTED, lw=0.7, ls=":")
    if len(np.unique(found.hits.frequency)) > 1:
        panels[0].set_yscale("log")
    panels[0].set_ylabel("Peak frequency (kHz)")
    panels[1].set_ylabel("Cumulative hits")
    if found.series is not None:
        panels[2].plot(found.series.time / 3600.0, found.series.voltage, color=INK, lw=0.9)
        panels[2].set_ylabel("Voltage (V)")
    panels[-1].set_xlabel("Time (h)")
    legend_row(figure, handles)
    return figure
