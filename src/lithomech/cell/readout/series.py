"""Traces over time; here the current turns positive on charge."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol.order import Planned
from lithomech.cell.readout.observation import Observation
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver.observe import Readout
from lithomech.observe.timeseries import TimeSeries

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """The stored rows of one leg."""

    model: Resolved  # under the conditions of the leg
    planned: Planned
    time: Floats
    applied: float
    state: Floats
    readout: Readout


def series(observation: Observation, rows: Sequence[Rows], displacement: Floats) -> TimeSeries:
    """Traces with Battery Data Format names.

    Args:
        observation: all rows as one.
        rows: the same rows by leg.
        displacement: of the pistons [m].
    """
    model, readout = observation.model, observation.readout
    counts = [len(r.time) for r in rows]
    # positive on discharge
    density = observation.state[:, model.layout.current]
    resistance = [r.model.arrays.separator_resistance for r in rows]
    ohmic = density * np.repeat(resistance, counts)
    anode, cathode = readout.drop[:, 0], readout.drop[:, 1]
    columns = {
        "Test Time / s": np.concatenate([np.zeros(0), *(r.time for r in rows)]),
        "Voltage / V": cathode - anode - ohmic + model.reference_potential,
        "Current / A": -density * model.area,
        "Surface Pressure / Pa": readout.pressure,
        "Applied Pressure / Pa": np.repeat([r.applied for r in rows], counts).astype(float),
        "Stack Force / N": readout.pressure * model.area,
        "Displacement / m": displacement,
        "Positive Electrode Potential / V": cathode - 0.5 * ohmic,
        "Negative Electrode Potential / V": anode + 0.5 * ohmic,
        "Temperature / K": np.repeat([r.model.arrays.temperature for r in rows], counts),
        "Cycle Count / 1": np.repeat([r.planned.cycle for r in rows], counts).astype(np.int64),
        "Step Count / 1": np.repeat([r.planned.step for r in rows], counts).astype(np.int64),
    }
    return TimeSeries(columns, {"name": model.cell.name})
