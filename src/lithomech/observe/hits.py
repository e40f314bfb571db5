"""Acoustic hits: short sounds that cracks and gaps make."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.notebook import notebook_view


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

    def _repr_html_(self) -> str:
        """Show how many there are, and their ranges, in a notebook."""
        columns = {"Time / s": self.time, "Frequency / Hz": self.frequency}
        rows = [(name, float(v.min()), float(v.max())) for name, v in columns.items()]
        head = ("Column", "Lowest", "Highest")
        return notebook_view(self.name, f"{self.time.size} hits", head, rows, self.notes)

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
