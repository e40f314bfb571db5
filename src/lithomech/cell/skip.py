"""The steps of a protocol one after the other; passes of a repeat may be skipped.

At the end of each pass the whole state of the cell is known. What it gains from pass to pass
changes slowly in a cell that ages, so the state is carried over many passes by the slopes
behind it (``numerics.slopes``), all of it with the same weights: lithium and charge, which are
sums of states, stay conserved. The passes simulated after a jump show the slope at its other
end. What the slopes behind it missed is the error of the jump, and a jump with too large an
error is undone. It is no correction: of a state that relaxes within a few passes the slope
after a jump says how it comes back, not where it would have gone.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import Clamp
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import Planned, count, skippable, stretches
from lithomech.cell.readout.cycles import Ends, discharged
from lithomech.cell.readout.jumps import Jump
from lithomech.cell.readout.result import Event
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.cell.state import FOIL_OWN, SIDES, Slot, foil_start
from lithomech.files.arguments import Progress
from lithomech.numerics.slopes import Slope, gain

if TYPE_CHECKING:
    from lithomech.cell.readout.record import Whole
    from lithomech.cell.runner import Runner

Floats = NDArray[np.float64]
Report: TypeAlias = Callable[[Planned, str], None]  # a step, and words before its own
FIRST: Final = 4  # passes that the first slopes are taken from
SHORTEST: Final = 2  # passes of a jump; shorter ones do not pay
CHECKED, MOST_CHECKED = 2, 8  # passes simulated after a jump: more after longer ones
PATIENCE: Final = 8  # passes before another try where the shortest jump failed
PACE: Final = 3.0  # of the error left, over an even spread: more is allowed early
MOST_AT_ONCE: Final = 0.3  # of the error left that one jump may make, and
SOME_AT_ONCE: Final = 0.04  # what any may: short jumps while a cell settles would never pass
ABRUPT: Final = 0.05  # change of the capacity from one pass to the next
OF_STATE: Final = 0.3  # what the error of a state counts, over its tolerance
SHARE: Final = "dimensionless"  # unit of states that are shares or strains
GROWTH, SHRINKAGE, CAUTION = 2.5, 0.3, 0.8  # of the length of jumps


def follow(runner: "Runner", protocol: tuple[steps.Step, ...], progress: Progress) -> None:
    """Take every step of a protocol until its end or that of the cell.

    Args:
        runner: at the first step.
        protocol: what to do.
        progress: called with the fraction completed and a status message.
    """
    total, passes = count(protocol), skippable(protocol)

    def report(planned: Planned, within: str) -> None:
        progress((planned.step - 1) / total, f"{within}{planned.what.text}")

    for planned, repeat in stretches(protocol):
        if repeat is None or repeat.skip_error is None:
            for one in planned:
                _take(runner, one, partial(report, one, ""))
                if runner.status is not None:
                    return
        else:
            first = tuple(islice(planned, len(repeat.steps)))
            Skipping(runner, first, repeat, passes, report).run()
        if runner.status is not None:
            return


def _take(runner: "Runner", planned: Planned, pause: Callable[[], None]) -> None:
    runner.pause = pause
    runner.pause()
    runner.take(planned)


class Pass(NamedTuple):
    """What a simulated pass left."""

    number: int
    end: Floats  # all that goes on from one pass to the next: state, time and clamp
    capacity: float  # discharged [C/m2]
    course: tuple[object, ...]  # what happened in it
    legs: tuple[Ends, ...]

    @property
    def may_skip(self) -> bool:
        """Whether passes like this one may be skipped."""
        return self.capacity > 0.0 and SKIPPED not in self.course


class Known(NamedTuple):
    """Slopes of all that goes on, and of the capacity, at one place, and the capacity there."""

    end: Slope
    capacity: Slope
    level: float


@final
@dataclass
class Skipping:
    """The passes of one repeat.

    Attributes:
        runner: where the repeat begins.
        planned: the first pass.
        repeat: what is repeated.
        total: passes of all repeats that share the promised error.
        report: called before each step and every 50 ms or so within it.
        number: passes done, skipped ones among them.
        span: passes of the next jump.
        passes: simulated since the last jump and since anything else happened than before.
        behind: the slope before the last jump.
        spent: error of all jumps, as a share of the first capacity.
        jumps: that were not undone.
        slow: no pass was unlike the one before it; a cell that leaps once may do so again.
        first: capacity of the first pass that discharged the cell [C/m2].
    """

    runner: "Runner"
    planned: tuple[Planned, ...]
    repeat: steps.Repeat
    total: int
    report: Report
    number: int = 0
    span: int = SHORTEST
    passes: list[Pass] = field(default_factory=list)
    behind: Known | None = None
    spent: float = 0.0
    jumps: int = 0
    slow: bool = True
    first: float = 0.0

    def run(self) -> None:
        """Take all passes, or as many as the cell bears."""
        start = self.runner.whole
        while self._goes_on():
            span = min(self.span, self.repeat.count - self.number - MOST_CHECKED)
            enough = CHECKED if self.behind else FIRST
            ready = len(self.passes) >= enough and self.passes[-1].may_skip
            if ready and self.slow and span >= SHORTEST:
                self._jump(span)
            else:
                self._simulate(1)
            if self.jumps and not self.slow:
                self._restart(start)

    def _goes_on(self) -> bool:
        return self.runner.status is None and self.number < self.repeat.count

    def _restart(self, start: "Whole") -> None:
        """Begin anew without jumps: a leap multiplies what they missed before it."""
        self.runner.kept.warnings.append(
            f"the capacity leaps in or before pass {self.number} of {self.repeat.text!r}: all "
            "of its cycles were simulated"
        )
        self._undo(start)
        self.number, self.passes, self.behind = 0, [], None
        self.jumps, self.spent = 0, 0.0

    def _simulate(self, many: int) -> bool:
        """Take some passes; True if they went like those before them."""
        alike = True
        for _ in range(min(many, self.repeat.count - self.number)):
            done = self._pass()
            if done is None:
                return False
            self.number = done.number
            self.first = self.first or done.capacity
            self.slow = self.slow and not self._leaps(done)
            if self.passes and done.course != self.passes[-1].course:
                self.passes, self.behind, alike = [], None, False
            self.passes.append(done)
        return alike

    def _leaps(self, done: Pass) -> bool:
        """Whether the capacity is quite another than in the pass before; the first may be."""
        if done.number <= 2 or self.passes[-1].number < done.number - 1:
            return False
        last = self.passes[-1].capacity
        return abs(done.capacity - last) > ABRUPT * max(self.first, last)

    def _pass(self) -> Pass | None:
        """Take one pass; None if the run ended in it."""
        runner, kept = self.runner, self.runner.kept
        legs, events = len(kept.ends), len(kept.events)
        within = f"cycle {self.number + 1} of {self.repeat.count}: "
        for planned in self._steps():
            _take(runner, planned, partial(self.report, planned, within))
            if runner.status is not None:
                return None
        own, begun = tuple(kept.ends[legs:]), next(self._steps()).step
        happened = (part for e in kept.events[events:] for part in (e.step - begun, e.name))
        course = (*happened, len(own), runner.condition, runner.lifted)
        return Pass(self.number + 1, self._end(), discharged(own), course, own)

    def _steps(self) -> Iterator[Planned]:
        """The steps of the next pass."""
        for one in self.planned:
            step = one.step + self.number * len(self.planned)
            yield one._replace(cycle=one.cycle + self.number, step=step)

    def _end(self) -> Floats:
        return np.concatenate([self.runner.y, [self.runner.time, *self.runner.clamp]])

    def _jump(self, span: int) -> None:
        """Carry the cell over some passes, unless those after it show that it went wrong."""
        whole, passes, number, behind, slow = (
            self.runner.whole, self.passes, self.number, self.behind, self.slow
        )  # fmt: skip
        try:
            ratio = self._tried(span)
        except KeyboardInterrupt:  # what was done is kept without a jump that is not judged
            self.runner.whole = whole
            raise
        factor = CAUTION / np.sqrt(max(ratio, 1e-3))
        if ratio <= 1.0:
            self.jumps += 1
            self.span = max(SHORTEST, int(span * min(factor, GROWTH)))
            return
        self._undo(whole)
        self.passes, self.number, self.behind, self.slow = passes, number, behind, slow
        self.span = max(SHORTEST, int(span * np.clip(factor, SHRINKAGE, CAUTION)))
        if span == SHORTEST:
            self._simulate(PATIENCE)

    def _undo(self, whole: "Whole") -> None:
        self.runner.whole = whole
        self.runner.rewind()

    def _tried(self, span: int) -> float:
        """Jump and judge: the error over what it may be, infinite where none is known."""
        start, known, allowed = float(self.number), self._known(), self._allowed(span)
        expected = _gains(known, start, start + span)
        if not self._moved(expected.end, allowed):
            return np.inf
        self._note(span)
        last, here = self.passes[-1], _slopes(self.passes[-MOST_CHECKED:])
        self.number, self.passes = self.number + span, [last]
        if not self._simulate(min(CHECKED + span // 8, MOST_CHECKED)):
            return np.inf
        self.passes = self.passes[1:]
        known.append(_slopes(self.passes))
        found = _gains(known, start, start + span)
        missed = Gains(found.end - expected.end, _missed(known, found, expected))
        ratio = self._error(missed) / allowed
        if not ratio <= 1.0:
            return ratio if np.isfinite(ratio) else np.inf
        error = abs(missed.capacity) / self.first
        jumps = self.runner.kept.jumps
        jumps[-1] = jumps[-1]._replace(error=error)
        self.spent, self.behind = self.spent + error, here
        return ratio

    def _known(self) -> list[Known]:
        """The slopes that a jump is drawn from: here, and before the last jump or further back.

        After a jump that failed there are passes enough for both, closer than the last jump.
        """
        latest = self.passes[-MOST_CHECKED:]
        if self.behind is not None and len(self.passes) <= MOST_CHECKED:
            return [self.behind, _slopes(latest)]
        half = len(latest) // 2
        return [_slopes(latest[:half]), _slopes(latest[half:])]

    def _allowed(self, span: int) -> float:
        """Error that a jump may make, as a share of the first capacity.

        All jumps together stay below the promise: each gets a part of what those before it
        left, by its length; so the shortest get one as well. What is allowed early is seldom
        used up, and most errors fade.
        """
        promised = float(self.repeat.skip_error or 0.0) * self.repeat.count / self.total
        even = PACE * span / (self.repeat.count - self.number)
        part = min(max(even, SOME_AT_ONCE), MOST_AT_ONCE)
        return part * (promised - self.spent)

    def _error(self, missed: "Gains") -> float:
        """Error of a jump in the capacity, or in what becomes of it; NaN where it has none."""
        z = self.runner.model.layout
        # charge that moved between the electrodes, or was paid to side reactions, is capacity
        paid = [foil_start(z, side) + FOIL_OWN - 1 for side in SIDES]
        charges = [missed.capacity, *missed.end[[z.charge, *paid]]]
        shares = [abs(charge) / self.first for charge in charges]
        for slot in self._slots():
            off = missed.end[slot.place] / slot.declared.tolerance
            shares.append(OF_STATE * float(np.sqrt(np.mean(off**2))))
        return float(np.max(shares))

    def _slots(self) -> list[Slot]:
        """States of mechanisms; a cell without particles has none of theirs."""
        slots = self.runner.model.slots.values()
        return [slot for slot in slots if slot.place.start < slot.place.stop]

    def _moved(self, gained: Floats, slack: float) -> bool:
        """Add to the state; False, and nothing done, where it would leave its bounds."""
        runner, z = self.runner, self.runner.model.layout
        moved = self._end() + gained
        x, led = runner.y[: z.states], moved[: z.states]
        host = (x > 0.0) & (x < 1.0)  # an inert member holds no lithium
        if np.any(host & ~((led > 0.0) & (led < 1.0))):
            return False
        for slot in self._slots():
            was, now = runner.y[slot.place], moved[slot.place]
            # what stands on one side of 0 stays there; no share or strain exceeds 1
            most = 1.0 if slot.declared.unit == SHARE else np.inf
            low, high = np.where(was >= 0.0, 0.0, -most), np.where(was <= 0.0, 0.0, most)
            moved[slot.place] = np.clip(now, low, high)
            if np.abs(moved[slot.place] - now).max() > slack * slot.declared.tolerance:
                return False
        runner.y[:] = moved[: z.total]
        runner.time = float(moved[z.total])
        runner.clamp = Clamp(*map(float, moved[z.total + 1 :]))
        return True

    def _note(self, span: int) -> None:
        """Keep what is known of the passes that are skipped."""
        kept, last, planned = self.runner.kept, self.passes[-1], next(self._steps())
        first, end = planned.cycle, planned.cycle + span - 1
        outside: Counter[str] = Counter()
        for leg in last.legs:
            outside.update({name: span * seconds for name, seconds in leg.outside.items()})
        kept.jumps.append(Jump(first, end, 0.0, outside))
        name = f"cycles skipped: {first} to {end}"
        time = float(last.end[self.runner.model.layout.total])
        kept.events.append(Event(time, first, planned.step, name, float(span)))


class Gains(NamedTuple):
    """What is gained over a jump."""

    end: Floats
    capacity: float


def _gains(slopes: list[Known], start: float, end: float) -> Gains:
    capacity = gain([known.capacity for known in slopes], start, end)
    return Gains(gain([known.end for known in slopes], start, end), float(capacity[0]))


def _missed(known: list[Known], found: Gains, expected: Gains) -> float:
    """What a jump missed of the capacity, by its slope or by its level, whichever is more.

    The level shows what a state between the slopes cannot: that the cell was not led to where
    it would have gone, or that its capacity bends more than its state.
    """
    here, there = known[-2:]
    led = _gains(known, here.capacity.at, there.capacity.at).capacity
    by_slope, by_level = found.capacity - expected.capacity, there.level - here.level - led
    return max(by_slope, by_level, key=abs)


def _slopes(passes: list[Pass]) -> Known:
    """Slopes of the straight lines through what passes left (least squares)."""
    at = np.array([one.number for one in passes], dtype=float)
    middle = float(at.mean())
    weights = (at - middle) / np.sum((at - middle) ** 2)
    end = weights @ np.array([one.end for one in passes])
    capacity = np.array([one.capacity for one in passes])
    slope = np.array([weights @ capacity])
    return Known(Slope(middle, end), Slope(middle, slope), float(capacity.mean()))
