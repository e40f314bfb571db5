"""What conducts in an image, and along which way: the Python API of ``lithomech conduct``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lithomech.errors import InputError

AXES: Final = ("z", "y", "x")
TIGHTEST: Final = 1e-8  # tolerance; single precision cannot do better


@dataclass(frozen=True)
class Conductors:
    """Phases of an image and the contacts between them.

    Attributes:
        conductivities: of labels [S/m]; others do not conduct. Without any, the larger of two
            labels conducts and results are ratios only.
        contacts: conductance of contacts between labels [S/m2]; with numbered particles they
            lie between unlike particles, also of one label (a, a).
        voxel_size: edge of a voxel [m]; contacts need it.
        axis: z, y or x, along which current flows; default: the first of the image.
        periodic: whether the sides are joined to the opposite ones; else they insulate.
        tolerance: largest relative error of the conductivity.
        keep_field: whether the result holds the potential.
    """

    conductivities: Mapping[int, float] = field(default_factory=dict)
    contacts: Mapping[tuple[int, int], float] = field(default_factory=dict)
    voxel_size: float | None = None
    axis: str | None = None
    periodic: bool = False
    tolerance: float = 1e-3
    keep_field: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense.

        Raises:
            InputError: with the key.
        """
        if not TIGHTEST <= self.tolerance < 1.0:
            message = f"{self.tolerance:g}; allowed: {TIGHTEST:g} up to 1"
            raise InputError(message, key="tolerance")
        if self.axis is not None and self.axis not in AXES:
            raise InputError(f"{self.axis!r}; allowed: {', '.join(AXES)}", key="axis")
        if self.contacts and self.voxel_size is None:
            raise InputError("is missing: contacts need it", key="voxel_size")
        if self.voxel_size is not None and not 0.0 < self.voxel_size < 1.0:
            message = f"{self.voxel_size:g} m; allowed: more than 0, less than 1 m"
            raise InputError(message, key="voxel_size")
        self._check_phases()

    def _check_phases(self) -> None:
        for label, sigma in self.conductivities.items():
            if not (np.isfinite(sigma) and sigma >= 0.0):
                message = f"label {label} conducts {sigma:g}; allowed: 0 or more, finite"
                raise InputError(message, key="conducting")
        for (a, b), conductance in self.contacts.items():
            if not conductance >= 0.0:
                message = f"{a}:{b} conducts {conductance:g}; allowed: 0 or more"
                raise InputError(message, key="contact")
        if self.conductivities and not any(s > 0.0 for s in self.conductivities.values()):
            raise InputError("no label conducts", key="conducting")
