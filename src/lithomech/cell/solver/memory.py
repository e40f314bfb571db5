"""What a march remembers from slice to slice: made by Python, filled by compiled code."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.solver.bdf import HISTORY
from lithomech.cell.solver.start import SEARCH, Start
from lithomech.cell.state import Layout

SAMPLES = 128  # room for as many at first

# where a march stands
MARCH = np.dtype(
    [
        ("marching", np.int64),  # has started
        ("outcome", np.int64),
        ("limit", np.int64),
        ("time", np.float64),
        ("h", np.float64),
        ("order", np.int64),
        ("raised", np.int64),  # the step at which the order was raised
        ("known", np.int64),
        ("near", np.float64),
        ("charge", np.float64),  # at the start
        ("voltage", np.float64),
        ("power", np.float64),  # per area
        ("pressure_low", np.float64),
        ("pressure_high", np.float64),
        ("contact_low", np.float64),
        ("energy", np.float64),
        ("steps", np.int64),
        ("iterations", np.int64),
        ("rows", np.int64),  # of the samples
        ("room", np.int64),  # rows that the next step may need
    ]
)


class Memory(NamedTuple):
    """What a march remembers from slice to slice."""

    march: np.ndarray  # MARCH (1,)
    start: Start
    past: np.ndarray  # as in ``History``, with times and row
    times: np.ndarray
    row: np.ndarray
    store: np.ndarray  # (rows, 2 + state): time, solved or not, and state of the samples


def make_memory(y: NDArray[np.float64], z: Layout) -> Memory:
    """Memory of a march that begins at state y, shape (z.total,)."""
    m = np.zeros(1, MARCH)
    m["charge"] = y[z.charge]
    start = Start(np.zeros(1, SEARCH), np.empty(z.total), np.empty(z.total))
    past = np.zeros((HISTORY, z.total))
    store = np.empty((SAMPLES, 2 + z.total))
    return Memory(m, start, past, np.zeros(HISTORY), np.arange(HISTORY), store)


def plain(memory: Memory) -> dict[str, Any]:
    """Where the march stands, as plain numbers by name."""
    return dict(zip(MARCH.names or (), memory.march[0].item(), strict=True))


def widened(memory: Memory) -> Memory:
    """The same with room for more samples."""
    store, room = memory.store, int(memory.march["room"][0])
    wider = np.empty((2 * len(store) + room, store.shape[1]))
    wider[: len(store)] = store
    return memory._replace(store=wider)
