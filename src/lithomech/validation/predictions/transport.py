"""Composites: volume fractions, particle sizes, tortuosity factors."""

from collections.abc import Mapping
from typing import Any

from lithomech.units import Array
from lithomech.validation.library import Library

_PRESSURES = ("20", "7", "3")  # MPa, as the conditions of the table print them


def active_volume_fraction(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Share of the solid volume that a share of the solid mass takes."""
    return {
        "active_volume_fraction": _active_share(library, given, given["active_weight_fraction"])
    }


def electrolyte_diameter(library: Library, _given: Mapping[str, Any]) -> dict[str, Array]:
    """Best active particle over the size ratio of full utilisation."""
    active = library.value("strauss2018_particle_size", "particle_diameter", claim="Q-048")
    return {
        "particle_diameter": active / library.value("shi2020_utilisation", "size_ratio"),
    }


def electronic_tortuosity(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """tau^2 of electrons at three pressures from the measured conductivities of Table 3.

    tau^2 = sigma_0 phi/sigma; the solid share that phi needs and that is nowhere printed
    follows from the ionic row of the same pellet, so electrons are predicted from ions.
    """
    return _tortuosity(library, given, wanted="electronic", known="ionic")


def ionic_tortuosity(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """As electronic_tortuosity, ions from electrons."""
    return _tortuosity(library, given, wanted="ionic", known="electronic")


def _tortuosity(
    library: Library, given: Mapping[str, Any], *, wanted: str, known: str
) -> dict[str, Array]:
    found = {}
    for pressure in _PRESSURES:
        row = f"{given['composition']}, {pressure} MPa"
        solid = library.value(given["table"], f"tortuosity_factor_{known}", conditions=row)
        solid /= _dense(library, given, known, row)
        found[f"{pressure} MPa"] = solid * _dense(library, given, wanted, row)
    return found


def _dense(library: Library, given: Mapping[str, Any], carrier: str, row: str) -> float:
    """tau^2 as it would be without voids, sigma_0 phi/sigma with phi of the solid volume."""
    weight, _, other = given["composition"].partition(":")
    active = _active_share(library, given, float(weight) / (float(weight) + float(other)))
    name = f"{carrier}_conductivity"
    phase, share = (
        (given["active"], active)
        if carrier == "electronic"
        else (given["electrolyte"], 1.0 - active)
    )
    measured = library.value(given["table"], name, conditions=row)
    return library.value(phase, name, ref="Song2021") * share / measured


def _active_share(library: Library, given: Mapping[str, Any], weight: float) -> float:
    """Share of the solid volume."""
    active = weight / library.value(given["active"], "density")
    electrolyte = (1.0 - weight) / library.value(given["electrolyte"], "density")
    return active / (active + electrolyte)
