"""The order of protocol steps: repeats unrolled, cycles counted."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from lithomech.cell.protocol import steps

# Steps that pass no charge.
IDLE: Final = (
    steps.Rest,
    steps.SetPressure,
    steps.HoldPressure,
    steps.SetTemperature,
    steps.Impedance,
)


class Planned(NamedTuple):
    """One step of the flattened protocol; cycle and step count from 1."""

    cycle: int
    step: int
    what: steps.Step

    @property
    def place(self) -> str:
        """The step and where it stands, for messages."""
        return f"{self.what.text} (cycle {self.cycle}, step {self.step})"


def flatten(protocol: tuple[steps.Step, ...]) -> Iterator[Planned]:
    """Steps in the order they run.

    A cycle is one pass of an innermost repeat; outside a repeat, each charge begins a cycle
    with the discharge after it. What stands before a repeat and passes no charge belongs to
    its first pass.
    """
    cycle, before, discharged, passed = 1, (), False, False
    for number, (turn, step) in enumerate(_passes(protocol, ()), start=1):
        begins = direction(step) > 0 and discharged
        if turn:
            begins = turn != before and (passed or len(turn) == len(before))
        if begins:
            cycle, discharged, passed = cycle + 1, False, False
        before = turn
        discharged = discharged or direction(step) < 0
        passed = passed or not isinstance(step, IDLE)
        yield Planned(cycle, number, step)


def _passes(
    protocol: tuple[steps.Step, ...], turn: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], steps.Step]]:
    """Each step with the pass of the repeats it is in."""
    for place, step in enumerate(protocol):
        if isinstance(step, steps.Repeat):
            for pass_ in range(step.count):
                yield from _passes(step.steps, (*turn, place, pass_))
        else:
            yield turn, step


def count(protocol: tuple[steps.Step, ...], idle: bool = True) -> int:
    """Number of steps that ``flatten`` gives, or of those of them that pass charge."""
    return sum(
        step.count * count(step.steps, idle)
        if isinstance(step, steps.Repeat)
        else int(idle or not isinstance(step, IDLE))
        for step in protocol
    )


def direction(step: steps.Step) -> int:
    """+1 for a charge, -1 for a discharge, 0 otherwise."""
    if isinstance(step, steps.ConstantCurrent | steps.Gitt):
        return int(np.sign(step.current.amount))
    if isinstance(step, steps.ConstantPower):
        return int(np.sign(step.power_W))
    return 0
