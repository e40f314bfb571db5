"""Diffusion in a sphere under a constant flux: the exact rise at its surface."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx

Floats = NDArray[np.float64]

EARLY: Final = 0.02  # below it the far side of the sphere is not felt: e^(-1/time) < 1e-21
TERMS: Final = 60  # of the series; at EARLY the last one is e^(-700)


def surface_rise(time: Floats) -> Floats:
    """Return D (c_s - c_0)/(j R) of a sphere that takes up a constant flux j.

    Args:
        time: D t/R^2, at least 0.

    References:
        CarslawJaeger1959, section 9.8.
    """
    time = np.asarray(time, np.float64)
    early = np.minimum(time, EARLY)
    # the transform 1/(s (sqrt(s) coth sqrt(s) - 1)) with coth = 1; e^t erfc(-sqrt t) - 1
    short = 2.0 * np.exp(early) - erfcx(np.sqrt(early)) - 1.0
    late = np.maximum(time, EARLY)
    roots = _roots()
    decay = np.exp(-(roots**2) * late[..., None]) / roots**2
    long = 3.0 * late + 0.2 - 2.0 * np.sum(decay, axis=-1)
    return np.where(time < EARLY, short, long)


def _roots() -> Floats:
    """The positive roots of tan(x) = x, by Newton on sin(x) - x cos(x)."""
    guess = (np.arange(1, TERMS + 1) + 0.5) * np.pi
    x = guess - 1.0 / guess
    for _ in range(6):
        x = x - (np.sin(x) - x * np.cos(x)) / (x * np.sin(x))
    return x
