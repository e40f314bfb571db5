"""Electrolyte that creeps around a particle, towards its wall or away from it.

A viscous shell: what the pressure at the wall exceeds the stack pressure by relaxes, and the
shell follows a particle that shrinks (docs/theory/plasticity.md).
"""

from typing import Annotated, Final, NamedTuple

from lithomech.cell.mechanisms.declare import (
    Effect,
    Parameter,
    Pass,
    SiteKind,
    State,
    Wall,
    wall_effect,
)
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.numerics.compiled import kernel

NAME: Final = "creep"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.WALL
ASSUMED: Final[dict[str, tuple[float, str]]] = {}


class States(NamedTuple):
    """What the electrolyte around a particle has flowed."""

    strain: Annotated[
        float, State("dimensionless", "linear strain of the wall by creep", tolerance=0.1)
    ] = 0.0


class Parameters(NamedTuple):
    """A viscous shell."""

    viscosity: Annotated[float, Parameter("Pa*s", "wall stiffness times the time of creep")]
    transmission: Annotated[float, Parameter("dimensionless", "of misfit to the layer")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the shell around one class; None where the electrolyte is not known to creep."""
    if not site.electrolyte.has("creep_time"):
        return None
    time = site.electrolyte.value("creep_time", site.temperature)
    return Parameters(site.wall_stiffness * time, site.transmission)


@kernel
def crept(p: Parameters, now: States) -> float:  # noqa: ARG001
    """Strain at present."""
    return now.strain


@kernel
def irreversible(p: Parameters, now: States) -> float:  # noqa: ARG001
    """Strain at present."""
    return now.strain


@kernel
def advance(p: Parameters, old: States, drive: Wall, h: float) -> tuple[States, Effect]:
    """Strain after a step: implicit in the pressure, which falls as the wall gives way."""
    share = h / p.viscosity
    push = drive.pressure - drive.P + drive.give * drive.crept
    strain = (share * push + old.strain) / (share * drive.give + 1.0)
    # the layer thickens by all that flows: it comes from between the particles
    relief = strain * (1.0 - 1.0 / p.transmission)
    return States(strain), wall_effect(irreversible=strain, relief=relief)
