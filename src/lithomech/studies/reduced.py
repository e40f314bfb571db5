"""A cell reduced to tables for the estimator, from runs of the whole one."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, CompositeElectrode, cell_of, changed_cell
from lithomech.errors import InputError, SolveError
from lithomech.files.atomic import replacing
from lithomech.files.origin import Source
from lithomech.observe import estimator
from lithomech.observe.estimator import ReducedCell
from lithomech.observe.timeseries import TIME

Floats = NDArray[np.float64]
SLOW: Final = "0.05C"
POINTS: Final = 200  # of the tables
FAST: Final = 5.0  # s, after which an overvoltage counts as ohmic
PULSES, PULSE = 12, 600.0  # of a charge, and how long each is [s]
CUT: Final = 0.01  # share of its time by which a pulse may be cut and still counts
HALVED: Final = 0.5  # contact of the second pulse
COMPLETED: Final = "completed"
SIDES: Final = ("Positive", "Negative")
LAYERS: Final = {"Positive": "cathode", "Negative": "anode"}


class Pulse(NamedTuple):
    """What the voltage does in a pulse of current.

    Attributes:
        charge: that the cell holds before it [C].
        passed: charge of the pulse [C].
        fast: overvoltage at once over the current [ohm].
        slow: what comes later, without the change at rest, over the current [ohm].
        time: after which two thirds of it are there [s].
    """

    charge: float
    passed: float
    fast: float
    slow: float
    time: float


def reduce_cell(cell: Cell | Source, upper: str, lower: str) -> ReducedCell:
    """Return a fresh cell as tables over its charge, with resistances from pulses.

    Three runs: slow cycles between the limits, and twice a charge in pulses, the second time
    with half of the contact between active material and electrolyte.

    Args:
        cell: what to reduce, or its file; with a composite cathode.
        upper: limit of the voltage, such as "4.2 V", in the reference of the cell.
        lower: likewise.

    Raises:
        InputError: a file, a limit or the cathode is wrong.
        SolveError: a run did not complete.
    """
    whole = cell_of(cell)
    if not isinstance(whole.cathode, CompositeElectrode):
        raise InputError("the estimator needs a cell with a composite cathode", key="cathode")
    turn = [f"Charge at {SLOW} until {upper}", f"Discharge at {SLOW} until {lower}"]
    slow = _ran(whole, [*turn, *turn], {})
    charge, tables = _tables(slow)
    rest = tables["Positive"] - tables["Negative"]
    hosts = {one.material for one in whole.cathode.active}
    less = {f"materials.{name}.exchange_current_density.scale": HALVED for name in hosts}
    whole_contact, half = (
        _pulses(_ran(whole, _pulsed(upper, lower), more), charge, rest) for more in ({}, less)
    )
    ohmic = _over(charge, whole_contact, "fast")
    contact = (_over(charge, half, "fast") - ohmic) * HALVED / (1.0 - HALVED)
    return ReducedCell(
        charge=charge,
        positive=tables["Positive"],
        negative=tables["Negative"],
        positive_pressure=tables["Positive pressure"],
        negative_pressure=tables["Negative pressure"],
        resistance=ohmic - contact,
        contact_resistance=contact,
        slow_resistance=_over(charge, whole_contact, "slow"),
        pressure=float(tables["pressure"][0]),
        slow_time=float(np.median([one.time for one in whole_contact])),
        capacity=float(charge[-1]),
    )


def export_estimator(cell: ReducedCell, path: Path | str) -> None:
    """Write the estimator with a cell as one file of Python, which needs numpy alone.

    Args:
        cell: becomes its ``CELL``.
        path: of the file; it appears only when it is complete.
    """
    source = Path(estimator.__file__).read_text(encoding="utf-8")
    lines = []
    for field in fields(cell):
        value = getattr(cell, field.name)
        numbers = value.tolist() if isinstance(value, np.ndarray) else None
        shown = f"np.array({numbers!r})" if numbers is not None else repr(float(value))
        lines.append(f"    {field.name}={shown},")
    made = "\n".join(["CELL = ReducedCell(", *lines, ")"])
    with replacing(Path(path)) as temporary:
        temporary.write_text(f"{source}\n\n{made}\n", encoding="utf-8")


def _ran(cell: Cell, protocol: list[Any], more: Mapping[str, Any]) -> CellResult:
    settings = {"protocol": protocol, "output": {"traces": "all", "points": 200}}
    result = run(changed_cell(cell, settings | dict(more), cell.name))
    if result.status != COMPLETED:
        raise SolveError(f"a cell that is reduced must complete {protocol}: {result.reason}")
    return result


def _pulsed(upper: str, lower: str) -> list[Any]:
    """A charge and a discharge in pulses, each from rest."""
    still = "Rest for 3 hours"
    up = [f"Charge at 0.5C for {PULSE:g} s or until {upper}", still]
    down = [f"Discharge at 0.5C for {PULSE:g} s or until {lower}", still]
    full = [f"Charge at {SLOW} until {upper}", still]
    return [{"repeat": PULSES, "steps": up}, *full, {"repeat": PULSES, "steps": down}]


def _tables(slow: CellResult) -> tuple[Floats, dict[str, Floats]]:
    """Charge of the second cycle and means of charge and discharge over it."""
    columns = dict(slow.series.columns)
    for side, layer in LAYERS.items():
        rows = [v for (where, _), v in slow.pressure_ledger.items() if where == layer]
        columns[f"{side} pressure"] = np.sum(rows, axis=0)
        columns[side] = columns[f"{side} Electrode Potential / V"]
    columns["pressure"] = columns["Surface Pressure / Pa"]
    current, time = slow.current, columns[TIME]
    passed = np.concatenate(
        [[0.0], np.cumsum(0.5 * (current[1:] + current[:-1]) * np.diff(time))]
    )
    second = slow.series.cycle == slow.series.cycle.max()
    up, down = second & (current > 0.0), second & (current < 0.0)
    held = passed - passed[up][0]
    low, high = held[down].min(), min(held[up].max(), held[down].max())
    grid = np.linspace(max(low, 0.0), high, POINTS)
    names = (*SIDES, *(f"{side} pressure" for side in SIDES), "pressure")
    found = {}
    for name in names:
        rising = np.interp(grid, held[up], columns[name][up])
        falling = np.interp(grid, held[down][::-1], columns[name][down][::-1])
        found[name] = 0.5 * (rising + falling)
    for side in SIDES:
        found[f"{side} pressure"] = found[f"{side} pressure"] - found[f"{side} pressure"][0]
    return grid - grid[0], found


def _pulses(result: CellResult, charge: Floats, rest: Floats) -> list[Pulse]:
    """Read the pulses that took all their time."""
    columns, series = result.series.columns, result.series
    volts = columns["Positive Electrode Potential / V"]
    volts = volts - columns["Negative Electrode Potential / V"]
    turns = np.flatnonzero(np.diff(series.cycle) | np.diff(series.step)) + 1
    found = []
    for rows in np.split(np.arange(len(series)), turns)[1:]:  # the first is not from rest
        time = series.time[rows] - series.time[rows[0]]
        current = float(series.current[rows[-1]])
        if current != 0.0 and abs(time[-1] - PULSE) < CUT * PULSE:
            passed = current * time
            held = float(np.interp(volts[rows[0] - 1], rest, charge))
            over = volts[rows] - np.interp(held + passed, charge, rest)
            found.append(_pulse(held, passed[-1], time, over / current))
    if not found:
        raise SolveError(f"a cell that is reduced must take a pulse of {PULSE:g} s at 0.5C")
    return found


def _pulse(held: float, passed: float, time: Floats, over: Floats) -> Pulse:
    """Part an overvoltage, over its current, in what is there at once and what comes."""
    fast = float(np.interp(FAST, time, over))
    slow = float(over[-1]) - fast
    built = np.maximum.accumulate(over - fast)
    reached = float(np.interp((1.0 - np.exp(-1.0)) * slow, built, time))
    return Pulse(held, passed, fast, max(slow, 0.0), max(reached, 1.0))


def _over(charge: Floats, pulses: Sequence[Pulse], name: str) -> Floats:
    """A resistance over the charge, mean of both directions, held where neither has pulses.

    What is fast is that of the start of each pulse, what is slow that of its middle.
    """
    middle = 0.5 if name == "slow" else 0.0
    lines = []
    for sign in (1.0, -1.0):
        own = [one for one in pulses if one.passed * sign > 0.0]
        rows = sorted((one.charge + middle * one.passed, getattr(one, name)) for one in own)
        if rows:
            lines.append(np.interp(charge, *zip(*rows, strict=True), left=np.nan, right=np.nan))
    known = np.isfinite(lines).any(axis=0)
    return np.interp(charge, charge[known], np.nanmean(np.array(lines)[:, known], axis=0))
