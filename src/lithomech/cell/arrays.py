"""What the compiled kernel reads: one cell as plain arrays.

Index k: class of active material (over both electrodes); m: member, that is one class at one
node; n: node; e: composite electrode; s: side (0 anode, 1 cathode). Inside the kernel the
current I is positive on discharge and J positive where lithium leaves the solid.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# rows of ``CellArrays.table``
POTENTIAL, DIFFUSION, EXCHANGE, STRAIN, SLOPE, MISMATCH, CONTRACTION = range(7)
# rows of ``CellArrays.shell``: irreversible wall strain reached, and misfit lost to the layer
YIELDED, LOST = range(2)
# entries after the nodes in the state vector
CURRENT, PRESSURE, CHARGE = range(3)
SIDE_STATES = 4  # stoichiometry, open void, occluded void, film charge
GLOBALS = 3 + 2 * SIDE_STATES
# control modes of a protocol step
GALVANOSTATIC, POTENTIOSTATIC, POWER = range(3)


CLASS = np.dtype(
    [
        (name, np.float64)
        for name in (
            "shell_low",  # misfit range of the shell tables
            "shell_high",
            "radius",
            "c_max",
            "area",  # geometric, per total volume
            "volume_fraction",
            "coverage",  # as-made contact with the electrolyte
            "film_resistance",
            "capacitance",  # per geometric area
            "strain_made",
            "transmission",
            "wall_stiffness",
            "residual_pressure",
            "contact_modulus",
            "load_share",
            "caps",
            "lattice_stress",  # per mismatch, over strength
            "gradient_stress",  # per slope and stoichiometry difference, over strength
            "load_stress",  # per stack pressure, over strength
            "crack_rate",
            "crack_exponent",
            "crack_opening",
            "crack_shut",
            "crack_residual_rate",
            "crack_residual_limit",
            "crack_diffusion",
            "relaxation_time",
            "coating_resistance",  # of the coating for lithium, on contact area
            "leak",  # of a solid without lithium: what defines its potential at rest; else 0
        )
    ]
)
# One way in which the electrolyte decomposes at a class or a foil, or a host keeps lithium:
# charge q per contact area, dq/dt = theta eta (1 - q/exhaustion) / (resistance + growth q).
REACTION = np.dtype(
    [
        (name, np.float64)
        for name in (
            "sign",  # +1 oxidation, -1 reduction; 0 unused
            "limit",  # potential where it starts
            "resistance",
            "growth",
            "exhaustion",
            "ionic",  # resistance of its film for lithium per charge
            "swelling",  # per charge: linear misfit strain of a class, thickness at a foil
        )
    ]
)
ELECTRODE = np.dtype(
    [
        ("sign", np.float64),  # +1 cathode, -1 anode
        ("thickness", np.float64),
        ("first", np.int64),  # its nodes are first ... end - 1
        ("end", np.int64),
    ]
)
SIDE = np.dtype(
    [("present", np.int64), ("voids", np.int64)]
    + [
        (name, np.float64)
        for name in (
            "sign",
            "host",  # charge per area and stoichiometry; infinite for lithium metal
            "molar_volume",
            "pores",  # thickness of lithium that pores of the separator swallow
            "exchange",
            "resistance",
            "capacitance",
            "void_transport",
            "void_creep",
            "creep_exponent",
            "void_depth",
            "occlusion",
            "film_sign",  # of the reaction with the electrolyte, as in REACTION
            "film_limit",
            "film_resistance",
            "film_growth",
            "film_exhaustion",
            "film_ionic",
            "film_swelling",
        )
    ]
)


class CellArrays(NamedTuple):
    """A cell between its pistons. Few arrays of records: numba handles each array at a cost."""

    temperature: float
    separator_resistance: float
    compliance: float  # sum of thickness / uniaxial modulus
    stiffness: float  # of fixture and frame; 0 at constant pressure
    made_pressure: float  # P_0 of the contact law
    adhesion: float
    contact_width: float  # smoothing of opening [Pa]
    lift_width: float  # smoothing of lift-off [Pa]
    sphere: NDArray[np.void]  # SHELL (shells,)
    classes: NDArray[np.void]  # CLASS (classes,)
    table: Floats  # (classes, 7, intervals, 4) against stoichiometry
    shell: Floats  # (classes, 2, intervals, 4) against reduced misfit strain
    reactions: NDArray[np.void]  # REACTION (classes, ways)
    member_class: Integers
    member_node: Integers
    first_member: Integers  # (nodes + 1,)
    electrodes: NDArray[np.void]  # ELECTRODE (electrodes,)
    transport: Floats  # (electrodes, 3, points): log of P, kappa, sigma
    planar: NDArray[np.void]  # SIDE (2,)
    planar_table: Floats  # (2, intervals, 4) potential against stoichiometry


class Sizes(NamedTuple):
    """Offsets into the state vector."""

    shells: int
    members: int
    nodes: int
    damage: int
    residual: int
    plastic: int
    film: int  # ``ways`` times members
    ways: int
    flux: int
    potential: int
    globals: int
    total: int


def sizes(shells: int, members: int, nodes: int, ways: int) -> Sizes:
    """Lay out the state: stoichiometries shell by shell, member states, nodes, globals."""
    start = shells * members
    film = start + 3 * members
    flux = film + ways * members
    potential = flux + members
    return Sizes(
        shells,
        members,
        nodes,
        start,
        start + members,
        start + 2 * members,
        film,
        ways,
        flux,
        potential,
        potential + nodes,
        potential + nodes + GLOBALS,
    )


class Step(NamedTuple):
    """One protocol step for the kernel; current in A/m2 positive on discharge."""

    mode: int
    value: float
    duration: float
    limits: Floats  # (n, 3): quantity, threshold, sign; ends when sign (q - threshold) <= 0
    sample: float  # seconds between stored samples; 0 = every step, inf = only the ends
    longest: float


class Control(NamedTuple):
    """Tolerances of the integrator."""

    voltage: float
    stoichiometry: float
    pressure: float
    state: float
    order: int
    work: int  # Newton iterations allowed in one step of the protocol
