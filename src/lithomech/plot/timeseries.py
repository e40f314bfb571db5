"""Figures of a time series, simulated or measured."""

from typing import Final

from matplotlib.figure import Figure

from lithomech.observe.timeseries import TimeSeries
from lithomech.plot.style import BLUE, GREEN, MUTED, VERMILION, new_figure, styled, time_axis

# Column, factor, label, colour of each panel.
PANELS: Final = (
    ("Voltage / V", 1.0, "Voltage (V)", BLUE),
    ("Current / A", 1e3, "Current (mA)", GREEN),
    ("Surface Pressure / Pa", 1e-6, "Stack pressure (MPa)", VERMILION),
)
PANEL_HEIGHT: Final = 1.55  # inches


@styled
def traces(series: TimeSeries) -> Figure:
    """Draw voltage, current and stack pressure against time, as far as they are there."""
    panels = [panel for panel in PANELS if panel[0] in series.columns]
    figure = new_figure(0.5 + PANEL_HEIGHT * max(1, len(panels)))
    time, label = time_axis(series.time)
    rows = figure.subplots(max(1, len(panels)), sharex=True, squeeze=False)[:, 0]
    for axes, (name, factor, text, colour) in zip(rows, panels, strict=False):
        axes.plot(time, factor * series.columns[name], color=colour)
        axes.set_ylabel(text)
        axes.margins(x=0)
        if name == "Current / A":
            axes.axhline(0, color=MUTED, lw=0.7)
    rows[-1].set_xlabel(label)
    figure.align_ylabels()
    return figure
