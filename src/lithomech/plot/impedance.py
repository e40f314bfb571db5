"""Figures of impedance spectra."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from lithomech.observe.timeseries import TimeSeries
from lithomech.plot.style import MUTED, PALETTE, chosen, legend_row, new_figure, styled

if TYPE_CHECKING:
    from lithomech.cell.readout.result import ImpedanceSpectrum


@styled
def nyquist(spectra: "Sequence[ImpedanceSpectrum]", series: TimeSeries) -> Figure:
    """Impedance spectra in the complex plane, equal scales.

    Args:
        spectra: At least one.
        series: Of the same run, for the stack pressure at each spectrum.
    """
    figure = new_figure(3.4)
    axes = figure.subplots()
    handles = []
    shown = [spectra[index] for index in chosen(len(spectra))]
    for spectrum, colour in zip(shown, PALETTE, strict=False):
        z = spectrum.impedance_ohm
        axes.plot(z.real, -z.imag, color=colour)
        handles.append(Line2D([], [], color=colour, label=_moment(spectrum, series)))
    # The widest spectrum has room for the frequencies.
    widest = max(range(len(shown)), key=lambda n: float(np.ptp(shown[n].impedance_ohm.real)))
    _mark_frequencies(
        axes, shown[widest].frequency_Hz, shown[widest].impedance_ohm, PALETTE[widest]
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("Re Z (Ω)")
    axes.set_ylabel("−Im Z (Ω)")
    legend_row(figure, handles)
    return figure


def _moment(spectrum: "ImpedanceSpectrum", series: TimeSeries) -> str:
    """When a spectrum was measured, and at which stack pressure if it is known."""
    text = f"cycle {spectrum.cycle}, {spectrum.time_s / 3600:.3g} h"
    if not len(series):
        return text
    # an impedance takes no time: rows of the step after it may share its time
    before = np.flatnonzero(series.step < spectrum.step)
    row = int(before[-1]) if before.size else 0
    return f"{text}, {series.stack_pressure[row] / 1e6:.3g} MPa"


def _mark_frequencies(
    axes: Axes, frequency: NDArray[np.float64], z: NDArray[np.complex128], colour: str
) -> None:
    """Mark every third decade with a point and its frequency, written off the curve."""
    along = np.gradient(z.real - 1j * z.imag) * (1 if frequency[0] > frequency[-1] else -1)
    for exponent, text in ((6, "1 MHz"), (3, "1 kHz"), (0, "1 Hz"), (-3, "1 mHz")):
        if not frequency.min() <= 1.001 * 10.0**exponent <= 1.002 * frequency.max():
            continue
        index = int(np.argmin(np.abs(np.log(frequency / 10.0**exponent))))
        point = (z.real[index], -z.imag[index])
        # To the right of the way towards low frequencies: below an arc, outside a tail.
        side = -1j * along[index] / (abs(along[index]) or 1.0)
        axes.plot(*point, "o", color=colour)
        axes.annotate(
            text,
            point,
            xytext=(6 * side.real, 6 * side.imag),
            textcoords="offset points",
            ha="left" if side.real > 0.4 else "right" if side.real < -0.4 else "center",
            va="bottom" if side.imag > 0.4 else "top" if side.imag < -0.4 else "center",
            fontsize="small",
            color=MUTED,
        )
