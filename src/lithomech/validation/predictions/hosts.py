"""What the curves of insertion hosts say: potential and volume against lithium content."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lithomech.files.quantity import parse_quantity
from lithomech.materials.material import Curve
from lithomech.units import Array
from lithomech.validation.library import Finding, Library

Floats = NDArray[np.float64]
_POINTS = 4001  # the curves are tabulated in steps of 0.005 or finer


def volume_on_charge(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Volume change from as made to where the open-circuit potential is reached."""
    x = content_at(
        library.curve(given["material"], "open_circuit_potential"), given["potential"]
    )
    return {"reaction_volume_change": _strain(library, given["material"], x)}


def volume_by_window(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """As volume_on_charge, in %, for each of the `windows`, a list such as "4.3 V, 4.6 V"."""
    material, found = given["material"], {}
    potential = library.curve(material, "open_circuit_potential")
    for window in given["windows"].split(", "):
        x = content_at(potential, parse_quantity(window, "V"))
        found[f"to {window}"] = 100.0 * _strain(library, material, x)
    return found


def volume_at_content(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Volume change from as made to a lithium content."""
    x = given["stoichiometry_min"]
    return {"reaction_volume_change": _strain(library, given["material"], x)}


def largest_contraction(library: Library, given: Mapping[str, Any]) -> Finding:
    """Largest contraction of each host over all its data; holds if none passes the limit."""
    found = {}
    for name in given["materials"].split():
        curve = library.curve(name, "volume_strain")
        made = float(curve(library.value(name, "as_made_stoichiometry")))
        found[name] = (1.0 + float(np.min(curve.y))) / (1.0 + made) - 1.0
    text = ", ".join(f"{100.0 * value:.2f} % for {name}" for name, value in found.items())
    limit = given["reaction_volume_change"]
    return Finding(min(found.values()) >= -abs(limit), f"from as made to the last data: {text}")


def steepest_contraction(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Potential at which the volume falls fastest per lithium: the H2-H3 collapse."""
    x, strain = _points(library, given["material"])
    slope = np.gradient(strain, x)
    inner = slice(1, -1)  # differences are one-sided at the ends
    steepest = x[inner][np.argmax(slope[inner])]
    potential = library.curve(given["material"], "open_circuit_potential")(steepest)
    return {"transition_potential": potential, "potential": potential}


def start_of_collapse(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Potential at which the axis c is longest; it collapses above.

    With volume strain e = 2 a + c and mismatch m = c - a, c = (e + 2 m)/3.
    """
    x, strain = _points(library, given["material"])
    mismatch = library.curve(given["material"], "lattice_mismatch")(x)
    longest = x[np.argmax(strain + 2.0 * mismatch)]
    potential = library.curve(given["material"], "open_circuit_potential")(longest)
    return {"transition_potential": potential, "potential": potential}


def rounds_to_zero(library: Library, given: Mapping[str, Any]) -> Finding:
    """Mean open-circuit potential of a host; holds if below a `potential`."""
    low = library.value(given["material"], "stoichiometry_min")
    high = library.value(given["material"], "stoichiometry_max")
    x = np.linspace(low, high, _POINTS)
    curve = library.curve(given["material"], "open_circuit_potential")
    mean = float(np.mean(curve(x)))
    text = f"{mean:.2f} V vs Li/Li+ on average from x = {low:.2f} to {high:.2f}"
    return Finding(mean < given["potential"], text)


def density(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """X-ray density, molar mass over molar volume."""
    name = given["material"]
    mass = library.value(name, "molar_mass")
    return {"density": mass / library.value(name, "molar_volume")}


def content_at(potential: Curve, target: float) -> float:
    """Return the lithium content at a potential [V], which falls with x."""
    x = np.linspace(potential.low, potential.high, _POINTS)
    return float(np.interp(-target, -potential(x), x))


def _points(library: Library, material: str) -> tuple[Floats, Floats]:
    """Lithium content and volume strain over all data of a host."""
    curve = library.curve(material, "volume_strain")
    x = np.linspace(curve.low, curve.high, _POINTS)
    return x, curve(x)


def _strain(library: Library, material: str, x: float) -> float:
    curve = library.curve(material, "volume_strain")
    made = library.value(material, "as_made_stoichiometry")
    return float((1.0 + curve(x)) / (1.0 + curve(made)) - 1.0)
