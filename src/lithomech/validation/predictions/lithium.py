"""Lithium metal: what its molar volume, its moduli and its creep say."""

from collections.abc import Mapping
from typing import Any

from lithomech.laws import elasticity
from lithomech.laws import lithium as laws
from lithomech.units import Array
from lithomech.validation.library import Finding, Library


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


def short_on_pressing(library: Library, given: Mapping[str, Any]) -> Finding:
    """Creep through the pellet that lasted 48 h at 25 MPa, t ~ P^-n, at another pressure.

    Holds if lithium is through before a cell can be connected, `time_to_short`.
    """
    pressure = given["stack_pressure"]
    time = _creep_short(library, given["electrolyte"], pressure)
    calibrated = library.value(given["electrolyte"], "creep_short_pressure")
    text = (
        f"lithium creeps through within {time / 60.0:.2g} min at {pressure / 1e6:.3g} MPa; "
        f"the time at {calibrated / 1e6:.3g} MPa is the calibration"
    )
    return Finding(bool(time < given["time_to_short"]), text)


def _plated(library: Library, capacity: float) -> float:
    volume = library.value("li", "partial_molar_volume")
    return float(laws.plated_thickness(capacity, volume))


def _creep_short(library: Library, electrolyte: str, pressure: float) -> float:
    thickness = library.value(electrolyte, "creep_short_thickness")
    time = laws.creep_short_time(
        library.value(electrolyte, "creep_short_time"),
        pressure,
        library.value(electrolyte, "creep_short_pressure"),
        thickness,
        thickness,
        library.value("li", "creep_exponent"),
    )
    return float(time)
