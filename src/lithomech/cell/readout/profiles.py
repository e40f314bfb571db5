"""Local states of composite electrodes."""

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.observation import Observation
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.state import SIDES

Floats = NDArray[np.float64]


def profiles(observation: Observation) -> dict[str, Floats]:
    """Profiles by name, shape (rows, nodes, classes), and the positions of the nodes [m]."""
    model = observation.model
    nodes = model.cell.solver.nodes
    values = {key: profile.value(observation) for key, profile in outputs().profiles.items()}
    named: dict[str, Floats] = {}
    for side in SIDES:
        members = model.members.get(side)
        if members is None:
            continue
        width = model.thickness[side] / nodes
        named[f"{side}_position_m"] = width * np.linspace(0.5, nodes - 0.5, nodes)
        shape = (len(observation.state), len(model.composites[side].particles), nodes)
        for key, value in values.items():
            named[f"{side}_{key}"] = value[:, members].reshape(shape).swapaxes(1, 2)
    return named
