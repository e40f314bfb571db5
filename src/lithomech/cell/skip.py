"""The steps of a protocol one after the other; passes of a repeat may be skipped.

At the end of each pass the whole state of the cell is known. What it gains from pass to pass
changes slowly in a cell that ages, so the state is carried over many passes by the slopes
behind it (``numerics.slopes``), all of it with the same weights: lithium and charge, which are
sums of states, stay conserved. Two passes after a jump show the slope at its other end. What
the line through the slopes missed is the error of the jump: a jump with too large an error is
undone, any other is corrected by it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import Clamp
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import Planned, count, skippable, stretches
from lithomech.cell.readout.cycles import Ends, discharged
from lithomech.cell.readout.jumps import Jump
from lithomech.cell.readout.result import Event
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.files.arguments import Progress
from lithomech.numerics.slopes import Slope, gain

if TYPE_CHECKING:
    from lithomech.cell.readout.record import Whole
    from lithomech.cell.run import Runner

Floats = NDArray[np.float64]
FIRST: Final = 4  # passes before the first jump: what is fast in a new cell has gone by then
CHECKED: Final = 2  # passes after a jump
SHORTEST: Final = 2  # passes of a jump; shorter ones do not pay
PATIENCE: Final = 8  # passes before another try where the shortest jump failed
WINDOW: Final = 8
MOST=8
DEBUG=0
STATE=0.1
LEFT=0.25

SHARE: Final = 0.3  # of the promised error that jumps may take up by their own estimate
GROWTH, SHRINKAGE, CAUTION = 2.5, 0.3, 0.8  # of the length of jumps


def follow(runner: "Runner", protocol: tuple[steps.Step, ...], report: Progress) -> None:
    """Take every step of a protocol until its end or that of the cell."""
    passes, told = skippable(protocol), partial(_told, report, count(protocol))
    for stretch in stretches(protocol):
        if stretch.repeat is None or stretch.repeat.skip_error is None:
            for planned in stretch.planned:
                _take(runner, planned, told)
                if runner.status is not None:
                    return
        else:
            first = tuple(islice(stretch.planned, len(stretch.repeat.steps)))
            rate = stretch.repeat.skip_error / passes
            Skipping(runner, first, stretch.repeat.count, rate, told).run()
        if runner.status is not None:
            return


def _told(report: Progress, total: int, planned: Planned) -> None:
    report((planned.step - 1) / total, f"cycle {planned.cycle}: {planned.what.text}")


def _take(runner: "Runner", planned: Planned, told: "partial[None]") -> None:
    runner.pause = partial(told, planned)
    runner.pause()
    runner.take(planned)


class Pass(NamedTuple):
    """What a simulated pass left."""

    number: int
    end: Floats  # state, time and clamp
    capacity: float  # discharged [C/m2]
    course: tuple[object, ...]  # what happened; jumps lead between passes of one course only
    legs: tuple[Ends, ...]


class Known(NamedTuple):
    """Slopes of the state and of the capacity at one place."""

    state: Slope
    capacity: Slope


@final
@dataclass
class Skipping:
    """The passes of one repeat."""

    runner: "Runner"
    planned: tuple[Planned, ...]  # the first pass
    count: int
    rate: float  # error allowed per pass, as a share of the first capacity
    told: "partial[None]"
    number: int = 0  # passes done, those skipped among them
    span: int = SHORTEST  # of the next jump
    passes: list[Pass] = field(default_factory=list)  # since the last jump
    slopes: list[Known] = field(default_factory=list)
    first: float = 0.0  # capacity of the first pass
    weights: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Weigh each state by what it counts in the error of a step."""
        model = self.runner.model
        self.weights = np.zeros(model.layout.total)
        for slot in model.slots.values():
            self.weights[slot.place] = 1.0 / slot.declared.tolerance

    def run(self) -> None:
        """Take all passes, or as many as the cell bears."""
        self._simulate(FIRST)
        while self.runner.status is None and self.number < self.count:
            span = min(self.span, self.count - self.number - MOST)
            if span < SHORTEST or not self._steady(self.passes):
                self._simulate(1)
            else:
                self._jump(span)

    def _simulate(self, many: int) -> None:
        """Take some passes."""
        runner = self.runner
        for _ in range(min(many, self.count - self.number)):
            legs, events = len(runner.kept.ends), len(runner.kept.events)
            for planned in self._pass(self.number):
                _take(runner, planned, self.told)
                if runner.status is not None:
                    return
            own = tuple(runner.kept.ends[legs:])
            names = tuple((e.step - self._step, e.name) for e in runner.kept.events[events:])
            course = (names, len(own), runner.condition, runner.lifted)
            self.number += 1
            capacity = discharged(own)
            self.first = self.first or capacity
            self.passes.append(Pass(self.number, self._end(), capacity, course, own))

    @property
    def _step(self) -> int:
        """Number of the first step of the present pass."""
        return self.planned[0].step + self.number * len(self.planned)

    def _pass(self, number: int) -> Iterator[Planned]:
        """The steps of a pass, counted from 0."""
        for one in self.planned:
            step = one.step + number * len(self.planned)
            yield one._replace(cycle=one.cycle + number, step=step)

    def _end(self) -> Floats:
        """All that goes on from one pass to the next."""
        runner = self.runner
        return np.concatenate([runner.y, [runner.time, *runner.clamp]])

    def _steady(self, passes: list[Pass]) -> bool:
        """Whether the latest passes went the same way and discharged the cell."""
        latest = passes[-1 - CHECKED :]
        if len(latest) < CHECKED or latest[-1].capacity <= 0.0:
            return False
        names = {name for _, name in latest[-1].course[0]}
        return SKIPPED not in names and len({one.course for one in latest}) == 1

    def _behind(self) -> list[Known]:
        """The two latest slopes: of the passes since the last jump, and before it."""
        latest = self.passes[-WINDOW:]
        half = len(latest) // 2
        if half < CHECKED:
            return [*self.slopes[-1:], _known(latest)]
        return [_known(latest[:half]), _known(latest[half:])] if (not self.slopes or len(latest)>=6) else [*self.slopes[-1:], _known(latest)]

    def _jump(self, span: int) -> None:
        """Carry the cell over some passes, and keep it there if the passes after it fit."""
        runner, passes, number = self.runner, self.passes, self.number
        runner.mark()
        before, behind = runner.whole, self._behind()
        start, end = float(number), float(number + span)
        expected = [_gain(behind, part, start, end) for part in (0, 1)]
        if not self._move(expected[0], self.rate * span):
            self._back(before, passes, number, 0.5)
            return
        self._note(span)
        self.number, self.passes = number + span, []
        try:
            self._simulate(_checked(span))
        except KeyboardInterrupt:
            runner.whole = before
            raise
        same = [*passes[-1:], *self.passes]
        if runner.status is not None or not self._steady(same) or len({one.course for one in same})>1:
            self._back(before, passes, number, 0.5)
            return
        ahead = [*behind, _known(self.passes)]
        found = [_gain(ahead, part, start, end) for part in (0, 1)]
        ratio = self._ratio(found[0] - expected[0], found[1] - expected[1], span)
        if DEBUG: print("jump",number,span,"ratio %.3g cap %.2e"%(ratio,float(found[1][0]-expected[1][0])/self.first))
        factor = CAUTION / np.sqrt(max(ratio, 1e-3))
        if ratio > 1.0 or not self._move(found[0] - expected[0], self.rate * span):
            self._back(before, passes, number, max(min(factor, CAUTION), SHRINKAGE))
            return
        runner.mark()
        runner.kept.jumps[-1] = runner.kept.jumps[-1]._replace(error=abs(float(found[1][0] - expected[1][0])))
        self.slopes.append(_known(passes[-WINDOW:]))
        self.span = max(SHORTEST, int(span * min(factor, GROWTH)))

    def _ratio(self, state: Floats, capacity: Floats, span: int) -> float:
        """Error of a jump over what it may be."""
        allowed = min(self.rate * span * SHARE / LEFT, SHARE * self.rate * self.count)
        z = self.runner.model.layout
        off = np.abs(state[: z.total] * self.weights)
        worst = [float(abs(capacity[0])) / self.first]
        worst += [STATE*float(np.sqrt(np.mean(off[slot.place] ** 2))) for slot in self.runner.model.slots.values()]
        inventory = [z.charge, *(z.foils + side * z.foil_rows + 1 for side in (0, 1))]
        worst += [float(abs(state[i]))/self.first for i in inventory]
        if DEBUG>1: print("   ", [round(w/allowed,4) for w in worst], list(self.runner.model.slots))
        return max(worst) / allowed

    def _back(self, before: "Whole", passes: list[Pass], number: int, factor: float) -> None:
        """Undo a jump; the next one is shorter."""
        runner = self.runner
        runner.whole = before
        runner.rewind()
        if DEBUG: print("  back at",number,"span",self.span)
        failed = self.number - number if False else self.span
        self.passes, self.number = passes, number
        if self.span <= SHORTEST:
            self._simulate(PATIENCE)
        self.span = max(SHORTEST, int(factor * self.span))

    def _move(self, gained: Floats, slack: float) -> bool:
        """Add to the state; False, and nothing done, where it would leave its bounds."""
        runner, z = self.runner, self.runner.model.layout
        moved = self._end() + gained
        x = moved[: z.states]
        if x.min() <= 0.0 or x.max() >= 1.0:
            return False
        for slot in runner.model.slots.values():
            was, now = runner.y[slot.place], moved[slot.place]
            tolerance = slot.declared.tolerance
            low = np.where(was >= 0.0, 0.0, -np.inf)
            high = np.where(was <= 0.0, 0.0, np.inf)
            if slot.declared.unit == "dimensionless":
                low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
            # a state that has not begun to move is at its bound on both sides
            low, high = np.where(was == 0.0, -np.inf, low), np.where(was == 0.0, np.inf, high)
            kept = np.clip(now, low, high)
            if np.max(np.abs(kept - now), initial=0.0) > slack * tolerance:
                return False
            moved[slot.place] = kept
        runner.y[:] = moved[: z.total]
        runner.time = float(moved[z.total])
        runner.clamp = Clamp(*map(float, moved[z.total + 1 :]))
        return True

    def _note(self, span: int) -> None:
        """Keep what is known of the passes that are skipped."""
        kept, last = self.runner.kept, self.passes[-1]
        first = self.planned[0]
        cycles = (first.cycle + self.number, first.cycle + self.number + span - 1)
        outside: Counter[str] = Counter()
        for leg in last.legs:
            outside.update(leg.outside)
        longer = {name: span * seconds for name, seconds in outside.items()}
        kept.jumps.append(Jump(*cycles, 0.0, longer, span * sum(leg.creep for leg in last.legs)))
        name = f"cycles skipped: {cycles[0]} to {cycles[1]}"
        kept.events.append(Event(self.runner.time, cycles[0], self._step, name, float(span)))


def _known(passes: list[Pass]) -> Known:
    """Slopes of the line through what passes left (least squares)."""
    at = np.array([one.number for one in passes], dtype=float)
    middle = float(at.mean())
    weights = (at - middle) / np.sum((at - middle) ** 2)
    state = weights @ np.array([one.end for one in passes])
    capacity = weights @ np.array([[one.capacity] for one in passes])
    return Known(Slope(middle, state), Slope(middle, capacity))


def _checked(span: int) -> int:
    """Passes that are simulated after a jump."""
    return min(CHECKED + span // 8, MOST)


def _gain(slopes: list[Known], part: int, start: float, end: float) -> Floats:
    return gain([known[part] for known in slopes], start, end)
