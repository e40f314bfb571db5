"""How near the stack pressure comes to splitting the separator at the rim of the electrodes."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms.outputs import CycleQuantity, EndValue, Output, pressure_over

if TYPE_CHECKING:
    from lithomech.cell.readout.observation import Observation

Floats = NDArray[np.float64]


def _strength(observation: "Observation") -> Floats | None:
    """Stack pressure that splits the separator at its rim [Pa]."""
    strength = observation.model.rim_strength
    return None if strength is None else np.full(len(observation.state), strength)


RIM: Final[tuple[Output, ...]] = (
    EndValue("rim_strength", _strength),
    CycleQuantity(
        "separator_rim_load_max",
        "1",
        "Highest load of the separator at its rim",
        pressure_over("rim_strength"),
        extreme=True,
    ),
)
