"""Grains that are cut off inside a particle, with the lithium and the strain they hold.

Cracks that open for the first time tear grains off, cracks that work grind more off, and point
loads between active particles crack grains of any morphology (docs/theory/fracture.md). Grains
that touch the electrolyte stay, and so do those that keep one boundary. What is cut off is a
share of the particle like the rest: it takes its mean stoichiometry with it.
"""

from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.cracking import GRAINS
from lithomech.cell.mechanisms.declare import (
    After,
    Effect,
    Floats,
    Parameter,
    Pass,
    SiteKind,
    State,
    effect,
)
from lithomech.cell.mechanisms.outputs import (
    AREAL_MAH,
    PERCENT,
    CycleQuantity,
    EndValue,
    Output,
    Profile,
)
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.laws import fracture
from lithomech.numerics.compiled import kernel

NAME: Final = "isolation"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.AFTER
ASSUMED: Final = {
    "opening time [s]": (10.0, "short against a charge: the widest opening follows at once"),
    "boundaries of a grain": (14.0, "grains of a foam have 13 to 16; rods are taken alike"),
    "load exponent": (8.0, "fatigue of ceramics; of the share of active in all solids"),
}

_rate = kernel(fracture.isolation_rate)


class States(NamedTuple):
    """What is cut off, per volume of particle."""

    share: Annotated[float, State("dimensionless", "share of the grains cut off")] = 0.0
    strain: Annotated[
        float, State("dimensionless", "volume strain that it keeps", tolerance=0.1)
    ] = 0.0
    widest: Annotated[
        float, State("dimensionless", "largest volume fraction of cracks so far", tolerance=0.1)
    ] = 0.0
    taken: Annotated[
        float, State("dimensionless", "stoichiometry of the whole particle since made")
    ] = 0.0


class Parameters(NamedTuple):
    """What cuts grains off, and how fast."""

    by_opening: Annotated[float, Parameter("dimensionless", "share per volume of new cracks")]
    by_working: Annotated[
        float, Parameter("dimensionless", "share per volume of cracks and change of x")
    ]
    by_load: Annotated[float, Parameter("dimensionless", "share per change of volume")]
    opening_time: Annotated[float, Parameter("s", "in which the widest opening follows")]
    made: Annotated[float, Parameter("dimensionless", "stoichiometry as made")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the rates of one class; None where its material has none."""
    m, c = site.material, site.composite
    if not m.has("isolation_by_opening"):
        return None
    by_opening, by_working, by_load = (
        m.value(f"isolation_by_{cause}") for cause in ("opening", "working", "load")
    )
    torn = _torn(site)
    active = 2.0 * c.active_fraction / (c.active_fraction + c.electrolyte_fraction)
    return Parameters(
        by_opening * torn,
        by_working * torn,
        by_load * active ** ASSUMED["load exponent"][0],
        ASSUMED["opening time [s]"][0],
        site.made,
    )


def _torn(site: ParticleSite) -> float:
    """Share of the grains that cracks can cut off; of random grains deep inside: 1."""
    m, grain = site.material, site.grain
    inner = fracture.inner_share(m.value("primary_grain_size"), grain.radius)
    reach = f"{GRAINS[grain.morphology][0]}crack_reach"
    if not m.has(reach):
        return float(inner)
    parted = m.value(reach) / m.value("crack_reach")
    return float(inner * fracture.enclosed_share(parted, ASSUMED["boundaries of a grain"][0]))


@kernel
def cut_off(p: Parameters, now: States) -> float:  # noqa: ARG001
    """Share of the grains at present."""
    return now.share


@kernel
def kept_strain(p: Parameters, now: States) -> float:  # noqa: ARG001
    """Volume strain of what is cut off, per volume of particle."""
    return now.strain


@kernel
def advance(p: Parameters, old: States, drive: After, h: float) -> tuple[States, Effect]:
    """What is cut off after a step; none of it depends on the potential."""
    still = 0.0 * drive.potential
    follow = h / p.opening_time
    widest = np.maximum((follow * drive.cracks + old.widest) / (follow + 1.0), old.widest)
    speed = abs(drive.rate)
    ground = h * _rate(p.by_working * drive.cracks + p.by_load * abs(drive.slope), speed)
    growth = np.maximum(p.by_opening * (widest - old.widest) + ground, 0.0)
    share = (growth + old.share) / (growth + 1.0)
    strain = (share - old.share) * drive.swelling + old.strain
    # what is taken is booked once the current of the step is found
    new = States(still + share, still + strain, still + widest, still + old.taken)
    return new, effect(side_current=still)


def trapped(o: Any) -> Floats:  # noqa: ANN401
    """Lithium in the grains that are cut off, as stoichiometry of the whole particle."""
    of_class, nodes = o.model.arrays.particles[NAME], o.model.cell.solver.nodes
    whole = np.repeat(of_class["made"], nodes) + o.remembered(f"{NAME}.taken")
    trapped = whole - (1.0 - o.remembered(f"{NAME}.share")) * o.readout.mean
    return np.where(np.repeat(of_class["active"], nodes) == 1, trapped, 0.0)


def _trapped_charge(o: Any) -> Floats | None:  # noqa: ANN401
    """The same at the cathode [mAh/cm2]."""
    members = o.model.members.get("cathode")
    if members is None or not o.runs(NAME):
        return None
    return trapped(o)[:, members] @ o.model.site_charges["cathode"] / AREAL_MAH


OUTPUTS: Final[tuple[Output, ...]] = (
    Profile(
        "isolated_share", "1", "Grains cut off", lambda o: o.remembered(f"{NAME}.share"),
        PERCENT,
    ),
    Profile("trapped_stoichiometry", "1", "Lithium in grains cut off", trapped),
    EndValue(
        "isolated_share",
        lambda o: o.mean_over_hosts("cathode", o.remembered(f"{NAME}.share")),
    ),
    EndValue("trapped_lithium", _trapped_charge),
    CycleQuantity(
        "isolated_share_end", "1", "Grains cut off at end",
        lambda c: c.end.get("isolated_share"), 2, PERCENT, "Isolated",
    ),
    CycleQuantity(
        "trapped_lithium_mAh_per_cm2", "mAh/cm²", "Lithium in cut-off grains",
        lambda c: c.end.get("trapped_lithium"), 4,
    ),
)  # fmt: skip
