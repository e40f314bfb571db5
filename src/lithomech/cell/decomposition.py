"""Where and how fast the solid electrolyte decomposes: records for the compiled kernel.

A reaction exists where the electrolyte says what it costs in volume (``oxidation_growth``,
``reduction_growth``) and sets in within reach of the potential of what it touches. It sets in
where it is seen to (``oxidation_onset``), or at the limit of thermodynamics if nobody looked.
"""

from typing import Any, Final

import numpy as np

from lithomech.cell import spec
from lithomech.cell.arrays import REACTION
from lithomech.cell.closures import Composite, Grains, assumed
from lithomech.constants import F
from lithomech.laws import decomposition
from lithomech.materials.material import Material

WAYS: Final = ("oxidation", "reduction")
SIGN: Final = {"oxidation": 1.0, "reduction": -1.0}
UNUSED: Final = dict.fromkeys(REACTION.names or (), 0.0) | {
    "resistance": 1.0,
    "exhaustion": 1.0,
}
PLENTY: Final = 1e12  # C/m2; a separator is never used up by the film on a foil
REACH: Final = 0.5  # V beyond the potentials of a host at rest, by polarisation


def reaction_row(electrolyte: Material, way: str, constraint: float = 0.0) -> dict[str, Any]:
    """One reaction of an electrolyte with a solid that conducts electrons.

    Args:
        electrolyte: what decomposes.
        way: oxidation or reduction.
        constraint: effective modulus of the surroundings that moves the limit [Pa].

    Returns:
        Fields of REACTION; ``swelling`` is the growth of the solids per charge [m3/C].
    """
    dV, V_f = (electrolyte.value(f"{way}_{name}") for name in ("growth", "film_volume"))
    limit = {
        "oxidation": decomposition.constrained_oxidation_limit,
        "reduction": decomposition.constrained_reduction_limit,
    }[way]
    ionic = assumed(f"ionic conductivity of {way} products [S/m]")
    sigma = assumed("product conduction") * electrolyte.value("electronic_conductivity")
    if electrolyte.has(f"{way}_film_conductivity"):
        sigma = electrolyte.value(f"{way}_film_conductivity")
    resistance = assumed("native film [m]") / sigma
    if electrolyte.has(f"{way}_resistance"):
        resistance = electrolyte.value(f"{way}_resistance")
    thickness = float(decomposition.film_thickness(1.0, V_f))
    return {
        "sign": SIGN[way],
        "limit": float(limit(onset(electrolyte, way), constraint, dV)),
        "resistance": resistance,
        "growth": thickness / sigma,
        "exhaustion": PLENTY,
        "ionic": thickness / ionic,
        "swelling": dV / F,
    }


def onset(electrolyte: Material, way: str) -> float:
    """Potential at which a decomposition sets in without constraint [V]."""
    seen = f"{way}_onset"
    return electrolyte.value(seen if electrolyte.has(seen) else f"{way}_limit")


def known_ways(electrolyte: Material) -> list[str]:
    """Ways of decomposition that the electrolyte has numbers for."""
    return [way for way in WAYS if electrolyte.has(f"{way}_growth")]


def class_reactions(
    electrode: spec.CompositeElectrode, composite: Composite, grain: Grains, coverage: float
) -> list[dict[str, Any]]:
    """Decomposition at the surface of one class of particles."""
    electrolyte, rows = composite.electrolyte, []
    for way in known_ways(electrolyte):
        row = reaction_row(electrolyte, way, electrode.constraint_modulus)
        if not _within_reach(grain.material, row):
            continue
        if grain.coating is not None:
            coat, thickness = grain.coating
            row["resistance"] += thickness / coat.value("electronic_conductivity")
        row["exhaustion"] = _available(composite, way, coverage)
        row["swelling"] *= coverage / grain.radius
        rows.append(row)
    return rows


def foil_reaction(m: Material, electrolyte: Material) -> dict[str, Any]:
    """Reduction of the separator by a foil, which pays with its own lithium."""
    if not electrolyte.has("reduction_growth"):
        return UNUSED
    row = reaction_row(electrolyte, "reduction")
    if float(m.curve("open_circuit_potential").y.min()) > row["limit"]:
        return UNUSED
    lithium = m.value("partial_molar_volume") if m.has("partial_molar_volume") else 0.0
    return row | {"swelling": row["swelling"] - lithium / F}


def unmodelled(host: Material, electrolyte: Material) -> list[str]:
    """What a host would do to an electrolyte for which decomposition has no numbers."""
    if not host.has("open_circuit_potential"):
        return []
    potential, found = host.curve("open_circuit_potential").y, []
    for way, end, beyond in (
        ("oxidation", float(potential.max()), "reaches"),
        ("reduction", float(potential.min()), "falls to"),
    ):
        limit = f"{way}_limit"
        if electrolyte.has(f"{way}_growth") or not electrolyte.has(limit):
            continue
        row = {"sign": SIGN[way], "limit": onset(electrolyte, way)}
        if row["sign"] * (end - row["limit"]) > 0.0:
            found.append(
                f"{electrolyte.name}: {way} sets in at {row['limit']:g} V, and {host.name} "
                f"{beyond} {end:.2f} V; no data on it, so it is left out"
            )
    return found


def rest_potential(electrolyte: Material) -> float:
    """Where a solid without lithium rests: inside the window [V]."""
    limits = [onset(electrolyte, way) for way in known_ways(electrolyte)]
    return float(np.mean(limits)) if limits else 2.0


def _within_reach(host: Material, row: dict[str, Any]) -> bool:
    """Whether the potentials of a host come near the limit; a solid without lithium has any."""
    if not host.has("open_circuit_potential"):
        return True
    potential = host.curve("open_circuit_potential").y
    if row["sign"] > 0.0:
        return float(potential.max()) + REACH > row["limit"]
    return float(potential.min()) - REACH < row["limit"]


def _available(composite: Composite, way: str, coverage: float) -> float:
    """Charge of all electrolyte of the layer, per contact area [C/m2]."""
    electrolyte = composite.electrolyte
    used = electrolyte.value(f"{way}_film_volume") - electrolyte.value(f"{way}_growth")
    area = sum(3.0 * g.volume_fraction / g.radius for g in composite.particles)
    return float(composite.electrolyte_fraction * F / (used * area * coverage))
