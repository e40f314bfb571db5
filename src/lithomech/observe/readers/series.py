"""A time series from the table of a text file."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.checks import check_units
from lithomech.observe.readers.dialects import Dialect, dialect_of
from lithomech.observe.readers.table import Columns, read_columns
from lithomech.observe.readers.text import Layout, find_layout
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TIME, TimeSeries
from lithomech.observe.vocabulary import (
    AS_TEXT,
    BY_QUANTITY,
    CLOCK,
    MOMENT,
    Match,
    Term,
    factor,
    recognise,
)

Floats = NDArray[np.float64]

DELIMITERS: Final = {"tab": "\t", "semicolon": ";", "comma": ","}
CURRENT: Final = "Current / A"
STEP_TIME: Final = "Step Time / s"
UNIX: Final = "Unix Time / s"
COUNTS: Final = ("Cycle Count / 1", "Step Count / 1")
FEWEST: Final = 2


def read_text(path: Path, mapping: Mapping) -> TimeSeries:
    """Read the table of a text file.

    Raises:
        InputError: with the file: no table, no time, a unit that is missing or wrong.
    """
    try:
        layout = find_layout(path, DELIMITERS.get(mapping.delimiter or ""), mapping.header_line)
        dialect = dialect_of(layout)
        chosen = _chosen(layout, dialect, mapping)
        code = _code(layout, dialect)
        kinds = {
            place: match.unit if match.unit in AS_TEXT else "number"
            for place, match in chosen.items()
        }
        found, codes = read_columns(path, layout, kinds, code)
        columns = _in_si(found, chosen, layout, mapping)
        _check_present(columns, found, chosen, layout)
        if codes is not None and CURRENT in columns:
            columns[CURRENT] = _signed(columns[CURRENT], codes, dialect)
        if mapping.positive_current == "discharge" and CURRENT in columns:
            columns[CURRENT] = -columns[CURRENT]
        return finish(columns, path, dialect.name, _notes(found, layout, chosen), mapping)
    except InputError as error:
        raise error.located(file=str(path)) from None


def finish(
    columns: dict[str, Floats],
    path: Path,
    name: str,
    notes: list[str],
    mapping: Mapping,
) -> TimeSeries:
    """Make a series of columns in SI: order of time, whole numbers, pressure from a force."""
    columns, added = _with_time(columns)
    notes = notes + added
    time = columns[TIME]
    keep = np.isfinite(time)
    if keep.sum() < FEWEST:
        raise InputError("the file has fewer than two rows with a time")
    if not keep.all():
        notes.append(f"{int((~keep).sum())} rows without a time were left out")
    columns = {k: v[keep] for k, v in columns.items()}
    _check_order(columns[TIME])
    doubles = int(np.sum(np.diff(columns[TIME]) == 0.0))
    if doubles:
        notes.append(f"{doubles} rows have the same time as the row before")
    if mapping.diameter is not None and "Stack Force / N" in columns:
        area = np.pi * mapping.diameter**2 / 4.0
        columns["Surface Pressure / Pa"] = columns["Stack Force / N"] / area
    notes += check_units(columns)
    return TimeSeries(
        _whole_numbers(columns), {"name": path.stem, "format": name}, tuple(notes)
    )


def _whole_numbers(columns: dict[str, Floats]) -> dict[str, NDArray[Any]]:
    """Cycle and step as whole numbers; a file with a current but no cycle is one cycle."""
    whole: dict[str, NDArray[Any]] = {}
    for count in COUNTS:
        if count in columns or CURRENT in columns:
            given = columns.get(count, np.ones(len(columns[TIME])))
            filled = np.nan_to_num(given, nan=0.0, posinf=0.0, neginf=0.0)
            whole[count] = np.clip(np.rint(filled), 0, 1e9).astype(np.int64)
    return {**columns, **whole}


def _chosen(layout: Layout, dialect: Dialect, mapping: Mapping) -> dict[int, Match]:
    """Which column of the file is which of ours; what the mapping says goes first."""
    header = [name.strip() for name in layout.header]
    chosen: dict[int, Match] = {}
    for quantity, channel in mapping.columns.items():
        if channel.column not in header:
            shown = ", ".join(repr(h) for h in header if h)
            error = InputError(
                f"{channel.column!r} is no column of {layout.delimiter!r}-delimited data; "
                f"there are {shown}",
                key=f"columns.{quantity}.column",
            )
            raise mapping.locate(error)
        term = BY_QUANTITY[quantity.lower()]
        known = recognise(channel.column) if channel.unit is None else None
        unit = known.unit if known and known.term is term else (channel.unit or "")
        chosen[header.index(channel.column)] = Match(term, unit, -1)
    taken = {match.term.column for match in chosen.values()}
    ours = {place: recognise(name) for place, name in enumerate(header) if place not in chosen}
    for place, match in ours.items():
        if match is None or match.term.column in taken or "Impedance" in match.term.column:
            continue
        unit = match.unit
        if header[place].lower() in dialect.step_clock and not _is_total(header[place]):
            match = Match(_STEP, unit, 0)
        before = next((p for p, m in chosen.items() if m.term is match.term), None)
        if before is None or chosen[before].rank > match.rank:
            if before is not None:
                del chosen[before]
            chosen[place] = Match(
                match.term, unit or _usual(header[place], dialect), match.rank
            )
    return _with_units(chosen, header)


_STEP: Final[Term] = BY_QUANTITY["step time"]


def _is_total(header: str) -> bool:
    return "total" in header.lower() or "test" in header.lower()


def _usual(header: str, dialect: Dialect) -> str:
    low = header.lower()
    return next((u for start, u in dialect.usual.items() if low.startswith(start)), "")


def _with_units(chosen: dict[int, Match], header: list[str]) -> dict[int, Match]:
    """Dates are read as such; times may be clocks; all others need a unit."""
    done = {}
    for place, match in chosen.items():
        unit = match.unit
        if match.term.column == UNIX and not unit:
            unit = MOMENT
        if not unit and match.term.unit == "s":
            unit = CLOCK
        if not unit:
            raise _no_unit(header[place], match)
        done[place] = match._replace(unit=unit)
    return done


def _no_unit(header: str, match: Match) -> InputError:
    quantity, _, unit = match.term.column.rpartition(" / ")
    return InputError(
        f"column {header!r} has no unit; say it in a mapping file: "
        f"columns: {{{quantity}: {{column: {header}, unit: {unit}}}}}"
    )


def _code(layout: Layout, dialect: Dialect) -> int | None:
    names = [name.strip().lower() for name in layout.header]
    return names.index(dialect.code) if dialect.code in names else None


def _in_si(
    found: Columns, chosen: dict[int, Match], layout: Layout, mapping: Mapping
) -> dict[str, Floats]:
    by_header = {c.column: c for c in mapping.columns.values()}
    columns = {}
    for place, match in chosen.items():
        values = found.numbers[place]
        channel = by_header.get(layout.header[place].strip())
        if match.unit not in AS_TEXT:
            if channel is not None and channel.unit is not None:
                slope, offset = channel.line(match.term.unit)
            else:
                slope, offset = factor(match.unit, match.term.unit)
            values = slope * values + offset
        columns[match.term.column] = values
    return columns


def _check_present(
    columns: dict[str, Floats], found: Columns, chosen: dict[int, Match], layout: Layout
) -> None:
    if not {TIME, STEP_TIME, UNIX} & set(columns):
        shown = ", ".join(repr(name) for name in layout.header if name)
        raise InputError(
            f"no column is a time; the columns are {shown}; name one in a mapping file"
        )
    if not set(columns) - {TIME, STEP_TIME, UNIX, *COUNTS}:
        shown = ", ".join(repr(name) for name in layout.header if name)
        raise InputError(
            f"no column besides the time was recognised; the columns are {shown}; name them in "
            "a mapping file"
        )
    if not found.rows:
        raise InputError("the table has no rows")
    for place, match in chosen.items():
        if np.isfinite(found.numbers[place]).any():
            continue
        if match.unit == CLOCK:
            raise _no_unit(layout.header[place], match)
        raise InputError(
            f"column {layout.header[place]!r} holds no number", key=match.term.column
        )


def _signed(current: Floats, codes: NDArray[np.str_], dialect: Dialect) -> Floats:
    """Currents that are written without sign, from the code of the step."""
    if np.nanmin(current) < 0.0:
        return current
    sign = np.zeros(len(current))
    for code, value in dialect.sign_of.items():
        sign[np.char.lower(np.char.strip(codes)) == code] = value
    return current * sign


def _with_time(columns: dict[str, Floats]) -> tuple[dict[str, Floats], list[str]]:
    """The time of the test, if need be from the clock or from the times of the steps."""
    columns = dict(columns)
    step = columns.pop(STEP_TIME, None)
    if TIME in columns:
        return columns, []
    if UNIX in columns:
        columns[TIME] = columns[UNIX] - np.nanmin(columns[UNIX])
        return columns, ["time counted from the first date"]
    if step is None:
        raise InputError("no column is a time")
    ahead = np.diff(step, prepend=step[:1])
    # where a step begins anew, the last time of the one before is added
    columns[TIME] = np.cumsum(np.where(ahead < 0.0, np.nan_to_num(step), np.nan_to_num(ahead)))
    columns[TIME] += step[0] if np.isfinite(step[0]) else 0.0
    return columns, ["times of the steps were added up"]


def _check_order(time: Floats) -> None:
    back = np.flatnonzero(np.diff(time) < 0.0)
    if back.size:
        row = int(back[0])
        raise InputError(
            f"the time runs backwards in row {row + 2} of the table, from {time[row]:g} s to "
            f"{time[row + 1]:g} s; {back.size} such places"
        )


def _notes(found: Columns, layout: Layout, chosen: dict[int, Match]) -> list[str]:
    notes = []
    if layout.decimal == ",":
        notes.append("decimal commas")
    if found.stride > 1:
        notes.append(f"1 of {found.stride} rows kept: the file has {found.rows}")
    bad = {layout.header[p]: n for p, n in found.refused.items() if n}
    if bad:
        told = ", ".join(f"{n} in {name!r}" for name, n in bad.items())
        notes.append(f"cells that hold no number: {told}")
    named = {match.term.column for match in chosen.values()}
    left = [h for p, h in enumerate(layout.header) if h and p not in chosen]
    if left and named:
        notes.append(f"columns not used: {', '.join(left)}")
    return notes
