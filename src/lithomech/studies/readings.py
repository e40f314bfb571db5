"""What a study reads out of each run: KEY, KEY@N, retention_N, full_cycles."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lithomech.cell.protocol.order import direction, flatten
from lithomech.cell.protocol.steps import ConstantCurrent, ConstantPower
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.result import CellResult
from lithomech.errors import InputError, Mistakes
from lithomech.files.mistakes import nearest

CAPACITY: Final = "discharge_capacity_mAh_per_cm2"
DEFAULT: Final = (
    "discharge_capacity_mAh_per_g",
    "mean_discharge_voltage_V",
    "stack_pressure_max_MPa",
    "contact_fraction_end_of_charge",
)
FULL_CYCLES: Final = "full_cycles"
IN_EVERY_ROW: Final = ("status", "reason")  # asked for or not
_AT: Final = re.compile(r"(.+)@([1-9][0-9]{0,6})")
_RETENTION: Final = re.compile(r"retention_([1-9][0-9]{0,6})")


class Reading(NamedTuple):
    """One output of a study.

    Attributes:
        name: as it was asked for.
        label: for pictures.
        read: from a result; None where there is no value.
    """

    name: str
    label: str
    read: Callable[[CellResult], float | None]


class FromCycle(NamedTuple):
    """Reads a quantity of a cycle.

    Attributes:
        key: of the quantity.
        cycle: from 1; None for the last one.
    """

    key: str
    cycle: int | None

    def __call__(self, result: CellResult) -> float | None:
        """Return the quantity of a cycle that ran to its end."""
        whole = whole_cycles(result)
        if whole == 0 or (self.cycle or 1) > whole:
            return None
        return result.cycles[(self.cycle or whole) - 1][self.key]


class Retention(NamedTuple):
    """Reads the capacity of a cycle over that of the first one at the same rate."""

    cycle: int

    def __call__(self, result: CellResult) -> float | None:
        """Return the ratio."""
        if self.cycle > whole_cycles(result):
            return None
        rates = discharge_rates(result, self.cycle)
        first = rates.index(rates[-1])
        capacity = [result.cycles[k][CAPACITY] for k in (first, self.cycle - 1)]
        return capacity[1] / capacity[0] if capacity[0] and capacity[1] is not None else None


def whole_cycles(result: CellResult) -> int:
    """Number of cycles; of a run that ended early without the last one that it began."""
    return len(result.cycles) - (result.status != "completed" and len(result.cycles) > 0)


def discharge_rates(result: CellResult, last: int) -> list[tuple[object, ...]]:
    """Currents and powers that discharge in each cycle up to this one."""
    rates: list[tuple[object, ...]] = [() for _ in range(last)]
    for planned in flatten(result.cell.steps()):
        if planned.cycle > last:
            break
        step = planned.what
        if direction(step) < 0 and isinstance(step, ConstantCurrent | ConstantPower):
            rate = step.current if isinstance(step, ConstantCurrent) else step.power_W
            rates[planned.cycle - 1] = (*rates[planned.cycle - 1], rate)
    return rates


def readings_of(names: Sequence[str]) -> tuple[Reading, ...]:
    """Return what the names of outputs stand for; without any, the default ones.

    Raises:
        InputError: a name is not known; all of them at once.
    """
    mistakes, found = Mistakes(), []
    for number, name in enumerate(names or DEFAULT):
        with mistakes.noted(key=f"outputs[{number}]"):
            if name not in IN_EVERY_ROW:
                found.append(_reading(name))
    mistakes.report()
    return tuple(found)


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold, or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def _reading(name: str) -> Reading:
    if name == FULL_CYCLES:
        return Reading(name, "Full cycles", whole_cycles)
    if match := _RETENTION.fullmatch(name):
        return Reading(name, f"Capacity left after {match[1]} cycles", Retention(int(match[1])))
    match = _AT.fullmatch(name)
    key, cycle = (match[1], int(match[2])) if match else (name, None)
    known = outputs().cycle
    if key not in known:
        names = [*known, FULL_CYCLES, *IN_EVERY_ROW, "retention_100"]
        raise InputError(f"there is no output {key!r}; {nearest(key, names)}")
    quantity = known[key]
    unit = "" if quantity.unit == "1" else f" ({quantity.unit})"
    where = f", cycle {cycle}" if cycle else ""
    return Reading(name, f"{quantity.label}{where}{unit}", FromCycle(key, cycle))
