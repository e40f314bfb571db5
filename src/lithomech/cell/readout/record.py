"""From what a run collected to its result."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lithomech.cell import spec
from lithomech.cell.equations import Model
from lithomech.cell.readout.cycles import Ends, cycle_summaries
from lithomech.cell.readout.held import held_warnings
from lithomech.cell.readout.ledger import displacement, ledger
from lithomech.cell.readout.observation import Observation
from lithomech.cell.readout.observed import Readout, read_out
from lithomech.cell.readout.profiles import profiles
from lithomech.cell.readout.result import CellResult, Event, ImpedanceSpectrum
from lithomech.cell.readout.series import Rows, series
from lithomech.cell.readout.sources import overrides, sources
from lithomech.files.kept import digest
from lithomech.materials.load import canonical
from lithomech.materials.material import Material
from lithomech.version import __version__


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
    resolved_input = spec.to_input(model.cell)
    used = {name: _digest(m) for name, m in sorted(model.materials.items())}
    observation = _joined(model, kept.rows)
    rows = ledger(observation)
    return CellResult(
        name=model.cell.name,
        status=status,
        reason=reason,
        events=tuple(kept.events),
        warnings=(*model.warnings, *_held(kept.ends)),
        series=series(observation, kept.rows, displacement(rows)),
        cycles=cycle_summaries(model, kept.ends),
        profiles=profiles(observation),
        classes={s: tuple(g.label for g in c.particles) for s, c in model.composites.items()},
        ledger=rows,
        impedance=tuple(kept.spectra),
        solver={"steps": kept.steps, "newton_iterations": kept.iterations},
        provenance={
            "version": __version__,
            "input_hash": digest({"cell": resolved_input, "materials": used}),
            "voltage_tolerance_V": model.control.voltage,
            "order": model.control.order,
            "stack_stiffness_Pa_per_m": stack_stiffness(model),
            "overrides": overrides(model),
        },
        wall_time_s=wall_time_s,
        input=resolved_input,
        sources=sources(model),
    )


@lru_cache(maxsize=64)
def _digest(material: Material) -> str:
    """Hash of all values of a material."""
    return digest(canonical(material))


def _held(ends: list[Ends]) -> list[str]:
    return held_warnings((leg.outside for leg in ends), sum(leg.creep for leg in ends))


def _joined(model: Model, rows: list[Rows]) -> Observation:
    """All stored rows as one."""
    if not rows:
        states = np.zeros((0, model.sizes.total))
        return Observation(model, states, read_out(model.arrays, model.sizes, states))
    parts = zip(*(r.readout for r in rows), strict=True)
    readout = Readout._make(np.concatenate(part) for part in parts)
    return Observation(model, np.concatenate([r.state for r in rows]), readout)


def stack_stiffness(model: Model) -> float:
    """Stack pressure per thickness that a layer adds: fixture and layers in series [Pa/m]."""
    fixture = model.arrays.stiffness
    return float(fixture / (1.0 + fixture * model.arrays.compliance))
