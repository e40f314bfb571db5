"""The order of protocol steps: repeats unrolled, cycles counted."""

from collections.abc import Iterator
from itertools import groupby
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


class Stretch(NamedTuple):
    """Steps that follow each other: all passes of one repeat that may skip, or others."""

    planned: Iterator[Planned]  # read it before the next stretch is asked for
    repeat: steps.Repeat | None


class _Turn(NamedTuple):
    """Where a step stands: the places and passes of the repeats around it."""

    path: tuple[int, ...]
    skipping: steps.Repeat | None  # the innermost repeat, if it may skip

    @property
    def stretch(self) -> tuple[tuple[int, ...], steps.Repeat | None]:
        """The same for all passes of a repeat that may skip, and for all other steps."""
        return self.path[:-1] if self.skipping else (), self.skipping


def flatten(protocol: tuple[steps.Step, ...]) -> Iterator[Planned]:
    """Steps in the order they run.

    A cycle is one pass of an innermost repeat; outside a repeat, each charge begins a cycle
    with the discharge after it. What stands before a repeat and passes no charge belongs to
    its first pass.
    """
    return (planned for _, planned in _numbered(protocol))


def stretches(protocol: tuple[steps.Step, ...]) -> Iterator[Stretch]:
    """The same steps, with the passes of each repeat that may skip held together."""
    for (_, repeat), steps_ in groupby(_numbered(protocol), lambda row: row[0].stretch):
        yield Stretch((planned for _, planned in steps_), repeat)


def _numbered(protocol: tuple[steps.Step, ...]) -> Iterator[tuple[_Turn, Planned]]:
    cycle, before, discharged, passed = 1, (), False, False
    for number, (where, step) in enumerate(_passes(protocol, _Turn((), None)), start=1):
        turn = where.path
        begins = direction(step) > 0 and discharged
        if turn:
            begins = turn != before and (passed or len(turn) == len(before))
        if begins:
            cycle, discharged, passed = cycle + 1, False, False
        before = turn
        discharged = discharged or direction(step) < 0
        passed = passed or not isinstance(step, IDLE)
        yield where, Planned(cycle, number, step)


def _passes(
    protocol: tuple[steps.Step, ...], turn: _Turn
) -> Iterator[tuple[_Turn, steps.Step]]:
    """Each step with the pass of the repeats it is in."""
    for place, step in enumerate(protocol):
        if isinstance(step, steps.Repeat):
            skipping = None if step.skip_error is None else step
            for pass_ in range(step.count):
                path = (*turn.path, place, pass_)
                yield from _passes(step.steps, _Turn(path, skipping))
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


def skippable(protocol: tuple[steps.Step, ...]) -> int:
    """Number of passes of all repeats that may skip."""
    return sum(
        step.count * (skippable(step.steps) if step.skip_error is None else 1)
        for step in protocol
        if isinstance(step, steps.Repeat)
    )


def direction(step: steps.Step) -> int:
    """+1 for a charge, -1 for a discharge, 0 otherwise."""
    if isinstance(step, steps.ConstantCurrent | steps.Gitt):
        return int(np.sign(step.current.amount))
    if isinstance(step, steps.ConstantPower):
        return int(np.sign(step.power_W))
    return 0
