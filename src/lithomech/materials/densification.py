"""How dense a powder becomes in a die: the inverse of the pressing law."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lithomech.errors import InputError
from lithomech.laws.plasticity import pressing_pressure

LOOSE: Final = 0.555  # random loose packing of spheres (OnodaLiniger1990)
_SMALLEST: Final = 1e-100  # porosity; its pressure is 150 times the strength
_HALVINGS: Final = 80  # of log(porosity), from 230 down to rounding


def relative_density(P: ArrayLike, Y_0: ArrayLike, loose: float = LOOSE) -> NDArray[np.float64]:
    """Density over that without pores, of a powder pressed in a die.

    Inverts ``pressing_pressure`` by bisection: rigid-plastic grains of one strength, no
    friction at the wall, no springback. Real powders also rearrange first and harden.

    Args:
        P: axial pressure [Pa], any shape.
        Y_0: strength of the dense material [Pa], a shape that fits.
        loose: density over full density of the powder before pressing, above 0 and below 1.

    Returns:
        Relative density, the shape of both, between `loose` and 1.

    Raises:
        InputError: a pressure does not even reach the density `loose`, or is out of range.

    References:
        Gurson1977; OnodaLiniger1990 (default of `loose`).
    """
    ratio = np.asarray(P, dtype=np.float64) / np.asarray(Y_0, dtype=np.float64)
    if not 0.0 < loose < 1.0:
        raise InputError(f"loose = {loose:g} must be between 0 and 1", key="loose")
    least = float(pressing_pressure(1.0 - loose, 1.0))
    most = float(pressing_pressure(_SMALLEST, 1.0))
    if not np.all((ratio >= least) & (ratio <= most)):
        raise InputError(
            f"P/Y_0 = {np.min(ratio):.3g} to {np.max(ratio):.3g} is outside "
            f"{least:.3g} to {most:.3g}: below, the powder stays looser than {loose:g}",
            key="P",
        )
    low = np.full(ratio.shape, np.log(_SMALLEST))
    high = np.full(ratio.shape, np.log(1.0 - loose))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        denser = pressing_pressure(np.exp(middle), 1.0) > ratio  # than P presses it
        low, high = np.where(denser, middle, low), np.where(denser, high, middle)
    return 1.0 - np.exp(0.5 * (low + high))
