"""Figures of polarization measurements."""

import numpy as np
from matplotlib.figure import Figure

from lithomech.observe.polarization import LAST, Polarization
from lithomech.plot.style import BLUE, INK, MUTED, VERMILION, new_figure, styled


@styled
def holds(found: Polarization) -> Figure:
    """Current over time with what was read of it, and current over voltage."""
    figure = new_figure(2.9)
    left, right = figure.subplots(1, 2)
    hours = found.series.time / 3600.0
    left.plot(hours, 1e3 * found.series.current, color=BLUE, lw=0.9)
    for hold in found.holds:
        colour = INK if hold.steady else VERMILION
        read = np.array([hold.end - LAST * (hold.end - hold.start), hold.end])
        left.plot(read / 3600.0, np.full(2, 1e3 * hold.current), color=colour, lw=2.5)
    ends = np.percentile(found.series.current, [2, 98]) * 1e3
    margin = 0.3 * np.ptp(ends)
    left.set_ylim(min(0.0, ends[0] - margin), ends[1] + margin)
    left.set_xlabel("Time (h); thick: what is read")
    left.set_ylabel("Current (mA)")
    voltage = np.array([hold.voltage for hold in found.holds])
    span = np.array([min(0.0, voltage.min()), max(0.0, voltage.max())])
    right.plot(1e3 * span, 1e3 * (span - found.offset) / found.resistance, color=MUTED, lw=0.9)
    for hold in found.holds:
        right.errorbar(
            1e3 * hold.voltage,
            1e3 * hold.current,
            1e3 * hold.noise,
            fmt="o",
            color=BLUE,
            mfc=BLUE if hold.steady else "white",
        )
    sigma, error = found.conductivity
    right.set_title(f"{1e-2 * sigma:.3g} ± {1e-2 * error:.1g} S/cm")
    right.set_xlabel("Voltage (mV)")
    right.set_ylabel("Steady current (mA)")
    return figure
