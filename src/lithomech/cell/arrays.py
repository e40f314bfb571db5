"""What the compiled kernel reads: one cell as plain arrays.

Index k: class of particles (over both electrodes); m: member, that is one class at one node;
n: node; e: composite electrode; s: side (0 anode, 1 cathode). Inside the kernel the current I
is positive on discharge and J positive where lithium leaves the solid.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import composed
from lithomech.cell.mechanisms.composition import register
from lithomech.cell.mechanisms.declare import SiteKind
from lithomech.cell.mechanisms.plugins import composed_module
from lithomech.cell.mechanisms.registry import BUILT_IN, Composition
from lithomech.numerics.table import INTERVALS

Floats = NDArray[np.float64]

# control modes of a protocol step
GALVANOSTATIC, POTENTIOSTATIC, POWER = range(3)

TABLE = (np.float64, (INTERVALS, 4))
HOST = np.dtype(
    [
        ("inert", np.int64),  # takes no lithium: a leak defines its potential at rest
        ("radius", np.float64),
        ("c_max", np.float64),
        ("area", np.float64),  # geometric, per total volume
        ("volume_fraction", np.float64),
        ("coverage", np.float64),  # as-made contact with the electrolyte
        ("film_resistance", np.float64),  # as made, on contact area
        ("coating_resistance", np.float64),
        ("capacitance", np.float64),  # per geometric area
        ("leak", np.float64),  # ohm m2, of what is inert
        ("strain_made", np.float64),
        ("potential", *TABLE),
        ("permeation", *TABLE),  # integral of the diffusivity over the square of the radius
        ("exchange", *TABLE),
        ("strain", *TABLE),
        ("slope", *TABLE),
    ]
)
ELECTRODE = np.dtype(
    [
        ("sign", np.float64),  # +1 cathode, -1 anode
        ("thickness", np.float64),
        ("first", np.int64),  # its nodes are first ... end - 1
        ("end", np.int64),
        ("collector", np.float64),  # resistance of its contact under 1 MPa; 0: not counted
        ("collector_exponent", np.float64),  # with which it falls with the stack pressure
    ]
)
# Neighbouring members of one class that are computed together.
BLOCK = np.dtype(
    [
        ("k", np.int64),
        ("member", np.int64),  # the first
        ("node", np.int64),  # the first
        ("count", np.int64),
        ("electrode", np.int64),
        ("width", np.float64),  # of a node
    ]
)
FOIL_HOST = np.dtype(
    [
        ("present", np.int64),
        ("metal", np.int64),  # lithium itself: no stoichiometry, but an end
        ("sign", np.float64),
        ("per_charge", np.float64),  # stoichiometry per charge per area; 0 of lithium metal
        ("molar_volume", np.float64),
        ("stock", np.float64),  # charge of lithium metal as made [C/m2]
        ("pores", np.float64),  # thickness of lithium that pores of the separator swallow
        ("exchange", np.float64),
        ("resistance", np.float64),
        ("capacitance", np.float64),
        ("collector", np.float64),  # as those of ELECTRODE
        ("collector_exponent", np.float64),
        ("potential", *TABLE),
    ]
)


@cache
def particle_record(composition: Composition) -> np.dtype[np.void]:
    """Record of one class: the host, then the parameters of each mechanism."""
    return np.dtype([("host", HOST), *composition.fields(SiteKind.PARTICLE)])


@cache
def foil_record(composition: Composition) -> np.dtype[np.void]:
    """Record of one planar side: the host, then the parameters of each mechanism."""
    return np.dtype([("host", FOIL_HOST), *composition.fields(SiteKind.FOIL)])


@cache
def make_known(composition: Composition) -> None:
    """Let compiled code find the composition that records belong to."""
    module = composed_module(composition) if composition.key else composed
    register(particle_record(composition), foil_record(composition), module)


make_known(BUILT_IN)


class CellArrays(NamedTuple):
    """A cell between its pistons. Few arrays of records: numba handles each array at a cost."""

    temperature: float
    separator_resistance: float
    compliance: float  # sum of thickness / uniaxial modulus
    stiffness: float  # of fixture and frame; 0 at constant pressure
    creep: float  # share of its pressure that the fixture loses per e-fold of time; or 0
    creep_time: float  # when that begins [s]
    lift_width: float  # smoothing of lift-off [Pa]
    sphere: NDArray[np.void]  # SHELL (shells,)
    particles: NDArray[np.void]  # ``particle_record`` (classes,)
    blocks: NDArray[np.void]  # BLOCK (blocks,)
    electrodes: NDArray[np.void]  # ELECTRODE (electrodes,)
    transport: Floats  # (electrodes, 3, points): log of P, kappa, sigma
    foils: NDArray[np.void]  # ``foil_record`` (2,)


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


class Clamp(NamedTuple):
    """Where the fixture was last set."""

    virtual: float  # virtual pressure
    thickness: float  # growth of all layers since assembly
    crept: float  # pressure that the fixture had lost by creep
