"""What a mechanism declares, what it is driven by, and what it does to the cell.

A mechanism is a module with

- ``NAME``, ``SITE`` (a ``SiteKind``) and ``PASS`` (a ``Pass``);
- ``States``: a NamedTuple of floats, each annotated with ``State``; its default is the initial
  value. A mechanism without a memory has none;
- ``Parameters``: a NamedTuple annotated with ``Parameter``, ``Curve`` or ``Lanes``;
- ``resolve(site) -> Parameters | None``: the constants at one site, None where it has no part;
- ``advance(p, old, drive, h) -> (new, effect)``: an implicit step, compiled on dual numbers;
- ``OUTPUTS``: the quantities that its results show.

The solver passes three times over every site in each iteration. *before* mechanisms see
lithium and the stack pressure and say what wants room; at the *wall* the sum of it meets the
surroundings; *after* mechanisms know the outcome. ``h = 0`` freezes every state. A module may
also define a function of its parameters and present states for each field of ``Present``, one
``blocking`` for what it adds to the ionic resistivity of its electrode, over its own,
and one of a foil ``response``: what its states add to an impedance, which freezes all others.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms.outputs import Output
from lithomech.numerics.compiled import kernel
from lithomech.numerics.lanes import WIDTH
from lithomech.numerics.table import INTERVALS

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]
Table: TypeAlias = Floats  # of shape (INTERVALS, 4): see numerics.table
# In kernels a Dual, whose parts may be lanes of eight members.
Number: TypeAlias = Any


class SiteKind(Enum):
    """Where a mechanism takes place."""

    PARTICLE = "particle"
    FOIL = "foil"


class Pass(Enum):
    """When a mechanism is called in an iteration."""

    BEFORE = "before"
    WALL = "wall"
    AFTER = "after"


@dataclass(frozen=True)
class State:
    """One number that a mechanism remembers; its error counts against ``tolerance``.

    Of a foil it may be lanes: one number at each of ``width`` spots of its interface.
    """

    unit: str
    meaning: str
    tolerance: float = 1.0
    width: int = 1


@dataclass(frozen=True)
class Parameter:
    """One constant of a mechanism, in SI units; an assumed one says why it has its value."""

    unit: str
    meaning: str
    assumed: str = ""


@dataclass(frozen=True)
class Curve:
    """A constant that is a table, by default against the stoichiometry on [0, 1]."""

    meaning: str


@dataclass(frozen=True)
class Lanes:
    """A constant of each of the lanes of a state, one number per mode or spot."""

    meaning: str


class Place(NamedTuple):
    """Where the states of some members stand in the state vector."""

    first: int  # of the first state of the first member
    stride: int  # from one state to the next
    chosen: Any  # mask of the lanes that are members


class Before(NamedTuple):
    """What drives *before* mechanisms in a particle; duals in current density and pressure."""

    temperature: float
    J: Number  # A/m2 on the geometric surface, positive where lithium leaves
    rate: Number  # 1/s, of the mean stoichiometry
    x_s: Number  # stoichiometry at the surface
    x_m: Number  # mean stoichiometry
    slope: Number  # d eps_v/dx, of the volume strain
    P: Number  # stack pressure


class Wall(NamedTuple):
    """What drives mechanisms at the *wall* of a particle."""

    temperature: float
    misfit: Number  # linear strain that the particle wants more room by than its cavity as made
    P: Number
    pressure: Number  # at the wall, by what has given way so far
    give: Number  # Pa that it loses per linear strain that gives way
    crept: Number  # linear strain of the wall by creep so far


class After(NamedTuple):
    """What drives *after* mechanisms at a particle; values, but for the potential."""

    temperature: float
    potential: Number  # phi_s - phi_e at the node; its own first seed
    theta: float  # contact left
    pressure: float  # at the wall
    gap: float  # over the radius
    cracks: float  # volume strain, under pressure
    swelling: float  # volume strain of the lattice since made
    rate: float  # 1/s, of the stoichiometry of the whole particle
    slope: float  # d eps_v/dx, of the volume strain


class FoilBefore(NamedTuple):
    """What drives *before* mechanisms at a foil; duals in current density and pressure."""

    temperature: float
    i: Number  # A/m2, positive where lithium leaves the foil
    P: Number
    lithium: Number  # C/m2 of lithium metal that the foil has left
    contact: Number  # left by the mechanisms before this one, sites of plating included


class FoilAfter(NamedTuple):
    """What drives *after* mechanisms at a foil."""

    temperature: float
    rest: Number  # potential of the foil at rest
    theta: Number  # contact left
    left: Number  # C/m2 of lithium that the foil has for them
    j: Number  # A/m2 on the contact left, positive where lithium leaves the foil
    overpotential: Number  # of the contact, without what mechanisms lay over it
    P: Number  # stack pressure


class Present(NamedTuple):
    """What mechanisms come to at present, before any of them takes a step."""

    diffusivity: Number  # factor
    irreversible: Number  # linear strain of the wall that stays
    crept: Number  # the part of it by creep
    cut_off: Number  # share of the particle
    kept_strain: Number  # volume strain since made of what is cut off, per particle


class Effect(NamedTuple):
    """What a mechanism does to the particle it is at; the solver adds up effects.

    Make one with ``effect`` or ``wall_effect``: what is not named stays 0, the factor 1.
    """

    misfit: Number  # linear strain that wants room
    opening: Number  # volume strain of cracks, as if no pressure shut them
    working: Number  # share of a change of volume that opens as cracks at present
    resistance: Number  # ohm m2 on the contact
    diffusivity: Number  # factor
    irreversible: Number  # linear strain of the wall that stays
    relief: Number  # misfit that the surroundings take and do not pass on
    side_current: Number  # A/m2 on the contact as made, positive leaves the solid
    shift: Number  # V, of the rest potential


class FoilEffect(NamedTuple):
    """What a mechanism does to the foil it is at; made with ``foil_effect``."""

    contact: Number  # factor
    resistance: Number  # ohm m2 on the contact
    thickness: Number  # m
    charge: Number  # C/m2 of lithium that the foil pays in this step
    through: Number  # share of the separator that lithium has got through; 1 is a short
    begins: Number  # share of what has no contact on which plating begins anew
    shift: Number  # V, of the rest potential


@kernel
def effect(
    misfit=0.0,
    opening=0.0,
    working=0.0,
    resistance=0.0,
    diffusivity=1.0,
    side_current=0.0,
    shift=0.0,
):
    """Return the effect of what is named, of a mechanism *before* or *after* the wall."""
    return Effect(
        misfit, opening, working, resistance, diffusivity, 0.0, 0.0, side_current, shift
    )


@kernel
def wall_effect(irreversible=0.0, relief=0.0):
    """Return the effect of what is named, of a mechanism at the *wall*."""
    return Effect(0.0, 0.0, 0.0, 0.0, 1.0, irreversible, relief, 0.0, 0.0)


@kernel
def foil_effect(
    contact=1.0,
    resistance=0.0,
    thickness=0.0,
    charge=0.0,
    through=0.0,
    begins=0.0,
    shift=0.0,
):
    """Return the effect of what is named."""
    return FoilEffect(contact, resistance, thickness, charge, through, begins, shift)


@kernel
def joined(a, b):
    """Return the effect of two foil mechanisms together."""
    return FoilEffect(
        a.contact * b.contact,
        a.resistance + b.resistance,
        a.thickness + b.thickness,
        a.charge + b.charge,
        np.maximum(a.through, b.through),
        a.begins + b.begins,
        a.shift + b.shift,
    )


@kernel
def met(contact, begins):
    """Contact with the sites on which plating begins anew."""
    return contact + (1.0 - contact) * begins


@cache
def fields_of(kind: type[Any]) -> tuple[tuple[str, Any, Any], ...]:
    """Name, type and declaration (State, Parameter, Curve, Lanes) of each field."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((name, *get_args(hint)[:2]) for name, hint in hints.items())


@cache
def record_type(parameters: type[Any], *, switch: bool = True) -> np.dtype[Any]:
    """Return the record that kernels read parameters from; ``switch`` adds ``active``."""
    fields: list[Any] = [("active", np.int64)] if switch else []
    for name, kind, declared in fields_of(parameters):
        if isinstance(declared, Curve):
            fields.append((name, np.float64, (INTERVALS, 4)))
        elif isinstance(declared, Lanes):
            fields.append((name, np.float64, (WIDTH,)))
        elif kind is float:
            fields.append((name, np.float64))
        else:
            fields.append((name, record_type(kind, switch=False)))
    return np.dtype(fields)


@dataclass(frozen=True)
class Mechanism:
    """A mechanism as its module declares it."""

    module: ModuleType

    @property
    def name(self) -> str:
        """What ``mechanisms:`` of a cell file calls it."""
        return self.module.NAME

    @property
    def site(self) -> SiteKind:
        """Where it takes place."""
        return self.module.SITE

    @property
    def order(self) -> Pass:
        """The pass that it belongs to."""
        return self.module.PASS

    @property
    def parameters(self) -> type[Any]:
        """The NamedTuple of its constants."""
        return self.module.Parameters

    @cached_property
    def states(self) -> dict[str, State]:
        """What it remembers, in order."""
        if not self.has("States"):
            return {}
        return {name: declared for name, _, declared in fields_of(self.module.States)}

    @property
    def spots(self) -> bool:
        """Whether states of it are lanes."""
        return any(state.width > 1 for state in self.states.values())

    @cached_property
    def initial(self) -> tuple[float, ...]:
        """Initial value of each state."""
        defaults = self.module.States._field_defaults if self.has("States") else {}
        return tuple(float(defaults.get(name, 0.0)) for name in self.states)

    @property
    def assumed(self) -> dict[str, tuple[float, str]]:
        """Values of its own that nobody measured, and why they are what they are."""
        return getattr(self.module, "ASSUMED", {})

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Quantities that results show."""
        return getattr(self.module, "OUTPUTS", ())

    def has(self, name: str) -> bool:
        """Whether the module defines something optional."""
        return name in vars(self.module)

    def resolve(self, site: Any) -> Any:  # noqa: ANN401 - each has its own Parameters
        """Return its parameters at a site, or None."""
        return self.module.resolve(site)
