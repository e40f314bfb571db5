"""Figures of analysed impedance spectra."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.errors import InputError
from lithomech.observe.eis import Analysed, Impedance
from lithomech.plot.style import INK, MUTED, PALETTE, chosen, legend_row, new_figure, styled

CONDITIONS: Final = (
    ("stack_pressure_Pa", "Stack pressure (MPa)", 1e-6),
    ("cycle", "Cycle", 1.0),
    ("time_s", "Time (h)", 1.0 / 3600.0),
)


@styled
def overview(found: Impedance) -> Figure:
    """Spectra with their fits, residuals, and relaxation times."""
    figure = new_figure(5.4)
    (plane, residuals), (times, trend) = figure.subplots(2, 2)
    handles = []
    shown = [found.spectra[n] for n in chosen(len(found.spectra))]
    for one, colour in zip(shown, PALETTE, strict=False):
        z = one.spectrum.impedance
        f = np.geomspace(one.spectrum.frequency[-1], one.spectrum.frequency[0], 400)
        fit = found.circuit.impedance(f, one.fit.values)
        plane.plot(z.real, -z.imag, ".", color=colour, ms=3.5)
        plane.plot(np.real(fit), -np.imag(fit), color=colour, lw=0.9)
        times.plot(one.times.tau, one.times.density, color=colour)
        for peak in one.times.peaks:
            times.plot(
                peak.tau,
                np.interp(peak.tau, one.times.tau, one.times.density),
                "o",
                color=colour,
            )
        handles.append(Line2D([], [], color=colour, marker=".", label=_name(one)))
    plane.set_aspect("equal", adjustable="datalim")
    ohm = found.unit.replace("ohm", "Ω").replace("cm2", "cm²")
    plane.set_xlabel(f"Re Z ({ohm})")
    plane.set_ylabel(f"−Im Z ({ohm})")
    plane.set_title(found.circuit.text)
    _residuals(residuals, found, shown[0])
    times.set_xscale("log")
    times.set_xlabel("Relaxation time (s)")
    times.set_ylabel(f"Distribution ({ohm})")
    if len(found.spectra) > 1:
        _trend(trend, found, ohm)
    else:
        _bode(trend, found, shown[0], ohm)
    legend_row(figure, handles)
    return figure


def _name(one: Analysed) -> str:
    """What sets a spectrum apart, if that is known."""
    for key, text, scale in CONDITIONS:
        if key in one.spectrum.conditions:
            quantity, _, unit = text.partition(" (")
            value = scale * one.spectrum.conditions[key]
            return f"{quantity.lower()} {value:.3g} {unit.rstrip(')')}".strip()
    return one.spectrum.name


def _residuals(axes: Axes, found: Impedance, one: Analysed) -> None:
    """What the Kramers-Kronig test and the circuit leave."""
    size = np.abs(one.spectrum.impedance)
    fit = found.circuit.impedance(one.spectrum.frequency, one.fit.values)
    left = 100 * (one.spectrum.impedance - fit) / size
    tested = 100 * one.test.differences
    f = one.spectrum.frequency
    for values, colour, label in (
        (tested.real, PALETTE[2], "K-K, real"),
        (tested.imag, PALETTE[3], "K-K, imaginary"),
        (np.real(left), INK, "circuit, real"),
        (np.imag(left), MUTED, "circuit, imaginary"),
    ):
        axes.plot(f, values, color=colour, lw=0.9, label=label)
    axes.axhline(0.0, color=MUTED, lw=0.5)
    axes.set_xscale("log")
    axes.set_xlabel("Frequency (Hz)")
    axes.set_ylabel("Residual (% of |Z|)")
    axes.set_title(
        one.test.verdict if len(one.test.verdict) < 40 else "not steady or not linear"
    )
    axes.legend(fontsize=6.5, ncols=2)


def _trend(axes: Axes, found: Impedance, ohm: str) -> None:
    """Resistances and contact area over the spectra."""
    names = [
        n
        for n, p in zip(found.circuit.names, found.circuit.parameters, strict=True)
        if p.kind == "resistance"
    ]
    along, label = np.arange(1, len(found.spectra) + 1), "Spectrum"
    for key, text, scale in CONDITIONS:
        values = [one.spectrum.conditions.get(key, np.nan) for one in found.spectra]
        if np.all(np.isfinite(values)) and len(set(values)) > 1:
            along, label = scale * np.array(values), text
            break
    order = np.argsort(along)
    for name, colour in zip(names, PALETTE, strict=False):
        values, deviation = found.series(name)
        axes.errorbar(
            along[order],
            values[order],
            np.minimum(deviation, values)[order],
            fmt="o-",
            lw=0.9,
            color=colour,
            label=name,
        )
    axes.set_yscale("log")
    axes.set_xlabel(label)
    axes.set_ylabel(f"Resistance ({ohm})")
    try:
        area = found.contact_area()
    except InputError:
        pass
    else:
        other = axes.twinx()
        other.plot(along[order], area[order], "s--", color=INK, lw=0.9, label="contact area")
        other.set_ylabel("Contact area from W, relative")
        other.set_ylim(0, 1.05 * float(np.max(area)))
        other.grid(visible=False)
    axes.legend(fontsize=6.5, loc="center right")


def _bode(axes: Axes, found: Impedance, one: Analysed, ohm: str) -> None:
    f, z = one.spectrum.frequency, one.spectrum.impedance
    fit = found.circuit.impedance(f, one.fit.values)
    axes.plot(f, np.abs(z), ".", color=PALETTE[0], ms=3.5)
    axes.plot(f, np.abs(fit), color=PALETTE[0], lw=0.9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("Frequency (Hz)")
    axes.set_ylabel(f"|Z| ({ohm})")
    other = axes.twinx()
    other.plot(f, -np.degrees(np.angle(z)), ".", color=PALETTE[1], ms=3.5)
    other.plot(f, -np.degrees(np.angle(fit)), color=PALETTE[1], lw=0.9)
    other.set_ylabel("−phase (°)")
    other.grid(visible=False)
