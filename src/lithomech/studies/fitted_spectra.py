"""Impedance spectra, measured and of a run."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol.order import Planned, direction, flatten
from lithomech.cell.protocol.steps import Impedance
from lithomech.errors import InputError
from lithomech.observe.readers.spectra import read_spectra
from lithomech.studies.fitted_channels import Across, Asked, Channel, Noise, spread
from lithomech.studies.readings import Reading

Floats = NDArray[np.float64]
_AT: Final = re.compile(r"end of (charge|discharge) ([1-9][0-9]{0,6})")
_WAYS: Final = {"charge": 1, "discharge": -1}
EDGE: Final = 1e-9  # relative, of a frequency
NEAR: Final = 4  # points of a simulated spectrum that a value lies between


class OfSpectrum(NamedTuple):
    """Reads a part of the impedance at one frequency.

    Attributes:
        cycle: and
        step: of the spectrum in the protocol.
        frequency: [Hz].
        imaginary: whether it is minus the imaginary part, not the real one.
    """

    cycle: int
    step: int
    frequency: float
    imaginary: bool

    def __call__(self, result: Any) -> float | None:  # noqa: ANN401 - a CellResult
        """Return the value [ohm]; None where the run has no such spectrum."""
        for one in result.impedance:
            if (one.cycle, one.step) == (self.cycle, self.step):
                part = -one.impedance_ohm.imag if self.imaginary else one.impedance_ohm.real
                return _between(self.frequency, one.frequency_Hz, part)
        return None


def impedance(asked: Asked, noise: Noise) -> Iterator[Channel]:
    """Yield real and negative imaginary part of the first spectrum of a file.

    Points outside the frequencies of the step in the protocol are left out.

    Raises:
        InputError: the file cannot be read, or the protocol has no such spectrum.
    """
    planned, step = _step(asked)
    (spectrum, *others) = read_spectra(asked.file, asked.mapping)
    if others:
        count = 1 + len(others)
        raise InputError(
            f"{asked.file.name} holds {count} spectra; give each a file of its own"
        )
    inside = (spectrum.frequency >= step.low_Hz * (1.0 - EDGE)) & (
        spectrum.frequency <= step.high_Hz * (1.0 + EDGE)
    )
    if not inside.any():
        ends = f"{step.low_Hz:g} to {step.high_Hz:g} Hz"
        raise InputError(f"{asked.file.name} has no point between {ends} of the protocol")
    rows = np.flatnonzero(inside)
    rows = rows[spread(rows.size, asked.points)]
    at, values = spectrum.frequency[rows], spectrum.impedance[rows]
    deviation = noise.of(np.abs(values))
    for imaginary, label, part in ((False, "Z'", values.real), (True, "-Z''", -values.imag)):
        readings = tuple(
            Reading(
                f"{label}@{f!r} Hz, cycle {planned.cycle}, step {planned.step}", label,
                OfSpectrum(planned.cycle, planned.step, f, imaginary),
            )
            for f in at.tolist()
        )  # fmt: skip
        name, over = f"{asked.file.name}: {label}", Across("Frequency (Hz)", log=True)
        yield Channel(name, label, ("Ω", 1.0), over, at, part, deviation, readings)


def _step(asked: Asked) -> tuple[Planned, Impedance]:
    """The step of the protocol that measures the spectrum.

    Raises:
        InputError: there is none.
    """
    spectra: list[tuple[int, Planned, Impedance]] = []
    way = 0
    for planned in flatten(asked.steps()):
        if isinstance(planned.what, Impedance):
            spectra.append((way, planned, planned.what))
        way = direction(planned.what) or way
    at = asked.at
    if isinstance(at, int):
        chosen = spectra[at - 1 : at] if at > 0 else []
    else:
        match = _AT.fullmatch(at.strip().lower())
        if match is None:
            message = f"{at!r} is no place; expected such as 'end of charge 1', or a number"
            raise InputError(message)
        wanted = (_WAYS[match[1]], int(match[2]))
        chosen = [one for one in spectra if (one[0], one[1].cycle) == wanted]
    if not chosen:
        there = f"its protocol has {len(spectra)}"
        raise InputError(
            f"the cell measures no spectrum at {at!r}; {there} (Impedance from ...)"
        )
    return chosen[0][1:]


def _between(frequency: float, frequencies: Floats, values: Floats) -> float:
    """Cubic through the nearest points over the logarithm of the frequency."""
    order = np.argsort(frequencies)
    x, y, t = np.log(frequencies[order]), values[order], np.log(frequency)
    first = int(np.clip(np.searchsorted(x, t) - NEAR // 2, 0, max(x.size - NEAR, 0)))
    x, y = x[first : first + NEAR], y[first : first + NEAR]
    total = 0.0
    for k in range(x.size):
        others = np.delete(x, k)
        total += float(y[k] * np.prod((t - others) / (x[k] - others)))
    return total
