"""What a run has to say about itself: no numbers, and numbers that need an explanation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.result import ImpedanceSpectrum
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver.voltages import BESIDE, electrode_window, possible
from lithomech.observe.timeseries import TimeSeries

Floats = NDArray[np.float64]
Cycles = Sequence[Mapping[str, float | None]]
NAMED: Final = 5  # cycles that a warning names before it counts the rest
WHOLE: Final = 1.0 + 1e-6  # efficiency above which more came out than went in


def not_a_number(
    series: Mapping[str, Floats],
    profiles: Mapping[str, Floats],
    cycles: Cycles,
    spectra: Sequence[ImpedanceSpectrum],
) -> str | None:
    """Name of the first quantity with a value that is not finite, None where all are.

    Args:
        series: columns over time.
        profiles: arrays by row, with (node, class) for composites; a class that a profile does
            not apply to is NaN throughout.
        cycles: summaries; None stands for what does not apply.
        spectra: of impedance steps.
    """
    bad = [name for name, column in series.items() if not np.isfinite(column).all()]
    bad += [name for name, values in profiles.items() if not _whole(values)]
    bad += [
        f"{key} of cycle {number}"
        for number, cycle in enumerate(cycles, start=1)
        for key, value in cycle.items()
        if value is not None and not np.isfinite(value)
    ]
    bad += [
        f"impedance of step {spectrum.step}"
        for spectrum in spectra
        if not np.isfinite(spectrum.impedance_ohm).all()
    ]
    return bad[0] if bad else None


def _whole(profile: Floats) -> bool:
    """Whether each class has either a number everywhere or none anywhere."""
    known = np.isfinite(profile)
    absent = np.isnan(profile).all(axis=(0, 1)) if profile.ndim == 3 else False
    return bool((known | absent).all())


def efficiency_warnings(cycles: Cycles) -> Iterator[str]:
    """Warn of cycles that give more charge than they take: they begin partly charged."""
    above = [
        (number, efficiency)
        for number, cycle in enumerate(cycles, start=1)
        if (efficiency := cycle.get("coulombic_efficiency")) is not None and efficiency > WHOLE
    ]
    if above:
        named = ", ".join(f"{number} ({100.0 * e:.4g} %)" for number, e in above[:NAMED])
        more = f" and {len(above) - NAMED} more" if len(above) > NAMED else ""
        yield (
            f"coulombic efficiency above 100 % in cycle {named}{more}: the cell began it "
            "partly charged, and gave more than it took"
        )


def rest_warnings(model: Resolved, traces: TimeSeries) -> Iterator[str]:
    """Warn of voltages at rest that the electrodes do not have: hosts beyond their ends.

    Args:
        model: the cell.
        traces: of its run.
    """
    low, high = electrode_window(model)
    outside = np.maximum(low - traces.voltage, traces.voltage - high)
    rests = (traces.current == 0.0) & (outside > BESIDE)
    if rests.any():
        seconds = float(np.diff(traces.time, append=traces.time[-1])[rests].sum())
        yield (
            f"at rest the voltage is up to {outside[rests].max():.3g} V outside what the "
            f"electrodes have, for {seconds:.3g} s: an electrode is exhausted at its contacts; "
            f"{possible(model)}"
        )


def impedance_warnings(spectra: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    """Warn of negative resistances: about a state far from rest a cell is not passive."""
    for spectrum in spectra:
        negative = spectrum.frequency_Hz[spectrum.impedance_ohm.real < 0.0]
        if negative.size:
            yield (
                f"impedance of step {spectrum.step}, cycle {spectrum.cycle}: negative "
                f"resistance from {negative.min():.3g} to {negative.max():.3g} Hz: lithium "
                "still moves between and inside the hosts, which a spectrum takes as they are; "
                "rest before it"
            )
