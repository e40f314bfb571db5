"""Solid electrolyte that decomposes at particles and leaves a film: charge, volume, resistance.

A reaction exists where the electrolyte says what it costs in volume (``oxidation_growth``,
``reduction_growth``) and sets in within reach of the potential of what it touches. It sets in
where it is seen to (``oxidation_onset``), or at the limit of thermodynamics if nobody looked.
Hosts of much nickel give off oxygen above an onset of their own, which makes a second film.
See docs/theory/decomposition.md.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms import reaction
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
    CycleQuantity,
    EndValue,
    LedgerRow,
    Output,
    Profile,
)
from lithomech.cell.mechanisms.reaction import ABSENT, SIGN, WAYS, Reaction, react
from lithomech.cell.mechanisms.site import Composite, ParticleSite
from lithomech.constants import F
from lithomech.materials.material import Material
from lithomech.numerics.compiled import kernel

NAME: Final = "interphase"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.AFTER
ASSUMED: Final = reaction.ASSUMED

FILM_CHARGE: Final = 200.0  # C/m2, of a film of about 50 nm, for the error norm
REACH: Final = 0.5  # V beyond the potentials of a host at rest, by polarisation
STRONGEST: Final = 3.0  # V outside the window, and
LONGEST: Final = 4e6  # s, a thousand hours: films that the tables of the wall reach


class States(NamedTuple):
    """Charge that decomposition has taken, on the contact area as made."""

    oxidation: Annotated[float, State("C/m^2", "charge of oxidation", FILM_CHARGE)] = 0.0
    reduction: Annotated[float, State("C/m^2", "charge of reduction", FILM_CHARGE)] = 0.0
    oxygen: Annotated[float, State("C/m^2", "charge of the host's oxygen", FILM_CHARGE)] = 0.0


class Parameters(NamedTuple):
    """All ways to decompose."""

    oxidation: Annotated[Reaction, Parameter("", "towards high potentials")]
    reduction: Annotated[Reaction, Parameter("", "towards low potentials")]
    oxygen: Annotated[Reaction, Parameter("", "by oxygen of the host, towards high ones")]
    per_thickness: Annotated[
        float, Parameter("1/m", "linear misfit per thickness on the contact as made")
    ]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the reactions at the surface of one class; None where there are none."""
    reactions = {way: _reaction(site, way) for way in WAYS} | {"oxygen": _oxygen(site)}
    if not any(r.present for r in reactions.values()):
        return None
    return Parameters(**reactions, per_thickness=site.coverage / site.grain.radius)


def reach(p: Parameters) -> tuple[float, float]:
    """Lowest and highest linear misfit by films within LONGEST."""
    strains = [0.0]
    for r in (p.oxidation, p.reduction, p.oxygen):
        parabolic = np.sqrt(2.0 * STRONGEST * LONGEST / max(r.growth, 1e-300))
        strains.append(p.per_thickness * r.swelling * min(r.exhaustion, parabolic))
    return min(strains), max(strains)


def rest_potential(electrolyte: Material) -> float:
    """Where a solid without lithium rests: inside the window [V]."""
    limits = [reaction.onset(electrolyte, way) for way in reaction.known_ways(electrolyte)]
    return float(np.mean(limits)) if limits else 2.0


@kernel
def standing(p: Parameters, now: States) -> Effect:
    """What the films do as they are at present: they take room and resist."""
    grown = p.oxidation.swelling * now.oxidation + p.reduction.swelling * now.reduction
    grown = p.oxygen.swelling * now.oxygen + grown
    resistance = p.oxidation.ionic * now.oxidation + p.reduction.ionic * now.reduction
    resistance = p.oxygen.ionic * now.oxygen + resistance
    return effect(misfit=p.per_thickness * grown, resistance=resistance)


@kernel
def advance(p: Parameters, old: States, drive: After, h: float) -> tuple[States, Effect]:
    """Charge of all reactions after a step, and the current that they pass."""
    above = react(
        p.oxidation, drive.potential - p.oxidation.limit, drive.theta, old.oxidation, h
    )
    below = react(
        p.reduction, p.reduction.limit - drive.potential, drive.theta, old.reduction, h
    )
    oxygen = react(p.oxygen, drive.potential - p.oxygen.limit, drive.theta, old.oxygen, h)
    new = States(h * above + old.oxidation, h * below + old.reduction, h * oxygen + old.oxygen)
    return new, effect(side_current=above + oxygen - below)


def _reaction(site: ParticleSite, way: str) -> Reaction:
    """One way for the electrolyte to decompose at one class, if it does."""
    if way not in reaction.known_ways(site.electrolyte):
        return ABSENT
    r = reaction.decomposition_of(
        site.electrolyte, way, site.temperature, site.constraint_modulus
    )
    if not _within_reach(site.material, SIGN[way], r.limit):
        return ABSENT
    return r._replace(
        resistance=r.resistance + _coat(site),
        exhaustion=_available(site.composite, way, site.coverage),
    )


def _oxygen(site: ParticleSite) -> Reaction:
    """The reaction of the electrolyte with oxygen that the host gives off, if it does."""
    host, electrolyte = site.material, site.electrolyte
    known = host.has("oxygen_onset") and electrolyte.has("oxygen_resistance")
    if not known or "oxidation" not in reaction.known_ways(electrolyte):
        return ABSENT
    onset, T = host.value("oxygen_onset"), site.temperature
    given = host.value("oxygen_charge") * host.value("density") * site.grain.radius
    if given <= 0.0 or not _within_reach(host, SIGN["oxidation"], onset):
        return ABSENT
    r = reaction.decomposition_of(electrolyte, "oxidation", T)
    resistance = electrolyte.value("oxygen_resistance", T) + _coat(site)
    thickness = electrolyte.value("oxidation_film_volume") / float(F)
    return r._replace(
        limit=onset,
        resistance=resistance,
        exhaustion=given / (3.0 * site.coverage),
        ionic=thickness / electrolyte.value("oxygen_film_ionic_conductivity", T),
    )


def _coat(site: ParticleSite) -> float:
    """Resistance of the coating for electrons [ohm m2]."""
    if site.grain.coating is None:
        return 0.0
    coat, thickness = site.grain.coating
    return thickness / coat.value("electronic_conductivity", site.temperature)


def _within_reach(host: Material, sign: float, limit: float) -> bool:
    """Whether the potentials of a host come near the limit; a solid without lithium has any."""
    if not host.has("open_circuit_potential"):
        return True
    potential = host.curve("open_circuit_potential").y
    if sign > 0.0:
        return float(potential.max()) + REACH > limit
    return float(potential.min()) - REACH < limit


def _available(composite: Composite, way: str, coverage: float) -> float:
    """Charge of all electrolyte of the layer, per contact area [C/m2]."""
    electrolyte = composite.electrolyte
    used = electrolyte.value(f"{way}_film_volume") - electrolyte.value(f"{way}_growth")
    area = sum(3.0 * g.volume_fraction / g.radius for g in composite.particles)
    return float(composite.electrolyte_fraction * F / (used * area * coverage))


REACTIONS: Final = ("oxidation", "reduction", "oxygen")
OXIDISED, REDUCED = (f"{NAME}.oxidation", f"{NAME}.oxygen"), (f"{NAME}.reduction",)
CHARGES: Final = tuple(f"{NAME}.{name}" for name in REACTIONS)


def _thickness(observation: Any, side: str) -> Floats:  # noqa: ANN401
    """Thickness change by the products of decomposition at one electrode [m]."""
    foil = observation.foil(side)
    if foil is None:
        kinds = observation.particles(side)
        return np.sum([kind.causes[NAME] for kind in kinds], axis=0)
    film, parameters = foil.states[f"{NAME}.film"], foil.parameters[NAME]
    return film * (0.0 if parameters is None else parameters.reduction.swelling)


def _decomposed(side: str) -> Callable[[Any], Floats | None]:
    """Charge that decomposition took at one electrode [mAh/cm2]."""

    def charge(observation: Any) -> Floats | None:  # noqa: ANN401
        if not observation.runs(NAME):
            return None
        foil = observation.foil(side)
        if foil is not None:
            return foil.states[f"{NAME}.film"] / AREAL_MAH
        return observation.charge(side, CHARGES) / AREAL_MAH

    return charge


OUTPUTS: Final[tuple[Output, ...]] = (
    Profile(
        "film_charge_C_per_m2", "C/m²", "Charge of decomposition per contact area",
        lambda o: np.sum([o.remembered(charge) for charge in CHARGES], axis=0),
    ),
    LedgerRow("electrolyte decomposition", _thickness),
    EndValue("cathode_decomposition", _decomposed("cathode")),
    EndValue("anode_decomposition", _decomposed("anode")),
    CycleQuantity(
        "cathode_decomposition_mAh_per_cm2", "mAh/cm²", "Decomposition at cathode so far",
        lambda c: c.end.get("cathode_decomposition"), 4,
    ),
    CycleQuantity(
        "anode_decomposition_mAh_per_cm2", "mAh/cm²", "Decomposition at anode so far",
        lambda c: c.end.get("anode_decomposition"), 4,
    ),
)  # fmt: skip
