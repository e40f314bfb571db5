"""Isotropic elasticity: any two of E, nu, G and K give the others."""

from collections.abc import Mapping
from typing import Any

from lithomech.laws.elasticity import poisson_from_bulk_shear, young_from_bulk_shear
from lithomech.units import Array
from lithomech.validation.library import Finding, Library


def young(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """E = 9 K G/(3 K + G) from the shear and the bulk modulus of the same source.

    Args:
        library: the materials.
        given: `material`, and `ref`, the source of both; several sources, by blanks, are
            published in GPa, each under its own name.
    """
    material, refs = given["material"], given["ref"].split()
    found = {ref: _young(library, material, ref) for ref in refs}
    if len(refs) == 1:
        return {"youngs_modulus": found[refs[0]]}
    return {ref: 1e-9 * value for ref, value in found.items()}


def poisson_limits(_library: Library, _given: Mapping[str, Any]) -> dict[str, Array]:
    """Poisson's ratio from G/K at the two ends that have a meaning.

    Incompressible: G/K = 0. All volume gives way, nothing bulges: G/K = 3/2.
    """
    return {
        "incompressible": poisson_from_bulk_shear(1.0, 0.0),
        "compressible": poisson_from_bulk_shear(1.0, 1.5),
    }


def sulfide_modulus_when_pressed(library: Library, _given: Mapping[str, Any]) -> Finding:
    """5 to 12 GPa are ends of G and K of an indentation; E follows from them."""
    shear = library.span("li3ps4", "shear_modulus", claim="T1-009")
    bulk = library.span("li3ps4", "bulk_modulus", claim="T1-009")
    low, high = (float(young_from_bulk_shear(K, G)) for K, G in zip(bulk, shear, strict=True))
    softest = min(_sulfide_moduli(library).values())
    ends = 1e-9 * shear[0], 1e-9 * bulk[1]
    text = (
        f"{ends[0]:g} and {ends[1]:g} GPa are the lowest G and the highest K of Li3PS4, which "
        f"give E = {1e-9 * low:.1f} to {1e-9 * high:.1f} GPa; no sulfide of Table 1 is below "
        f"{1e-9 * softest:g} GPa"
    )
    return Finding(bool(min(low, softest) > bulk[1]), text)


def sulfide_modulus_beside_lithium(library: Library, _given: Mapping[str, Any]) -> Finding:
    """23.3 and 29.0 GPa are bulk moduli; Young's moduli of the same sulfides differ."""
    bulk = [library.value("li3ps4", "bulk_modulus", ref="Deng2016")]
    bulk.append(library.value("li6ps5br", "bulk_modulus", ref="Deng2016"))
    moduli = _sulfide_moduli(library).values()
    text = (
        f"{1e-9 * bulk[0]:.1f} and {1e-9 * bulk[1]:.1f} GPa are K of Li3PS4 and Li6PS5Br in "
        f"Table 1; E of its sulfides goes from {1e-9 * min(moduli):g} to "
        f"{1e-9 * max(moduli):g} GPa"
    )
    return Finding(min(moduli) < bulk[0] and max(moduli) > bulk[1], text)


def _young(library: Library, material: str, ref: str) -> float:
    shear = library.value(material, "shear_modulus", ref=ref)
    bulk = library.value(material, "bulk_modulus", ref=ref)
    return float(young_from_bulk_shear(bulk, shear))


def _sulfide_moduli(library: Library) -> dict[str, float]:
    """E of all sulfides that Table 1 lists with one."""
    found = {}
    for name in library.names("electrolyte"):
        material = library.material(name)
        if material.family != "sulfide" or "youngs_modulus" not in material.properties:
            continue
        stored = material.properties["youngs_modulus"]
        values = (v for v in (stored, *stored.others) if v.owner in {"", name})
        rows = [c for v in values for c in v.source.claims if c.startswith("T1-")]
        found |= {c: library.value(name, "youngs_modulus", claim=c) for c in rows}
    return found
