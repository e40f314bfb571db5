"""What an electrolyte must be good at, by stated rules, and what that says of a choice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import log10
from typing import Final, NamedTuple

from lithomech.laws import contact, elasticity, lithium
from lithomech.materials.elastic import PROPERTIES, elastic_constants
from lithomech.materials.material import Material
from lithomech.materials.wording import number

FABRICATION: Final = 370e6  # Pa, that of the measured composites (Song2021, section 5.2)
GIGA: Final = 1e9
OF_CLASS: Final = ("oxidation_limit", "reduction_limit")  # set by the anion, so by the class


class Axis(NamedTuple):
    """One requirement: a number scored between a poor and a good anchor.

    Attributes:
        name: on the radar.
        rule: in words, for the caption.
        poor: value that scores 0.
        good: value that scores 1.
        unit: of both, in which the value is shown.
        property: that has the number.
        logarithmic: scored by the logarithm.
    """

    name: str
    rule: str
    poor: float
    good: float
    unit: str
    property: str
    logarithmic: bool = False

    def score(self, value: float | None) -> float | None:
        """Return the place between poor (0) and good (1), held at the ends."""
        if value is None:
            return None
        low, high, x = self.poor, self.good, value
        if self.logarithmic:
            low, high, x = log10(low), log10(high), log10(max(value, 1e-300))
        return min(max((x - low) / (high - low), 0.0), 1.0)


AXES: Final = (
    Axis(
        "ionic conductivity", "log scale, 1e-6 to 1e-2 S/cm",
        1e-3, 10.0, "mS/cm", "ionic_conductivity", True,
    ),
    Axis("oxidation stability", "highest stable potential, 1 to 6 V",
         1.0, 6.0, "V", "oxidation_limit"),
    Axis("reduction stability", "lowest stable potential, 2.5 to 0 V",
         2.5, 0.0, "V", "reduction_limit"),
    Axis("deformability", "Young's modulus, log scale, 200 to 5 GPa",
         200.0, 5.0, "GPa", "youngs_modulus", True),
    Axis("ductility", "Pugh's ratio G/K, 0.8 to 0.2", 0.8, 0.2, "", "shear_modulus"),
    Axis("lightness", "density, 6 to 1.5 g/cm³", 6.0, 1.5, "g/cm³", "density"),
)  # fmt: skip
MISSING: Final = (
    "Stability in air and heat belong to the requirements too; the library has no numbers of "
    "them, so they have no axis."
)


def requirements(material: Material) -> dict[str, float | None]:
    """Return the value of each axis in its shown unit; None where nothing is known."""
    values = (
        _value(material, "ionic_conductivity", 10.0),
        _value(material, "oxidation_limit"),
        _value(material, "reduction_limit"),
        _value(material, "youngs_modulus", 1.0 / GIGA),
        pugh_ratio(material),
        _value(material, "density", 1e-3),
    )
    return {axis.name: value for axis, value in zip(AXES, values, strict=True)}


def pugh_ratio(material: Material) -> float | None:
    """Return G/K of the material's own moduli; None where fewer than two are known."""
    own = [name for name in PROPERTIES.values() if _value(material, name) is not None]
    if len(own) < 2:
        return None
    moduli = elastic_constants(material)
    return float(elasticity.pugh_ratio(moduli.G, moduli.K))


def advice(
    materials: Sequence[Material], potentials: Sequence[float], metal: Material
) -> list[str]:
    """Return sentences that say which of these electrolytes is best in what, and what excludes.

    Args:
        materials: electrolytes or families.
        potentials: of the user's electrodes, V vs Li/Li+.
        metal: lithium, for the dendrite criterion.
    """
    return [
        *_best(materials),
        *(text for potential in potentials for text in _against(materials, potential)),
        *_dendrites(materials, metal),
        *_pressing(materials),
    ]


def _best(materials: Sequence[Material]) -> Iterator[str]:
    """For each axis the material with the highest score, and what the others have."""
    table = {m.name: requirements(m) for m in materials}
    for axis in AXES:
        known = {n: v[axis.name] for n, v in table.items() if v[axis.name] is not None}
        if len(known) < 2:
            continue
        order = sorted(known, key=lambda name: -(axis.score(known[name]) or 0.0))
        classes = {m.name for m in materials if of_class(m, axis.property)}
        numbers = ", ".join(
            f"{n} {known[n]:.3g} {axis.unit}".rstrip()
            + (" as its class" if n in classes else "")
            for n in order
        )
        first, second = (axis.score(known[n]) for n in order[:2])
        if first == second:
            yield f"No difference in {axis.name} among the first ({numbers})."
        else:
            yield f"Best in {axis.name}: {order[0]} ({numbers})."


def _against(materials: Sequence[Material], potential: float) -> Iterator[str]:
    """Whether each window holds an electrode potential."""
    at = f"at {potential:.3g} V"
    for m in materials:
        high, low = _value(m, "oxidation_limit"), _value(m, "reduction_limit")
        name = f"{m.name}, as its class," if of_class(m, "oxidation_limit") else m.name
        if high is not None and potential > high:
            yield (
                f"{name} is oxidised {at}, above its {number(high)} V: "
                "it needs a coating or a film that protects it."
            )
        elif low is not None and potential < low:
            yield (
                f"{name} is reduced {at}, below its {number(low)} V: "
                "only a film that does not conduct electrons protects it."
            )
        elif high is not None and low is not None:
            yield f"{name} is stable {at} ({number(low)} to {number(high)} V)."
        elif high is not None:
            limit = f"(limit {number(high)} V); of its reduction nothing is known"
            yield f"{name} is not oxidised {at} {limit}."
        elif low is not None:
            limit = f"(limit {number(low)} V); of its oxidation nothing is known"
            yield f"{name} is not reduced {at} {limit}."
        else:
            yield f"{name}: no potential limit is known."


def _dendrites(materials: Sequence[Material], metal: Material) -> Iterator[str]:
    """Monroe and Newman's criterion with the shear modulus of the metal in the library."""
    G_metal = elastic_constants(metal).G
    ratio = metal.value("dendrite_modulus_ratio")
    least = float(lithium.dendrite_shear_modulus(G_metal, ratio))
    for m in materials:
        own = [name for name in PROPERTIES.values() if _value(m, name) is not None]
        if len(own) < 2:
            continue
        G = elastic_constants(m).G
        verdict = "meets" if least <= G else "misses"
        yield (
            f"{m.name} {verdict} the dendrite criterion: G = {number(G / GIGA)} GPa against "
            f"{number(least / GIGA)} GPa, {number(ratio)} times that of {metal.name}."
        )


def _pressing(materials: Iterable[Material]) -> Iterator[str]:
    """The contact with active material that cold pressing makes."""
    for m in materials:
        if m.has("matrix_strength"):
            strength = m.properties["matrix_strength"]
            made = min(1.0, float(contact.made_coverage(FABRICATION, strength.value or 1.0)))
            whose = (
                "" if strength.owner == m.name else f", with the strength of {strength.owner}"
            )
            yield (
                f"Pressed at {FABRICATION / 1e6:.0f} MPa, {m.name} covers {100 * made:.0f} % "
                f"of a particle{whose}."
            )


def with_class(material: Material, families: Mapping[str, Material]) -> Material:
    """Return the material with those potential limits of its class that it has none of.

    Args:
        material: as loaded.
        families: materials of the role family, by the name of the family.
    """
    family = families.get(material.family or "")
    if family is None or material.role == "family":
        return material
    known = {n: p for n, p in material.properties.items() if p.owner == material.name}
    lent = {n: family.properties[n] for n in OF_CLASS if n in family.properties}
    return replace(material, properties=material.properties | lent | known)


def of_class(material: Material, name: str) -> bool:
    """Return whether a value is that of the class, put in by ``with_class``."""
    quantity = material.properties.get(name)
    return quantity is not None and quantity.owner == material.family != material.name


def own(material: Material, name: str) -> float | None:
    """Return a number [SI] of the material or its class; a borrowed one says nothing of it."""
    quantity = material.properties.get(name)
    if quantity is None or quantity.owner not in {material.name, material.family}:
        return None
    return quantity.value


def _value(material: Material, name: str, factor: float = 1.0) -> float | None:
    """A number of the material's own, scaled."""
    value = own(material, name)
    return None if value is None else value * factor
