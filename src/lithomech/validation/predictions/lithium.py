"""Lithium metal: what its molar volume and its moduli say, and when lithium cells short."""

import itertools
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from scipy.optimize import brentq

from lithomech.cell.readout.result import CellResult
from lithomech.laws import elasticity
from lithomech.laws import lithium as laws
from lithomech.laws.roughening import crest_stress
from lithomech.units import Array
from lithomech.validation.library import Finding, Library

SEPARATOR_POISSON: Final = 0.33  # of the analysis by Monroe and Newman
CYCLES: Final = 100  # of the symmetric cell


def plated_thickness(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Thickness of flat lithium of an areal capacity, V_Li q/F."""
    return {"thickness": _plated(library, given["areal_capacity"])}


def foil_expansion(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Flat lithium of an areal capacity over the thickness of the foil below it."""
    plated = _plated(library, given["areal_capacity"])
    return {"reaction_volume_change": plated / given["thickness"]}


def dendrite_criterion(library: Library, _given: Mapping[str, Any]) -> dict[str, Array]:
    """Monroe and Newman: twice the shear modulus of lithium, G = E/(2 (1 + nu))."""
    ratio = library.value("li", "dendrite_modulus_ratio")
    G = elasticity.shear_modulus(
        library.value("li", "youngs_modulus"), library.value("li", "poisson_ratio")
    )
    return {"dendrite_shear_modulus": laws.dendrite_shear_modulus(G, ratio)}


def modulus_ratio(library: Library, _given: Mapping[str, Any]) -> dict[str, Array]:
    """Shear modulus from which a separator holds crests of lithium back, over lithium's."""
    nu = library.value("li", "poisson_ratio")

    def stress(ratio: float) -> float:
        return float(crest_stress(ratio, 1.0, SEPARATOR_POISSON, nu, 0.0))

    return {"dendrite_modulus_ratio": np.asarray(brentq(stress, 0.01, 100.0))}


def short_on_pressing(library: Library, given: Mapping[str, Any]) -> Finding:
    """Flaws that the stack pressure alone splits, full of lithium, beside those of a pellet."""
    electrolyte, pressure = given["electrolyte"], given["stack_pressure"]
    share = laws.opening_share(library.value(electrolyte, "poisson_ratio"))
    toughness = library.value(electrolyte, "fracture_toughness")
    # the strength falls with the root of the depth
    depth = (laws.flaw_strength(toughness, 1.0) / (share * pressure)) ** 2
    text = (
        f"{pressure / 1e6:.3g} MPa alone split flaws deeper than {1e6 * depth:.2g} um; "
        f"those of the pellet are {1e6 * given['flaw_size']:.2g} um"
    )
    return Finding(bool(given["flaw_size"] > depth), text)


def strips_and_plates(library: Library, given: Mapping[str, Any]) -> Finding:
    """Cycles of a symmetric cell before a short, beside those that were published."""
    result = library.run(given["cell"], cycling(given))
    short = result.status == "short"
    cycles = len(result.cycles) - short
    text = f"short in cycle {cycles + 1}" if short else f"no short in {cycles} cycles"
    return Finding(not short, text)


def stripping_grows_until_a_short(library: Library, given: Mapping[str, Any]) -> Finding:
    """Drop over lithium at the end of each stripping, and the short that follows."""
    whole = library.run(given["cell"], cycling(given) | {"mechanisms.separator_crack": "none"})
    drops = _ends_of_stripping(whole)[: int(given["cycles"])]
    result = library.run(given["cell"], cycling(given))
    grows = all(later > sooner for sooner, later in itertools.pairwise(drops))
    text = (
        f"{1e3 * drops[0]:.0f} mV at the end of the first stripping, "
        f"{1e3 * drops[-1]:.0f} mV of the {len(drops)}th where no flaw splits; "
        f"{result.status} in cycle {len(result.cycles)}"
    )
    return Finding(grows and result.status == "short", text)


def shorts(library: Library, given: Mapping[str, Any]) -> Finding:
    """Whether a symmetric cell shorts."""
    result = library.run(given["cell"], cycling(given))
    text = f"{result.status} in cycle {len(result.cycles)}"
    return Finding(result.status == "short", text)


def stripping_sets_the_limit(library: Library, given: Mapping[str, Any]) -> Finding:
    """The same current with and without voids, and at the higher pressure."""
    low = cycling(given)
    cycles = {
        "with voids": library.run(given["cell"], low),
        "without": library.run(given["cell"], low | {"mechanisms.lithium_voids": "none"}),
        "at the higher pressure": library.run(
            given["cell"], low | {"fixture.pressure": given["higher"]}
        ),
    }
    text = ", ".join(f"{len(r.cycles)} cycles {name}" for name, r in cycles.items())
    first, *others = (len(r.cycles) for r in cycles.values())
    return Finding(all(first < other for other in others), text)


def cycling(given: Mapping[str, Any]) -> dict[str, str]:
    """Settings of the symmetric cell: stack pressure, and an hour of the current each way."""
    i = f"{given['current_density'] / 10.0:g} mA/cm2 for 1 h"
    steps = [f"Strip at {i}", f"Plate at {i}"]
    return {
        "fixture.pressure": f"{given['stack_pressure'] / 1e6:g} MPa",
        "protocol": json.dumps([{"repeat": CYCLES, "steps": steps}]),
    }


def _ends_of_stripping(result: CellResult) -> list[float]:
    """Potential of the electrode under the cathode at the end of each stripping [V]."""
    columns = result.series.columns
    positive, current = columns["Positive Electrode Potential / V"], columns["Current / A"]
    last = np.append((current[:-1] > 0.0) & (current[1:] <= 0.0), current[-1] > 0.0)
    return [float(v) for v in positive[last]]


def _plated(library: Library, capacity: float) -> float:
    volume = library.value("li", "partial_molar_volume")
    return float(laws.plated_thickness(capacity, volume))
