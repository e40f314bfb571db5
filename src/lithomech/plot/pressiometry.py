"""Figures of differential pressiometry."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.observe.differential import BLOCKS, Slope
from lithomech.plot.style import MUTED, PALETTE, chosen, legend_row, new_figure, styled

COULOMB_PER_MAH: Final = 3.6
LEAST_MARGIN: Final = 1.0  # kPa/mAh


@styled
def slopes(found: Sequence[Slope]) -> Figure:
    """Slopes over charge, charges and discharges side by side, with band and extrema.

    Args:
        found: at least one, of at most six cycles; of more cycles six are drawn.
    """
    cycles = list(dict.fromkeys(s.signal.cycle for s in found))
    shown = [cycles[index] for index in chosen(len(cycles))]
    colours = dict(zip(shown, PALETTE, strict=False))
    ways = [w for w in (True, False) if any(s.signal.is_charge == w for s in found)]
    figure = new_figure(3.1)
    panels = figure.subplots(1, len(ways), sharex=True, sharey=True, squeeze=False)[0]
    values = [np.zeros(1)]
    for one in found:
        if one.signal.cycle not in colours:
            continue
        axes, colour = panels[ways.index(one.signal.is_charge)], colours[one.signal.cycle]
        # Charge counts down on discharge: a reversible pressure has the same slope both ways.
        unit = (1.0 if one.signal.is_charge else -1.0) * COULOMB_PER_MAH / 1e3
        charge = one.along / COULOMB_PER_MAH
        band = [unit * edge for edge in one.band]
        axes.fill_between(charge, *band, color=colour, alpha=0.2, lw=0)
        axes.plot(charge, unit * one.slope, color=colour)
        values.append(unit * one.slope)
        for turn in one.extrema():
            axes.plot(turn.place / COULOMB_PER_MAH, unit * turn.slope, "o", color=colour)
    for way, axes in zip(ways, panels, strict=True):
        axes.axhline(0, color=MUTED, lw=0.7)
        axes.set_title("Charge" if way else "Discharge")
    # The ends of a half cycle can hold steep transients that would flatten all the rest.
    low, high = np.percentile(np.concatenate(values), [1, 99])
    margin = max(0.12 * (high - low), LEAST_MARGIN)
    panels[0].set_ylim(low - margin, high + margin)
    panels[0].set_ylabel("dP/dQ (kPa/mAh)")
    note = f"spline through {BLOCKS} block averages; dots: extrema"
    figure.supxlabel(f"Charge passed in each (mAh); {note}", fontsize="medium")
    handles = [Line2D([], [], color=c, label=f"cycle {n}") for n, c in colours.items()]
    legend_row(figure, handles)
    return figure
