"""Composites: volume fractions, particle sizes, tortuosity factors."""

from collections.abc import Mapping
from typing import Any

from lithomech.laws import homogenise
from lithomech.laws import transport as laws
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
    ratio = library.value("shi2020_utilisation", "size_ratio")
    return {"particle_diameter": homogenise.electrolyte_diameter(active, ratio)}


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
        tau2 = library.value(given["table"], f"tortuosity_factor_{known}", conditions=row)
        solid = laws.implied_solid_fraction(*_measured(library, given, known, row), tau2)
        dense, share, sigma = _measured(library, given, wanted, row)
        found[f"{pressure} MPa"] = laws.tortuosity_factor(dense, share * solid, sigma)
    return found


def _measured(
    library: Library, given: Mapping[str, Any], carrier: str, row: str
) -> tuple[float, float, float]:
    """Conductivity of the dense phase, its share of the solids, conductivity measured."""
    weight, _, other = given["composition"].partition(":")
    active = _active_share(library, given, float(weight) / (float(weight) + float(other)))
    electrons = carrier == "electronic"
    name = f"{carrier}_conductivity"
    dense = library.value(given["active" if electrons else "electrolyte"], name, ref="Song2021")
    share = active if electrons else 1.0 - active
    return dense, share, library.value(given["table"], name, conditions=row)


def _active_share(library: Library, given: Mapping[str, Any], weight: float) -> float:
    """Share of the solid volume."""
    active = library.value(given["active"], "density")
    electrolyte = library.value(given["electrolyte"], "density")
    return float(homogenise.volume_fraction(weight, active, electrolyte))
