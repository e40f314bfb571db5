"""Curves of materials as tables. One table of each curve serves every cell of a study."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.materials.material import Curve
from lithomech.numerics.table import INTERVALS, integral_table, tabulate

Floats = NDArray[np.float64]
ROUNDING: Final = 5e-4  # of volume strain


@lru_cache(maxsize=256)
def curve_table(curve: Curve) -> Floats:
    """Tabulate a curve against stoichiometry."""
    return tabulate(curve)


@lru_cache(maxsize=256)
def permeation_table(curve: Curve) -> Floats:
    """Tabulate the integral of a curve from empty on."""
    return integral_table(curve_table(curve))


@lru_cache(maxsize=64)
def size_table(curve: Curve) -> Floats:
    """Tabulate the magnitude of a curve."""
    return tabulate(lambda x: np.abs(curve(x)))


@lru_cache(maxsize=64)
def slope_table(curve: Curve) -> Floats:
    """Tabulate the slope of a curve."""
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    slope = np.gradient(curve(x), x)
    return tabulate(lambda q: np.interp(q, x, slope))


@lru_cache(maxsize=64)
def contraction_table(strain: Curve, made: float) -> Floats:
    """Tabulate the volume strain that was lost since made, 0 where the host has grown.

    The kink is rounded, as what lithium works against has a jump there.
    """
    return tabulate(lambda x: _rounded(made - strain(x))[0])


@lru_cache(maxsize=64)
def counting_table(strain: Curve, made: float) -> Floats:
    """Tabulate the slope of ``contraction_table`` in the volume strain, from 0 to 1."""
    return tabulate(lambda x: _rounded(made - strain(x))[1])


def _rounded(lost: Floats) -> tuple[Floats, Floats]:
    """Positive part and its slope."""
    c = np.maximum(lost, 0.0)
    return c * c / (c + ROUNDING), c * (c + 2.0 * ROUNDING) / (c + ROUNDING) ** 2


@lru_cache(maxsize=1)
def no_curve() -> Floats:
    """Tabulate zero."""
    return np.zeros((INTERVALS, 4))
