"""What molar masses and molar volumes say of a reaction of n lithium per formula unit."""

from collections.abc import Mapping
from typing import Any

from lithomech.constants import F
from lithomech.laws import chemomechanics
from lithomech.units import Array
from lithomech.validation.library import Finding, Library


def theoretical_capacity(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Faraday's law, n F/M of the material as made."""
    return {"theoretical_capacity": _capacity(library, given, given["reversible_lithium"])}


def practical_capacity(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Faraday's law for the lithium in reversible use that the library stores."""
    lithium = library.value(given["material"], "reversible_lithium")
    return {"practical_capacity": _capacity(library, given, lithium)}


def volume_change(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Molar volumes with and without the lithium, V_after/V_before - 1.

    The stored volume is that as made; a host that is made with its lithium contracts.
    """
    material = given["material"]
    before = library.value(material, "molar_volume")
    after = library.value(material, "reacted_molar_volume")
    return {"reaction_volume_change": chemomechanics.reaction_volume_change(after, before)}


def volumetric_capacity(library: Library, given: Mapping[str, Any]) -> Finding:
    """Charge per volume of the lithiated alloy, F/V, beside those of others.

    `material` and `others` are alloys of one lithium per formula unit; `others` is a list
    separated by blanks. Holds if the published lower limit is exceeded.
    """
    own = float(F) / library.value(given["material"], "reacted_molar_volume")
    rivals = {
        name: float(F) / library.value(name, "reacted_molar_volume")
        for name in given["others"].split()
    }
    rivals["li"] = float(F) / library.value("li", "partial_molar_volume")
    text = ", ".join(f"{name} {_shown(value)}" for name, value in rivals.items())
    text = f"{_shown(own)} mAh/cm3 of lithiated {given['material']}, beside {text} (E-16)"
    return Finding(bool(own > given["volumetric_capacity"]), text)


def _capacity(library: Library, given: Mapping[str, Any], lithium: float) -> float:
    mass = library.value(given["material"], "molar_mass")
    return float(chemomechanics.reaction_capacity(lithium, mass))


def _shown(capacity: float) -> str:
    """A*s/m3 as mAh/cm3."""
    return f"{capacity / 3.6e6:.0f}"
