"""A cell reduced to tables for the estimator, from runs of the whole one."""

from collections.abc import Mapping
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
PULSE: Final = 1200.0  # s
HALVED: Final = 0.5  # contact of the second pulse
COMPLETED: Final = "completed"
SIDES: Final = ("Positive", "Negative")
LAYERS: Final = {"Positive": "cathode", "Negative": "anode"}


class Pulse(NamedTuple):
    """What the voltage does in a pulse of current.

    Attributes:
        current: [A].
        fast: overvoltage at once [V].
        rise: what comes later, without the change at rest [V].
        time: after which two thirds of it are there [s].
    """

    current: float
    fast: float
    rise: float
    time: float


def reduce_cell(cell: Cell | Source, upper: str, lower: str) -> ReducedCell:
    """Return a fresh cell as tables over its charge, with resistances from pulses.

    Three runs: slow cycles between the limits, and two pulses in the middle, the second with
    half of the contact between active material and electrolyte.

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
    pulses = [_pulse(_ran(whole, _pulsed(), more), charge, rest) for more in ({}, less)]
    ohmic = [one.fast / one.current for one in pulses]
    contact = (ohmic[1] - ohmic[0]) * HALVED / (1.0 - HALVED)
    return ReducedCell(
        charge=charge,
        positive=tables["Positive"],
        negative=tables["Negative"],
        positive_pressure=tables["Positive pressure"],
        negative_pressure=tables["Negative pressure"],
        pressure=float(tables["pressure"][0]),
        resistance=ohmic[0] - contact,
        contact_resistance=contact,
        slow_resistance=pulses[0].rise / pulses[0].current,
        slow_time=pulses[0].time,
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


def _ran(cell: Cell, protocol: list[str], more: Mapping[str, Any]) -> CellResult:
    settings = {"protocol": protocol, "output": {"traces": "all", "points": 200}}
    result = run(changed_cell(cell, settings | dict(more), cell.name))
    if result.status != COMPLETED:
        raise SolveError(f"a cell that is reduced must complete {protocol}: {result.reason}")
    return result


def _pulsed() -> list[str]:
    """Half full, at rest, and a pulse."""
    return [
        "Charge at 0.1C for 50 % SOC",
        "Rest for 5 hours",
        f"Charge at 0.5C for {PULSE:g} s",
    ]


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


def _pulse(result: CellResult, charge: Floats, rest: Floats) -> Pulse:
    """Read the last step of a run."""
    columns = result.series.columns
    volts = columns["Positive Electrode Potential / V"]
    volts = volts - columns["Negative Electrode Potential / V"]
    step = result.series.columns["Step Count / 1"]
    rows = np.flatnonzero(step == step.max())
    time, current = columns[TIME][rows], float(result.current[rows[-1]])
    before = float(volts[rows[0] - 1])
    held = np.interp(before, rest, charge)
    moved = np.interp(held + current * (time - time[0]), charge, rest) - before
    over = volts[rows] - before - moved
    fast = float(np.interp(time[0] + FAST, time, over))
    rise = float(over[-1]) - fast
    built = np.maximum.accumulate(over - fast)
    reached = float(np.interp((1.0 - np.exp(-1.0)) * rise, built, time - time[0]))
    return Pulse(current, fast, max(rise, 1e-6), max(reached, 1.0))
