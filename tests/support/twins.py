"""Cells that are run twice: by lithomech and by the PyBaMM model of the same equations.

Nine of them, three fixtures times three negative electrodes, are a table of
docs/reliability.md; benchmarks/cell_twins.py prints it.
"""

import json
from typing import NamedTuple

import numpy as np

from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.build import Resolved, resolve
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell
from oracles.pybamm_cell import PybammCell
from support.cells import DENSE, EVEN
from support.plain_numbers import plain_numbers, plain_step

WINDOW = (0.01, 0.96)  # of a step: where both are compared
COMPOSITE = {
    "type": "composite",
    "thickness": "80 um",
    "porosity": "15 %",
    "active": [{"material": "ncm811", "weight": "75 %", "diameter": "4 um"}],
    "electrolyte": {"material": "li6ps5cl", "weight": "25 %"},
    "transport": {"type": "formula"},  # as in the peer
}
LITHIUM = {"type": "planar", "material": "li", "thickness": "100 um"}
INDIUM = {**LITHIUM, "material": "li_in"}
BASE = {
    "fixture": {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"},
    "cathode": COMPOSITE,
    "separator": {"material": "li6ps5cl", "thickness": "600 um"},
    "anode": LITHIUM,
    "solver": {"voltage_tolerance": "2 uV", "order": 5, "nodes": 20, "shells": 60},
    "mechanisms": {"interphase": "none", "separator_crack": "none"},
    "materials": {"ncm811": EVEN, "li6ps5cl": DENSE},
    "protocol": [
        "Charge at 0.2C until 4.3 V",
        "Rest for 1 hour",
        "Discharge at 0.2C until 2.8 V",
    ],
}
FIXTURES = {
    "spring": BASE["fixture"],
    "constant pressure": {"type": "constant_pressure", "pressure": "20 MPa"},
    "bolted": {"type": "bolted", "pressure": "20 MPa", "frame_stiffness": "2 MPa/um"},
}


def composite_anode(material: str) -> dict[str, object]:
    """A negative electrode of particles, balanced against the positive one."""
    active = {"material": material, "weight": "60 %", "diameter": "8 um"}
    electrolyte = {"material": "li6ps5cl", "weight": "40 %"}
    anode = {**COMPOSITE, "active": [active], "electrolyte": electrolyte, "n_p_ratio": 1.3}
    del anode["thickness"]
    return anode


# what differs from the base; no loss in the first cycle, which the peer lacks
ANODES = {
    "li": {"anode": LITHIUM},
    "li_in": {"anode": INDIUM},
    "graphite": {
        "anode": composite_anode("graphite"),
        "reference": "cell",
        "materials": {**BASE["materials"], "graphite": {"first_cycle_loss": "0 mAh/g"}},
        "protocol": [
            "Charge at 0.2C until 4.2 V",
            "Rest for 1 hour",
            "Discharge at 0.2C until 2.8 V",
        ],
    },
}


class Gaps(NamedTuple):
    """The largest differences between the two.

    Attributes:
        voltage: [V].
        pressure: of the stack, as a share of its largest change.
        capacity: of a step with a set current, as a share: the difference of how long it lasts.
    """

    voltage: float
    pressure: float
    capacity: float


class Twins(NamedTuple):
    """Both runs of one cell, compared.

    Attributes:
        gaps: largest differences.
        current: largest relative difference of the current where a voltage is held.
        seen: lowest and highest value of everything that the peer knows, by name.
    """

    gaps: Gaps
    current: float
    seen: dict[str, tuple[float, float]]


def declare(**changes) -> Cell:
    """The base cell with top-level keys replaced."""
    return load_cell(json.dumps({**BASE, **changes}, indent=1))  # JSON is YAML


def oracle_of(cell: Cell, **numerics) -> PybammCell:
    return PybammCell(plain_numbers(resolve(cell)), **numerics)


def compared(cell: Cell, oracle: PybammCell) -> Twins:
    """Run both and compare them step by step, away from the ends of steps."""
    model, result = resolve(cell), run(cell)
    assert result.status == "completed", result.reason
    P_0, stiffness = cell.fixture.pressure, float(model.arrays.stiffness)
    span = max(abs(result.stack_pressure - P_0).max(), 1e-6 * P_0)
    number = result.series.columns["Step Count / 1"]
    solution, begin, gaps, current, seen = None, 0.0, [], [0.0], {}
    for n, step in enumerate(cell.steps(), start=1):
        solution = oracle.run(plain_step(model, step), stiffness, P_0, after=solution)
        rows = np.flatnonzero(number == n)
        time = result.time[rows] - result.time[rows][0]
        lasted = solution.t[-1] - begin
        inside = (time > WINDOW[0] * lasted) & (time < WINDOW[1] * lasted)
        assert inside.sum() > 20
        rows, at = rows[inside], begin + time[inside]
        volts, pressed = _apart(model, result, rows, solution, at)
        gaps.append(Gaps(volts, pressed / span, abs(time[-1] / lasted - 1.0)))
        if oracle.holds:
            density = solution["current"](at)
            current.append(abs(-result.current[rows] / model.area / density - 1.0).max())
        for name in oracle.model.variables:
            values = solution[name](at)
            low, high = seen.get(name, (np.inf, -np.inf))
            seen[name] = (min(low, values.min()), max(high, values.max()))
        begin = solution.t[-1]
    return Twins(Gaps(*np.max(gaps, axis=0).tolist()), float(max(current)), seen)


def _apart(
    model: Resolved, result: CellResult, rows: np.ndarray, solution, at: np.ndarray
) -> tuple[float, float]:
    """Largest difference of voltage [V] and of stack pressure [Pa] at some times."""
    voltage = solution["voltage"](at) + model.reference_potential
    return (
        abs(result.voltage[rows] - voltage).max(),
        abs(result.stack_pressure[rows] - solution["pressure"](at)).max(),
    )
