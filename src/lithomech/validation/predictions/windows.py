"""Stability windows: of binary salts, and under constraint."""

from collections.abc import Mapping
from typing import Any

from lithomech.laws import decomposition
from lithomech.units import Array
from lithomech.validation.library import Finding, Library


def binary_exceeds(library: Library, given: Mapping[str, Any]) -> Finding:
    """Limit of the binary lithium compound, -Delta_f G/(n F), above the published one."""
    found = library.value(given["family"], "oxidation_limit", conditions=given["compound"])
    text = f"{given['compound']} is stable up to {found:.2f} V by its energy of formation"
    return Finding(found > given["oxidation_limit"], text)


def constrained(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Window of Li10GeP2S12 inside a constraint, from the molar volumes of the products.

    Reduction by 10 lithium to 2 P, 8 Li2S and Li4GeS4; oxidation by 4 to 2 Li3PS4, GeS2 and
    2 S. Lithium outside is not confined.
    """
    free = {
        name: library.value("lgps", name, conditions="free")
        for name in ("reduction_limit", "oxidation_limit")
    }
    own = {"lgps": -1.0}
    taken = _growth(library, own | {"phosphorus": 2.0, "li2s": 8.0, "li4ges4": 1.0}) / 10.0
    given_off = _growth(library, own | {"li3ps4": 2.0, "ges2": 1.0, "sulfur": 2.0}) / 4.0
    modulus = given["constriction_pressure"]
    return {
        "reduction_limit": decomposition.constrained_reduction_limit(
            free["reduction_limit"], modulus, taken
        ),
        "oxidation_limit": decomposition.constrained_oxidation_limit(
            free["oxidation_limit"], modulus, given_off
        ),
    }


def _growth(library: Library, amounts: Mapping[str, float]) -> float:
    """Volume of the products less that of the electrolyte [m^3 per mol of electrolyte]."""
    return sum(n * library.value(name, "molar_volume") for name, n in amounts.items())
