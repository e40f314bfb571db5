"""What active materials and metals offer a cell, compared."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from lithomech.materials.material import Material
from lithomech.materials.ranking import own

MARGIN: Final = 0.05  # share of the lithium at each end whose potentials are left out


class Measure(NamedTuple):
    """One number to compare hosts by, in the shown unit."""

    name: str
    unit: str
    value: Callable[[Material], float | None]
    best: str  # words for the one that has most
    least: str = ""  # words for the one that has least


def potential_range(material: Material) -> tuple[float, float] | None:
    """Return lowest and highest open-circuit potential [V vs Li/Li+] of the lithium in use.

    The first and last 5 % of the lithium are left out: the curves are steep there.
    """
    potential = material.properties.get("open_circuit_potential")
    if potential is None:
        return None
    if potential.curve is None:
        constant = potential.value or 0.0
        return constant, constant
    low, high = _lithium(material, potential.curve.low, potential.curve.high)
    margin = MARGIN * (high - low)
    values = potential.curve(np.linspace(low + margin, high - margin, 201))
    return float(values.min()), float(values.max())


def mean_potential(material: Material) -> float | None:
    """Return the open-circuit potential [V vs Li/Li+], averaged over the lithium in use."""
    potential = material.properties.get("open_circuit_potential")
    if potential is None or potential.curve is None:
        return None if potential is None else potential.value
    low, high = _lithium(material, potential.curve.low, potential.curve.high)
    return float(potential.curve(np.linspace(low, high, 1001)).mean())


def largest_strain(material: Material) -> float | None:
    """Return the volume change [%] of largest size that the curve of the host has."""
    strain = material.properties.get("volume_strain")
    if strain is None or strain.curve is None:
        return None
    y = strain.curve.y
    return 100.0 * float(y[np.argmax(np.abs(y))])


MEASURES: Final = (
    Measure(
        "capacity", "mAh/g",
        lambda m: _scaled(m, "nominal_capacity", 3600.0), "stores most",
    ),
    Measure("mean potential", "V", mean_potential, "has the highest potential",
            "has the lowest potential"),
    Measure("largest volume change", "%", largest_strain, "", "changes its volume least"),
    Measure("Young's modulus", "GPa",
            lambda m: _scaled(m, "youngs_modulus", 1e9), "is the stiffest", "is the softest"),
    Measure("density", "g/cm³", lambda m: _scaled(m, "density", 1e3), "is the heaviest"),
)  # fmt: skip


def host_advice(hosts: Sequence[Material]) -> Iterator[str]:
    """Yield sentences that say which of these hosts has most and least of what."""
    for measure in MEASURES:
        values = {m.name: measure.value(m) for m in hosts}
        known = {n: v for n, v in values.items() if v is not None}
        if len(known) < 2:
            continue
        order = sorted(known, key=lambda n: -abs(known[n]))
        numbers = ", ".join(f"{n} {known[n]:.3g} {measure.unit}" for n in order)
        values = [abs(known[n]) for n in order]
        facts = []
        if measure.best and values[0] > values[1]:
            facts.append(f"{order[0]} {measure.best}")
        if measure.least and values[-1] < values[-2]:
            facts.append(f"{order[-1]} {measure.least}")
        yield f"{' and '.join(facts) or 'No difference'} ({measure.name}: {numbers})."


def _lithium(material: Material, low: float, high: float) -> tuple[float, float]:
    """Return the lithium contents with data, inside those of a curve."""
    least, most = own(material, "stoichiometry_min"), own(material, "stoichiometry_max")
    return max(low, least or low), min(high, most or high)


def _scaled(material: Material, name: str, size: float) -> float | None:
    """A number of the material's own: a borrowed one shows no difference."""
    value = own(material, name)
    return None if value is None else value / size
