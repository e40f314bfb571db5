"""The one list of what is read out of a run; files, tables, reports and figures follow it.

Each group below holds the outputs of one mechanism, or those that every cell has. Keys stand in
results in the order of ``OUTPUTS``.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.declared import (
    PERCENT,
    Cycle,
    CycleQuantity,
    EndValue,
    LedgerRow,
    Output,
    ParticleLedgerRow,
    Profile,
)

if TYPE_CHECKING:
    from lithomech.cell.readout.observation import Observation, ObservedFoil

Floats = NDArray[np.float64]
COULOMB_PER_MAH: Final = 3.6
JOULE_PER_MWH: Final = 3.6
AREAL_MAH: Final = 1e4 * COULOMB_PER_MAH  # C/m2 in 1 mAh/cm2


def _per_gram(charge: float, cycle: Cycle) -> float | None:
    """Charge [C/m2] per gram of the cathode's active material [mAh/g]."""
    if not cycle.active_mass:
        return None
    return charge * (cycle.area / COULOMB_PER_MAH / (1e3 * cycle.active_mass))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if part > 0.0 and whole > 0.0 else None


def _mean_voltage(cycle: Cycle) -> float | None:
    return cycle.discharge_energy / cycle.discharge if cycle.discharge > 0.0 else None


ELECTRICAL: Final[tuple[Output, ...]] = (
    CycleQuantity(
        "charge_capacity_mAh_per_g", "mAh/g", "Charge capacity",
        lambda c: _per_gram(c.charge, c), 1, heading="Charge",
    ),
    CycleQuantity(
        "discharge_capacity_mAh_per_g", "mAh/g", "Discharge capacity",
        lambda c: _per_gram(c.discharge, c), 1, heading="Discharge",
    ),
    CycleQuantity(
        "charge_capacity_mAh_per_cm2", "mAh/cm²", "Charge capacity",
        lambda c: c.charge / AREAL_MAH,
    ),
    CycleQuantity(
        "discharge_capacity_mAh_per_cm2", "mAh/cm²", "Discharge capacity",
        lambda c: c.discharge / AREAL_MAH,
    ),
    CycleQuantity(
        "coulombic_efficiency", "1", "Coulombic efficiency",
        lambda c: _ratio(c.discharge, c.charge), 2, PERCENT, "CE",
    ),
    CycleQuantity(
        "mean_discharge_voltage_V", "V", "Mean discharge voltage", _mean_voltage,
        heading="Voltage",
    ),
    CycleQuantity(
        "charge_energy_mWh", "mWh", "Charge energy",
        lambda c: c.charge_energy * c.area / JOULE_PER_MWH,
    ),
    CycleQuantity(
        "discharge_energy_mWh", "mWh", "Discharge energy",
        lambda c: c.discharge_energy * c.area / JOULE_PER_MWH,
    ),
    CycleQuantity(
        "energy_efficiency", "1", "Energy efficiency",
        lambda c: _ratio(c.discharge_energy, c.charge_energy), 2, PERCENT,
    ),
)  # fmt: skip


def _charged_pressure(cycle: Cycle) -> float | None:
    pressure = cycle.charged("stack_pressure")
    return None if pressure is None else 1e-6 * pressure


def _pressure_swing(cycle: Cycle) -> float | None:
    pressure = cycle.charged("stack_pressure")
    return None if pressure is None else 1e-6 * (pressure - cycle.start["stack_pressure"])


def _pressure_range(cycle: Cycle) -> float:
    return 1e-6 * (cycle.highest["stack_pressure"] - cycle.lowest["stack_pressure"])


STACK_PRESSURE: Final[tuple[Output, ...]] = (
    EndValue("stack_pressure", lambda o: o.readout.pressure),
    CycleQuantity(
        "stack_pressure_start_MPa", "MPa", "Stack pressure at start",
        lambda c: 1e-6 * c.start["stack_pressure"],
    ),
    CycleQuantity(
        "stack_pressure_min_MPa", "MPa", "Lowest stack pressure",
        lambda c: 1e-6 * c.lowest["stack_pressure"], heading="P min",
    ),
    CycleQuantity(
        "stack_pressure_max_MPa", "MPa", "Highest stack pressure",
        lambda c: 1e-6 * c.highest["stack_pressure"], heading="P max",
    ),
    CycleQuantity(
        "stack_pressure_end_of_charge_MPa", "MPa", "Stack pressure, end of charge",
        _charged_pressure,
    ),
    CycleQuantity(
        "stack_pressure_end_MPa", "MPa", "Stack pressure at end",
        lambda c: 1e-6 * c.end["stack_pressure"],
    ),
    CycleQuantity(
        "stack_pressure_swing_MPa", "MPa", "Stack pressure, end of charge less start",
        _pressure_swing,
    ),
    CycleQuantity(
        "stack_pressure_range_MPa", "MPa", "Stack pressure, highest less lowest",
        _pressure_range,
    ),
)  # fmt: skip


def _in_hosts(observation: "Observation", values: Floats) -> Floats:
    """The same values; NaN at members that take up no lithium."""
    return np.where(observation.takes_lithium, values, np.nan)


INTERCALATION: Final[tuple[Output, ...]] = (
    Profile(
        "stoichiometry", "1", "Stoichiometry, mean of the particle",
        lambda o: _in_hosts(o, o.readout.mean),
    ),
    Profile(
        "surface_stoichiometry", "1", "Stoichiometry at the surface",
        lambda o: _in_hosts(o, o.readout.surface),
    ),
    ParticleLedgerRow(
        "volume change", lambda p: None if p.inert else p.swelling, names_class=True
    ),
)  # fmt: skip

CONTACT: Final[tuple[Output, ...]] = (
    Profile("contact_fraction", "1", "Contact left", lambda o: o.readout.theta, PERCENT),
    EndValue("contact_fraction", lambda o: o.mean_over_hosts("cathode", o.readout.theta)),
    CycleQuantity(
        "contact_fraction_end_of_charge", "1", "Contact left, end of charge",
        lambda c: c.charged("contact_fraction"), 1, PERCENT, "Contact",
    ),
    CycleQuantity(
        "contact_fraction_end", "1", "Contact left at end",
        lambda c: c.end.get("contact_fraction"), 1, PERCENT,
    ),
)  # fmt: skip

CRACKING: Final[tuple[Output, ...]] = (
    Profile("crack_damage", "1", "Crack damage", lambda o: o.readout.damage, PERCENT),
    Profile("crack_area_fraction", "1", "Crack area", lambda o: o.readout.crack_area, PERCENT),
    ParticleLedgerRow("cracks", lambda p: None if p.inert else p.cracks),
    EndValue("crack_damage", lambda o: o.mean_over_hosts("cathode", o.readout.damage)),
    EndValue("crack_area", lambda o: o.mean_over_hosts("cathode", o.readout.crack_area)),
    CycleQuantity(
        "crack_damage_end", "1", "Crack damage at end",
        lambda c: c.end.get("crack_damage"), 1, PERCENT,
    ),
    CycleQuantity(
        "crack_area_fraction_end_of_charge", "1", "Crack area, end of charge",
        lambda c: c.charged("crack_area"), 2, PERCENT, "Cracks",
    ),
    CycleQuantity(
        "crack_area_fraction_end", "1", "Crack area at end",
        lambda c: c.end.get("crack_area"), 2, PERCENT,
    ),
)  # fmt: skip


def _thickness_swing(side: str) -> Callable[[Cycle], float | None]:
    """Thickness change of an electrode from the start to the end of charge [um]."""

    def swing(cycle: Cycle) -> float | None:
        charged = cycle.charged(f"{side}_thickness")
        return None if charged is None else 1e6 * (charged - cycle.start[f"{side}_thickness"])

    return swing


# where strain, opening, gap and pressure meet: the wall of the particles and the layers
WALL: Final[tuple[Output, ...]] = (
    Profile(
        "contact_pressure_Pa", "Pa", "Contact pressure",
        lambda o: o.readout.contact_pressure,
    ),
    Profile("gap_m", "m", "Gap", lambda o: o.readout.gap),
    ParticleLedgerRow("lost at contacts", lambda p: p.contacts),
    EndValue("cathode_thickness", lambda o: o.thickness_change("cathode")),
    EndValue("anode_thickness", lambda o: o.thickness_change("anode")),
    CycleQuantity(
        "cathode_thickness_change_um", "µm", "Cathode thickness change",
        _thickness_swing("cathode"),
    ),
    CycleQuantity(
        "anode_thickness_change_um", "µm", "Anode thickness change", _thickness_swing("anode")
    ),
)  # fmt: skip


def _of_foil(
    part: "Callable[[ObservedFoil], Floats]",
) -> "Callable[[Observation, str], Floats | None]":
    """One thickness change of a planar electrode; None for a composite one."""

    def change(observation: "Observation", side: str) -> Floats | None:
        foil = observation.foil(side)
        return None if foil is None else part(foil)

    return change


LITHIUM: Final[tuple[Output, ...]] = (
    LedgerRow("plated", _of_foil(lambda foil: foil.moved), names_material=True),
    LedgerRow("into pores of the separator", _of_foil(lambda foil: foil.pores)),
    LedgerRow("voids", _of_foil(lambda foil: foil.voids)),
    CycleQuantity(
        "lithium_contact_fraction_min", "1", "Lowest lithium contact",
        lambda c: c.lowest.get("lithium_contact"), 1, PERCENT,
    ),
)  # fmt: skip


def _films(observation: "Observation", side: str) -> Floats:
    """Thickness change by the products of decomposition at one electrode [m]."""
    foil = observation.foil(side)
    if foil is not None:
        return foil.film
    return np.sum([kind.films for kind in observation.particles(side)], axis=0)


def _decomposed(side: str) -> "Callable[[Observation], Floats | None]":
    return lambda o: o.reacted(side) / AREAL_MAH if o.decomposes else None


INTERPHASE: Final[tuple[Output, ...]] = (
    Profile(
        "film_charge_C_per_m2", "C/m²", "Charge of decomposition per contact area",
        lambda o: (o.readout.film * o.of_electrolyte).sum(axis=2),
    ),
    LedgerRow("electrolyte decomposition", _films),
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


def _first_cycle_loss(observation: "Observation") -> Floats | None:
    if not observation.loses_lithium:
        return None
    sides = (observation.reacted(side, of_host=True) for side in ("anode", "cathode"))
    return np.sum(list(sides), axis=0) / AREAL_MAH


FIRST_CYCLE: Final[tuple[Output, ...]] = (
    EndValue("first_cycle_loss", _first_cycle_loss),
    CycleQuantity(
        "first_cycle_loss_mAh_per_cm2", "mAh/cm²", "First-cycle loss so far",
        lambda c: c.end.get("first_cycle_loss"), 4,
    ),
)  # fmt: skip

OUTPUTS: Final[tuple[Output, ...]] = (
    *ELECTRICAL,
    *STACK_PRESSURE,
    *INTERCALATION,
    *CONTACT,
    *CRACKING,
    *WALL,
    *LITHIUM,
    *INTERPHASE,
    *FIRST_CYCLE,
)
CYCLE_QUANTITIES: Final = {o.key: o for o in OUTPUTS if isinstance(o, CycleQuantity)}
PROFILES: Final = {o.key: o for o in OUTPUTS if isinstance(o, Profile)}
END_VALUES: Final = tuple(o for o in OUTPUTS if isinstance(o, EndValue))
LEDGER_ROWS: Final = tuple(o for o in OUTPUTS if isinstance(o, LedgerRow))
PARTICLE_LEDGER_ROWS: Final = tuple(o for o in OUTPUTS if isinstance(o, ParticleLedgerRow))
