"""One impedance spectrum, measured or simulated."""

from dataclasses import dataclass, field, replace
from typing import Final, Self, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.notebook import notebook_view

FEWEST: Final = 2  # points of a spectrum
TESTED: Final = 5  # points of one that is tested and fitted
OHM: Final = "ohm"
OHM_CM2: Final = "ohm cm2"
CM2: Final = 1e-4  # m2


@final
@dataclass(frozen=True)
class Spectrum:
    """Impedance over frequency, in the order of falling frequency.

    Attributes:
        frequency: [Hz], shape (n,).
        impedance: complex [``unit``], negative imaginary where capacitive, shape (n,).
        name: what the figures call it.
        conditions: numbers that it was measured at, such as ``cycle`` or ``stack_pressure_Pa``.
        notes: what was done to the data when they were read.
        unit: ``ohm``, or ``ohm cm2`` of an impedance times the area of the electrode.

    Raises:
        InputError: too few points, or numbers that no impedance can have.

    Examples:
        >>> import numpy as np
        >>> f = np.geomspace(1e5, 1.0, 6)
        >>> pure = Spectrum(f, 20.0 + 0.0 * f + 0j)
        >>> float(pure.times_area(2e-4).impedance[0].real)
        40.0
    """

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]
    name: str = "spectrum"
    conditions: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unit: str = OHM

    def _repr_html_(self) -> str:
        """Show the points in a notebook, first and last ones of many."""
        rows = [
            (float(f), float(z.real), float(z.imag))
            for f, z in zip(self.frequency, self.impedance, strict=True)
        ]
        head = ("Frequency / Hz", f"Re Z / {self.unit}", f"Im Z / {self.unit}")
        return notebook_view(self.name, f"{len(rows)} points", head, rows, self.notes)

    def __post_init__(self) -> None:
        """Check the numbers, and sort them."""
        if self.frequency.shape != self.impedance.shape or self.frequency.ndim != 1:
            raise InputError("frequency and impedance differ in length")
        if self.frequency.size < FEWEST:
            raise InputError(
                f"{self.name}: {self.frequency.size} points; a spectrum has {FEWEST} or more"
            )
        if not (np.all(np.isfinite(self.frequency)) and np.all(self.frequency > 0.0)):
            raise InputError(f"{self.name}: a frequency is not above 0 Hz")
        if not np.all(np.isfinite(self.impedance)):
            raise InputError(f"{self.name}: the impedance holds a value that is not finite")
        if not np.any(np.abs(self.impedance) > 0.0):
            raise InputError(f"{self.name}: the impedance is nil throughout")
        if self.unit not in {OHM, OHM_CM2}:
            raise InputError(f"{self.name}: unit {self.unit!r}; allowed: {OHM!r}, {OHM_CM2!r}")
        order = np.argsort(-self.frequency, kind="stable")
        object.__setattr__(self, "frequency", np.asarray(self.frequency[order], np.float64))
        object.__setattr__(self, "impedance", np.asarray(self.impedance[order], np.complex128))

    @property
    def omega(self) -> NDArray[np.float64]:
        """Angular frequency [1/s]."""
        return 2.0 * np.pi * self.frequency

    def within(self, lowest: float, highest: float) -> Self:
        """Return the part between two frequencies, both included.

        Args:
            lowest: [Hz].
            highest: [Hz].

        Raises:
            InputError: too few points lie between them.
        """
        keep = (self.frequency >= lowest) & (self.frequency <= highest)
        if keep.sum() < FEWEST:
            raise InputError(
                f"{self.name}: {int(keep.sum())} of {keep.size} points lie between "
                f"{lowest:g} Hz and {highest:g} Hz; a spectrum needs {FEWEST}. It was measured "
                f"from {self.frequency[-1]:g} Hz to {self.frequency[0]:g} Hz"
            )
        return replace(self, frequency=self.frequency[keep], impedance=self.impedance[keep])

    def times_area(self, area: float) -> Self:
        """Return the impedance times the area of the electrode, in ohm cm2.

        Args:
            area: [m2].

        Raises:
            InputError: the area is not positive, or the impedance is one per area already.
        """
        if not (np.isfinite(area) and area > 0.0):
            raise InputError(f"the area must be positive, got {area:g} m2")
        if self.unit != OHM:
            raise InputError(
                f"{self.name}: the impedance is in {self.unit} already; leave out the area"
            )
        return replace(self, impedance=self.impedance * (area / CM2), unit=OHM_CM2)
