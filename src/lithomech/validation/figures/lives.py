"""Lives of cells over 200 cycles that several panels draw, as the register judges them."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.plot.paper import Curve
from lithomech.validation.predictions.lives import CAPACITY, ELECTROLYTE, MORPHOLOGY
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

SULFIDE: Final = "li6ps5cl0.5br0.5"
CHLORIDE: Final = "li3ycl6"
LEAN: Final = "29.1 %"  # by weight of electrolyte
WEIGHT: Final = "cathode.electrolyte.weight"
WET: Final = dict.fromkeys(("contact", "cracking", "isolation", "interphase"), "none")
CONSTANTS: Final = (
    "nca88.crack_opening",
    "nca88.crack_rate",
    "nca88.isolation_by_opening",
    "nca88.isolation_by_working",
)


def life(grains: str, electrolyte: str = CHLORIDE, weight: str = "") -> Run:
    """NCA88 against Li-In for 200 cycles.

    Args:
        grains: morphology.
        electrolyte: material in the cathode.
        weight: of it; that of the cell if not given.
    """
    keys: dict[str, object] = {MORPHOLOGY: grains, ELECTROLYTE: electrolyte}
    return Run("cell", "nca_life", {**keys, **({WEIGHT: weight} if weight else {})}, 1.5)


# Wets all surface and every crack.
LIQUID: Final = Run(
    "cell",
    "nca_life",
    {
        MORPHOLOGY: "single_crystal",
        ELECTROLYTE: "lipf6_ec_emc",
        WEIGHT: "10 %",
        "mechanisms": WET,
        "cathode.transport": {"type": "formula"},
    },
    1.5,
)


def capacities(result: "CellResult") -> np.ndarray:
    """Discharge capacities of the cycles at 0.5C [mAh/g]."""
    return np.array([float(cycle[CAPACITY] or 0.0) for cycle in result.cycles[1:]])


def retention(result: "CellResult", label: str, colour: str, style: str = "-") -> Curve:
    """Capacity left [%] over the cycles at 0.5C."""
    held = capacities(result)
    return Curve(np.arange(1, held.size + 1), 100.0 * held / held[0], label, colour, style)
