"""A journal of a run: what each leg left, in pieces in a folder.

A run that was killed goes through its protocol from the start again and takes from the journal
what a leg did, wherever the journal knows it. So all that is decided between legs, such as
which cycles are skipped, comes out as before, and needs no place in the files. A leg whose
trace takes longer to write than to compute is marched through again, from the state it began
with and so to the same digits.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol.order import Planned
from lithomech.cell.readout.cycles import Ends
from lithomech.cell.readout.legs import left_behind
from lithomech.cell.readout.observation import Observation, observe
from lithomech.cell.readout.record import input_hash
from lithomech.cell.readout.result import Event
from lithomech.cell.readout.series import Rows
from lithomech.cell.resolve.build import Resolved
from lithomech.errors import InputError
from lithomech.files import kept
from lithomech.files.damaged import damaged
from lithomech.version import __version__

if TYPE_CHECKING:
    from lithomech.cell.runner import Runner

Floats = NDArray[np.float64]
PIECES: Final = "legs_*.npz"
PAUSE: Final = 1.0  # s between two pieces at least
SHARE: Final = 0.01  # of the time that a run takes, between two pieces: it bounds their number
LARGEST: Final = 100_000_000  # bytes of traces in a piece, about
WORTH: Final = 5e6  # bytes of a trace per second that its leg took: a disk takes 2 % of it
MOMENTS: Final = ("start", "end", "lowest", "highest", "outside")  # of ``Ends``


class Leg(NamedTuple):
    """What a leg did to a runner."""

    cycle: int
    step: int
    goes_on: bool  # whether the leg took all its time
    skipped: int
    lifted: bool
    steps: int
    iterations: int
    time: float
    y: Floats
    events: tuple[Event, ...]
    ends: Ends | None
    states: Floats  # for the loss budget, some rows of the leg; none without ``ends``
    asked: bool  # whether it ended before the protocol wanted
    trace: tuple[Floats, Floats] | None  # times and states, where they are kept
    again: bool = False  # they belong to the result, but are not kept


@final
@dataclass
class Journal:
    """Legs that an earlier run of the same cell left, and those that this one adds.

    Attributes:
        folder: of the pieces; None if nothing is kept.
        mark: what the pieces are of.
        every: cycles between two pieces; None: by time.
        warnings: of the run.
        pieces: in the folder.
        legs: in them.
        cycle: of the last one.
        again: whether some of them are computed once more.
        known: the legs that are still to be taken.
    """

    folder: Path | None = None
    mark: str = ""
    every: int | None = None
    warnings: list[str] = field(default_factory=list)
    pieces: int = 0
    legs: int = 0
    cycle: int = 0
    again: bool = False
    known: Iterator[Leg] = field(default_factory=lambda: iter(()))
    _new: list[Leg] = field(default_factory=list)
    _traced: int = 0  # bytes of traces among them
    _begun: float = field(default_factory=time.monotonic)
    _last: float = field(default_factory=time.monotonic)  # when a piece was written

    def __enter__(self) -> Self:
        """Begin the run."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the run; one that was stopped keeps all legs that it did."""
        if kind is not None and self._new:
            self._write()

    @property
    def found(self) -> str:
        """What an earlier run left, for the user."""
        again = "; what has traces is computed again" if self.again else ""
        return f"resuming from {self.folder}, which reached cycle {self.cycle}{again}"

    def march(self, runner: "Runner", planned: Planned, march: Callable[[], bool]) -> bool:
        """Take a leg from the journal, or march through it and keep it.

        Args:
            runner: at the start of the leg.
            planned: the step that the leg belongs to.
            march: does the leg; returns whether it took all its time.
        """
        known = next(self.known, None)
        if known is not None and (known.cycle, known.step) != (planned.cycle, planned.step):
            self._drop()
        elif known is not None and not known.again:
            _apply(known, runner, planned)
            return known.goes_on
        begun, mark = time.monotonic(), runner.kept.mark()
        goes_on = march()
        if known is None and self.folder is not None and runner.status is None:
            leg = _leg(runner, planned, mark, goes_on)
            self._keep(_without_trace(leg, time.monotonic() - begun))
        return goes_on

    def _keep(self, leg: Leg) -> None:
        """Add a leg; a piece ends with whole cycles, or as soon as its time has come."""
        if self.every is not None and self._new and leg.cycle - self.cycle > self.every:
            self._write()
        self._new.append(leg)
        self._traced += 0 if leg.trace is None else leg.trace[1].nbytes
        now = time.monotonic()
        late = now - self._last >= max(PAUSE, SHARE * (now - self._begun))
        if (self.every is None and late) or self._traced > LARGEST:
            self._write()

    def _write(self) -> None:
        """Write what is new as a piece; give up where that cannot be."""
        if self.folder is None:
            return
        path = _piece(self.folder, self.pieces + 1)
        try:
            kept.write(path, self.mark, _packed(self._new, self.legs))
        except OSError as error:
            self.warnings.append(f"no checkpoint is kept any more: {error}")
            self.folder = None
        self.pieces, self.legs = self.pieces + 1, self.legs + len(self._new)
        self.cycle, self._last = self._new[-1].cycle, time.monotonic()
        self._new, self._traced = [], 0  # after Ctrl-C until here they are written once more

    def _drop(self) -> None:
        """Take and keep nothing more: what the folder holds is of other steps."""
        if self.folder is not None:
            _remove(self.folder, 1)
            self.warnings.append(f"{self.folder} is of other steps; no checkpoint is kept")
        self.folder, self.known = None, iter(())


def opened(folder: Path | None, model: Resolved, warnings: list[str]) -> Journal:
    """Return the journal of a run, with the legs that an earlier one left.

    Args:
        folder: where it is kept; None for nowhere.
        model: the assembled cell.
        warnings: of the run; a journal that cannot be gone on with is one.
    """
    if folder is None:
        return Journal()
    mark = kept.digest([__version__, input_hash(model), model.composition.key])
    journal = Journal(folder, mark, model.cell.output.checkpoint, warnings)
    while (held := _read(folder, journal.pieces + 1, mark, journal.legs)) is not None:
        journal.pieces += 1
        journal.legs += len(held)
        journal.cycle = held[-1].cycle
        journal.again = journal.again or any(leg.again for leg in held)
    if _remove(folder, journal.pieces + 1):
        place = _piece(folder, journal.pieces + 1) if journal.pieces else folder
        begun = f"resumed from cycle {journal.cycle}" if journal.pieces else "began anew"
        warnings.append(
            f"{place} is damaged, or of another input or version of lithomech: the run {begun}"
        )
    journal.known = _legs(folder, journal.pieces, mark)
    return journal


def _piece(folder: Path, number: int) -> Path:
    return folder / PIECES.replace("*", f"{number:06}")


def _remove(folder: Path, first: int) -> bool:
    """Remove pieces from a number on; True if there were any."""
    stale = [path for path in sorted(folder.glob(PIECES)) if path >= _piece(folder, first)]
    for path in stale:
        with suppress(OSError):
            path.unlink()
    return bool(stale)


def _legs(folder: Path, pieces: int, mark: str) -> Iterator[Leg]:
    """Yield the legs of all pieces; one piece at a time is in memory."""
    first = 0
    for number in range(1, pieces + 1):
        held = _read(folder, number, mark, first) or []
        first += len(held)
        yield from held


def _read(folder: Path, number: int, mark: str, first: int) -> list[Leg] | None:
    """The legs of a piece; None if it is missing, broken or no continuation."""
    path = _piece(folder, number)
    arrays = kept.read(path, mark)
    with suppress(InputError), damaged(path):
        head = json.loads(arrays["legs"].tobytes()) if arrays else {}
        return _unpacked(head, arrays or {}) if head.get("first") == first else None
    return None


def _leg(runner: "Runner", planned: Planned, mark: tuple[int, ...], goes_on: bool) -> Leg:
    """What a leg did since a mark."""
    ends, rows, events, *_, steps, iterations = mark
    own = runner.kept
    left = next(iter(own.left[ends:]), None)
    traced = [(row.time, row.state) for row in own.rows[rows:]]
    return Leg(
        planned.cycle,
        planned.step,
        goes_on,
        runner.skipped,
        runner.lifted,
        own.steps - steps,
        own.iterations - iterations,
        runner.time,
        runner.y.copy(),
        tuple(own.events[events:]),
        next(iter(own.ends[ends:]), None),
        np.zeros((0, len(runner.y))) if left is None else left.batch.last,
        left is not None and left.asked,
        next(iter(traced), None),
    )


def _without_trace(leg: Leg, seconds: float) -> Leg:
    """A leg without its trace, if that takes longer to write than to compute."""
    bytes_ = 0 if leg.trace is None else leg.trace[1].nbytes
    return leg if bytes_ <= WORTH * seconds else leg._replace(trace=None, again=True)


def _apply(leg: Leg, runner: "Runner", planned: Planned) -> None:
    """Do to a runner what a leg did."""
    own, model = runner.kept, runner.model
    runner.y[:] = leg.y
    runner.time, runner.skipped, runner.lifted = leg.time, leg.skipped, leg.lifted
    own.steps += leg.steps
    own.iterations += leg.iterations
    own.events.extend(leg.events)
    if leg.ends is not None:
        own.ends.append(leg.ends)
        rows = Observation(model, leg.states, observe(model, leg.states))
        own.left.append(left_behind(own.batch_of(model), rows, asked=leg.asked))
    if leg.trace is not None:
        at, state = leg.trace
        readout = observe(model, state)
        own.rows.append(Rows(model, planned, at, runner.applied, state, readout))


def _packed(legs: list[Leg], first: int) -> dict[str, NDArray[Any]]:
    """Legs as arrays: what is counted in one text, and columns of what is measured."""
    shapes: dict[Any, int] = {}
    numbers: list[float] = []
    rows = []
    for leg in legs:
        shape = None
        numbers.append(leg.time)
        if leg.ends is not None:
            shape = shapes.setdefault(_shape(leg.ends), len(shapes))
            numbers.extend((leg.ends.charge, leg.ends.energy, leg.ends.duration))
            for name in MOMENTS:
                numbers.extend(getattr(leg.ends, name).values())
        samples = None if leg.trace is None else len(leg.trace[0])
        counted = leg[: Leg._fields.index("time")]
        kept_rows = len(leg.states)
        rows.append((*counted, leg.again, leg.events, shape, kept_rows, leg.asked, samples))
    traces = [leg.trace for leg in legs if leg.trace is not None]
    head = json.dumps({"first": first, "shapes": list(shapes), "rows": rows})
    return {
        "legs": np.frombuffer(head.encode(), dtype=np.uint8),
        "numbers": np.array(numbers, dtype=float),
        "y": np.array([leg.y for leg in legs]),
        "states": _joined(leg.states for leg in legs),
        "time": _joined(at for at, _ in traces),
        "state": _joined(state for _, state in traces),
    }


def _shape(ends: Ends) -> tuple[Any, ...]:
    """What many legs have in common: their kind, and the names of what is measured."""
    return (ends.direction, ends.hold, *(tuple(getattr(ends, name)) for name in MOMENTS))


def _joined(arrays: Iterable[Floats]) -> Floats:
    held = list(arrays)
    return np.concatenate(held) if held else np.zeros(0)


def _unpacked(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> list[Leg]:
    """Legs from what was packed."""
    numbers, at, begun, legs = iter(arrays["numbers"].tolist()), 0, 0, []
    for y, row in zip(arrays["y"], head["rows"], strict=True):
        *counts, again, events, shape, kept_rows, asked, samples = row
        moment = next(numbers)
        ends = None if shape is None else _ends(counts[0], head["shapes"][shape], numbers)
        trace = None
        if samples is not None:
            trace = (arrays["time"][at : at + samples], arrays["state"][at : at + samples])
            at += samples
        happened = tuple(Event(*event) for event in events)
        states = arrays["states"][begun : begun + kept_rows]
        begun += kept_rows
        own = (moment, y, happened, ends, states, asked, trace, again)
        legs.append(Leg._make((*counts, *own)))
    return legs


def _ends(cycle: int, shape: list[Any], numbers: Iterator[float]) -> Ends:
    direction, hold, *names = shape
    charge, energy, duration = (next(numbers) for _ in range(3))
    moments = [{name: next(numbers) for name in part} for part in names]
    return Ends._make((cycle, direction, hold, charge, energy, duration, *moments))
