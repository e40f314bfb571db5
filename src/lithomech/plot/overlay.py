"""Figures of a simulation over a measurement."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.overlay import FEWEST, PRESSURE, Overlay, passed
from lithomech.observe.timeseries import TimeSeries
from lithomech.plot.style import INK, PALETTE, chosen, legend_row, new_figure, styled

COULOMB_PER_MAH = 3.6


@styled
def both(found: Overlay) -> Figure:
    """Voltage and change of the stack pressure over the charge passed in each half cycle."""
    known = all(PRESSURE in s.columns for s in (found.measured, found.simulated))
    figure = new_figure(3.1)
    panels = figure.subplots(1, 2 if known else 1, squeeze=False)[0]
    shown = chosen(len(found.pairs))
    colours = {n: PALETTE[k] for k, n in enumerate(shown)}
    for series, measured in ((found.measured, True), (found.simulated, False)):
        halves = [half for half in half_cycles(series) if half.rows.size >= FEWEST]
        for n in shown:
            half = halves[n]
            charge = passed(half) / COULOMB_PER_MAH
            style = "." if measured else "-"
            every = max(1, charge.size // 60) if measured else 1
            look = {"color": colours[n], "ms": 3, "lw": 1.1}
            panels[0].plot(charge[::every], series.voltage[half.rows][::every], style, **look)
            if known:
                pressure = _change(series, half.rows) / 1e3
                panels[1].plot(charge[::every], pressure[::every], style, **look)
    panels[0].set_ylabel("Voltage (V)")
    if known:
        panels[1].set_ylabel("Change of the stack pressure (kPa)")
    figure.supxlabel("Charge passed in each (mAh)", fontsize="medium")
    handles = [
        Line2D([], [], color=INK, marker=".", ls="", label="measured"),
        Line2D([], [], color=INK, label="simulated"),
    ]
    for n in shown:
        pair = found.pairs[n]
        way = "charge" if pair.is_charge else "discharge"
        handles.append(Line2D([], [], color=colours[n], label=f"{way} {pair.cycle}"))
    legend_row(figure, handles)
    return figure


def _change(series: TimeSeries, rows: "np.ndarray") -> "np.ndarray":
    pressure = series.stack_pressure[rows]
    return pressure - pressure[0]
