"""What cracks do to one particle, and to lithium in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.validation.library import Finding, Library

if TYPE_CHECKING:
    from lithomech.particle.result import CrackedParticle

# as examples/11_particle_that_cracks.py: small, to be quick
SMALL: Final = {"diameter": "2.4 um", "grains.diameter": "0.6 um", "increments": "8"}
FINE: Final = {"grains.diameter": "0.5 um", "voxel_size": "80 nm"}
CASES: Final = {
    "liquid": ("ncm88_random", SMALL | {"surroundings": "liquid"}),
    "random": ("ncm88_random", SMALL),
    "textured": ("ncm88_textured", SMALL | FINE),
    "single crystal": ("ncm88_single_crystal", SMALL | {"grains.diameter": "2.4 um"}),
}


def surface_or_dead_end(library: Library, _given: Mapping[str, Any]) -> Finding:
    """Apparent diffusivity charged over as made, in a liquid and in a solid electrolyte."""
    found = {}
    for name in ("liquid", "random"):
        _, D = _first_charge(_cracked(library, name))
        found[name] = D[-1] / D[0]
    listed = (
        f"apparent D x {found['liquid']:.2g} in a liquid, x {found['random']:.2g} in a solid"
    )
    return Finding(
        found["liquid"] > 1.1 and found["random"] < 1.0, listed + ", charged to 4.3 V"
    )


def parts_with_potential(library: Library, given: Mapping[str, Any]) -> Finding:
    """Ratio of apparent diffusivities, liquid over solid: one below a potential, more above."""
    potential, liquid = _first_charge(_cracked(library, "liquid"))
    _, solid = _first_charge(_cracked(library, "random"))
    ratio, U = liquid / solid, given["potential"]
    onset = float(np.interp(1.25, ratio, potential))
    high = float(ratio[potential > U].min())
    listed = (
        f"ratio {ratio[0]:.2f} as made, 1.25 at {onset:.2f} V, "
        f"{high:.2g} and more above {U:g} V"
    )
    return Finding(ratio[0] < 1.1 and abs(onset - U) <= 0.1 and high > 1.25, listed)


def suppressed(library: Library, _given: Mapping[str, Any]) -> Finding:
    """Crack area after the first charge, by morphology."""
    found = {
        name: 100.0 * _cracked(library, name).at("crack_fraction", 1.0)
        for name in ("random", "textured", "single crystal")
    }
    listed = ", ".join(f"{name} {area:.2f} %" for name, area in found.items())
    holds = max(found["textured"], found["single crystal"]) < 0.5 * found["random"]
    return Finding(holds, listed + " cracks at 4.3 V")


def long_way(library: Library, _given: Mapping[str, Any]) -> Finding:
    """Apparent diffusivity of the morphologies as made and charged, in a solid."""
    found = {
        name: _first_charge(_cracked(library, name))[1]
        for name in ("random", "textured", "single crystal")
    }
    listed = ", ".join(f"{name} {D[0]:.2f} to {D[-1]:.2f}" for name, D in found.items())
    holds = all(found["random"][0] < found[name][0] for name in ("textured", "single crystal"))
    return Finding(holds, f"apparent D over D_a, as made to charged: {listed}")


def _cracked(library: Library, case: str) -> "CrackedParticle":
    name, settings = CASES[case]
    return library.crack(name, settings)


def _first_charge(found: "CrackedParticle") -> tuple[np.ndarray, np.ndarray]:
    rows = found.diffusion
    first = rows["half_cycles"] <= 1.0
    return rows["potential"][first], rows["diffusivity"][first]
