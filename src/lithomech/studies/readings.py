"""What a study reads out of each run: KEY, KEY@N, retention_N, full_cycles."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol.order import direction, flatten
from lithomech.cell.protocol.steps import ConstantCurrent, ConstantPower
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.result import CellResult
from lithomech.cell.readout.stack import whole_cycles as whole_cycles_of
from lithomech.errors import InputError, Mistakes
from lithomech.files.mistakes import nearest
from lithomech.files.quantity import parse_quantity
from lithomech.microstructure.result import QUANTITIES, EffectiveProperties
from lithomech.particle.result import CrackedParticle, Increment

CAPACITY: Final = "discharge_capacity_mAh_per_cm2"
DEFAULT: Final = (
    "discharge_capacity_mAh_per_g",
    "mean_discharge_voltage_V",
    "stack_pressure_max_MPa",
    "contact_fraction_end_of_charge",
)
DEFAULT_OF_STRUCTURE: Final = (
    "porosity", "conductivity_ionic", "conductivity_electronic", "covered_fraction",
    "utilisation",
)  # fmt: skip
DEFAULT_OF_PARTICLE: Final = ("crack_fraction", "gap_fraction", "broken")
SAME: Final = 1e-9  # of a stack pressure, relative
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
    read: Callable[[Any], float | None]


Readings = tuple[Reading, ...]
Floats = NDArray[np.float64]


class FromCycle(NamedTuple):
    """Reads a quantity of a cycle.

    Attributes:
        key: of the quantity.
        cycle: from 1; None for the last one.
        extreme: whether a cycle counts that the run did not finish.
    """

    key: str
    cycle: int | None
    extreme: bool

    def __call__(self, result: CellResult) -> float | None:
        """Return the quantity of a cycle that ran to its end; an extreme of any that began."""
        whole = len(result.cycles) if self.extreme else whole_cycles(result)
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


class AtTime(NamedTuple):
    """Reads a column of a run, or of one of its steps, at one instant; after its end the last.

    Attributes:
        column: of its series.
        time: since the run or the step began [s].
        step: of the protocol, from 1; 0: the whole run.
    """

    column: str
    time: float
    step: int = 0

    def __call__(self, result: Any) -> float | None:  # noqa: ANN401 - a CellResult
        """Return the value; None where the run has no such step."""
        value = self.at(result, self.time)
        return None if value is None else float(value)

    def at(self, result: Any, times: Floats | float) -> Floats | None:  # noqa: ANN401
        """Return the values at several times; None where the run has no such step."""
        series = result.series
        first, end, since = 0, len(series), 0.0
        if self.step:
            first, end = np.searchsorted(series.step, (self.step, self.step + 1))
        if first == end:
            return None
        if self.step:
            since = series.time[first]
        values = series.columns[self.column][first:end]
        return np.interp(since + times, series.time[first:end], values)


def read_all(readings: Readings, result: Any) -> dict[str, float | None]:  # noqa: ANN401
    """Return all outputs of a run by name; instants of one trace are read at once."""
    found: dict[str, float | None] = dict.fromkeys((one.name for one in readings), None)
    traces: dict[tuple[str, int], list[tuple[str, float]]] = {}
    for one in readings:
        read = one.read
        if isinstance(read, AtTime):
            traces.setdefault((read.column, read.step), []).append((one.name, read.time))
        else:
            found[one.name] = finite(read(result))
    for (column, step), instants in traces.items():
        names, times = zip(*instants, strict=True)
        values = AtTime(column, 0.0, step).at(result, np.array(times, np.float64))
        if values is not None:
            found.update(zip(names, map(finite, values.tolist()), strict=True))
    return found


def whole_cycles(result: CellResult) -> int:
    """Number of cycles; of a run that ended early without the last one that it began."""
    return whole_cycles_of(result.status, len(result.cycles))


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


def readings_of_cell(names: Sequence[str]) -> Readings:
    """Return what the names of outputs stand for; without any, the usual ones.

    Raises:
        InputError: a name is not known; all of them at once.
    """
    return _all(names or DEFAULT, _of_cell)


def readings_of_structure(names: Sequence[str]) -> Readings:
    """Return outputs of a pressed composite: means over its pieces.

    Args:
        names: KEY at the highest stack pressure, KEY@7 MPa at another one.

    Raises:
        InputError: a name is not known; all of them at once.
    """
    return _all(names or DEFAULT_OF_STRUCTURE, _of_structure)


def readings_of_particle(names: Sequence[str]) -> Readings:
    """Return outputs of a particle.

    Args:
        names: KEY at the end, KEY@N after N half cycles: 1 charged, 2 discharged and so on.

    Raises:
        InputError: a name is not known; all of them at once.
    """
    return _all(names or DEFAULT_OF_PARTICLE, _of_particle)


def _all(names: Sequence[str], reading: Callable[[str], Reading]) -> Readings:
    mistakes, found = Mistakes(), []
    for number, name in enumerate(names):
        with mistakes.noted(key=f"outputs[{number}]"):
            if name not in IN_EVERY_ROW:
                found.append(reading(name))
    mistakes.report()
    return tuple(found)


class FromPiece(NamedTuple):
    """Reads the mean of a quantity over the pieces of a composite.

    Attributes:
        key: of the quantity.
        pressure: of the stack [Pa]; None for the highest one.
    """

    key: str
    pressure: float | None

    def __call__(self, result: EffectiveProperties) -> float | None:
        """Return the mean, where the composite was measured at this pressure."""
        at = np.asarray(result.stack_pressures)
        wanted = at.max() if self.pressure is None else self.pressure
        place = int(np.argmin(np.abs(at - wanted)))
        same = abs(at[place] - wanted) <= SAME * wanted
        return float(result.mean(self.key)[place]) if same else None


class FromParticle(NamedTuple):
    """Reads a quantity of a particle after some half cycles, or at the end."""

    key: str
    half_cycles: float | None

    def __call__(self, result: CrackedParticle) -> float | None:
        """Return the quantity, if the particle has come this far."""
        last = float(result.by_increment["half_cycles"][-1])
        wanted = last if self.half_cycles is None else self.half_cycles
        return result.at(self.key, wanted) if wanted <= last else None


def _of_structure(name: str) -> Reading:
    key, _, pressure = name.partition("@")
    _check(key, QUANTITIES)
    at = parse_quantity(pressure, "Pa") if pressure else None
    where = f", {pressure}" if pressure else ""
    return Reading(name, f"{_words(key)}{where}", FromPiece(key, at))


def _of_particle(name: str) -> Reading:
    match = _AT.fullmatch(name)
    key, count = (match[1], float(match[2])) if match else (name, None)
    _check(key, [field for field in Increment._fields if field != "half_cycles"])
    where = f", after {count:g} half cycles" if count else ""
    return Reading(name, f"{_words(key)}{where}", FromParticle(key, count))


def _check(key: str, known: Iterable[str]) -> None:
    names = list(known)
    if key not in names:
        raise InputError(f"there is no output {key!r}; {nearest(key, [*names, *IN_EVERY_ROW])}")


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold, or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def _of_cell(name: str) -> Reading:
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
    read = FromCycle(key, cycle, quantity.extreme)
    return Reading(name, f"{quantity.label}{where}{unit}", read)
