"""What happens to the stack within a step of the protocol, from the rows of its trace."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.result import Event
from lithomech.cell.resolve.build import Resolved

Floats = NDArray[np.float64]
SPLIT: Final = "separator splits at the rim of the electrodes [Pa]"


class Moment(NamedTuple):
    """What happened, and when."""

    time: float  # since the start of the step [s]
    name: str
    value: float | None


def lift_off(model: Resolved, time: Floats, virtual: Floats, lifted: bool) -> Iterator[Moment]:
    """Yield where the pistons lose the stack and find it again.

    Args:
        model: the cell.
        time: of the rows.
        virtual: pressure of the fixture, negative where it would have to pull.
        lifted: whether the stack was lifted before the first row.
    """
    now = virtual < -model.arrays.lift_width
    for row in np.flatnonzero(np.diff(now, prepend=lifted)):
        name = "lift-off" if now[row] else "pistons touch again"
        yield Moment(float(time[row]), name, None)


def split(
    model: Resolved, time: Floats, pressure: Floats, events: Sequence[Event]
) -> Iterator[Moment]:
    """Yield where the stack pressure first splits the separator: once, for it does not heal.

    Args:
        model: the cell.
        time: of the rows.
        pressure: of the stack.
        events: of the run so far.
    """
    strength = model.rim_strength
    if strength is None or pressure.max() < strength or any(e.name == SPLIT for e in events):
        return
    row = int(np.argmax(pressure >= strength))
    at = float(time[row])
    if row > 0:
        share = (strength - pressure[row - 1]) / (pressure[row] - pressure[row - 1])
        at = float(time[row - 1] + share * (time[row] - time[row - 1]))
    yield Moment(at, SPLIT, max(float(pressure[0]), strength))


def split_warnings(model: Resolved, events: Sequence[Event]) -> Iterator[str]:
    """Warn of a separator that has split."""
    for event in events:
        if event.name == SPLIT and event.value is not None and model.rim_strength is not None:
            yield (
                f"the stack pressure splits the separator at the rim of the electrodes from "
                f"{event.time_s / 3600.0:.3g} h on (cycle {event.cycle}, "
                f"{1e-6 * event.value:.3g} MPa; its deepest flaw bears "
                f"{1e-6 * model.rim_strength:.3g} MPa); the run goes on as if it were whole"
            )
