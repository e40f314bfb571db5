"""Composite electrodes: weights become volume fractions, and moduli are homogenised."""

from collections.abc import Iterator
from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite, Grains, Made, Wire, isotropic_moduli
from lithomech.laws import elasticity, homogenise
from lithomech.laws.transport import fibre_threshold
from lithomech.materials.material import Material
from lithomech.microstructure.percolation import Mix, law, pressed_to
from lithomech.microstructure.spec import SizeDistribution

ASSUMED_DIAMETER: Final = 3e-6  # m, of grains of electrolyte; as in Bielefeld 2019
SPHERES: Final = 0.2  # volume fraction where spheres between others begin to touch; assumed
PELLET_POROSITY: Final = 0.13  # of the pellets whose modulus was measured
# Swanson's rule for three points of a log-normal distribution
SWANSON: Final = (0.3, 0.4, 0.3)


def porous_moduli(material: Material, porosity: float) -> tuple[float, float]:
    """Bulk and shear modulus of a solid with pores (Mori-Tanaka, empty inclusions) [Pa].

    A pellet pressed from grains is softer than its pores alone make it: its contacts give way
    too. Where its modulus is known, both moduli are smaller in proportion.
    """
    K, G = _with_pores(material, porosity)
    if not material.has("pellet_modulus"):
        return K, G
    dense = elasticity.young_from_bulk_shear(*_with_pores(material, PELLET_POROSITY))
    share = min(1.0, material.value("pellet_modulus") / float(dense))
    return share * K, share * G


def _with_pores(material: Material, porosity: float) -> tuple[float, float]:
    """Bulk and shear modulus of a solid with pores, whole otherwise [Pa]."""
    K, G = isotropic_moduli(material)
    bulk = homogenise.mori_tanaka_bulk(K, G, 0.0, porosity)
    return float(bulk), float(homogenise.mori_tanaka_shear(K, G, 0.0, porosity))


def resolve_composite(
    electrode: spec.CompositeElectrode,
    side: str,
    materials: dict[str, Material],
    made: Made,
    *,
    decomposing: bool,
) -> Composite:
    """Turn weights into volume fractions and homogenise the moduli.

    Args:
        electrode: as declared.
        side: "cathode" or "anode", for labels.
        materials: by the names used in the declaration.
        made: what fabrication leaves, where nothing is declared.
        decomposing: whether the electrolyte decomposes, on additives too.
    """
    parts = [*electrode.active, electrode.electrolyte, *electrode.additives]
    volumes = [part.weight / materials[part.material].value("density") for part in parts]
    of_solids = [v / sum(volumes) for v in volumes]
    electrolyte = materials[electrode.electrolyte.material]
    strength = float(electrolyte.value("matrix_strength"))
    mix = _mix(electrode, of_solids, materials, made.pressure / strength)
    porosity = made.porosity if electrode.porosity is None else electrode.porosity
    if porosity is None:
        porosity = law().porosity(mix)
    else:
        mix = pressed_to(mix, porosity)
    shares = [(1.0 - porosity) * share for share in of_solids]
    grains: list[Grains] = []
    for active, share in zip(electrode.active, shares, strict=False):
        if share > 0.0:
            grains += _sizes(active, materials, share)
    fraction = shares[len(electrode.active)]
    K, G = porous_moduli(electrolyte, porosity / (porosity + fraction))
    K, G, binding = _bound(electrode, shares, materials, (K, G))
    active_total = sum(grain.volume_fraction for grain in grains)
    K_p, G_p = _mean_moduli(grains)
    return Composite(
        side=side,
        grains=tuple(grains),
        additives=_additives(electrode, shares, materials) if decomposing else (),
        electrolyte=electrolyte,
        electrolyte_fraction=fraction,
        porosity=porosity,
        solid_density=1.0 / sum(volumes),
        mix=mix,
        strength=strength,
        additive_fraction=sum(shares[len(electrode.active) + 1 :]),
        wires=tuple(_wires(electrode, shares, materials)),
        binding=binding,
        matrix_K=K,
        matrix_G=G,
        layer_K=float(homogenise.mori_tanaka_bulk(K, G, K_p, active_total)),
        layer_G=float(homogenise.mori_tanaka_shear(K, G, G_p, active_total)),
        made=made,
    )


def _mix(
    electrode: spec.CompositeElectrode,
    shares: list[float],
    materials: dict[str, Material],
    pressing: float,
) -> Mix:
    """The composite as the law of percolation takes it: additives count as electrolyte.

    The size of blends and distributions is that with their surface per volume.
    """
    active = shares[: len(electrode.active)]
    surface = 0.0
    for part, share in zip(electrode.active, active, strict=True):
        points = _points(part.diameter)
        surface += share * sum(weight / diameter for diameter, weight in points)
    size = electrolyte_diameter(electrode, materials)
    return Mix(sum(active), sum(active) / surface / size, pressing)


def electrolyte_diameter(
    electrode: spec.CompositeElectrode, materials: dict[str, Material]
) -> float:
    """Diameter of the grains of electrolyte [m]: as declared, of the material, or assumed."""
    given, m = electrode.electrolyte.diameter, materials[electrode.electrolyte.material]
    if given is not None:
        return given
    return m.value("particle_diameter") if m.has("particle_diameter") else ASSUMED_DIAMETER


def _wires(
    electrode: spec.CompositeElectrode, shares: list[float], materials: dict[str, Material]
) -> Iterator[Wire]:
    """Additives that conduct electrons."""
    for additive, share in zip(
        electrode.additives, shares[len(electrode.active) + 1 :], strict=True
    ):
        m = materials[additive.material]
        if not m.has("electronic_conductivity") or share == 0.0:
            continue
        aspect = m.value("aspect_ratio") if m.has("aspect_ratio") else 1.0
        threshold = min(float(fibre_threshold(aspect)), SPHERES)
        yield Wire(share, float(m.value("electronic_conductivity")), threshold)


def _bound(
    electrode: spec.CompositeElectrode,
    shares: list[float],
    materials: dict[str, Material],
    matrix: tuple[float, float],
) -> tuple[float, float, float]:
    """Moduli of the matrix with its binders in it, and the tension that these bear [Pa].

    A binder lies in the matrix as round inclusions, and over contacts in proportion to its
    share of the volume.
    """
    (K, G), binding = matrix, 0.0
    around = 1.0 - sum(shares[: len(electrode.active)])
    own = shares[len(electrode.active) + 1 :]
    for additive, share in zip(electrode.additives, own, strict=True):
        m = materials[additive.material]
        if m.has("binding_strength") and share > 0.0:
            binding += share * m.value("binding_strength")
            K_b, G_b = isotropic_moduli(m)
            mixed = homogenise.mori_tanaka_bulk(K, G, K_b, share / around)
            G = float(homogenise.mori_tanaka_shear(K, G, G_b, share / around))
            K = float(mixed)
    return K, G, binding


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
    return [
        Grains(
            material,
            f"{active.material} {1e6 * diameter:g} um {active.morphology.replace('_', ' ')}",
            share * part,
            0.5 * diameter,
            active.morphology,
            None if coat is None else (materials[coat.material], coat.thickness),
        )
        for diameter, part in _points(size)
    ]


def _points(size: SizeDistribution | float) -> list[tuple[float, float]]:
    """Diameters and their shares of the volume."""
    if not isinstance(size, SizeDistribution):
        return [(size, 1.0)]
    return list(zip((size.d10, size.d50, size.d90), SWANSON, strict=True))


def _mean_moduli(grains: list[Grains]) -> tuple[float, float]:
    """Volume mean of the active materials' moduli."""
    total = sum(grain.volume_fraction for grain in grains)
    pairs = [isotropic_moduli(grain.material) for grain in grains]
    K = sum(g.volume_fraction * p[0] for g, p in zip(grains, pairs, strict=True))
    G = sum(g.volume_fraction * p[1] for g, p in zip(grains, pairs, strict=True))
    return K / total, G / total
