"""Figures of differential pressiometry."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from lithomech.observe.differential import BLOCKS, Slope
from lithomech.plot.style import MUTED, PALETTE, chosen, legend_row, new_figure, styled

COULOMB_PER_MAH: Final = 3.6
LEAST_MARGIN: Final = 1.0  # kPa/mAh
ENDS: Final = 3  # blocks at each end of a half cycle
MOST_STRETCH: Final = 2.0  # of the axis by them


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
    shown_values: list[NDArray[np.float64]] = []
    for one in found:
        if one.signal.cycle not in colours:
            continue
        axes, colour = panels[ways.index(one.signal.is_charge)], colours[one.signal.cycle]
        # Charge counts down on discharge: a reversible pressure has the same slope both ways.
        unit = (1.0 if one.signal.is_charge else -1.0) * COULOMB_PER_MAH / 1e3
        charge = one.along / COULOMB_PER_MAH
        band = [unit * edge for edge in one.band]
        # All bands lie behind all curves, and the axis shows them.
        axes.fill_between(charge, *band, color=colour, alpha=0.2, lw=0, zorder=1)
        axes.plot(charge, unit * one.slope, color=colour, zorder=2)
        shown_values += [unit * one.slope, *band]
        for turn in one.extrema():
            axes.plot(turn.place / COULOMB_PER_MAH, unit * turn.slope, "o", color=colour)
    for way, axes in zip(ways, panels, strict=True):
        axes.axhline(0, color=MUTED, lw=0.7)
        axes.set_title("Charge" if way else "Discharge")
    low, high, cut = _limits(shown_values)
    panels[0].set_ylim(low, high)
    panels[0].set_ylabel("dP/dQ (kPa/mAh)")
    note = f"spline through {BLOCKS} block averages; dots: extrema"
    if cut:
        note += "; steep ends leave the axis"
    figure.supxlabel(f"Charge passed in each (mAh); {note}", fontsize="medium")
    handles = [Line2D([], [], color=c, label=f"cycle {n}") for n, c in colours.items()]
    legend_row(figure, handles)
    return figure


def _limits(curves: Sequence[NDArray[np.float64]]) -> tuple[float, float, bool]:
    """Ends of the axis for curves and bands, and whether some of them lie beyond.

    The ends of a half cycle can hold steep transients that would flatten all the rest: these
    alone may leave the axis.
    """
    if not curves:
        return -LEAST_MARGIN, LEAST_MARGIN, False
    whole = np.concatenate(curves)
    inner = np.concatenate([curve[ENDS:-ENDS] for curve in curves])
    cut = bool(np.ptp(whole) > MOST_STRETCH * max(float(np.ptp(inner)), LEAST_MARGIN))
    low, high = (inner.min(), inner.max()) if cut else (whole.min(), whole.max())
    margin = max(0.06 * (high - low), LEAST_MARGIN)
    return float(low - margin), float(high + margin), cut
