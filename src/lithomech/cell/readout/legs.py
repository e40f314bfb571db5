"""What each leg of the protocol leaves behind for the loss budget.

Legs are many and short: their states are kept until there are enough to evaluate together, as
numpy and the kernel have their price per call.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol import steps
from lithomech.cell.readout.holdings import Holdings, holdings
from lithomech.cell.readout.observation import Observation, chosen, joined
from lithomech.cell.readout.overvoltages import overvoltages
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver import march
from lithomech.cell.state import Layout

Floats = NDArray[np.float64]
WHOLE: Final = "whole"  # overvoltage, or charge that is missing, beside its causes
LEAST_CHARGE: Final = 1e-3  # C/m2; what a rest moves by rounding is no discharge
TOGETHER: Final = 256  # states that are evaluated at once
START, END = range(2)  # rows of a leg; those around half of its charge follow


class Seen(NamedTuple):
    """Evaluated states."""

    holdings: tuple[Holdings, ...]
    volts: tuple[dict[str, float], ...]  # by cause, and their whole; of flowing states
    left: tuple[float, ...]  # lithium that the anode could give [C/m2]; of flowing states


@final
@dataclass
class Batch:
    """States of some legs, to be evaluated together.

    Attributes:
        model: the cell, under the conditions of the legs.
        waiting: states that are not evaluated yet.
        count: of all states.
        flowing: those whose overvoltage is wanted.
        seen: what they came to.
    """

    model: Resolved
    waiting: list[Observation] = field(default_factory=list)
    count: int = 0
    flowing: list[int] = field(default_factory=list)
    seen: Seen | None = None

    def takes(self, model: Resolved) -> bool:
        """Whether states of this cell may be added."""
        return self.model is model and self.seen is None and self.count < TOGETHER

    def add(self, rows: Observation) -> int:
        """Add states; return the number of the first."""
        self.waiting.append(rows)
        self.count += len(rows.state)
        return self.count - len(rows.state)

    @property
    def last(self) -> Floats:
        """The states that were added last, until they are evaluated."""
        return self.waiting[-1].state

    def evaluate(self) -> Seen:
        """Return what the states came to; they are not kept."""
        if self.seen is None:
            together = joined(self.model, self.waiting)
            flowing = overvoltages(chosen(together, self.flowing))
            columns = {WHOLE: flowing.whole} | flowing.causes
            rows = zip(*(values.tolist() for values in columns.values()), strict=True)
            volts = tuple(dict(zip(columns, row, strict=True)) for row in rows)
            self.seen = Seen(holdings(together), volts, tuple(flowing.left.tolist()))
            self.waiting.clear()
        return self.seen


class Left(NamedTuple):
    """What one leg leaves behind."""

    batch: Batch
    first: int  # of its states there
    flowing: int  # first of those whose overvoltage is wanted
    discharged: float  # [C/m2]; 0 of legs that do not discharge
    weight: float  # of the state after half of the charge, against that before
    asked: bool  # whether the protocol wanted more when it ended

    @property
    def start(self) -> Holdings:
        """Lithium at the start of the leg."""
        return self.batch.evaluate().holdings[self.first + START]

    @property
    def end(self) -> Holdings:
        """Lithium at its end."""
        return self.batch.evaluate().holdings[self.first + END]

    def half(self) -> dict[str, float]:
        """Overvoltages [V] of a discharge half-way through, and their whole."""
        volts = self.batch.evaluate().volts
        before, after = volts[self.flowing + 1 : self.flowing + 3]
        return {
            name: (1.0 - self.weight) * value + self.weight * after[name]
            for name, value in before.items()
        }

    @property
    def at_anode(self) -> float:
        """Lithium that the anode could still give at the end of a discharge [C/m2]."""
        anode = self.end.anode
        if not np.isfinite(anode.sites).all():  # metal
            return float(anode.in_use.sum())
        return self.batch.evaluate().left[self.flowing]

    def last(self) -> dict[str, float]:
        """The same at its end."""
        return self.batch.evaluate().volts[self.flowing]


def left_behind(batch: Batch, rows: Observation, *, asked: bool) -> Left:
    """Note one leg.

    Args:
        batch: where its states go.
        rows: those of ``needed_rows``.
        asked: whether the protocol wanted more when it ended.
    """
    first, flowing = batch.add(rows), len(batch.flowing)
    if len(rows.state) == END + 1:
        return Left(batch, first, flowing, 0.0, 0.0, asked=False)
    batch.flowing.extend(range(first + END, first + len(rows.state)))
    start, end, before, after = rows.state[:, batch.model.layout.charge].tolist()
    step, half = after - before, 0.5 * (start + end)
    weight = (half - before) / step if step > 0.0 else 1.0
    return Left(batch, first, flowing, end - start, weight, asked)


def needed_rows(trace: march.Trace, z: Layout) -> tuple[int, ...]:
    """Rows of a leg that summaries need: its ends; of a discharge those around half, too."""
    ends, passed = (0, len(trace.time) - 1), trace.state[:, z.charge]
    if passed[-1] - passed[0] < LEAST_CHARGE:
        return ends
    return (*ends, *rows_around_half(trace, z))


def rows_around_half(trace: march.Trace, z: Layout) -> tuple[int, int]:
    """Rows before and after half of the charge of a leg.

    Only rows that were solved for count: their parts add up.
    """
    solved = trace.solved.nonzero()[0]
    passed = trace.state[:, z.charge][solved]
    after = int((passed >= 0.5 * (passed[0] + passed[-1])).argmax())
    after = min(max(after, 1), len(solved) - 1)
    return int(solved[max(after - 1, 0)]), int(solved[after])


def thinned(trace: march.Trace, z: Layout) -> march.Trace:
    """The same trace with only the rows that summaries need: its ends and those at half."""
    if len(trace.time) <= END + 1:
        return trace
    rows = sorted(set(needed_rows(trace, z)))
    return trace._replace(
        time=trace.time[rows], state=trace.state[rows], solved=trace.solved[rows]
    )


def asked_for_more(what: steps.Step, trace: march.Trace) -> bool:
    """Whether a step wanted more when it ended: not at its time or its charge."""
    if isinstance(what, steps.Hold):
        return True
    counted = isinstance(what, steps.ConstantCurrent | steps.ConstantPower) and (
        what.charge is not None or what.share is not None
    )
    return trace.outcome == march.LIMIT and not counted
