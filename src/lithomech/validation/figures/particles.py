"""Particles that several panels draw: sections in two dimensions, diffusion in three."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.particle.section import canvas
from lithomech.plot.paper import Curve, Image, Pane, panes, sections
from lithomech.plot.particle import micrograph
from lithomech.validation.figures.drawing import NARROW, pair
from lithomech.validation.figures.panel import Results
from lithomech.validation.predictions.particles import CASES
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.particle.result import CrackedParticle

FLAT: Final = {"dimensions": "2", "increments": "6"}
CYCLES: Final = 100  # of the paper; most are skipped where openings grow steadily
# as the register judges them
SMALL: Final[Mapping[str, Run]] = {
    name: Run("particle", source, settings, seconds=12.0)
    for name, (source, settings) in CASES.items()
}
LABELS: Final = {
    "liquid": "random grains, liquid",
    "random": "random grains, sulfide",
    "textured": "radial rods, sulfide",
    "single crystal": "one crystal, sulfide",
}
CONSTANTS: Final = (
    "ncm88.boundary_energy",
    "ncm88.boundary_strength",
    "ncm88.lattice_a",
    "ncm88.lattice_c",
)


def flat(source: str, seconds: float = 6.0, **settings: str) -> Run:
    """A particle whose grains are prisms across the section."""
    return Run("particle", source, {**FLAT, **settings}, seconds)


def images(found: "CrackedParticle", moments: Sequence[str]) -> list[Image]:
    """Sections at some moments, as an electron microscope shows them."""
    drawn = canvas(found.labels, found.axes)
    shown = []
    for moment in found.moments:
        if moment.name in moments:
            cracks, gap = (
                100.0 * found.at(name, moment.half_cycles)
                for name in ("crack_fraction", "gap_fraction")
            )
            title = f"{moment.name}\ncracks {cracks:.1f} %, gap {gap:.1f} %"
            shown.append(Image(micrograph(found, moment, drawn), title))
    return shown


def first_charge(found: "CrackedParticle") -> tuple[np.ndarray, np.ndarray]:
    """Potential [V] and apparent diffusivity over that along the layers."""
    rows = found.diffusion
    first = rows["half_cycles"] <= 1.0
    return rows["potential"][first], rows["diffusivity"][first]


def diffusion(results: Results, **pane: Any) -> "Figure":  # noqa: ANN401  of the pane
    """Apparent diffusivity of two particles over the potential of the first charge."""
    curves = [
        Curve(*first_charge(results[name]), *look, "o-") for name, look in pair(results, LABELS)
    ]
    words = "Apparent D over\nthat in the layers"
    return panes([[Pane("Potential (V vs Li/Li⁺)", words, curves, **pane)]], 2.6, NARROW)


def four_moments(results: Results) -> "Figure":
    """As made, charged, discharged, and discharged after the last cycle."""
    found = results["particle"]
    last = found.moments[-1].name
    return sections(images(found, ("as made", "charged", "discharged", last)))
