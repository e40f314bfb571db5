"""Where lithium has got through the separator, and what drove it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.resolve.build import Resolved

CRACK: Final = "separator_crack"
NEARLY: Final = 0.999  # through: a step ends within its tolerance
Floats = NDArray[np.float64]


def through(model: Resolved, y: Floats) -> dict[str, float]:
    """Share of the separator that lithium has got through from each foil of lithium."""
    found = {}
    for side, foil in model.foils.items():
        p = foil.parameters.get(CRACK)
        if p is not None and CRACK in foil.active:
            length = float(y[model.slots[f"{side}.{CRACK}.length"].place][0])
            found[side] = (p.flaw + length) / p.thickness
    return found


def short_reason(model: Resolved, y: Floats, pressure: float) -> str:
    """What made the short that a state is at.

    Args:
        model: the cell.
        y: state.
        pressure: stack pressure [Pa].
    """
    shares = through(model, y)
    if max(shares.values(), default=0.0) < NEARLY:
        return "lithium has got through the separator"  # by a mechanism of the user
    side = max(shares, key=shares.__getitem__)
    p = model.foils[side].parameters[CRACK]
    alone = p.strength / p.opening_share
    by = (
        f"the stack pressure alone splits it from {1e-6 * alone:.3g} MPa on"
        if pressure > alone
        else "plating split it"
    )
    return (
        f"lithium of the {side} has grown through the separator from a flaw "
        f"{1e6 * p.flaw:.3g} um deep; {by}"
    )
