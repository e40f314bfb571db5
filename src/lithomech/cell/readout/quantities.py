"""The one list of what is read out of a run; files, tables, reports and figures follow it.

Below stands what every cell has; each mechanism declares what it adds. Keys stand in results
in the order of ``outputs``.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms.outputs import (
    AREAL_MAH,
    PERCENT,
    Cycle,
    CycleQuantity,
    EndValue,
    LedgerRow,
    Output,
    ParticleLedgerRow,
    Profile,
)
from lithomech.cell.mechanisms.plugins import composition
from lithomech.cell.mechanisms.registry import Composition
from lithomech.cell.readout.interfaces import INTERFACES
from lithomech.cell.readout.rim import RIM
from lithomech.cell.readout.stack import PACK

if TYPE_CHECKING:
    from lithomech.cell.readout.observation import Observation, ObservedFoil

Floats = NDArray[np.float64]
COULOMB_PER_MAH: Final = 3.6
JOULE_PER_MWH: Final = 3.6


def _per_gram(charge: float, cycle: Cycle) -> float | None:
    """Charge [C/m2] per gram of the cathode's active material [mAh/g]."""
    if not cycle.active_mass:
        return None
    return charge * (cycle.area / COULOMB_PER_MAH / (1e3 * cycle.active_mass))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if part > 0.0 and whole > 0.0 else None


def _mean_voltage(cycle: Cycle) -> float | None:
    return cycle.discharge_energy / cycle.discharge if cycle.discharge > 0.0 else None


SIMULATED: Final = CycleQuantity(
    "simulated", "1", "Simulated (1) or interpolated (0)", lambda _: 1.0, 0
)
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
        lambda c: 1e-6 * c.lowest["stack_pressure"], heading="P min", extreme=True,
    ),
    CycleQuantity(
        "stack_pressure_max_MPa", "MPa", "Highest stack pressure",
        lambda c: 1e-6 * c.highest["stack_pressure"], heading="P max", extreme=True,
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


def _thickness_swing(side: str) -> Callable[[Cycle], float | None]:
    """Thickness change of an electrode from the start to the end of charge [um]."""

    def swing(cycle: Cycle) -> float | None:
        charged = cycle.charged(f"{side}_thickness")
        return None if charged is None else 1e6 * (charged - cycle.start[f"{side}_thickness"])

    return swing


THICKNESS: Final[tuple[Output, ...]] = (
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


PLATING: Final[tuple[Output, ...]] = (
    LedgerRow("plated", _of_foil(lambda foil: foil.plated), names_material=True),
    LedgerRow("into pores of the separator", _of_foil(lambda foil: foil.pores)),
)


class Outputs(NamedTuple):
    """What is read out of a run, by kind; each stands in results in this order."""

    cycle: dict[str, CycleQuantity]
    profiles: dict[str, Profile]
    end_values: tuple[EndValue, ...]
    ledger: tuple[LedgerRow, ...]
    particle_ledger: tuple[ParticleLedgerRow, ...]


def outputs() -> Outputs:
    """Return what is read out of a run with the mechanisms that there are at present."""
    return _outputs(composition())


@lru_cache(maxsize=8)
def _outputs(chosen: Composition) -> Outputs:
    own = (output for m in chosen.mechanisms for output in m.outputs)
    common = (*ELECTRICAL, *STACK_PRESSURE, *INTERCALATION, *PLATING)
    declared = (*common, *own, *RIM, *THICKNESS, *INTERFACES, *PACK, SIMULATED)
    return Outputs(
        {o.key: o for o in declared if isinstance(o, CycleQuantity)},
        {o.key: o for o in declared if isinstance(o, Profile)},
        tuple(o for o in declared if isinstance(o, EndValue)),
        tuple(o for o in declared if isinstance(o, LedgerRow)),
        tuple(o for o in declared if isinstance(o, ParticleLedgerRow)),
    )
