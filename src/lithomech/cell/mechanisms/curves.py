"""Curves of materials as tables. One table of each curve serves every cell of a study."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lithomech.materials.material import Curve
from lithomech.numerics.table import INTERVALS, integral_table, tabulate

Floats = NDArray[np.float64]


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
    """Tabulate the volume strain that was lost since made, 0 where the host has grown."""
    return tabulate(lambda x: np.maximum(made - strain(x), 0.0))


@lru_cache(maxsize=1)
def no_curve() -> Floats:
    """Tabulate zero."""
    return np.zeros((INTERVALS, 4))
