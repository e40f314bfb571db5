"""One impedance spectrum, measured or simulated."""

from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError

FEWEST: Final = 5


@final
@dataclass(frozen=True)
class Spectrum:
    """Impedance over frequency, in the order of falling frequency.

    Attributes:
        frequency: [Hz], shape (n,).
        impedance: complex [ohm], negative imaginary where capacitive, shape (n,).
        name: what the figures call it.
        conditions: numbers that it was measured at, such as ``cycle`` or ``stack_pressure_Pa``.
        notes: what was done to the data when they were read.

    Raises:
        InputError: too few points, or numbers that no impedance can have.
    """

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]
    name: str = "spectrum"
    conditions: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the numbers, and sort them."""
        if self.frequency.shape != self.impedance.shape or self.frequency.ndim != 1:
            raise InputError("frequency and impedance differ in length")
        if self.frequency.size < FEWEST:
            raise InputError(
                f"{self.name}: {self.frequency.size} points; a spectrum needs {FEWEST}"
            )
        if not (np.all(np.isfinite(self.frequency)) and np.all(self.frequency > 0.0)):
            raise InputError(f"{self.name}: a frequency is not above 0 Hz")
        if not np.all(np.isfinite(self.impedance)):
            raise InputError(f"{self.name}: the impedance holds a value that is not finite")
        if not np.any(np.abs(self.impedance) > 0.0):
            raise InputError(f"{self.name}: the impedance is nil throughout")
        order = np.argsort(-self.frequency, kind="stable")
        object.__setattr__(self, "frequency", np.asarray(self.frequency[order], np.float64))
        object.__setattr__(self, "impedance", np.asarray(self.impedance[order], np.complex128))

    @property
    def omega(self) -> NDArray[np.float64]:
        """Angular frequency [1/s]."""
        return 2.0 * np.pi * self.frequency
