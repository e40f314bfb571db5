"""Rows of Table 2: what a reaction stores, and what it does to the volume."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lithomech.laws import chemomechanics
from lithomech.units import Array
from lithomech.validation.library import Library
from lithomech.validation.predictions.hosts import content_at
from lithomech.validation.predictions.lithium import foil_expansion

_POINTS = 4001  # strains are tabulated in steps of 0.005


def reaction(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Capacity n F/M, and the volumes of the solids from their lattices.

    `material` gives molar mass and molar volume, `reversible_lithium` the lithium per formula
    unit; `after` is a part of the conditions of the reacted molar volume.
    """
    material = given["material"]
    mass = library.value(material, "molar_mass")
    before = library.value(material, "molar_volume")
    after = library.value(material, "reacted_molar_volume", conditions=given["after"])
    return {
        "reaction_capacity": chemomechanics.reaction_capacity(
            given["reversible_lithium"], mass
        ),
        "reaction_volume_change": chemomechanics.reaction_volume_change(after, before),
    }


def to_content(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Capacity n F/M, and the volume strain where that lithium has left the full host."""
    material, n = given["material"], given["reversible_lithium"]
    mass = library.value(material, "molar_mass")
    strain = library.curve(material, "volume_strain")
    made = library.value(material, "as_made_stoichiometry")
    change = (1.0 + strain(1.0 - n)) / (1.0 + strain(made)) - 1.0
    return {
        "reaction_capacity": chemomechanics.reaction_capacity(n, mass),
        "reaction_volume_change": float(change),
    }


def to_potential(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """One state for both numbers: where the open-circuit potential is reached.

    Both count from the start of the charge that diffraction followed, where the stored strain
    is zero.
    """
    material = given["material"]
    potential = library.curve(material, "open_circuit_potential")
    strain = library.curve(material, "volume_strain")
    x = np.linspace(strain.low, strain.high, _POINTS)
    start = float(np.interp(0.0, strain(x), x))
    end = content_at(potential, given["potential"])
    mass = library.value(material, "molar_mass")
    return {
        "reaction_capacity": chemomechanics.reaction_capacity(start - end, mass),
        "reaction_volume_change": float(strain(end)),
    }


def foil(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Flat lithium on a foil: growth over its thickness, charge over the mass of the foil."""
    grown = foil_expansion(library, given)
    mass = library.value("li", "molar_mass")
    capacity = chemomechanics.reaction_capacity(grown["reaction_volume_change"], mass)
    return grown | {"reaction_capacity": capacity}
