"""What voltages the electrodes of a cell have, and what a protocol asks of them."""

from collections.abc import Iterator
from math import inf
from typing import Final

from lithomech.cell.protocol import steps
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.state import SIDES

BESIDE: Final = 0.5  # V outside its electrodes that a voltage needs no explanation for
# V outside them that a step may still be asked to go to: limits are set on the cliff at the end
# of a host, where a step ends all the same.
CLIFF: Final = 2.0


def electrode_window(model: Resolved) -> tuple[float, float]:
    """Lowest and highest voltage between hosts that are empty or full, as users give it [V]."""
    low, high = model.reference_potential, model.reference_potential
    for side in SIDES:
        ends = _potential_ends(model, side)
        reached = [SIGN[side] * V for V in ends]
        low, high = low + min(reached), high + max(reached)
    return low, high


def _potential_ends(model: Resolved, side: str) -> tuple[float, float]:
    """Lowest and highest potential that the hosts of one side have [V]; endless without any."""
    if side in model.foils:
        tables = [model.arrays.foils["host"]["potential"][SIDES.index(side)]]
    else:
        classes = model.arrays.particles["host"][model.class_ranges[side]]
        tables = list(classes["potential"][classes["inert"] == 0])
    if not tables:
        return -inf, inf
    ends = [float(V) for table in tables for V in (table[0, 0], table[-1].sum())]
    return min(ends), max(ends)


def outside_electrodes(model: Resolved, voltage: float) -> float:
    """How far a voltage, as users give it, lies outside that window [V]; negative inside."""
    low, high = electrode_window(model)
    return max(low - voltage, voltage - high)


def is_beyond(model: Resolved, voltage: float) -> bool:
    """Whether a voltage is none that a step can end at."""
    return outside_electrodes(model, voltage) > CLIFF


def possible(model: Resolved) -> str:
    """The window in words."""
    low, high = electrode_window(model)
    return f"the electrodes have {low:.3g} V to {high:.3g} V between empty and full"


def voltage_warnings(model: Resolved, protocol: tuple[steps.Step, ...]) -> Iterator[str]:
    """Warn of limits and holds at voltages that the electrodes do not have."""
    for voltage in sorted(set(_asked_for(protocol))):
        if outside_electrodes(model, voltage) > BESIDE:
            yield (
                f"protocol: at {voltage:g} V an electrode is exhausted, or the current is "
                f"high: {possible(model)}"
            )


def _asked_for(protocol: tuple[steps.Step, ...]) -> Iterator[float]:
    """Every voltage of a protocol."""
    for step in protocol:
        if isinstance(step, steps.Repeat):
            yield from _asked_for(step.steps)
        elif isinstance(step, steps.Hold):
            yield step.voltage
        elif isinstance(step, steps.ConstantCurrent | steps.ConstantPower | steps.Gitt):
            yield from (u.voltage for u in step.until if isinstance(u, steps.VoltageLimit))
