"""The swing of the stack pressure over the range that the stiffness of a frame is known to."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, final

from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.enclose import load_materials
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, ConstantPressure

Progress = Callable[[float, str], None]
SWING: Final = "stack_pressure_swing_MPa"


@final
@dataclass(frozen=True)
class FrameBand:
    """Swing of the stack pressure per cycle, between the ends of a frame's range.

    Attributes:
        frame: name in the library.
        stiffness: softest and stiffest [Pa/m], on the stack that the frame was measured with.
        swings: lowest and highest swing of each cycle [MPa]; None where a run has none.
    """

    frame: str
    stiffness: tuple[float, float]
    swings: tuple[tuple[float, float] | None, ...]


def frame_band(
    cell: Cell, result: CellResult, progress: Progress | None = None
) -> FrameBand | None:
    """Run a cell again with the softest and the stiffest frame of its kind.

    Args:
        cell: as it was run.
        result: of that run.
        progress: as in ``run``.

    Returns:
        None where the fixture names no frame, or one without a range.
    """
    if isinstance(cell.fixture, ConstantPressure) or cell.fixture.frame is None:
        return None
    frame = cell.fixture.frame
    span = load_materials(cell)[frame].properties["frame_stiffness"].span
    if span is None:
        return None
    results = [result, *(run(_with_frame(cell, frame, end), progress) for end in span)]
    cycles = zip_longest(*(one.cycles for one in results), fillvalue={})
    return FrameBand(frame, span, tuple(_band([c.get(SWING) for c in row]) for row in cycles))


def _with_frame(cell: Cell, frame: str, stiffness: float) -> Cell:
    """The same cell with another stiffness of its frame."""
    values = {**cell.materials.get(frame, {}), "frame_stiffness": f"{stiffness!r} Pa/m"}
    return cell.replace(materials={**cell.materials, frame: values})


def _band(swings: list[float | None]) -> tuple[float, float] | None:
    known = [swing for swing in swings if swing is not None]
    return (min(known), max(known)) if len(known) == len(swings) else None
