"""Constants of the contact and crack closures of one composite electrode.

Each comes from laws/ with the materials' moduli; what nobody measured stands in ``ASSUMED``
and is reported with every result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.laws import (
    chemomechanics,
    contact,
    elasticity,
    homogenise,
    plasticity,
)
from lithomech.materials.cell_properties import TEXTURED
from lithomech.materials.material import Material
from lithomech.microstructure.spec import SizeDistribution
from lithomech.numerics.table import tabulate

Floats = NDArray[np.float64]

# Closure constants nobody measured: name -> (value, what it is and why this value).
ASSUMED: Final[dict[str, tuple[float, str]]] = {
    "gradient share": (1.0, "full constraint of the core"),
    "point load share": (
        1.7,
        "tension in active grains by contacts over stack pressure; pressed grains, 50 to 85 % "
        "by weight at 20 MPa, give 1.3 to 1.9",
    ),
    "pressing ratio": (0.8, "(1 + 2 K_0)/3 with K_0 = 0.7, Gurson at yield"),
    "contact caps": (2.0, "the particle rests on two opposite caps"),
    "adhesion pressure [Pa]": (1e5, "keeps a little contact at zero stack pressure"),
    "product conduction": (
        2.4e-4,
        "electrons in decomposition products over those in the electrolyte: 20 nm in 10 h",
    ),
    "native film [m]": (1e-9, "film that decomposition starts from"),
    "ionic conductivity of oxidation products [S/m]": (
        1e-7,
        "a film of 20 nm then costs as much as bare NCM811 lost against coated",
    ),
    "ionic conductivity of reduction products [S/m]": (
        1e-5,
        "Li2S and Li3P let lithium through: 20 ohm cm2 for 20 nm",
    ),
    "first-cycle time [s]": (3600.0, "the first-cycle loss falls into the first charge"),
}
# What stands before the names of crack constants, and whether there are boundaries that part
GRAINS: Final = {
    "random": ("", True),
    "textured": (TEXTURED, True),
    "single_crystal": ("", False),
}
# Swanson's rule for three points of a log-normal distribution
SWANSON: Final = (0.3, 0.4, 0.3)


def assumed(name: str) -> float:
    """The value of an assumed closure constant."""
    return ASSUMED[name][0]


@dataclass(frozen=True)
class Grains:
    """One class of active material inside a composite."""

    material: Material
    label: str
    volume_fraction: float
    radius: float
    morphology: str
    coating: tuple[Material, float] | None = None  # and its thickness [m]

    @property
    def inert(self) -> bool:
        """Whether it takes up no lithium: conductive additive, or a stand-in for a host."""
        return not self.material.has("open_circuit_potential")


@dataclass(frozen=True)
class Composite:
    """A composite electrode resolved to volume fractions and moduli; SI units."""

    side: str
    grains: tuple[Grains, ...]  # active material
    additives: tuple[Grains, ...]  # on whose surface the electrolyte decomposes
    electrolyte: Material
    electrolyte_fraction: float
    porosity: float
    solid_density: float
    additive_conduction: float  # sum of volume fraction times electronic conductivity [S/m]
    matrix_K: float
    matrix_G: float
    layer_K: float
    layer_G: float

    @property
    def particles(self) -> tuple[Grains, ...]:
        """All classes that conduct electrons, hosts last."""
        return (*self.additives, *sorted(self.grains, key=lambda grain: not grain.inert))

    @property
    def active_fraction(self) -> float:
        """Volume fraction of all active material."""
        return sum(grain.volume_fraction for grain in self.grains)


def porous_moduli(material: Material, porosity: float) -> tuple[float, float]:
    """Bulk and shear modulus of a solid with pores (Mori-Tanaka, empty inclusions) [Pa]."""
    E, nu = material.value("youngs_modulus"), material.value("poisson_ratio")
    K, G = elasticity.bulk_modulus(E, nu), elasticity.shear_modulus(E, nu)
    bulk = homogenise.mori_tanaka_bulk(K, G, 0.0, porosity)
    return float(bulk), float(homogenise.mori_tanaka_shear(K, G, 0.0, porosity))


def resolve_composite(
    electrode: spec.CompositeElectrode,
    side: str,
    materials: dict[str, Material],
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


def _moduli(material: Material) -> tuple[float, float]:
    E, nu = material.value("youngs_modulus"), material.value("poisson_ratio")
    return float(elasticity.bulk_modulus(E, nu)), float(elasticity.shear_modulus(E, nu))


def _mean_moduli(grains: list[Grains]) -> tuple[float, float]:
    """Volume mean of the active materials' moduli."""
    total = sum(grain.volume_fraction for grain in grains)
    pairs = [_moduli(grain.material) for grain in grains]
    K = sum(g.volume_fraction * p[0] for g, p in zip(grains, pairs, strict=True))
    G = sum(g.volume_fraction * p[1] for g, p in zip(grains, pairs, strict=True))
    return K / total, G / total


def contact_constants(
    composite: Composite, grain: Grains, fabrication: spec.Fabrication, P_0: float
) -> dict[str, float]:
    """Transmission, wall stiffness, residual pressure and coverage of one class."""
    K_p = _moduli(grain.material)[0]
    T = float(
        homogenise.transmission(K_p, composite.matrix_G, composite.layer_K, composite.layer_G)
    )
    K_c = homogenise.wall_stiffness(K_p, composite.matrix_K, composite.layer_G, T)
    electrolyte, active = composite.electrolyte, grain.material
    residual = fabrication.residual_pressure
    if residual is None:
        locked = contact.residual_pressure(
            fabrication.pressure, P_0, T, assumed("pressing ratio")
        )
        residual = max(0.0, float(locked))
    coverage = contact.made_coverage(fabrication.pressure, electrolyte.value("matrix_strength"))
    modulus = elasticity.contact_modulus(
        active.value("youngs_modulus"),
        active.value("poisson_ratio"),
        electrolyte.value("youngs_modulus"),
        electrolyte.value("poisson_ratio"),
    )
    return {
        "transmission": T,
        "wall_stiffness": float(K_c),
        "residual_pressure": residual,
        "coverage": min(1.0, max(float(coverage), 1e-6)),
        "contact_modulus": float(modulus),
        "caps": assumed("contact caps"),
        "relaxation_time": electrolyte.value("relaxation_time"),
    }


def counted(composites: Mapping[str, Composite], m: Material) -> list[str]:
    """What the cell calculates with: cracks of textured grains only where there are some."""
    particles = [p for c in composites.values() for p in c.particles]
    before = {GRAINS[p.morphology][0] for p in particles if p.material.name == m.name}
    return [n for n in m.cell_properties() if TEXTURED in before or not n.startswith(TEXTURED)]


def crack_constants(grain: Grains) -> dict[str, float]:
    """Stresses per cause over the strength of the grain boundaries, and crack kinetics."""
    m, (before, bounded) = grain.material, GRAINS[grain.morphology]
    if not m.has("boundary_strength"):
        names = ("lattice_stress", "gradient_stress", "load_stress", "crack_rate")
        names += ("crack_opening", "crack_shut", "crack_residual_rate", "crack_diffusion")
        return dict.fromkeys(names, 0.0) | {"crack_exponent": 1.0, "crack_residual_limit": 1.0}
    E, nu, strength = (
        m.value(n) for n in ("youngs_modulus", "poisson_ratio", "boundary_strength")
    )
    G = elasticity.shear_modulus(E, nu)
    shares = ("lattice_share", "rate", "confinement", "opening", "shut", "path_loss")
    lattice, rate, confinement, opening, shut, loss = (
        m.value(f"{before}crack_{name}") for name in shares
    )
    parting = chemomechanics.lattice_mismatch_stress(G, 1.0, lattice * bounded)
    gradient = chemomechanics.concentration_gradient_stress(
        E, nu, 1.0, 1.0, assumed("gradient share")
    )
    return {
        "lattice_stress": float(parting) / strength,
        "gradient_stress": float(gradient) / strength,
        # point loads between active particles, less what pressure holds together
        "load_stress": (assumed("point load share") - confinement) / strength,
        "crack_rate": rate,
        "crack_exponent": m.value("crack_exponent"),
        "crack_opening": opening,
        "crack_shut": shut,
        "crack_residual_limit": max(m.value("crack_residual_limit"), 1e-6),
        "crack_residual_rate": m.value("crack_residual_rate"),
        "crack_diffusion": loss,
    }


def shell_tables(
    composite: Composite, K_p: float, contacts: Mapping[str, float], low: float, high: float
) -> tuple[Floats, Floats]:
    """Hill's yielded shell as tables: irreversible strain, and misfit lost to the layer.

    Args:
        composite: gives the matrix around the particle.
        K_p: bulk modulus of the particle.
        contacts: wall stiffness of the layer, which rescales Hill's dilute misfit, and
            transmission.
        low: smallest misfit strain of the first table; its largest is ``high``.
        high: largest irreversible strain of the second table too.

    Returns:
        Table of irreversible strain against misfit on [low, high]; table of lost misfit
        against irreversible strain on [0, high].
    """
    K, G, K_c = composite.matrix_K, composite.matrix_G, contacts["wall_stiffness"]
    E, nu = 9.0 * K * G / (3.0 * K + G), (3.0 * K - 2.0 * G) / (6.0 * K + 2.0 * G)
    sigma_Y = composite.electrolyte.value("shell_yield_strength")
    strength = composite.electrolyte.value("matrix_strength")
    zeta = np.geomspace(1.0, 1e6, 4000)
    excess = np.asarray(plasticity.shell_excess_pressure(zeta, sigma_Y))
    wall = np.asarray(plasticity.shell_wall_strain(zeta, sigma_Y, E, nu))
    dilute = 12.0 * K_p * G / (3.0 * K_p + 4.0 * G)
    misfit = (wall + excess / (3.0 * K_p)) * dilute / K_c
    irreversible = misfit - excess / K_c
    pores = composite.porosity / (composite.porosity + composite.electrolyte_fraction)
    b = np.minimum(_compaction(pores, strength, excess), 0.95)
    passed = plasticity.far_field_strain(zeta, sigma_Y, G)
    passed = passed * plasticity.pore_attenuation(wall, wall[0], b)
    elastic = 3.0 * K_p / (3.0 * K_p + 4.0 * G) * misfit * K_c / dilute
    lost = misfit * (1.0 - passed / elastic)
    lost = np.maximum.accumulate(np.maximum(lost, 0.0))
    # Pores swallow no more than their volume: T (misfit - lost) is at least misfit - room.
    room, T = composite.porosity / (3.0 * composite.active_fraction), contacts["transmission"]
    lost = np.minimum(lost, misfit * (1.0 - 1.0 / T) + room / T)

    def yielded(e: Floats) -> Floats:
        return np.where(e <= misfit[0], 0.0, np.interp(e, misfit, irreversible))

    def forgone(e_pl: Floats) -> Floats:
        return np.interp(e_pl, irreversible, lost)

    return tabulate(yielded, low, high), tabulate(forgone, 0.0, high)


def _compaction(pores: float, strength: float, p: Floats) -> Floats:
    """Gurson's compaction where the pores still carry, 1 where they collapse."""
    if pores <= 0.0:
        return np.zeros_like(p)
    s = 1.5 * p / strength
    carried = 1.0 + pores**2 - 2.0 * pores * np.cosh(np.minimum(s, 50.0)) > 0.0
    safe = np.where(carried, p, 0.0)
    return np.where(carried, plasticity.gurson_compaction(pores, strength, safe), 1.0)
