"""Figures of impedance spectra."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from lithomech.plot.style import MUTED, PALETTE, chosen, legend_row, new_figure, styled

if TYPE_CHECKING:
    from lithomech.cell.result import ImpedanceSpectrum


@styled
def nyquist(spectra: "Sequence[ImpedanceSpectrum]") -> Figure:
    """Impedance spectra in the complex plane, equal scales, some frequencies marked."""
    figure = new_figure(3.4)
    axes = figure.subplots()
    handles = []
    for index, colour in zip(chosen(len(spectra)), PALETTE, strict=False):
        spectrum = spectra[index]
        z = spectrum.impedance_ohm
        axes.plot(z.real, -z.imag, color=colour)
        hours = f"cycle {spectrum.cycle}, {spectrum.time_s / 3600:.3g} h"
        handles.append(Line2D([], [], color=colour, label=hours))
        _mark_frequencies(axes, spectrum.frequency_Hz, z, colour)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("Re Z (Ω)")
    axes.set_ylabel("−Im Z (Ω)")
    legend_row(figure, handles)
    return figure


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
