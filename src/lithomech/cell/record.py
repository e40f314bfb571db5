"""From the kernel's traces to a result: summaries, traces, profiles, ledger, provenance."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import arrays, spec
from lithomech.cell.closures import ASSUMED, counted
from lithomech.cell.equations import Model
from lithomech.cell.layers import SIDES, SIGN
from lithomech.cell.program import Planned
from lithomech.cell.readout import (
    CONTACTS,
    CRACKS,
    FILM,
    FILMS,
    MOVED,
    PORES,
    SWELLING,
    VOIDS,
    Readout,
    read_out,
)
from lithomech.cell.result import (
    CellResult,
    Event,
    ImpedanceSpectrum,
    SourceRow,
)
from lithomech.cell.summary import Ends, classes_of, cycle_summaries, held_warnings, members_of
from lithomech.files.kept import digest
from lithomech.materials.load import canonical
from lithomech.materials.material import PACKAGE, Material
from lithomech.observe.timeseries import TimeSeries
from lithomech.version import __version__

Floats = NDArray[np.float64]


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


def assemble(
    model: Model, kept: Kept, status: str, reason: str, wall_time_s: float
) -> CellResult:
    """Build the result of a run."""
    given = spec.to_input(model.cell)
    used = {name: _digest(m) for name, m in sorted(model.materials.items())}
    time, states, readout = _joined(model, kept.rows)
    return CellResult(
        name=model.cell.name,
        status=status,
        reason=reason,
        events=tuple(kept.events),
        warnings=(*model.warnings, *held_warnings(kept.ends)),
        series=_series(model, kept.rows, time, states, readout),
        cycles=cycle_summaries(model, kept.ends),
        profiles=_profiles(model, readout),
        classes={s: tuple(g.label for g in c.particles) for s, c in model.composites.items()},
        ledger=_ledger(model, states, readout),
        impedance=tuple(kept.spectra),
        solver={"steps": kept.steps, "newton_iterations": kept.iterations},
        provenance={
            "version": __version__,
            "input_hash": digest({"cell": given, "materials": used}),
            "voltage_tolerance_V": model.control.voltage,
            "order": model.control.order,
            "stack_stiffness_Pa_per_m": stack_stiffness(model),
            "overrides": _overrides(model),
        },
        wall_time_s=wall_time_s,
        input=given,
        sources=_sources(model),
    )


@lru_cache(maxsize=64)
def _digest(material: Material) -> str:
    """Hash of all values of a material."""
    return digest(canonical(material))


def _joined(model: Model, rows: list[Rows]) -> tuple[Floats, Floats, Readout]:
    """All stored rows as one."""
    if not rows:
        classes = len(model.arrays.classes)
        flat = np.zeros((0, model.sizes.members))
        none = [np.zeros((0, 2)), np.zeros(0), *([flat] * 7)]
        films = np.zeros((0, model.sizes.members, model.sizes.ways))
        grown = np.zeros((0, classes, 4))
        empty = Readout._make([*none, films, grown, np.zeros((0, 2, 5))])
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
    takes = model.arrays.classes["leak"][model.arrays.member_class] == 0.0
    electrolyte = model.arrays.reactions["ionic"][model.arrays.member_class] > 0.0
    names = {
        "stoichiometry": np.where(takes, readout.mean, np.nan),
        "surface_stoichiometry": np.where(takes, readout.surface, np.nan),
        "contact_fraction": readout.theta,
        "crack_damage": readout.damage,
        "crack_area_fraction": readout.crack_area,
        "contact_pressure_Pa": readout.contact_pressure,
        "gap_m": readout.gap,
        "film_charge_C_per_m2": (readout.film * electrolyte).sum(axis=2),
    }
    nodes = model.cell.solver.nodes
    for side in SIDES:
        members = members_of(model, side)
        if members is None:
            continue
        width = model.thickness[side] / nodes
        found[f"{side}_position_m"] = width * np.linspace(0.5, nodes - 0.5, nodes)
        for name, values in names.items():
            shape = (len(values), nodes, len(model.composites[side].particles))
            found[f"{side}_{name}"] = values[:, members].reshape(shape)
    return found


def _ledger(model: Model, states: Floats, readout: Readout) -> dict[str, Floats]:
    """Thickness change by layer and cause [m]; the sum is the displacement of the pistons."""
    found: dict[str, Floats] = {}
    squeezed = readout.pressure - model.arrays.made_pressure
    # contacts without residual pressure are a little open (smoothed) when the fixture is set
    made = read_out(model.arrays, model.sizes, model.start[None, :]).grown
    for side in reversed(SIDES):
        if side in model.composites:
            first = classes_of(model, side).start
            own = (readout.grown - made)[:, classes_of(model, side)]
            particles = model.composites[side].particles
            for k, grain in enumerate(particles):
                if not grain.inert:
                    swelling = readout.grown[:, first + k, SWELLING]
                    found[f"{side}: {grain.label} volume change"] = swelling
            for k, grain in enumerate(particles):
                of = f"{side}: {grain.label} " if len(particles) > 1 else f"{side}: "
                if not grain.inert:
                    found[f"{of}cracks"] = own[:, k, CRACKS]
                found[f"{of}lost at contacts"] = own[:, k, CONTACTS]
            found[f"{side}: electrolyte decomposition"] = own[:, :, FILMS].sum(axis=1)
        else:
            s = SIDES.index(side)
            electrode = getattr(model.cell, side)
            found[f"{side}: {electrode.material} plated"] = readout.planar[:, s, MOVED]
            found[f"{side}: into pores of the separator"] = readout.planar[:, s, PORES]
            found[f"{side}: voids"] = readout.planar[:, s, VOIDS]
            found[f"{side}: electrolyte decomposition"] = readout.planar[:, s, FILM]
        found[f"{side}: elastic"] = -squeezed * model.compliance[side]
        if SIGN[side] > 0.0:
            found["separator: elastic"] = -squeezed * model.compliance["separator"]
    virtual = states[:, model.sizes.globals + arrays.PRESSURE]
    stiffness = model.arrays.stiffness
    gap = (readout.pressure - virtual) / stiffness if stiffness > 0.0 else 0.0 * virtual
    found["lift-off gap"] = gap - (gap[0] if len(gap) else 0.0)
    return found


def stack_stiffness(model: Model) -> float:
    """Stack pressure per thickness that a layer adds: fixture and layers in series [Pa/m]."""
    fixture = model.arrays.stiffness
    return float(fixture / (1.0 + fixture * model.arrays.compliance))


def _overrides(model: Model) -> list[str]:
    """Each property that does not come from the package, and the file that has it."""
    return [
        f"{name}.{entry.property}: {entry.origin}"
        for name, m in sorted(model.materials.items())
        for entry in m.sources(counted(model.composites, m))
        if entry.origin != PACKAGE
    ]


def _sources(model: Model) -> tuple[SourceRow, ...]:
    """Every value used, with its reference; closure constants nobody measured come last."""
    rows = []
    for name, m in sorted(model.materials.items()):
        for entry in m.sources(counted(model.composites, m)):
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
                    entry.origin,
                    entry.borrowed_from(),
                )
            )
    for name, (value, why) in ASSUMED.items():
        rows.append(SourceRow("model closure", name, value, "", "", why, "assumed", False))
    return tuple(rows)
