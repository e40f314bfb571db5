"""Composite electrodes: weights become volume fractions, and moduli are homogenised."""

from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite, Grains, isotropic_moduli
from lithomech.laws import homogenise
from lithomech.materials.material import Material
from lithomech.microstructure.spec import SizeDistribution

# Swanson's rule for three points of a log-normal distribution
SWANSON: Final = (0.3, 0.4, 0.3)


def porous_moduli(material: Material, porosity: float) -> tuple[float, float]:
    """Bulk and shear modulus of a solid with pores (Mori-Tanaka, empty inclusions) [Pa]."""
    K, G = isotropic_moduli(material)
    bulk = homogenise.mori_tanaka_bulk(K, G, 0.0, porosity)
    return float(bulk), float(homogenise.mori_tanaka_shear(K, G, 0.0, porosity))


def resolve_composite(
    electrode: spec.CompositeElectrode,
    side: str,
    materials: dict[str, Material],
    *,
    decomposing: bool,
) -> Composite:
    """Turn weights into volume fractions and homogenise the moduli.

    Args:
        electrode: as declared.
        side: "cathode" or "anode", for labels.
        materials: by the names used in the declaration.
        decomposing: whether the electrolyte decomposes, on additives too.
    """
    parts = [*electrode.active, electrode.electrolyte, *electrode.additives]
    volumes = [part.weight / materials[part.material].value("density") for part in parts]
    shares = [(1.0 - electrode.porosity) * v / sum(volumes) for v in volumes]
    grains: list[Grains] = []
    for active, share in zip(electrode.active, shares, strict=False):
        if share > 0.0:
            grains += _sizes(active, materials, share)
    electrolyte = materials[electrode.electrolyte.material]
    fraction = shares[len(electrode.active)]
    pores = electrode.porosity / (electrode.porosity + fraction)
    K, G = porous_moduli(electrolyte, pores)
    active_total = sum(grain.volume_fraction for grain in grains)
    K_p, G_p = _mean_moduli(grains)
    return Composite(
        side=side,
        grains=tuple(grains),
        additives=_additives(electrode, shares, materials) if decomposing else (),
        electrolyte=electrolyte,
        electrolyte_fraction=fraction,
        porosity=electrode.porosity,
        solid_density=1.0 / sum(volumes),
        additive_conduction=_additive_conduction(electrode, shares, materials),
        matrix_K=K,
        matrix_G=G,
        layer_K=float(homogenise.mori_tanaka_bulk(K, G, K_p, active_total)),
        layer_G=float(homogenise.mori_tanaka_shear(K, G, G_p, active_total)),
    )


def _additive_conduction(
    electrode: spec.CompositeElectrode, shares: list[float], materials: dict[str, Material]
) -> float:
    """Electronic conduction that carbon and the like add, in parallel [S/m]."""
    found = 0.0
    for additive, share in zip(
        electrode.additives, shares[len(electrode.active) + 1 :], strict=True
    ):
        m = materials[additive.material]
        if m.has("electronic_conductivity"):
            found += share * m.value("electronic_conductivity")
    return found


def _additives(
    electrode: spec.CompositeElectrode, shares: list[float], materials: dict[str, Material]
) -> tuple[Grains, ...]:
    """Additives that expose a surface to the electrolyte: those with a particle size."""
    found = []
    for additive, share in zip(
        electrode.additives, shares[len(electrode.active) + 1 :], strict=True
    ):
        m = materials[additive.material]
        if share > 0.0 and m.has("particle_diameter"):
            radius = 0.5 * m.value("particle_diameter")
            found.append(Grains(m, additive.material, share, radius, "single_crystal"))
    return tuple(found)


def _sizes(active: spec.Active, materials: dict[str, Material], share: float) -> list[Grains]:
    """One class, or three of Swanson's rule for a size distribution."""
    size, material, coat = active.diameter, materials[active.material], active.coating
    points = [(size, 1.0)] if isinstance(size, float) else []
    if isinstance(size, SizeDistribution):
        points = list(zip((size.d10, size.d50, size.d90), SWANSON, strict=True))
    return [
        Grains(
            material,
            f"{active.material} {1e6 * diameter:g} um {active.morphology.replace('_', ' ')}",
            share * part,
            0.5 * diameter,
            active.morphology,
            None if coat is None else (materials[coat.material], coat.thickness),
        )
        for diameter, part in points
    ]


def _mean_moduli(grains: list[Grains]) -> tuple[float, float]:
    """Volume mean of the active materials' moduli."""
    total = sum(grain.volume_fraction for grain in grains)
    pairs = [isotropic_moduli(grain.material) for grain in grains]
    K = sum(g.volume_fraction * p[0] for g, p in zip(grains, pairs, strict=True))
    G = sum(g.volume_fraction * p[1] for g, p in zip(grains, pairs, strict=True))
    return K / total, G / total
