"""Where lithium has got through the separator, and what drove it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import pore_creep, separator_crack
from lithomech.cell.resolve.build import Resolved

NEARLY: Final = 0.999  # through: a step ends within its tolerance
Floats = NDArray[np.float64]


def through(model: Resolved, y: Floats) -> dict[tuple[str, str], float]:
    """Share of the separator that lithium has got through, by electrode and mechanism."""
    found: dict[tuple[str, str], float] = {}

    def state(of: str) -> float:
        return float(y[model.slots[of].place][0])

    for side, foil in model.foils.items():
        p, name = foil.parameters.get(separator_crack.NAME), separator_crack.NAME
        if p is not None and name in foil.active:
            found[side, name] = (p.flaw + state(f"{side}.{name}.length")) / p.thickness
        p, name = foil.parameters.get(pore_creep.NAME), pore_creep.NAME
        if p is not None and name in foil.active:
            found[side, name] = float(pore_creep.filled(p, state(f"{side}.{name}.spent")))
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
    side, name = max(shares, key=shares.__getitem__)
    p = model.foils[side].parameters[name]
    if name == pore_creep.NAME:
        return (
            f"lithium of the {side} has crept through the separator along a pore of "
            f"{1e6 * p.radius:.3g} um"
        )
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
