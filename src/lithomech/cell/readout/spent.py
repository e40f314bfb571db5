"""What is left in the hosts of each side at the end of a step."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import GALVANOSTATIC, Step
from lithomech.cell.readout.salt import salt_spent
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.solver.march import Trace
from lithomech.cell.solver.observe import Readout
from lithomech.cell.spec import AnodeFreeElectrode
from lithomech.cell.state import SIDES, foil_start

Floats = NDArray[np.float64]
CONTACT_LEFT: Final = 0.02  # mean contact below which a step that fails has lost contact
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
    """The side whose hosts have least left of what the current takes, lithium metal last.

    Between two metals it is the one that is stripped.
    """
    hosts = [s for s in SIDES if not (s in model.foils and model.foils[s].metal)]
    if not hosts:
        return stripped(trace.state[-1, model.layout.current])
    away = {side: float(left(model, side, trace, readout).away().mean()) for side in hosts}
    return min(away, key=lambda side: away[side])


def stripped(current: float) -> str:
    """The side that gives lithium to a current, positive on discharge."""
    return next(side for side in SIDES if SIGN[side] * current <= 0.0)


def poorest_contact(model: Resolved, readout: Readout) -> tuple[float, str]:
    """Least contact at the end, and its side: mean of a composite, or of lithium over voids.

    A collector that is bare has not lost any.
    """
    theta = readout.theta[-1]
    means = {side: float(theta[hosts].mean()) for side, hosts in model.hosts.items()}
    for s, side in enumerate(SIDES):
        if model.arrays.foils["host"]["stock"][s] > 0.0:  # of lithium, as made
            means[side] = float(readout.lithium_contact[-1, s])
    side = min(means, key=lambda side: means[side], default="")
    return means.get(side, 1.0), side


def no_contact(model: Resolved, readout: Readout) -> bool:
    """Whether contact is lost somewhere."""
    return poorest_contact(model, readout)[0] < CONTACT_LEFT


def deeper(model: Resolved, y: Floats, readout: Readout) -> tuple[str, str] | None:
    """Status and reason of an end for want of contact or of salt; None for want of neither.

    Args:
        model: the cell.
        y: last state.
        readout: of the march that ended.
    """
    contact, side = poorest_contact(model, readout)
    if contact < CONTACT_LEFT:
        lost = f"{100 * contact:.2g} % contact of the {side} cannot carry the current"
        return "contact lost", lost
    spent = salt_spent(model, y)
    return None if spent is None else ("salt exhausted", spent)


def no_state(model: Resolved, y: Floats, step: Step) -> str:
    """Why no state carries what a step asks for.

    Args:
        model: the cell.
        y: state before the step.
        step: that was to be taken.
    """
    side = stripped(step.value)
    electrode = getattr(model.cell, side)
    drives = step.mode == GALVANOSTATIC and step.value != 0.0
    given = -SIGN[side] * y[model.layout.charge]
    if drives and isinstance(electrode, AnodeFreeElectrode) and given >= 0.0:
        return f"there is no lithium on the {side}'s collector: plate some on it first"
    return "no state carries this current, power or voltage"
