"""Acoustic hits: short sounds that cracks and gaps make."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError


@final
@dataclass(frozen=True)
class Hits:
    """Hits in the order of time; those without time or frequency are left out.

    Attributes:
        time: [s], shape (n,).
        frequency: peak frequency [Hz], shape (n,).
        amplitude: [V], nan where not known, shape (n,).
        energy: in the units of the instrument, nan where not known, shape (n,).
        name: of the measurement.
        notes: what was done when they were read.

    Raises:
        InputError: the columns differ in length, or no hit is left.
    """

    time: NDArray[np.float64]
    frequency: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    energy: NDArray[np.float64]
    name: str = "hits"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check, and put in order."""
        columns = (self.time, self.frequency, self.amplitude, self.energy)
        if len({column.shape for column in columns}) != 1:
            raise InputError("the columns of the hits differ in length")
        with np.errstate(invalid="ignore"):
            good = np.isfinite(self.time) & np.isfinite(self.frequency) & (self.frequency > 0.0)
        if not good.any():
            raise InputError("no hit has a time and a frequency")
        order = np.flatnonzero(good)[np.argsort(self.time[good], kind="stable")]
        for name, column in zip(
            ("time", "frequency", "amplitude", "energy"), columns, strict=True
        ):
            object.__setattr__(self, name, np.asarray(column[order], np.float64))
        left = int((~good).sum())
        if left:
            note = f"{left} hits without time or frequency were left out"
            object.__setattr__(self, "notes", (*self.notes, note))
