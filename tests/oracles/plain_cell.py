"""A cell as plain SI numbers: what the independent model in pybamm_cell.py takes."""

from dataclasses import dataclass

import numpy as np

Curve = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class ActiveClass:
    """One class of active material; curves are (stoichiometry, value)."""

    potential: Curve
    diffusivity: Curve  # m2/s
    strain: Curve  # volume strain
    mismatch: Curve  # difference of the lattice strains, absolute
    exchange: float  # A/m2 at half filling
    exchange_shape: Curve | None  # over that; without, 2 sqrt(x (1 - x))
    start: float  # stoichiometry as made
    radius: float
    concentration: float  # mol/m3 at x = 1
    volume_fraction: float
    coverage: float
    film_resistance: float
    transmission: float
    wall_stiffness: float
    made_contact_pressure: float
    contact_modulus: float
    load_share: float
    caps: float
    network_strain: float  # shrinkage that halves the pressure among the grains
    yielded: Curve  # irreversible wall strain against misfit
    lost: Curve  # misfit lost to the layer against irreversible wall strain
    relaxation_time: float
    lattice_stress: float  # per mismatch, over strength
    gradient_stress: float  # per strain slope and stoichiometry difference, over strength
    load_stress: float  # per stack pressure, over strength
    crack_rate: float
    crack_exponent: float
    crack_opening: float
    crack_shut: float
    crack_residual_rate: float
    crack_residual_limit: float
    crack_diffusion: float
    closing_pressure: float  # shuts cracks to 1/e
    width: float  # Pa, of the kink where the wall parts
    viscosity: float  # Pa s, of the electrolyte around a particle; inf where it does not creep
    isolation_by_opening: float
    isolation_by_working: float
    isolation_by_load: float


@dataclass(frozen=True)
class Composite:
    """A composite electrode; effective conductivities against stack pressure [Pa], log-log."""

    classes: tuple[ActiveClass, ...]
    thickness: float
    pressure: np.ndarray
    ionic: np.ndarray
    electronic: np.ndarray


@dataclass(frozen=True)
class Voids:
    """What makes and fills voids under lithium metal; currents in A/m2, creep at 10 MPa."""

    transport: float
    creep: float
    exponent: float
    depth: float
    occlusion: float
    unevenness: float
    spacing: float
    conductivity: float


@dataclass(frozen=True)
class Planar:
    """A planar electrode; host is the charge per area and stoichiometry, inf for lithium."""

    potential: Curve
    start: float
    host: float
    molar_volume: float
    exchange: float
    resistance: float
    voids: Voids | None


@dataclass(frozen=True)
class PlainCell:
    """A composite cathode against an anode. Stiffness and set pressure are inputs."""

    temperature: float
    cathode: Composite
    anode: Composite | Planar
    separator_resistance: float
    compliance: float  # m/Pa, all layers
    made_pressure: float
    adhesion: float


@dataclass(frozen=True)
class PlainStep:
    """Constant current [A/m2, positive on discharge], or a voltage held, with what ends it."""

    duration: float
    current: float = 0.0
    low: float = -50.0
    high: float = 50.0
    held: float | None = None
    least: float = -1.0  # magnitude of current that ends a hold
