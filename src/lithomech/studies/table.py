"""The table of a study: read from its journal, member by member."""

import csv
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.files.mistakes import nearest
from lithomech.files.netcdf import write_tree
from lithomech.files.notebook import notebook_view
from lithomech.studies import findings, plans
from lithomech.studies.journal import Journal
from lithomech.studies.members import Member, Point
from lithomech.studies.spec.study import Study
from lithomech.version import __version__

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
KIND: Final = "study"
FORMAT: Final = 1
LAST: Final = ("status", "reason", "input_hash")  # columns after the outputs
COMPLETED: Final = "completed"


@final
@dataclass(frozen=True, eq=False)
class StudyResult:
    """Members of a study in the order of its design.

    Attributes:
        study: that was run.
        journal: that holds its members; the table is read from there.
        wall_time_s: of this run of it.
        visited: points in the order of the table, where they followed from each other; None
            where they are those of a design.
    """

    study: Study
    journal: Journal
    wall_time_s: float
    visited: tuple[Point, ...] | None = None

    def members(self) -> Iterator[Member]:
        """Yield the members one by one, so that a large study needs no memory."""
        points = self.visited
        if points is None:
            points = (point for batch in plans.rounds(self.study) for point in batch)
        return self.journal.members(points)

    @cached_property
    def _statuses(self) -> Counter[str]:
        """How many members have each status."""
        return Counter(member.status for member in self.members())

    @property
    def status(self) -> str:
        """``completed`` if any member completed, else the status of most members."""
        return COMPLETED if self._statuses[COMPLETED] else self._statuses.most_common(1)[0][0]

    @property
    def reason(self) -> str:
        """How many members have which status."""
        counts = ", ".join(
            f"{count} {status}" for status, count in self._statuses.most_common()
        )
        return f"{self._statuses.total()} members: {counts}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line where members did not complete, with the most frequent reason."""
        total = self._statuses.total()
        failed = total - self._statuses[COMPLETED]
        if not failed:
            return ()
        reasons = Counter(m.reason for m in self.members() if m.status != COMPLETED)
        reason, count = reasons.most_common(1)[0]
        return (f"{failed} of {total} members did not complete; of {count}: {reason}",)

    def _repr_html_(self) -> str:
        """Show the first and last members in a notebook."""
        names = [name for name in self.columns if name not in LAST[1:]]
        columns = [self.column(name).tolist() for name in names]
        rows = list(zip(*columns, strict=True))
        return notebook_view("Study", self.reason, names, rows, self.warnings)

    @property
    def answers(self) -> tuple[str, ...]:
        """What the method of the study found, in words; a sweep has none."""
        return tuple(findings.answers(self))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns: factors with units, outputs, status, reason, input_hash."""
        factors = tuple(axis.column for axis in self.study.axes)
        names = tuple(reading.name for reading in self.study.readings)
        return (*factors, *names, *LAST)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column, shape (members,): numbers with NaN where there is none, or text.

        Args:
            name: one of ``columns``, or the key of a factor.

        Raises:
            InputError: there is no such column.
        """
        keys = tuple(self.study.vary)
        place = keys.index(name) if name in keys else None
        if place is None and name not in self.columns:
            message = f"there is no column {name!r}; {nearest(name, list(self.columns))}"
            raise InputError(message)
        place = self.columns.index(name) if place is None else place
        if place in self._numbers:
            return self._numbers[place]
        values = [row[place] for row in self.rows()]
        return np.array(["" if value is None else value for value in values], dtype=object)

    @cached_property
    def _numbers(self) -> dict[int, Floats]:
        """Columns of numbers by their places, read in one pass."""
        axes, count = self.study.axes, len(self.columns) - len(LAST)
        places = [k for k in range(count) if k >= len(axes) or not axes[k].words]
        table = [array("d") for _ in places]
        for row in self.rows():
            for column, k in zip(table, places, strict=True):
                value = row[k]
                column.append(value if isinstance(value, float) else np.nan)
        return {k: np.array(column) for k, column in zip(places, table, strict=True)}

    def rows(self) -> Iterator[tuple[float | str | None, ...]]:
        """Yield the rows of the table one by one."""
        axes = self.study.axes
        for member in self.members():
            factors = (a.shown(value) for a, value in zip(axes, member.point, strict=True))
            last = (member.status, member.reason, member.input_hash)
            yield (*factors, *member.outputs.values(), *last)

    def to_xarray(self) -> "xr.DataTree":
        """Return the table as labelled arrays over ``member``."""
        import xarray as xr  # noqa: PLC0415 - slow to import

        data = {
            name.replace("/", "in"): ("member", _written(self.column(name)))
            for name in self.columns
        }
        about = {
            "kind": KIND, "format": FORMAT, "version": __version__, "name": self.study.name,
            "mark": self.study.subject.mark,
        }  # fmt: skip
        return xr.DataTree(xr.Dataset(data, attrs=about))

    def save(self, path: Path | str) -> None:
        """Write the table; the file appears only when it is complete.

        Args:
            path: what ends in .csv is text: numbers with all their digits, and nothing where
                there is no value. All else is netCDF.
        """
        path = Path(path)
        if path.suffix != ".csv":
            write_tree(self.to_xarray(), path)
            return
        with (
            replacing(path) as temporary,
            temporary.open("w", newline="", encoding="utf-8") as stream,
        ):
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(self.columns)
            out.writerows(["" if v is None else v for v in row] for row in self.rows())

    def to_json(self) -> dict[str, Any]:
        """Return the keys of ``lithomech study --json``."""
        return {
            "status": self.status,
            "reason": self.reason,
            "statuses": dict(self._statuses.most_common()),
            "columns": list(self.columns),
            "members": [list(row) for row in self.rows()],
            "answers": list(self.answers),
            **findings.to_json(self),
            "wall_time_s": self.wall_time_s,
            "version": __version__,
        }

    def plot(self, output: str | None = None) -> "Figure":
        """Draw an output over the factors: lines, a map, or parallel coordinates.

        Args:
            output: its name; default: what the method found, of a sweep the first one.
        """
        if output is None and (found := findings.method_pictures(self)):
            return next(iter(found.values()))
        from lithomech.plot.study import overview  # noqa: PLC0415 - the upward reference

        return overview(self, output)


def _written(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(str) if values.dtype == object else values
