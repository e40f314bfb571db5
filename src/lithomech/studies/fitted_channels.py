"""What is fitted: rows of measured files beside the same instants of a run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.files import read_series
from lithomech.observe.timeseries import TIME
from lithomech.studies.readings import Reading, Readings

Floats = NDArray[np.float64]
INSTANT: Final = 1e-3  # s; rows so close to their neighbour stand on both sides of a jump


class Fitted(NamedTuple):
    """A quantity that can be fitted.

    Attributes:
        column: of series.
        label: in pictures.
        unit: of the column.
        noise: an example of its standard deviation.
        shown: unit in pictures and tables, and how many of it make one of ``unit``.
    """

    column: str
    label: str
    unit: str
    noise: str
    shown: tuple[str, float]


FITTED: Final[Mapping[str, Fitted]] = {
    "voltage": Fitted("Voltage / V", "Voltage", "V", "2 mV", ("V", 1.0)),
    "stack_pressure": Fitted(
        "Surface Pressure / Pa", "Stack pressure", "Pa", "5 kPa", ("MPa", 1e-6)
    ),
}


class Channel(NamedTuple):
    """One quantity of one measured file.

    Attributes:
        name: file and quantity.
        label: at an axis of a picture.
        shown: unit in pictures, and how many of it make one in SI.
        at: times [s] of the rows that are used, shape (n,).
        measured: values in SI, (n,).
        noise: their standard deviation in SI.
        readings: of the same instants of a run.
    """

    name: str
    label: str
    shown: tuple[str, float]
    at: Floats
    measured: Floats
    noise: float
    readings: Readings


class Asked(NamedTuple):
    """What a fit file asks of one measured file.

    Attributes:
        file: that is read.
        mapping: what its columns are; None where the headers say it.
        noise: standard deviation [SI] of each quantity that is fitted.
        points: at most so many rows are used.
    """

    file: Path
    mapping: Path | None
    noise: Mapping[str, float]
    points: int


class AtTime(NamedTuple):
    """Reads a column of a run at one instant; after its end the last value.

    Attributes:
        column: of its series.
        time: [s].
    """

    column: str
    time: float

    def __call__(self, result: Any) -> float | None:  # noqa: ANN401 - a CellResult
        """Return the value."""
        series = result.series
        if len(series) == 0:
            return None
        return float(np.interp(self.time, series.time, series.columns[self.column]))


def read_channels(asked: Asked) -> Iterator[Channel]:
    """Yield the channels of a measured file.

    Raises:
        InputError: the file cannot be read, or lacks a quantity.
    """
    place = asked.file
    series = read_series(place, asked.mapping)
    for quantity, noise in asked.noise.items():
        fitted = FITTED[quantity]
        if fitted.column not in series.columns:
            held = ", ".join(series.columns)
            raise InputError(f"{place.name} has no {fitted.column!r}; it has {held}")
        values = np.asarray(series.columns[fitted.column], np.float64)
        rows = _rows(np.asarray(series.columns[TIME], np.float64), values, asked.points)
        if rows.size == 0:
            raise InputError(f"{place.name} has no number in {fitted.column!r}")
        at = np.asarray(series.time, np.float64)[rows]
        readings = tuple(
            Reading(f"{quantity}@{time!r} s", fitted.label, AtTime(fitted.column, time))
            for time in at.tolist()
        )
        name = f"{place.name}: {fitted.label.lower()}"
        yield Channel(name, fitted.label, fitted.shown, at, values[rows], noise, readings)


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
