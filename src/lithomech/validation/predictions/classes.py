"""Statements about whole classes of electrolytes, by the members that the library has."""

from collections.abc import Mapping
from typing import Any

from lithomech.units import Array
from lithomech.validation.library import Finding, Library

_PER_CM = 1e-2  # S/m in S/cm


def best_conductivity(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Highest conductivity among the electrolytes of the `families`, a list by blanks."""
    found = _conductivities(library, given["families"])
    return {"ionic_conductivity": max(high for _, high in found.values())}


def conductivities_between(library: Library, given: Mapping[str, Any]) -> Finding:
    """Whether every electrolyte of the families is inside `range`, in S/cm."""
    low, high = (float(text) for text in given["range"].split(" to "))
    found = {
        name: (_PER_CM * ends[0], _PER_CM * ends[1])
        for name, ends in _conductivities(library, given["families"]).items()
    }
    inside = all(low <= ends[0] and ends[1] <= high for ends in found.values())
    text = ", ".join(f"{name} {ends[1]:.2g}" for name, ends in found.items())
    return Finding(inside, f"S/cm: {text}")


def _conductivities(library: Library, families: str) -> dict[str, tuple[float, float]]:
    """Preferred conductivity [S/m] or its published range, of members with one of their own."""
    found = {}
    for name in library.names("electrolyte"):
        material = library.material(name)
        stored = material.properties.get("ionic_conductivity")
        if material.family not in families.split() or stored is None or stored.owner != name:
            continue
        value = library.value(name, "ionic_conductivity")
        found[name] = stored.span or (value, value)
    return found
