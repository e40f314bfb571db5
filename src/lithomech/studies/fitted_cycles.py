"""Capacities of cycles and what is left of them, measured and of a run."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.cycles import BOTH, cycles
from lithomech.observe.readers.files import read_series
from lithomech.studies.fitted_channels import Across, Asked, Channel, Noise, spread
from lithomech.studies.readings import Reading, whole_cycles

Floats = NDArray[np.float64]
CYCLE: Final = "cycle"
AREAL: Final = "_mAh_per_cm2"
# endings of the columns that hold a capacity: SI unit of noise, SI of one, unit in words
KINDS: Final[Mapping[str, tuple[str, float, str]]] = {
    "_mAh": ("A*s", 3.6, "mAh"),
    "_mAh_per_g": ("A*s/kg", 3600.0, "mAh/g"),
    AREAL: ("A*s/m^2", 36e3, "mAh/cm²"),
}
CM2: Final = 1e4  # per m2


class Table(NamedTuple):
    """Capacities of a measured file.

    Attributes:
        kind: ending of their column; see KINDS.
        number: of the cycles, (n,).
        values: of the capacities, (n,), in the unit of the column.
    """

    kind: str
    number: NDArray[np.int64]
    values: Floats


class OfCycle(NamedTuple):
    """Reads a capacity of one cycle.

    Attributes:
        stem: charge_capacity or discharge_capacity.
        kind: see KINDS.
        cycle: from 1.
        over: number of the cycle that it is divided by; 0: none.
    """

    stem: str
    kind: str
    cycle: int
    over: int = 0

    def __call__(self, result: Any) -> float | None:  # noqa: ANN401 - a CellResult
        """Return the value; None where the run has no such cycle."""
        if max(self.cycle, self.over) > whole_cycles(result):
            return None
        value = self._of(result, self.cycle)
        if not self.over or value is None:
            return value
        first = self._of(result, self.over)
        return value / first if first else None

    def _of(self, result: Any, cycle: int) -> float | None:  # noqa: ANN401
        row = result.cycles[cycle - 1]
        if self.kind in (AREAL, "_mAh"):
            value = row[self.stem + AREAL]
            area = 1.0 if self.kind == AREAL else CM2 * result.cell.geometry.cross_section
            return None if value is None else value * area
        return row[self.stem + self.kind]


class Capacity(NamedTuple):
    """The capacities of cycles.

    Attributes:
        stem: charge_capacity or discharge_capacity.
        label: in pictures.
    """

    stem: str
    label: str

    def __call__(self, asked: Asked, noise: Noise) -> Iterator[Channel]:
        """Yield the channel of a measured file.

        Raises:
            InputError: the file cannot be read, or noise is of another kind than the values.
        """
        table = _table(asked, self.stem)
        unit, scale, words = KINDS[table.kind]
        if noise.unit == unit:
            noise = Noise(noise.value / scale, "")
        elif noise.unit != "dimensionless":
            message = f"the noise of {self.stem} must be in {words} or a share such as 1 %: "
            raise InputError(f"{message}{asked.file.name} holds {words}")
        rows = spread(table.values.size, asked.points)
        number, values = table.number[rows], table.values[rows]
        readings = tuple(
            Reading(
                f"{self.stem}{table.kind}@{n}", self.label, OfCycle(self.stem, table.kind, n)
            )
            for n in number.tolist()
        )
        name, at = f"{asked.file.name}: {self.label.lower()}", number.astype(np.float64)
        shown, over = (words, 1.0), Across("Cycle")
        yield Channel(name, self.label, shown, over, at, values, noise.of(values), readings)


STEM: Final = "discharge_capacity"


def retention(asked: Asked, noise: Noise) -> Iterator[Channel]:
    """Yield discharge capacities over that of the first cycle in the file.

    Raises:
        InputError: the file cannot be read, or has one cycle only.
    """
    table = _table(asked, STEM)
    if table.number.size < 2:
        raise InputError(f"{asked.file.name} has one cycle; retention needs two or more")
    first = int(table.number[0])
    rows = 1 + spread(table.values.size - 1, asked.points)
    number, values = table.number[rows], table.values[rows] / table.values[0]
    readings = tuple(
        Reading(f"retention@{n} over {first}", "Retention", OfCycle(STEM, AREAL, n, first))
        for n in number.tolist()
    )
    name, at = f"{asked.file.name}: retention", number.astype(np.float64)
    noise = Noise(noise.value, "")  # 1 % of the first capacity, not of what is left
    shown, over = ("%", 100.0), Across("Cycle")
    yield Channel(name, "Retention", shown, over, at, values, noise.of(values), readings)


def _table(asked: Asked, stem: str) -> Table:
    """Capacities of a table of cycles, or of the cycles of a series."""
    found = _written(asked.file, stem)
    if found is None:
        counted = cycles(read_series(asked.file, asked.mapping))
        columns = counted.columns
        whole = columns["halves"] == BOTH
        values = np.asarray(columns[f"{stem}_mAh"], np.float64)[whole]
        found = Table("_mAh", np.asarray(columns[CYCLE], np.int64)[whole], values)
    good = np.isfinite(found.values) & (found.values > 0.0)
    if not good.any():
        raise InputError(f"{asked.file.name} has no whole cycle with a {stem}")
    return Table(found.kind, found.number[good], found.values[good])


def _written(place: Path, stem: str) -> Table | None:
    """The columns of a table whose first line names them; None of any other file."""
    try:
        with place.open(newline="", encoding="utf-8") as stream:
            head, *rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error, ValueError):
        return None
    names = [name.strip() for name in head]
    kind = next((kind for kind in KINDS if stem + kind in names), None)
    if CYCLE not in names or kind is None:
        return None
    columns = [names.index(CYCLE), names.index(stem + kind)]
    try:
        numbers = [[float(row[k] or "nan") for k in columns] for row in rows if row]
    except (ValueError, IndexError):
        raise InputError(f"{place.name}: a row of its cycles is no row of numbers") from None
    table = np.array(numbers, np.float64).reshape(-1, 2)
    if not (np.all(table[:, 0] >= 1.0) and np.all(table[:, 0] % 1.0 == 0.0)):
        raise InputError(f"{place.name}: its cycles must be whole numbers from 1 on")
    if np.unique(table[:, 0]).size < len(table):
        raise InputError(f"{place.name}: each of its cycles must stand there once")
    return Table(kind, table[:, 0].astype(np.int64), table[:, 1])
