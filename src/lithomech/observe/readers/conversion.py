"""Columns of a table in SI; what is wrong in them is collected and reported at once."""

import json
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.clock import TIMES, UNIX, is_of_day, since_1970, unit_by_dates
from lithomech.observe.readers.formats import Cells
from lithomech.observe.readers.headers import NO_UNIT, Candidate, Level, Matching
from lithomech.observe.readers.table import Column, Columns
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TIME
from lithomech.observe.vocabulary import Line, Term, folded, split_header

Floats = NDArray[np.float64]

CURRENT: Final = "Current / A"
VOLTAGE: Final = "Voltage / V"
COUNTS: Final = ("Cycle Count / 1", "Step Count / 1")
NEEDED: Final = (VOLTAGE, CURRENT)  # a mistake in one of these refuses the file
POTENTIALS: Final = ("Positive Electrode Potential / V", "Negative Electrode Potential / V")
SENSORS: Final = (  # of which a file may have several
    "Ambient Temperature / K",
    "Surface Pressure / Pa",
    "Stack Force / N",
    "Displacement / m",
)
PER_AREA: Final = "per area: say 'area: 1 cm2' in a mapping file"
PER_MASS: Final = "per mass: say 'mass: 10 mg' in a mapping file"


class Conversion:
    """Columns of a table in SI, with the mistakes and warnings that were met on the way."""

    def __init__(self, headers: Sequence[str], matching: Matching, mapping: Mapping) -> None:
        self.headers = headers
        self.matching = matching
        self.mapping = mapping
        self.notes: list[str] = []
        self.mistakes: list[str] = []
        self.missing: list[Candidate] = []  # their cells are numbers without a unit
        self.lost: list[str] = []  # times that cannot be read

    def columns(self, table: Columns) -> dict[str, Floats]:
        """Return what could be read."""
        columns = {}
        for name, candidate in self.matching.chosen.items():
            column = table.columns[candidate.place]
            values = self._values(candidate, column)
            if isinstance(values, str):
                self._report(candidate, values)
            elif values is not None:
                columns[name] = values
                if column.note:
                    self.notes.append(f"{candidate.header!r}: {column.note}")
        time = self.matching.chosen.get(TIME)
        if time is not None and UNIX in columns:
            self._compare(columns, time, table.columns[time.place])
        return columns

    def auxiliary(self, table: Columns) -> dict[str, Floats]:
        """Return further sensors of a file in SI, by the names that the file gives them."""
        columns: dict[str, Floats] = {}
        for candidate in sensors(self.matching):
            column = table.columns[candidate.place]
            name = f"{split_header(candidate.header)[0]} / {_unit_of(candidate)}"
            values = self._values(candidate, column)
            if isinstance(values, np.ndarray) and name not in self.matching.chosen:
                columns.setdefault(name, values)
        return columns

    def _compare(self, columns: dict[str, Floats], time: Candidate, column: Column) -> None:
        """Let the dates of a file say what its test time is."""
        dates = columns[UNIX]
        if column.cells is Cells.MOMENTS:
            columns.pop(UNIX)  # they say the same
        elif column.cells is Cells.CLOCKS and is_of_day(dates, column.values):
            columns[UNIX] = dates + columns.pop(TIME)
            self.notes.append(f"{time.header!r} was added to the dates beside it")
        has_unit = time.level is Level.MAPPING or split_header(time.header)[1]
        if column.cells is not Cells.NUMBERS or has_unit:
            return
        unit = unit_by_dates(column.values, dates)
        if unit is not None:
            columns[TIME] = unit[0] * column.values
            self.missing = [c for c in self.missing if c != time]
            self.notes.append(f"{time.header!r} is in {unit[1]}, as the dates of the file show")

    def _values(self, candidate: Candidate, column: Column) -> Floats | str | None:
        """Values in SI; a text that says why not; None if the unit is missing."""
        if column.problem or column.cells is Cells.NOTHING:
            return column.problem or "holds no number"
        if column.cells is not Cells.NUMBERS:
            what = "dates" if column.cells is Cells.MOMENTS else "clock times"
            return column.values if candidate.term.unit == "s" else f"holds {what}"
        if candidate.line is not None:
            return self._in_si(candidate.line, candidate.term, column.values)
        if candidate.term.column != UNIX:
            self.missing.append(candidate)
            return None
        dates = since_1970(column.values)
        if dates is None:
            return "holds numbers that are no dates"
        self.notes.append(f"{candidate.header!r} was read as {dates[1]}")
        return dates[0]

    def _in_si(self, line: Line, term: Term, numbers: Floats) -> Floats | str:
        values = line.slope * numbers + line.offset
        if line.unit == term.unit:
            return values
        area, mass = self.mapping.stack_area, self.mapping.mass
        if line.unit.endswith("/m^2"):
            return f"is {PER_AREA}" if area is None else values * area
        return f"is {PER_MASS}" if mass is None else values * mass

    def _report(self, candidate: Candidate, problem: str) -> None:
        """A mistake in a column that is needed refuses the file; any other is left out."""
        text = f"column {candidate.header!r} {problem}"
        mapped = candidate.term.quantity.lower() in map(str.lower, self.mapping.columns)
        if mapped or (candidate.term.column in NEEDED and PER_AREA not in problem):
            self.mistakes.append(text)
        else:
            self.notes.append(f"{text}; it was left out")
            if candidate.term.column in TIMES:
                self.lost.append(text)

    def check(self, columns: dict[str, Floats], table: Columns) -> None:
        """Refuse a file without a time, without anything else, or without a unit it needs.

        Raises:
            InputError: all mistakes in one line.
        """
        shown = ", ".join(repr(name) for name in self.headers if name.strip())
        has_time = bool(set(TIMES) & set(columns))
        others = set(columns) - {*TIMES, *COUNTS}
        needed = [c for c in self.missing if c.term.column in NEEDED]
        lacks_time = not has_time and any(c.term.column in TIMES for c in self.missing)
        if self.missing and (needed or lacks_time or not others):
            self.mistakes.append(no_unit(self.missing))
        elif self.missing:
            self.notes.append(f"{no_unit(self.missing)}; left out")
        if not has_time:
            self.mistakes += self.lost
        if not self.mistakes and not has_time:
            self.mistakes.append(
                f"no column holds a time; the columns are {shown}; name one in a mapping file"
                + self._refused()
            )
        elif not self.mistakes and not others:
            self.mistakes.append(
                f"no column besides the time was recognised; the columns are {shown}; name "
                f"them in a mapping file{self._refused()}"
            )
        if not self.mistakes and not table.rows:
            self.mistakes.append("the table has no rows")
        if self.mistakes:
            raise InputError("; ".join(self.mistakes))

    def _refused(self) -> str:
        texts = [f"{c.header!r}: {c.problem}" for c in self.matching.refused]
        return f" ({'; '.join(texts)})" if texts else ""


def sensors(matching: Matching) -> tuple[Candidate, ...]:
    """Columns of a kind that a file may have several of, beside those that were chosen."""
    voltages = {VOLTAGE, *POTENTIALS}
    beside = matching.beside({*SENSORS, *voltages})
    return tuple(
        c for c in beside if c.term.column not in voltages or folded(c.header).startswith("aux")
    )


def _unit_of(candidate: Candidate) -> str:
    return candidate.term.column.rpartition(" / ")[2]


def no_unit(missing: Sequence[Candidate]) -> str:
    """Say which columns lack a unit, and how to give it."""
    columns = sorted(missing, key=lambda c: c.place)
    names = ", ".join(repr(c.header) for c in columns)
    entries = ", ".join(
        f"{c.term.quantity}: {{column: {_quoted(c.header)}, unit: {unit}}}"
        for c in columns
        for unit in [c.term.column.rpartition(" / ")[2]]
    )
    verb = f"column {names} {NO_UNIT}" if len(columns) == 1 else f"columns {names} have no unit"
    return f"{verb}; say it in a mapping file: columns: {{{entries}}}"


def _quoted(header: str) -> str:
    """A header as YAML reads it back."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*(?: [A-Za-z0-9_.]+)*", header)
    return header if plain else json.dumps(header, ensure_ascii=False)
