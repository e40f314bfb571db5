"""From the kernel's traces to a result: summaries, traces, profiles, ledger, provenance."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import arrays, spec, steps
from lithomech.cell.closures import ASSUMED
from lithomech.cell.equations import Model
from lithomech.cell.layers import SIDES
from lithomech.cell.march import Trace
from lithomech.cell.program import Planned, direction
from lithomech.cell.readout import Readout
from lithomech.cell.result import (
    CYCLE_KEYS,
    CellResult,
    Event,
    ImpedanceSpectrum,
    SourceRow,
)
from lithomech.materials.load import canonical
from lithomech.observe.timeseries import TimeSeries
from lithomech.version import __version__

Floats = NDArray[np.float64]
NOT_USED: Final = {"fracture_toughness", "creep_short_time", "creep_short_pressure"}


class Ends(NamedTuple):
    """What a cycle summary needs of one leg; SI, charge per area positive on charge."""

    cycle: int
    direction: int
    hold: bool
    charge: float
    energy: float
    start: dict[str, float]
    end: dict[str, float]
    pressure_low: float
    pressure_high: float
    lithium_contact: float
    outside: dict[str, float]  # seconds beyond the range of the data


class Rows(NamedTuple):
    """The stored rows of one leg."""

    planned: Planned
    time: Floats
    applied: float
    state: Floats
    readout: Readout


@dataclass
class Kept:
    """What a runner collects."""

    ends: list[Ends]
    rows: list[Rows]
    events: list[Event]
    spectra: list[ImpedanceSpectrum]
    steps: int = 0
    iterations: int = 0


def leg_ends(model: Model, planned: Planned, trace: Trace, readout: Readout) -> Ends:
    """Summarise one leg."""
    z = model.sizes
    moved = (
        trace.state[0, z.globals + arrays.CHARGE] - trace.state[-1, z.globals + arrays.CHARGE]
    )
    # the kernel's energy is positive on discharge
    energy = -trace.energy + model.reference_potential * moved
    return Ends(
        planned.cycle,
        direction(planned.what),
        isinstance(planned.what, steps.Hold),
        float(moved),
        float(energy),
        _moment(model, readout, 0),
        _moment(model, readout, -1),
        trace.pressure_low,
        trace.pressure_high,
        trace.contact_low,
        _outside(model, trace, readout),
    )


def _moment(model: Model, readout: Readout, row: int) -> dict[str, float]:
    """Scalars of the cell at one row."""
    found = {"pressure": float(readout.pressure[row])}
    for side in SIDES:
        found[f"{side}_thickness"] = _thickness(model, readout, side)[row]
    members = _members(model, "cathode")
    if members is not None:
        for name in ("theta", "damage", "crack_area"):
            found[name] = float(getattr(readout, name)[row, members].mean())
    return found


def _members(model: Model, side: str) -> slice | None:
    """The members of one side, if it is composite."""
    for e, layer in enumerate(model.arrays.electrodes):
        if (layer["sign"] > 0) == (side == "cathode"):
            first = model.arrays.first_member
            chosen = model.arrays.electrodes[e]
            return slice(int(first[chosen["first"]]), int(first[chosen["end"]]))
    return None


def _classes(model: Model, side: str) -> slice:
    """The classes of one side."""
    members = _members(model, side)
    if members is None:
        return slice(0, 0)
    own = model.arrays.member_class[members]
    return slice(int(own.min()), int(own.max()) + 1)


def _thickness(model: Model, readout: Readout, side: str) -> Floats:
    """Thickness change of one electrode since assembly [m], elastic part included."""
    s = SIDES.index(side)
    grown = readout.grown[:, _classes(model, side)].sum(axis=(1, 2))
    grown = grown + readout.planar[:, s, :2].sum(axis=1)
    squeezed = readout.pressure - model.arrays.made_pressure
    return grown - squeezed * model.compliance[side]


def _outside(model: Model, trace: Trace, readout: Readout) -> dict[str, float]:
    """Seconds that a property was held at the end of its data."""
    if len(trace.time) < 2:
        return {}
    weight = np.gradient(trace.time)
    found: dict[str, float] = {}

    def note(name: str, values: Floats, low: float, high: float) -> None:
        beyond = float(weight[(values < low) | (values > high)].sum())
        if beyond > 0.0:
            found[name] = beyond

    for e, side in enumerate(side for side in SIDES if side in model.composites):
        members = _members(model, side)
        own, first = model.arrays.member_class[members], _classes(model, side).start
        for k, grain in enumerate(model.composites[side].grains):
            low, high = _range(grain.material)
            x = readout.mean[:, members][:, own == first + k].mean(axis=1)
            note(f"stoichiometry of {grain.label} beyond {low:g}-{high:g}", x, low, high)
        pressures = np.exp(model.arrays.transport[e, 0])
        if len(pressures) > 1:
            ends = f"{pressures[0] / 1e6:g}-{pressures[-1] / 1e6:g} MPa"
            name = f"{side} conductivities: stack pressure beyond the table's {ends}"
            note(name, readout.pressure, 0.999 * pressures[0], 1.001 * pressures[-1])
    return found


def _range(material: Any) -> tuple[float, float]:  # noqa: ANN401
    low = material.value("stoichiometry_min") if material.has("stoichiometry_min") else 0.0
    high = material.value("stoichiometry_max") if material.has("stoichiometry_max") else 1.0
    return low, high


def assemble(
    model: Model, kept: Kept, status: str, reason: str, wall_time_s: float
) -> CellResult:
    """Build the result of a run."""
    given = spec.to_input(model.cell)
    used = {name: canonical(m) for name, m in sorted(model.materials.items())}
    text = json.dumps({"cell": given, "materials": used}, sort_keys=True, default=str)
    time, states, readout = _joined(model, kept.rows)
    return CellResult(
        name=model.cell.name,
        status=status,
        reason=reason,
        events=tuple(kept.events),
        warnings=(*model.warnings, *_held(kept.ends)),
        series=_series(model, kept.rows, time, states, readout),
        cycles=_cycles(model, kept.ends),
        profiles=_profiles(model, readout),
        classes={s: tuple(g.label for g in c.grains) for s, c in model.composites.items()},
        ledger=_ledger(model, states, readout),
        impedance=tuple(kept.spectra),
        solver={"steps": kept.steps, "newton_iterations": kept.iterations},
        provenance={
            "version": __version__,
            "input_hash": hashlib.sha256(text.encode()).hexdigest(),
            "voltage_tolerance_V": model.control.voltage,
            "order": model.control.order,
        },
        wall_time_s=wall_time_s,
        input=given,
        sources=_sources(model),
    )


def _held(ends: list[Ends]) -> list[str]:
    """Warnings on extrapolation refused."""
    total: dict[str, float] = {}
    for leg in ends:
        for name, seconds in leg.outside.items():
            total[name] = total.get(name, 0.0) + seconds
    return [f"{name}: end value held for {s / 3600.0:.3g} h" for name, s in total.items()]


def _joined(model: Model, rows: list[Rows]) -> tuple[Floats, Floats, Readout]:
    """All stored rows as one."""
    if not rows:
        classes = len(model.arrays.classes)
        flat = np.zeros((0, model.sizes.members))
        none = [np.zeros((0, 2)), np.zeros(0), *([flat] * 7)]
        empty = Readout._make([*none, np.zeros((0, classes, 3)), np.zeros((0, 2, 3))])
        return np.zeros(0), np.zeros((0, model.sizes.total)), empty
    parts = zip(*(r.readout for r in rows), strict=True)
    readout = Readout._make(np.concatenate(part) for part in parts)
    states = np.concatenate([r.state for r in rows])
    return np.concatenate([r.time for r in rows]), states, readout


def _series(
    model: Model, rows: list[Rows], time: Floats, states: Floats, readout: Readout
) -> TimeSeries:
    """Traces with Battery Data Format names; here the current turns positive on charge."""
    counts = [len(r.time) for r in rows]
    density = states[:, model.sizes.globals + arrays.CURRENT]  # positive on discharge
    ohmic = density * model.arrays.separator_resistance
    anode, cathode = readout.drop[:, 0], readout.drop[:, 1]
    ledger = _ledger(model, states, readout)
    columns = {
        "Test Time / s": time,
        "Voltage / V": cathode - anode - ohmic + model.reference_potential,
        "Current / A": -density * model.area,
        "Surface Pressure / Pa": readout.pressure,
        "Applied Pressure / Pa": np.repeat([r.applied for r in rows], counts).astype(float),
        "Stack Force / N": readout.pressure * model.area,
        "Displacement / m": np.sum(list(ledger.values()), axis=0) if len(time) else np.zeros(0),
        "Positive Electrode Potential / V": cathode - 0.5 * ohmic,
        "Negative Electrode Potential / V": anode + 0.5 * ohmic,
        "Cycle Count / 1": np.repeat([r.planned.cycle for r in rows], counts).astype(np.int64),
        "Step Count / 1": np.repeat([r.planned.step for r in rows], counts).astype(np.int64),
    }
    return TimeSeries(columns, {"name": model.cell.name})


def _profiles(model: Model, readout: Readout) -> dict[str, Floats]:
    """Local states of composite electrodes, shape (rows, nodes, classes)."""
    found: dict[str, Floats] = {}
    names = {
        "stoichiometry": readout.mean,
        "surface_stoichiometry": readout.surface,
        "contact_fraction": readout.theta,
        "crack_damage": readout.damage,
        "crack_area_fraction": readout.crack_area,
        "contact_pressure_Pa": readout.contact_pressure,
        "gap_m": readout.gap,
    }
    nodes = model.cell.solver.nodes
    for side in SIDES:
        members = _members(model, side)
        if members is None:
            continue
        width = model.thickness[side] / nodes
        found[f"{side}_position_m"] = width * np.linspace(0.5, nodes - 0.5, nodes)
        for name, values in names.items():
            shape = (len(values), nodes, len(model.composites[side].grains))
            found[f"{side}_{name}"] = values[:, members].reshape(shape)
    return found


def _ledger(model: Model, states: Floats, readout: Readout) -> dict[str, Floats]:
    """Thickness change by layer and cause [m]; the sum is the displacement of the pistons."""
    found: dict[str, Floats] = {}
    squeezed = readout.pressure - model.arrays.made_pressure
    for side in reversed(SIDES):
        if side in model.composites:
            first = _classes(model, side).start
            for k, grain in enumerate(model.composites[side].grains):
                found[f"{side}: {grain.label} volume change"] = readout.grown[:, first + k, 0]
            own = readout.grown[:, _classes(model, side)]
            found[f"{side}: cracks"] = own[:, :, 1].sum(axis=1)
            found[f"{side}: lost at contacts"] = own[:, :, 2].sum(axis=1)
        else:
            s = SIDES.index(side)
            electrode = getattr(model.cell, side)
            found[f"{side}: {electrode.material} plated"] = readout.planar[:, s, 0]
            found[f"{side}: voids"] = readout.planar[:, s, 1]
        found[f"{side}: elastic"] = -squeezed * model.compliance[side]
        if side == "cathode":
            found["separator: elastic"] = -squeezed * model.compliance["separator"]
    virtual = states[:, model.sizes.globals + arrays.PRESSURE]
    stiffness = model.arrays.stiffness
    gap = (readout.pressure - virtual) / stiffness if stiffness > 0.0 else 0.0 * virtual
    found["lift-off gap"] = gap - (gap[0] if len(gap) else 0.0)
    return found


def _cycles(model: Model, ends: list[Ends]) -> tuple[dict[str, float | None], ...]:
    """Summary per cycle with the keys of ``CYCLE_KEYS``."""
    numbers = sorted({leg.cycle for leg in ends})
    return tuple(_cycle(model, [leg for leg in ends if leg.cycle == n]) for n in numbers)


def _cycle(model: Model, legs: list[Ends]) -> dict[str, float | None]:
    charge = sum(leg.charge for leg in legs if leg.charge > 0.0)
    discharge = -sum(leg.charge for leg in legs if leg.charge < 0.0)
    energy = -sum(leg.energy for leg in legs if leg.charge < 0.0)
    charged = _end_of_charge(legs)
    start, end = legs[0].start, legs[-1].end
    per_gram = model.area / 3.6 / (1e3 * model.active_mass) if model.active_mass else None
    voids = any(side["voids"] for side in model.arrays.planar)

    def swing(side: str) -> float | None:
        if charged is None:
            return None
        return 1e6 * (charged[f"{side}_thickness"] - start[f"{side}_thickness"])

    values = (
        per_gram and charge * per_gram,
        per_gram and discharge * per_gram,
        charge / 3.6 * 1e-4,
        discharge / 3.6 * 1e-4,
        discharge / charge if charge > 0.0 and discharge > 0.0 else None,
        energy / discharge if discharge > 0.0 else None,
        1e-6 * start["pressure"],
        1e-6 * min(leg.pressure_low for leg in legs),
        1e-6 * max(leg.pressure_high for leg in legs),
        1e-6 * charged["pressure"] if charged else None,
        1e-6 * end["pressure"],
        charged.get("theta") if charged else None,
        end.get("theta"),
        end.get("damage"),
        charged.get("crack_area") if charged else None,
        end.get("crack_area"),
        swing("cathode"),
        swing("anode"),
        min(leg.lithium_contact for leg in legs) if voids else None,
    )
    found = dict(zip(CYCLE_KEYS, values, strict=True))
    return {name: None if value is None else float(value) for name, value in found.items()}


def _end_of_charge(legs: list[Ends]) -> dict[str, float] | None:
    """State after the last charge, or after the hold that follows it."""
    found, charging = None, False
    for leg in legs:
        if leg.direction:
            charging = leg.direction > 0
        if leg.direction > 0 or (leg.hold and charging):
            found = leg.end
    return found


def _sources(model: Model) -> tuple[SourceRow, ...]:
    """Every value used, with its reference; closure constants nobody measured come last."""
    rows = []
    for name, m in sorted(model.materials.items()):
        for entry in m.sources(p for p in m.properties if p not in NOT_USED):
            s = entry.source
            rows.append(
                SourceRow(
                    name,
                    entry.property,
                    entry.value,
                    entry.unit,
                    s.ref,
                    s.where,
                    s.method,
                    s.checked,
                )
            )
    for name, (value, why) in ASSUMED.items():
        rows.append(SourceRow("model closure", name, value, "", "", why, "assumed", False))
    return tuple(rows)
