"""Impedance of a cell at any state, from the same linearised blocks in the frequency domain."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lithomech.cell.equations import Model

Floats = NDArray[np.float64]


def impedance(model: Model, y: Floats, frequency: Floats) -> NDArray[np.complex128]:
    """Impedance of the whole cell [ohm] at each frequency [Hz]."""
    raise NotImplementedError
