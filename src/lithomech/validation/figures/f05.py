"""Fig. 5: random grains, texture and single crystals."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.plot.paper import Image, sections
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.figures.particles import CONSTANTS, CYCLES, SMALL, flat, four_moments

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS: Final = {
    "random grains": "ncm88_random",
    "radial rods": "ncm88_textured",
    "one crystal": "ncm88_single_crystal",
}
CYCLED: Final = {name: flat(source, 25.0, cycles=str(CYCLES)) for name, source in KINDS.items()}
THREE: Final = tuple(SMALL[name] for name in ("random", "textured", "single crystal"))
SUPPRESSED: Final = "QL-013"  # texture and single crystals suppress cracks
FOUR: Final = (
    "NCM88 in Li6PS5Cl at 20 MPa to 4.3 V, two-dimensional: as made, charged, discharged, and "
    f"discharged after {CYCLES} cycles; those in which openings grow steadily are skipped. "
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


def _moments(
    name: str, grains: str, claims: tuple[str, ...], title: str, more: str = ""
) -> Panel:
    """A kind of particle at four moments; on those in three dimensions claims are judged."""
    return Panel(
        id=name,
        title=title,
        claims=claims,
        caption=f"{FOUR} {more}".rstrip(),
        draw=four_moments,
        runs={"particle": CYCLED[grains]},
        judged=THREE if SUPPRESSED in claims else (),
        constants=CONSTANTS,
    )


PANELS: Final = (
    Panel(
        id="F5a",
        title="Stress in random, textured and single-crystalline particles.",
        claims=("F-019", SUPPRESSED, "QL-015"),
        caption=(
            "Equivalent stress in the section at 4.3 V, where the paper has a sketch. Claims "
            "are judged on particles in three dimensions, those of F4f and F6e; the ways of "
            "lithium, which the paper sketches too, decide what these two show."
        ),
        draw=_stress,
        runs={name: flat(source) for name, source in KINDS.items()},
        judged=THREE,
        constants=CONSTANTS,
    ),
    _moments(
        "F5b-e",
        "random grains",
        ("F-020", "Q-097"),
        "Random grains: as made, charged, discharged, and later.",
        "In the paper the particle has fallen apart by then, and its grains have cracked.",
    ),
    _moments(
        "F5f-i",
        "radial rods",
        ("F-021", SUPPRESSED),
        "Radial rods at the same four moments.",
        "In two dimensions rods part along their length, more than random grains do; the paper "
        "shows hardly a crack.",
    ),
    _moments(
        "F5j-m",
        "one crystal",
        ("F-022", SUPPRESSED),
        "One crystal at the same four moments.",
        "It does not crack, as in the paper; the statement fails by the rods.",
    ),
)
