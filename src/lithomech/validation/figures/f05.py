"""Fig. 5: random grains, texture and single crystals."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.plot.paper import Image, sections
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.figures.particles import CONSTANTS, FEW, SMALL, flat, four_moments

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS: Final = {
    "random grains": "ncm88_random",
    "radial rods": "ncm88_textured",
    "one crystal": "ncm88_single_crystal",
}
CYCLED: Final = {name: flat(source, 60.0, cycles=str(FEW)) for name, source in KINDS.items()}
THREE: Final = tuple(SMALL[name] for name in ("random", "textured", "single crystal"))
TEN: Final = (
    "NCM88 in Li6PS5Cl at 20 MPa to 4.3 V, two-dimensional: as made, charged, discharged, and "
    f"discharged after {FEW} cycles, where the paper has 100 (they take as many minutes). "
    "Claims are judged on particles in three dimensions."
)


def _stress(results: Results) -> "Figure":
    """Equivalent stress in the charged particles."""
    every = []
    for name, found in results.items():
        inside = found.labels[found.labels.shape[0] // 2] > 0
        charged = next(moment for moment in found.moments if moment.name == "charged")
        field = np.where(inside, charged.stress / 1e6, np.nan)
        every.append(Image(field, name, "MPa"))
    return sections(every, "Equivalent stress, charged", columns=3)


PANELS: Final = (
    Panel(
        id="F5a",
        title="Stress in random, textured and single-crystalline particles.",
        claims=("F-019", "QL-013", "QL-015"),
        caption=(
            "Equivalent stress in the section at 4.3 V, where the paper has a sketch. Claims "
            "are judged on particles in three dimensions, those of F4f and F6e."
        ),
        draw=_stress,
        runs={name: flat(source) for name, source in KINDS.items()},
        judged=THREE,
        constants=CONSTANTS,
    ),
    Panel(
        id="F5b-e",
        title="Random grains: as made, charged, discharged, and later.",
        claims=("F-020", "Q-097"),
        caption=TEN,
        draw=four_moments,
        runs={"particle": CYCLED["random grains"]},
        constants=CONSTANTS,
    ),
    Panel(
        id="F5f-i",
        title="Radial rods at the same four moments.",
        claims=("F-021", "QL-013"),
        caption=TEN,
        draw=four_moments,
        runs={"particle": CYCLED["radial rods"]},
        judged=THREE,
        constants=CONSTANTS,
    ),
    Panel(
        id="F5j-m",
        title="One crystal at the same four moments.",
        claims=("F-022", "QL-013"),
        caption=TEN,
        draw=four_moments,
        runs={"particle": CYCLED["one crystal"]},
        judged=THREE,
        constants=CONSTANTS,
    ),
)
