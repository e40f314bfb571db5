"""Where a current has used up the salt of the electrolyte."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import salt
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.state import SIDES

SPENT: Final = 1e-3  # share of the salt; a current that leaves less has no place to go
Floats = NDArray[np.float64]


def salt_spent(model: Resolved, y: Floats) -> str | None:
    """What has no salt left, in words; None where there is enough, or it does not move.

    Args:
        model: the cell.
        y: state.
    """
    for side, foil in model.foils.items():
        p = foil.parameters.get(salt.NAME)
        if p is None or salt.NAME not in foil.active:
            continue
        i = -SIGN[side] * y[model.layout.current]
        modes = y[model.slots[f"{side}.{salt.NAME}.uneven"].place]
        at_foil, across = salt.shares(p, modes[None, :], np.array([i]))
        plating, stripping = salt.limiting_current(p)
        if at_foil[0] < SPENT:
            return _words(f"at the {side}", plating)
        if p.composite == 1.0 and across[0] < SPENT:
            other = next(name for name in SIDES if name != side)
            return _words(f"in the {other}", stripping)
    return None


def _words(where: str, limit: float) -> str:
    return (
        f"no salt is left {where}; {0.1 * limit:.3g} mA/cm2 is the most that lasts: "
        "a lower current, a thinner separator or cathode, or more heat"
    )
