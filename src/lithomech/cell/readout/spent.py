"""What is left in the hosts of each side at the end of a step."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.solver.march import Trace
from lithomech.cell.solver.observe import Readout
from lithomech.cell.state import SIDES, foil_start

Floats = NDArray[np.float64]
NEAR: Final = 0.1  # stoichiometry that a surface may still be away from empty or full


class Left(NamedTuple):
    """Where the hosts of a side are, and to which end the current takes them."""

    filling: bool
    surface: Floats  # stoichiometries of all hosts at their surfaces

    def end(self) -> str:
        """The end in a word."""
        return "full" if self.filling else "empty"

    def where(self) -> str:
        """The surfaces in words."""
        x = self.surface
        return f"stoichiometry {x.min():.3g} to {x.max():.3g} at the surface"

    def away(self) -> Floats:
        """How far the surfaces are away from that end."""
        return 1.0 - self.surface if self.filling else self.surface


def left(model: Resolved, side: str, trace: Trace, readout: Readout) -> Left:
    """What is left in the hosts of a side at the end of a march."""
    filling = SIGN[side] * trace.state[-1, model.layout.current] > 0.0
    if side in model.foils:
        return Left(bool(filling), trace.state[-1, [foil_start(model.layout, side)]])
    return Left(bool(filling), readout.surface[-1][model.hosts[side]])


def is_spent(hosts: Left) -> bool:
    """Whether any surface is near its end; else lithium is short at the contacts only."""
    return bool(hosts.away().min() < NEAR)


def most_spent(model: Resolved, trace: Trace, readout: Readout) -> str:
    """The side whose hosts have least left of what the current takes, lithium metal last."""
    away = {}
    for side in SIDES:
        away[side] = float(left(model, side, trace, readout).away().mean())
        if side in model.foils and model.foils[side].metal:
            away[side] = np.inf
    return min(away, key=lambda side: away[side])


def poorest_contact(model: Resolved, readout: Readout) -> float:
    """Mean contact fraction of the composite electrode that has least of it, at the end."""
    theta = readout.theta[-1]
    means = (float(theta[hosts].mean()) for hosts in model.hosts.values())
    return min(means, default=1.0)
