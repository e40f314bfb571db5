"""From what a run collected to its result."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import Clamp
from lithomech.cell.protocol.order import Planned
from lithomech.cell.readout.budget import loss_budget
from lithomech.cell.readout.cycles import Ends, cycle_summaries, leg_ends
from lithomech.cell.readout.described import described
from lithomech.cell.readout.held import held_warnings
from lithomech.cell.readout.jumps import Jump, skipped_cycles, with_skipped
from lithomech.cell.readout.ledger import displacement, ledger
from lithomech.cell.readout.legs import (
    Batch,
    Left,
    asked_for_more,
    left_behind,
    needed_rows,
)
from lithomech.cell.readout.moments import split_warnings
from lithomech.cell.readout.observation import Observation, chosen, joined, observe
from lithomech.cell.readout.profiles import profiles
from lithomech.cell.readout.result import CellResult, Event, ImpedanceSpectrum
from lithomech.cell.readout.series import Rows, series
from lithomech.cell.readout.skipped import skipped_steps
from lithomech.cell.readout.sources import overrides, sources
from lithomech.cell.readout.stack import pack_of
from lithomech.cell.readout.trust import (
    efficiency_warnings,
    impedance_warnings,
    not_a_number,
    rest_warnings,
)
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.conditions import Condition
from lithomech.cell.solver.march import Trace
from lithomech.cell.state import SIDES, foil_start
from lithomech.files.kept import digest
from lithomech.materials.load import canonical
from lithomech.materials.material import Material
from lithomech.materials.stock import plain_transport
from lithomech.observe.timeseries import TIME, TimeSeries
from lithomech.version import __version__

Floats = NDArray[np.float64]
Cycles: TypeAlias = tuple[dict[str, float | None], ...]


@dataclass
class Kept:
    """What a runner collects."""

    ends: list[Ends]
    rows: list[Rows]
    events: list[Event]
    spectra: list[ImpedanceSpectrum]
    jumps: list[Jump]
    warnings: list[str]
    steps: int = 0
    iterations: int = 0
    left: list[Left] = field(default_factory=list)  # by the legs of ``ends``
    batch: Batch | None = None  # where their states wait for the loss budget

    @property
    def legs(self) -> Iterator[tuple[int, Left]]:
        """Cycle of every leg, and what it left for the loss budget."""
        return zip((leg.cycle for leg in self.ends), self.left, strict=True)

    def add(self, planned: Planned, trace: Trace, whole: Observation) -> None:
        """Keep what is needed of a leg, from all its rows."""
        needed = chosen(whole, needed_rows(trace, whole.model.layout))
        self.ends.append(leg_ends(planned, trace, whole, needed))
        asked = asked_for_more(planned.what, trace)
        self.left.append(left_behind(self.batch_of(whole.model), needed, asked=asked))

    def batch_of(self, model: Resolved) -> Batch:
        """The batch that the next leg of this cell adds its states to."""
        if self.batch is None or not self.batch.takes(model):
            if self.batch is not None:
                self.batch.evaluate()
            self.batch = Batch(model)
        return self.batch

    def mark(self) -> tuple[int, ...]:
        """Note how much there is now."""
        return (*map(len, self._lists), self.steps, self.iterations)

    def rewind(self, mark: tuple[int, ...]) -> None:
        """Drop what has come since a mark."""
        *lengths, self.steps, self.iterations = mark
        for collected, length in zip(self._lists, lengths, strict=True):
            del collected[length:]

    @property
    def _lists(self) -> list[list[Any]]:
        return [self.ends, self.rows, self.events, self.spectra, self.jumps, self.left]


class Whole(NamedTuple):
    """A runner after its last whole step."""

    y: Floats
    clamp: Clamp
    applied: float
    time: float
    skipped: int
    lifted: bool
    condition: Condition
    kept: tuple[int, ...]


class Ended(NamedTuple):
    """How a run ended."""

    state: Floats  # the state vector at its end
    clamp: Clamp  # where the fixture was last set
    status: str
    reason: str
    wall_time_s: float


class Summary(NamedTuple):
    """What a study reads of a run."""

    cell: spec.Cell
    status: str
    reason: str
    series: TimeSeries
    cycles: Cycles
    impedance: tuple[ImpedanceSpectrum, ...]
    input_hash: str


class Traced(NamedTuple):
    """What a run kept over time."""

    series: TimeSeries
    profiles: dict[str, Floats]
    ledger: dict[tuple[str, str], Floats]


NOTHING: Final = Traced(TimeSeries({TIME: np.zeros(0)}), {}, {})


def summarise(model: Resolved, kept: Kept, status: str, reason: str) -> Summary:
    """Return what a study reads of a run."""
    traced = _traced(model, kept.rows) if kept.rows else NOTHING
    cycles = with_skipped(cycle_summaries(model, kept.ends), kept.jumps)
    status, reason = _judged(traced, cycles, kept, (status, reason))
    spectra, mark = tuple(kept.spectra), input_hash(model)
    return Summary(model.cell, status, reason, traced.series, cycles, spectra, mark)


def _traced(model: Resolved, rows: list[Rows]) -> Traced:
    observation = _joined(model, rows)
    changes = ledger(observation)
    traces = series(observation, rows, displacement(changes))
    return Traced(traces, profiles(observation), changes)


def _judged(
    traced: Traced, cycles: Cycles, kept: Kept, outcome: tuple[str, str]
) -> tuple[str, str]:
    """Status and reason, unless a number of the result is none."""
    unknown = not_a_number(traced.series.columns, traced.profiles, cycles, kept.spectra)
    if unknown is None:
        return outcome
    return "not converged", f"{unknown} is not a finite number; {outcome[0]}: {outcome[1]}"


def assemble(model: Resolved, kept: Kept, ended: Ended) -> CellResult:
    """Build the result of a run."""
    resolved_input = spec.to_input(model.cell)
    traced = _traced(model, kept.rows)
    cycles = with_skipped(cycle_summaries(model, kept.ends), kept.jumps)
    status, reason = _judged(traced, cycles, kept, (ended.status, ended.reason))
    return CellResult(
        name=model.cell.name,
        status=status,
        reason=reason,
        events=tuple(kept.events),
        warnings=(
            *model.warnings,
            *kept.warnings,
            *efficiency_warnings(cycles),
            *rest_warnings(model, traced.series),
            *impedance_warnings(kept.spectra),
            *split_warnings(model, kept.events),
            *_held(kept),
            *skipped_cycles(cycles, kept.jumps),
            *skipped_steps(kept.events, model.cell.steps()),
        ),
        series=traced.series,
        cycles=cycles,
        losses=loss_budget(model, kept.legs, kept.jumps),
        profiles=traced.profiles,
        classes={s: tuple(g.label for g in c.particles) for s, c in model.composites.items()},
        ledger=traced.ledger,
        impedance=tuple(kept.spectra),
        solver={"steps": kept.steps, "newton_iterations": kept.iterations},
        provenance={
            "version": __version__,
            "input_hash": input_hash(model),
            "voltage_tolerance_V": model.control.voltage,
            "order": model.control.order,
            "stack_stiffness_Pa_per_m": stack_stiffness(model),
            "overrides": overrides(model),
        },
        wall_time_s=ended.wall_time_s,
        input=resolved_input,
        sources=sources(model),
        state=_final(model, ended),
        resolved=_resolved(model, kept.ends),
        enclosed=model.cell.enclosed,
    )


def _resolved(model: Resolved, ends: list[Ends]) -> dict[str, Any]:
    """What the input was resolved to, the pouch included."""
    pack = pack_of(model, ends)
    return described(model) | ({} if pack is None else {"stack": pack.described()})


def _final(model: Resolved, ended: Ended) -> dict[str, Floats]:
    """The final state of the cell by name."""
    z, y = model.layout, ended.state
    shells = y[: z.states].reshape(z.shells, z.members)
    named = {
        "stoichiometry": shells.copy(),
        "current_density": y[z.flux : z.potential].copy(),
        "potential": y[z.potential : z.current].copy(),
        "current": y[[z.current]],
        "virtual_pressure": y[[z.pressure]],
        "charge": y[[z.charge]],
        "fixture_creep": y[[z.crept]],
        "clamp.virtual": np.array([ended.clamp.virtual]),
        "clamp.thickness": np.array([ended.clamp.thickness]),
        "clamp.crept": np.array([ended.clamp.crept]),
    }
    for side in model.foils:
        start = foil_start(z, side)
        named[f"{side}.stoichiometry"] = y[[start]]
        named[f"{side}.paid_charge"] = y[[start + 1]]
    foilless = tuple(f"{side}." for side in SIDES if side not in model.foils)
    return named | {
        name: y[slot.place].copy()
        for name, slot in model.slots.items()
        if not name.startswith(foilless or ("?",))
    }


def input_hash(model: Resolved) -> str:
    """Hash of everything that decides the numbers, wherever it was read."""
    cell = spec.to_input(model.cell)
    del cell["output"]["checkpoint"]
    if cell["stack"] is None:  # hashes are those of before there were pouches
        del cell["stack"]
    hashed: dict[str, Any] = {
        "cell": cell,
        "materials": {name: _digest(m) for name, m in sorted(model.materials.items())},
    }
    tables = model.cell.enclosed.stock.transport
    if tables:
        hashed["transport"] = {name: plain_transport(tables[name]) for name in sorted(tables)}
    return digest(hashed)


@lru_cache(maxsize=64)
def _digest(material: Material) -> str:
    """Hash of all values of a material."""
    return digest(canonical(material))


def _held(kept: Kept) -> list[str]:
    return held_warnings(part.outside for part in (*kept.ends, *kept.jumps))


def _joined(model: Resolved, rows: list[Rows]) -> Observation:
    """All stored rows as one."""
    if not rows:
        states = np.zeros((0, model.layout.total))
        return Observation(model, states, observe(model, states))
    return joined(model, [Observation(model, r.state, r.readout) for r in rows])


def stack_stiffness(model: Resolved) -> float:
    """Stack pressure per thickness that a layer adds: fixture and layers in series [Pa/m]."""
    fixture = model.arrays.stiffness
    return float(fixture / (1.0 + fixture * model.arrays.compliance))
