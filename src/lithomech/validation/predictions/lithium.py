"""Lithium metal: what its molar volume and its moduli say."""

from collections.abc import Mapping

from lithomech.constants import F
from lithomech.units import Array
from lithomech.validation.library import Library


def plated_thickness(library: Library, given: Mapping[str, float]) -> dict[str, Array]:
    """Thickness of flat lithium of an areal capacity."""
    volume = library.value("li", "partial_molar_volume")
    return {"thickness": volume * given["areal_capacity"] / F}
