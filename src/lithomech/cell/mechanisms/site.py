"""Where mechanisms take place: a class of particles in its composite, or a foil."""

from dataclasses import dataclass
from typing import Final

from lithomech.constants import ROOM_TEMPERATURE
from lithomech.laws import elasticity, transport
from lithomech.materials.material import Material
from lithomech.microstructure.percolation import Mix

# Property that bounds the way of lithium; a crystal has no boundaries that lead it inside.
REFERENCE_STRESS: Final = 1e6  # Pa, at which creep rates of metals are stored
LONGEST: Final = {
    "random": "diffusion_length",
    "textured": "diffusion_length",
    "single_crystal": "",
}


@dataclass(frozen=True)
class Grains:
    """One class of particles inside a composite."""

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

    @property
    def diffusion_length(self) -> float:
        """Radius over which lithium diffuses, less than that of a large polycrystal [m]."""
        longest = LONGEST[self.morphology]
        if not self.material.has(longest):
            return self.radius
        return min(self.radius, self.material.value(longest))


@dataclass(frozen=True)
class Wire:
    """A conductive additive between the other grains; SI units."""

    volume_fraction: float
    conductivity: float
    threshold: float  # volume fraction of what active material leaves, where paths begin


@dataclass(frozen=True)
class Made:
    """What fabrication leaves; SI units. None: what the laws of pressing leave."""

    pressure: float
    residual_pressure: float | None
    porosity: float | None = None
    coverage: float | None = None  # share of the active surface under electrolyte
    interface_resistance: float = 0.0  # per contact area [ohm m2]
    areal_resistance: float = 0.0  # of all contacts of an electrode, per cell area [ohm m2]


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
    mix: Mix  # as the law of percolation takes it: pressed until its porosity was left
    strength: float  # of the electrolyte, that its pressures are relative to [Pa]
    additive_fraction: float  # volume of all additives
    wires: tuple[Wire, ...]
    binding: float  # tension that binders bear over contacts that open [Pa]
    matrix_K: float
    matrix_G: float
    layer_K: float
    layer_G: float
    made: Made
    thickness: float = 0.0  # [m]

    @property
    def particles(self) -> tuple[Grains, ...]:
        """All classes that conduct electrons, hosts last."""
        return (*self.additives, *sorted(self.grains, key=lambda grain: not grain.inert))

    @property
    def active_fraction(self) -> float:
        """Volume fraction of all active material."""
        return sum(grain.volume_fraction for grain in self.grains)

    @property
    def additive_conduction(self) -> float:
        """Sum of volume fraction times electronic conductivity of the additives [S/m]."""
        return sum(wire.volume_fraction * wire.conductivity for wire in self.wires)

    @property
    def pores_of_matrix(self) -> float:
        """Share of the pores in electrolyte and pores."""
        return self.porosity / (self.porosity + self.electrolyte_fraction)


@dataclass(frozen=True)
class ParticleSite:
    """One class of particles and what surrounds it; SI units."""

    grain: Grains
    composite: Composite
    temperature: float
    made_pressure: float  # stack pressure when the cell was assembled
    load_share: float
    constraint_modulus: float
    made: float  # stoichiometry as made
    strain_made: float  # volume strain as made
    coverage: float  # share of the surface in contact as made
    in_use: float  # share of the particles that both carriers reach, as made
    transmission: float = 1.0  # share of the stack pressure that particles feel
    wall_stiffness: float = 0.0  # Pa per linear misfit
    reach: tuple[float, float] = (0.0, 0.0)  # lowest and highest linear misfit without cracks

    @property
    def material(self) -> Material:
        """What the particles are made of."""
        return self.grain.material

    @property
    def electrolyte(self) -> Material:
        """What surrounds them."""
        return self.composite.electrolyte


@dataclass(frozen=True)
class Across:
    """The composite electrode on the other side of a separator; SI units."""

    thickness: float
    electrolyte_fraction: float
    conduction: float  # its ionic conductivity over that of its electrolyte
    same_electrolyte: bool  # as the separator's


@dataclass(frozen=True)
class FoilSite:
    """One planar electrode; SI units."""

    material: Material
    thickness: float
    temperature: float
    separator: Material
    separator_thickness: float
    flaw: float | None = None  # depth of the deepest one of the separator [m]
    collector: Material | None = None  # that an anode-free cell plates on
    host_in_front: bool = False  # an alloy whose lithium is behind its host
    pressed: float | None = None  # what pressed it on the separator [Pa]; None: whole contact
    across: Across | None = None  # None: another foil
    pressure: float = 0.0  # of the stack as assembled
    open_pore: float | None = None  # radius of the widest through the separator [m]
    from_both_sides: bool = False  # whether the other electrode is planar, of the same material

    @property
    def creep_factor(self) -> float:
        """Creep of its metal over that at room temperature; 1 where no energy is known."""
        if not self.material.has("creep_activation_energy"):
            return 1.0
        energy = self.material.value("creep_activation_energy")
        return float(transport.arrhenius_factor(energy, self.temperature, ROOM_TEMPERATURE))


def isotropic_moduli(material: Material) -> tuple[float, float]:
    """Bulk and shear modulus of a material without pores [Pa]."""
    E, nu = material.value("youngs_modulus"), material.value("poisson_ratio")
    return float(elasticity.bulk_modulus(E, nu)), float(elasticity.shear_modulus(E, nu))
