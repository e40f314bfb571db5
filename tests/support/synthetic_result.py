"""A made-up but plausible two-cycle NCM | Li-In result with every field of a CellResult.

Nothing here is a prediction: smooth formulas stand in for the solver, so that figures,
report and command line can be tested without it.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from lithomech.cell.enclosed import Enclosed
from lithomech.cell.readout.losses import Losses
from lithomech.cell.readout.stack import KEYS as OF_POUCH
from lithomech.observe.timeseries import TimeSeries

AREA = np.pi * 0.0065**2
CAPACITY = 14e-3 * 205 * 3.6  # C: 14 mg of NCM88 at 205 mAh/g
CLASSES = ("ncm88 4 um random", "ncm88 10 um textured")


class Event(NamedTuple):
    time_s: float
    cycle: int
    step: int
    name: str
    value: float | None


class ImpedanceSpectrum(NamedTuple):
    time_s: float
    cycle: int
    step: int
    frequency_Hz: np.ndarray
    impedance_ohm: np.ndarray


class Source(NamedTuple):
    material: str
    property: str
    value: str
    unit: str
    ref: str
    where: str
    method: str
    checked: bool
    origin: str = "package"
    borrowed: str = ""


@dataclass(frozen=True)
class SyntheticResult:
    status: str
    reason: str
    events: tuple[Event, ...]
    warnings: tuple[str, ...]
    series: TimeSeries
    cycles: tuple[dict[str, float | None], ...]
    profiles: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]]
    ledger: dict[tuple[str, str], np.ndarray]
    impedance: tuple[ImpedanceSpectrum, ...]
    solver: dict[str, int]
    provenance: dict[str, Any]
    wall_time_s: float
    input: dict[str, Any]
    sources: tuple[Source, ...]
    name: str
    losses: Losses = field(default_factory=Losses)
    extra: dict[str, Any] = field(default_factory=dict)
    cell: str = "the cell again"
    enclosed: Enclosed = field(default_factory=Enclosed)
    resolved: dict[str, Any] = field(
        default_factory=lambda: {"active_mass_kg": 14e-6, "area_m2": AREA}
    )

    stack: list[dict[str, Any]] | None = None

    def to_json(self):
        return {
            "status": self.status,
            "reason": self.reason,
            "events": [event._asdict() for event in self.events],
            "warnings": list(self.warnings),
            "wall_time_s": self.wall_time_s,
            "cycles": [
                {**cycle, "losses": self.losses.of_cycle(number)}
                for number, cycle in enumerate(self.cycles, start=1)
            ],
            "stack": self.stack,
            "solver": dict(self.solver),
            "provenance": dict(self.provenance),
        }

    def save(self, path):
        path.write_text(json.dumps({"lithomech": self.name}), encoding="utf-8")


def _state_of_charge(cycles):
    """Times [s], charge fraction, current direction, cycle and step numbers."""
    pieces, start = [], 0.0
    for cycle in range(1, cycles + 1):
        for step, (duration, low, high, direction) in enumerate(
            [(36000, 0.02, 0.96, 1), (3600, 0.96, 0.96, 0),
             (35000, 0.96, 0.05, -1), (3600, 0.05, 0.05, 0)], start=1,
        ):  # fmt: skip
            rows = 200 if direction else 20
            t = np.linspace(0, duration, rows)
            if cycle > 1:
                low, high = (max(0.05, low) if direction > 0 else low), high
            pieces.append(
                (start + t, np.linspace(low, high, rows), np.full(rows, direction),
                 np.full(rows, cycle), np.full(rows, step))
            )  # fmt: skip
            start += duration
    return (np.concatenate(column) for column in zip(*pieces, strict=True))


def _series(t, soc, direction, cycle, step, strain):
    slope = np.gradient(soc) * CAPACITY
    step_time = np.gradient(t)
    current = np.where(direction == 0, 0.0, slope / np.maximum(step_time, 1.0))
    steady = {1: 0.94 * CAPACITY / 36000, -1: -0.91 * CAPACITY / 35000, 0: 0.0}
    current = np.array([steady[d] for d in direction.tolist()])
    negative = 0.62 - 0.015 * direction
    positive = (
        3.55 + 0.72 * soc + 0.06 * np.tanh((soc - 0.75) / 0.04) - 0.35 * np.exp(-soc / 0.03)
        + 0.03 * direction
    )  # fmt: skip
    pressure = 20e6 + 0.4e12 * strain
    return TimeSeries(
        {
            "Test Time / s": t,
            "Voltage / V": positive - negative + 0.62,
            "Current / A": current,
            "Surface Pressure / Pa": pressure,
            "Applied Pressure / Pa": np.full(t.shape, 20e6),
            "Stack Force / N": pressure * AREA,
            "Displacement / m": strain,
            "Positive Electrode Potential / V": positive,
            "Negative Electrode Potential / V": negative,
            "Cycle Count / 1": cycle,
            "Step Count / 1": step,
        },
        {"name": "NCM88, Li6PS5Cl, Li-In"},
    )


def _ledger(soc, cycle):
    cathode = -2.1e-6 * (0.35 * soc + 0.65 / (1 + np.exp(-(soc - 0.8) / 0.05)))
    cracks = 0.6e-6 * np.clip(soc - 0.5, 0, None) ** 1.5 + 0.08e-6 * (cycle - 1)
    plated = 7.3e-6 * (soc - 0.02)
    ledger = {
        ("cathode", "ncm88 volume change"): cathode,
        ("cathode", "cracks"): cracks,
        ("cathode", "lost at contacts"): -0.25 * cathode * (soc > 0.6) * (soc - 0.6) / 0.4,
        ("anode", "lithium plated"): plated,
    }
    elastic = -0.35 * sum(ledger.values())
    ledger["cathode", "elastic"] = 0.3 * elastic
    ledger["separator", "elastic"] = 0.5 * elastic
    ledger["anode", "elastic"] = 0.2 * elastic
    ledger["stack", "lift-off gap"] = np.zeros_like(soc)
    layers = ("cathode", "separator", "anode", "stack")
    return dict(sorted(ledger.items(), key=lambda entry: layers.index(entry[0][0])))


def _profiles(soc, cycle):
    """Arrays [time, node, class] that vary mildly across the electrode."""
    position = np.linspace(0, 95e-6, 12)
    across = np.linspace(-0.5, 0.5, 12)[None, :, None]
    grain = np.array([1.0, 0.55])[None, None, :]
    charge = soc[:, None, None]
    passes = (cycle - 1)[:, None, None]
    crack = np.clip(charge - 0.45, 0, None) ** 1.3 * 0.085 * grain * (1 - 0.15 * across)
    lost = np.clip(charge - 0.3, 0, None) ** 1.2 * 0.55 * grain**0.5 * (1 + 0.2 * across)
    damage = 1 - np.exp(-(2.0 * np.maximum.accumulate(crack, axis=0) + 0.01 * passes) * 8)
    return {
        "cathode_position_m": position,
        "cathode_stoichiometry": 0.93 - 0.7 * charge * (1 + 0.03 * across) + 0 * grain,
        "cathode_contact_fraction": 1 - lost - 0.03 * passes,
        "cathode_crack_damage": damage,
        "cathode_crack_area_fraction": crack + 0.009 * damage,
        "cathode_contact_pressure_Pa": 5e7 * (1 - lost),
        "cathode_gap_m": 4e-9 * lost,
    }


def _cycle_row(number):
    fade = 0.985 ** (number - 1)
    return {
        "charge_capacity_mAh_per_g": 192.7 * fade,
        "discharge_capacity_mAh_per_g": 186.5 * fade,
        "charge_capacity_mAh_per_cm2": 2.033 * fade,
        "discharge_capacity_mAh_per_cm2": 1.968 * fade,
        "coulombic_efficiency": 0.9678 if number == 1 else 0.9981,
        "mean_discharge_voltage_V": 3.829,
        "charge_energy_mWh": 10.62 * fade,
        "discharge_energy_mWh": 9.998 * fade,
        "energy_efficiency": 0.9414,
        "stack_pressure_start_MPa": 20.0 + 0.02 * (number - 1),
        "stack_pressure_min_MPa": 19.9,
        "stack_pressure_max_MPa": 21.1,
        "stack_pressure_end_of_charge_MPa": 21.1 + 0.01 * (number - 1),
        "stack_pressure_end_MPa": 20.06 + 0.02 * (number - 1),
        "stack_pressure_swing_MPa": 1.1 - 0.01 * (number - 1),
        "stack_pressure_range_MPa": 1.2,
        "contact_fraction_end_of_charge": 0.68 - 0.03 * (number - 1),
        "contact_fraction_end": 0.98 - 0.03 * (number - 1),
        "crack_damage_end": 0.44,
        "isolated_share_end": 0.11,
        "trapped_lithium_mAh_per_cm2": 0.21,
        "crack_area_fraction_end_of_charge": 0.0369,
        "crack_area_fraction_end": 0.009,
        "cathode_thickness_change_um": -0.4,
        "anode_thickness_change_um": 0.2,
        "lithium_contact_fraction_min": None,
        "separator_crack_um": None,
        "cathode_decomposition_mAh_per_cm2": 0.012,
        "anode_decomposition_mAh_per_cm2": None,
        "first_cycle_loss_mAh_per_cm2": None,
        "inactive_lithium_mAh_per_cm2": None,
        "plated_in_front_mAh_per_cm2": None,
        "anode_converted_share_end": None,
        "anode_compound_share_end_of_charge": None,
        "anode_electrolyte_split_end": None,
        "anode_electrolyte_crack_reach_end": None,
        "anode_ionic_path_left_end": None,
        "polymer_contact_end": None,
        "salt_share_end": None,
        "salt_share_end_of_charge": None,
        "separator_flaw_load_max": None,
        "lithium_in_pores_max": None,
        "separator_rim_load_max": 0.2,
        "cathode_interface_resistance_ohm_cm2": 45.0 + 4.0 * number,
        "cathode_film_resistance_ohm_cm2": 5.0 + 2.0 * number,
        "cathode_interface_capacitance_uF_per_cm2": 60.0 - 3.0 * number,
        "cathode_warburg_coefficient_ohm_cm2_per_sqrt_s": 20.0 + number,
        "anode_interface_resistance_ohm_cm2": 12.0,
        "anode_film_resistance_ohm_cm2": 10.0,
        "anode_interface_capacitance_uF_per_cm2": 20.0,
        "anode_warburg_coefficient_ohm_cm2_per_sqrt_s": None,
        "simulated": 1.0,
        **dict.fromkeys(OF_POUCH),
    }


def _losses(cycles):
    number = np.arange(cycles)
    volts = {
        "separator": 6.6 + 0.0 * number, "cathode ions": 2.3 + 0.0 * number,
        "cathode contact": 8.0 + 0.5 * number, "cathode uneven use": -0.1 + 0.0 * number,
        "anode interphase": 5.0 + 0.7 * number,
    }  # fmt: skip
    charges = {
        "no path": 1.5 + 0.0 * number, "cut off": 4.0 + number, "films": 0.3 + 0.0 * number,
        "lithium kept": 0.0 * number, "separator": 0.5 + 0.0 * number,
        "cathode contact": 12.0 + 0.4 * number,
    }  # fmt: skip
    return Losses(
        volts, np.sum(list(volts.values()), axis=0), charges,
        np.sum(list(charges.values()), axis=0), 205.0,
    )  # fmt: skip


def _spectrum():
    frequency = np.geomspace(1e6, 1e-3, 91)
    omega = 2j * np.pi * frequency
    arcs = 18 + 12 / (1 + omega * 12 * 3e-6) + 45 / (1 + (omega * 45 * 2e-4) ** 0.85)
    return ImpedanceSpectrum(3600.0, 1, 2, frequency, arcs + 2.5 / np.sqrt(omega))


def synthetic_result(cycles=2, impedance=True, **changes):
    """Build the stand-in; ``changes`` replaces fields."""
    t, soc, direction, cycle, step = _state_of_charge(cycles)
    ledger = _ledger(soc, cycle)
    series = _series(t, soc, direction, cycle, step, sum(ledger.values()))
    return replace(
        SyntheticResult(
            status="completed",
            reason="the protocol ran to its end",
            events=(
                Event(36000.0, 1, 1, "cut-off 4.3 V reached", 4.3),
                Event(74600.0, 1, 3, "cut-off 2.8 V reached", 2.8),
            ),
            warnings=(
                "ncm88: boundary_strength is assumed",
                "open_circuit_potential of ncm88 held at x = 0.21 for 1.2 % of the time",
            ),
            series=series,
            cycles=tuple(_cycle_row(number) for number in range(1, cycles + 1)),
            profiles=_profiles(soc, cycle),
            classes={"cathode": CLASSES},
            ledger=ledger,
            impedance=(_spectrum(),) if impedance else (),
            solver={"steps": 412, "newton_iterations": 871},
            provenance={"version": "0.1.0", "input_hash": "ab" * 32, "tolerance": 1e-4},
            wall_time_s=0.213,
            input={
                "name": "NCM88, Li6PS5Cl, Li-In",
                "temperature": 298.15,
                "reference": "li",
                "fixture": {"type": "spring", "pressure": 20e6, "stiffness": 4e11},
                "cathode": {"active": [{"material": "ncm88", "weight": 0.7}]},
                "protocol": ["Charge at 0.1C until 4.3 V", "Rest for 1 hour"],
            },
            sources=(
                Source("ncm88", "youngs_modulus", "1.75e11", "Pa", "xu2017", "Table 1",
                       "measured", True),
                Source("ncm88", "boundary_strength", "1e8", "Pa", "", "", "assumed", False),
            ),
            name="NCM88, Li6PS5Cl, Li-In",
            losses=_losses(cycles),
        ),
        **changes,
    )  # fmt: skip
