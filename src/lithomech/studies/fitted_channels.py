"""What is fitted: values of measured files beside the same values of a run."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.protocol.order import count
from lithomech.cell.protocol.steps import Step
from lithomech.errors import InputError
from lithomech.observe.readers.files import read_series
from lithomech.observe.timeseries import TIME, TimeSeries
from lithomech.studies.readings import AtTime, Reading, Readings

Floats = NDArray[np.float64]
INSTANT: Final = 1e-3  # s; rows so close to their neighbour stand on both sides of a jump
CURRENT: Final = "Current / A"
JUMP: Final = 0.05  # change of the current from row to row, share of its largest value
RELATIVE: Final = "dimensionless"  # unit of a noise that is a share of each value


class Across(NamedTuple):
    """What values stand over in pictures.

    Attributes:
        label: of the axis.
        factor: from what the channel holds to what is shown.
        log: whether the axis is logarithmic.
    """

    label: str
    factor: float = 1.0
    log: bool = False


class Channel(NamedTuple):
    """One quantity of one measured file.

    Attributes:
        name: file and quantity.
        label: at an axis of a picture.
        shown: unit in pictures, and how many of it make one of the values.
        across: what the values stand over.
        at: times [s], cycles or frequencies [Hz] of the values that are used, shape (n,).
        measured: values, (n,).
        noise: their standard deviation, (n,) or one for all.
        readings: the same values of a run.
    """

    name: str
    label: str
    shown: tuple[str, float]
    across: Across
    at: Floats
    measured: Floats
    noise: Floats | float
    readings: Readings


class Noise(NamedTuple):
    """A standard deviation as it was written, in SI."""

    value: float
    unit: str

    def of(self, values: Floats) -> Floats | float:
        """Return that of each value; a share is that of its magnitude.

        Raises:
            InputError: a share of nothing.
        """
        if self.unit != RELATIVE:
            return self.value
        if not np.all(np.abs(values) > 0.0):
            raise InputError("a share of 0 is no noise: give it in the unit of the values")
        return self.value * np.abs(values)


class Asked(NamedTuple):
    """What a fit file asks of one measured file.

    Attributes:
        file: that is read.
        mapping: what its columns are; None where the headers say it.
        noise: standard deviation of each quantity that is fitted.
        points: at most so many values are used.
        at: where in the protocol a spectrum was measured.
        step: of the protocol in which a series was measured, from 1; 0: in all of them.
        steps: gives the protocol of the cell.
    """

    file: Path
    mapping: Path | None
    noise: Mapping[str, Noise]
    points: int
    at: int | str
    step: int
    steps: Callable[[], tuple[Step, ...]]


class Fitted(NamedTuple):
    """A quantity that can be fitted.

    Attributes:
        units: of its noise; that of a number of Python first.
        noise: an example of it.
        read: yields its channels from what is asked.
    """

    units: tuple[str, ...]
    noise: str
    read: Callable[[Asked, Noise], Iterator[Channel]]


class Trace(NamedTuple):
    """A column of a series.

    Attributes:
        quantity: in a fit file.
        column: of series.
        label: in pictures.
        shown: unit in pictures and tables, and how many of it make one of the column.
    """

    quantity: str
    column: str
    label: str
    shown: tuple[str, float]

    def __call__(self, asked: Asked, noise: Noise) -> Iterator[Channel]:
        """Yield the channel of a measured file.

        Raises:
            InputError: the file cannot be read, or lacks the column.
        """
        place = asked.file
        series = read_series(place, asked.mapping)
        if self.column not in series.columns:
            held = ", ".join(series.columns)
            raise InputError(f"{place.name} has no {self.column!r}; it has {held}")
        values = np.asarray(series.columns[self.column], np.float64)
        if asked.step:
            values = np.where(_jumps(series), np.nan, values)
        rows = _rows(np.asarray(series.columns[TIME], np.float64), values, asked.points)
        if rows.size == 0:
            raise InputError(f"{place.name} has no number in {self.column!r}")
        at, step = np.asarray(series.time, np.float64)[rows], asked.step
        if step:
            _check_step(asked)
            at = at - float(series.time[0])
        where = f", step {step}" if step else ""
        readings = tuple(
            Reading(
                f"{self.quantity}@{time!r} s{where}",
                self.label,
                AtTime(self.column, time, step),
            )
            for time in at.tolist()
        )
        name, over = f"{place.name}: {self.label.lower()}", Across("Time (h)", 1.0 / 3600.0)
        used = values[rows]
        yield Channel(name, self.label, self.shown, over, at, used, noise.of(used), readings)


VOLTAGE: Final = Trace("voltage", "Voltage / V", "Voltage", ("V", 1.0))
PRESSURE: Final = Trace(
    "stack_pressure", "Surface Pressure / Pa", "Stack pressure", ("MPa", 1e-6)
)


def _jumps(series: TimeSeries) -> NDArray[np.bool_]:
    """Rows at which the current has just jumped: a run may jump a moment earlier or later."""
    jumped = np.zeros(len(series), np.bool_)
    jumped[:1] = True
    if CURRENT in series.columns:
        current = np.nan_to_num(np.asarray(series.columns[CURRENT], np.float64))
        jumped[1:] = np.abs(np.diff(current)) > JUMP * np.abs(current).max(initial=0.0)
    return jumped


def _check_step(asked: Asked) -> None:
    """Refuse a step that the protocol lacks.

    Raises:
        InputError: it has fewer.
    """
    steps = count(asked.steps())
    if asked.step > steps:
        raise InputError(f"the protocol has no step {asked.step}; it has {steps}")


def spread(size: int, most: int) -> NDArray[np.intp]:
    """Return at most so many of the places 0 to size - 1, evenly spread, both ends too."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).round().astype(np.intp))


def _rows(time: Floats, values: Floats, most: int) -> NDArray[np.intp]:
    """Rows that are used: finite, no two of one instant, evenly spread over the time.

    Two rows of one instant stand before and after a jump; a run may jump a rounding earlier.
    """
    near = np.diff(time) < INSTANT
    jump = np.concatenate([near, [False]]) | np.concatenate([[False], near])
    usable = np.flatnonzero(np.isfinite(values) & ~jump)
    if usable.size <= most:
        return usable
    wanted = np.linspace(time[usable[0]], time[usable[-1]], most)
    return usable[np.unique(np.searchsorted(time[usable], wanted).clip(0, usable.size - 1))]
