"""A time series from a table, wherever it stands: header, cells, then columns in SI."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.checks import doubts
from lithomech.observe.readers.clock import with_test_time
from lithomech.observe.readers.conversion import COUNTS, CURRENT, VOLTAGE, Conversion, sensors
from lithomech.observe.readers.dates import Order
from lithomech.observe.readers.dialects import Dialect, dialect_of
from lithomech.observe.readers.headers import Matching
from lithomech.observe.readers.quantities import matched
from lithomech.observe.readers.table import Columns, Style, read_cells, read_columns
from lithomech.observe.readers.text import SPACES, Layout, find_layout
from lithomech.observe.reading import Reading
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TIME, TimeSeries
from lithomech.observe.vocabulary import squeezed, terms

Floats = NDArray[np.float64]

DELIMITERS: Final = {"tab": "\t", "semicolon": ";", "comma": ",", "spaces": SPACES}
DECIMALS: Final = {"point": ".", "comma": ","}
POSITIVE: Final = "Positive Electrode Potential / V"
NEGATIVE: Final = "Negative Electrode Potential / V"
PRESSURE: Final = "Surface Pressure / Pa"
FORCE: Final = "Stack Force / N"
FEWEST: Final = 2


class Source(NamedTuple):
    """A table before its cells are read.

    Attributes:
        path: the file.
        headers: of its columns.
        dialect: habits of the instrument that wrote it.
        read: reads the cells of some columns.
        layout: lines on it for the report.
        signs: sign of the current in each row, where a code stands for it.
    """

    path: Path
    headers: tuple[str, ...]
    dialect: Dialect
    read: Callable[[Sequence[int]], Columns]
    layout: tuple[str, ...] = ()
    signs: Callable[[], NDArray[Any] | None] = lambda: None


def read_text(path: Path, mapping: Mapping) -> TimeSeries:
    """Read the table of a text file.

    Raises:
        InputError: with the file: no table, no time, a unit that is missing or wrong.
    """
    try:
        layout = layout_of(path, mapping)
        dialect = dialect_of(layout)
        words: list[NDArray[Any] | None] = [None]
        style = style_of(mapping, dialect)

        def read(places: Sequence[int]) -> Columns:
            code = _code(layout, dialect)
            columns, words[0] = read_columns(path, layout, places, code, style)
            return columns

        lines = _layout_lines(layout)
        return series_of(
            Source(path, layout.header, dialect, read, lines, lambda: words[0]), mapping
        )
    except InputError as error:
        raise error.located(file=str(path)) from None


def layout_of(path: Path, mapping: Mapping) -> Layout:
    """Find the table of a text file, with what a mapping file says of it.

    Raises:
        InputError: there is none.
    """
    sign = DELIMITERS.get(mapping.delimiter or "")
    nameless = any(isinstance(c.column, int) for c in mapping.columns.values())
    if nameless and mapping.header_line is None:
        try:
            return find_layout(path, sign)
        except InputError:
            return find_layout(path, sign, nameless=True)
    return find_layout(path, sign, mapping.header_line)


def table_in_memory(
    path: Path,
    headers: Sequence[str],
    cells: Sequence[Any],
    dialect: Dialect,
    mapping: Mapping,
) -> Source:
    """Return a table of a binary file, whose cells are known by column."""
    style = style_of(mapping, dialect)
    return Source(
        path, tuple(headers), dialect, lambda places: read_cells(cells, places, style)
    )


def style_of(mapping: Mapping, dialect: Dialect) -> Style:
    """What is known of the cells before they are looked at."""
    order = Order(mapping.dates) if mapping.dates else None
    return Style(DECIMALS.get(mapping.decimal or ""), order, dialect.dates)


def series_of(source: Source, mapping: Mapping) -> TimeSeries:
    """Make a series of a table.

    Raises:
        InputError: no column holds a time, or a column that is needed cannot be read.
    """
    matching = matched(source.headers, source.dialect, mapping)
    beside = sensors(matching)
    places = [candidate.place for candidate in (*matching.chosen.values(), *beside)]
    table = source.read(places) if places else Columns({}, 0, 1, ".")
    converted = Conversion(source.headers, matching, mapping)
    columns = converted.columns(table)
    converted.check(columns, table)
    words = source.signs()
    if words is not None and CURRENT in columns:
        columns[CURRENT] = _signed(columns[CURRENT], words, source.dialect)
    if mapping.positive_current == "discharge" and CURRENT in columns:
        columns[CURRENT] = -columns[CURRENT]
    columns |= converted.auxiliary(table)
    used = set(places)
    notes = [*converted.notes, *_notes(table, source, matching, used)]
    unused = tuple(h for p, h in enumerate(source.headers) if h.strip() and p not in used)
    decimal = f"decimal sign: {'comma' if table.decimal == ',' else 'point'}"
    reading = Reading(
        source.dialect.name, (*source.layout, decimal), matching.choices(), unused
    )
    return finish(columns, source.path, notes, mapping, reading)


def finish(
    columns: dict[str, Floats],
    path: Path,
    notes: list[str],
    mapping: Mapping,
    reading: Reading,
) -> TimeSeries:
    """Make a series of columns in SI: order of time, whole numbers, what follows from others.

    Raises:
        InputError: the time is missing, too short, or runs backwards.
    """
    columns, added = with_test_time(columns)
    notes = notes + added
    time = columns[TIME]
    keep = np.isfinite(time)
    if keep.sum() < FEWEST:
        raise InputError("the file has fewer than two rows with a time")
    if not keep.all():
        reading = replace(reading, dropped=int((~keep).sum()))
        notes.append(f"{reading.dropped} rows without a time were left out")
    columns = {k: v[keep] for k, v in columns.items()}
    _check_order(columns[TIME])
    doubles = int(np.sum(np.diff(columns[TIME]) == 0.0))
    if doubles:
        notes.append(f"{doubles} rows have the same time as the row before")
    notes += _derive(columns, mapping)
    notes += doubts(columns)
    known = {t.column: columns[t.column] for t in terms() if t.column in columns}
    columns = known | columns  # those that are known go first
    metadata = {"name": path.stem, "format": reading.format}
    return TimeSeries(_whole_numbers(columns), metadata, tuple(notes), reading)


def _derive(columns: dict[str, Floats], mapping: Mapping) -> list[str]:
    """Add what follows from other columns: pressure of a force, voltage of two electrodes."""
    notes = []
    area = mapping.stack_area
    if area is not None and FORCE in columns:
        columns[PRESSURE] = columns[FORCE] / area
        notes.append(f"pressure is the force over {1e4 * area:.4g} cm2")
    elif FORCE in columns and PRESSURE not in columns:
        notes.append(
            "a force without the area of the stack gives no pressure: say 'diameter: 10 mm' or "
            "'area: 0.785 cm2' in a mapping file"
        )
    if {POSITIVE, NEGATIVE} <= set(columns) and VOLTAGE not in columns:
        columns[VOLTAGE] = columns[POSITIVE] - columns[NEGATIVE]
        notes.append("cell voltage is the difference of the potentials of both electrodes")
    elif {POSITIVE, VOLTAGE} <= set(columns) and NEGATIVE not in columns:
        columns[NEGATIVE] = columns[POSITIVE] - columns[VOLTAGE]
        notes.append("negative electrode: the positive potential minus the voltage")
    return notes


def _whole_numbers(columns: dict[str, Floats]) -> dict[str, NDArray[Any]]:
    """Cycle and step as whole numbers; a file with a current but no cycle is one cycle."""
    whole: dict[str, NDArray[Any]] = {}
    for count in COUNTS:
        if count in columns or CURRENT in columns:
            written = columns.get(count, np.ones(len(columns[TIME])))
            filled = np.nan_to_num(written, nan=0.0, posinf=0.0, neginf=0.0)
            whole[count] = np.clip(np.rint(filled), 0, 1e9).astype(np.int64)
    return {**columns, **whole}


def _code(layout: Layout, dialect: Dialect) -> int | None:
    names = [squeezed(name) for name in layout.header]
    return next((names.index(code) for code in dialect.codes if code in names), None)


def _signed(current: Floats, codes: NDArray[Any], dialect: Dialect) -> Floats:
    """Currents that are written without sign, from the code of the step."""
    if not np.isfinite(current).any() or np.nanmin(current) < 0.0:
        return current
    sign = np.array([dialect.sign_of.get(str(code).strip().lower(), 0.0) for code in codes])
    return current * sign


def _check_order(time: Floats) -> None:
    back = np.flatnonzero(np.diff(time) < 0.0)
    if back.size:
        row = int(back[0])
        places = f" ({back.size} such places)" if back.size > 1 else ""
        raise InputError(
            f"the time runs backwards in row {row + 2} of the table, from {time[row]:g} s to "
            f"{time[row + 1]:g} s{places}: if it starts anew with each step, name it Step Time "
            "in a mapping file"
        )


def _layout_lines(layout: Layout) -> tuple[str, ...]:
    names = {sign: name for name, sign in DELIMITERS.items()}
    return (
        f"encoding: {layout.encoding}",
        f"delimiter: {names.get(layout.delimiter, layout.delimiter)}",
        f"header: line {len(layout.preamble) + 1}",
    )


def _notes(table: Columns, source: Source, matching: Matching, used: set[int]) -> list[str]:
    notes = []
    if table.decimal == ",":
        notes.append("decimal commas")
    if table.stride > 1:
        notes.append(f"1 of {table.stride} rows kept: the file has {table.rows}")
    bad = {source.headers[p]: c.refused for p, c in table.columns.items() if c.refused}
    if bad:
        shown = ", ".join(f"{n} in {name!r}" for name, n in bad.items())
        notes.append(f"cells that hold no number: {shown}")
    notes += [f"{c.header!r} was not used: {c.problem}" for c in matching.refused]
    seen = used | {c.place for c in matching.refused}
    left = [h for p, h in enumerate(source.headers) if h.strip() and p not in seen]
    if left and matching.chosen:
        notes.append(f"columns not used: {', '.join(left)}")
    return notes
