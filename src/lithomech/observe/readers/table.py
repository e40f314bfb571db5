"""The columns of a text table as numbers, read in pieces so that memory is bounded."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.text import Layout

Floats = NDArray[np.float64]

PIECE: Final = 100_000  # rows read at a time
MOST_ROWS: Final = 2_000_000  # rows kept; of a longer file every second, fourth, ...
MOST_BYTES: Final = 64 << 30
MOST_COLUMNS: Final = 1000
_CLOCK: Final = re.compile(
    r"\s*(?:(?P<d>\d+)\s*[d-]?\s+)?(?P<h>\d+):(?P<m>\d+)(?::(?P<s>\d+(?:[.,:]\d+)?))?\s*"
)


class Columns(NamedTuple):
    """What was read.

    Attributes:
        numbers: values by place in the header; nan where there is none.
        rows: rows in the file.
        stride: one of how many rows was kept.
        refused: number of cells that hold something else than a number, by place.
    """

    numbers: dict[int, Floats]
    rows: int
    stride: int
    refused: dict[int, int]


def read_columns(
    path: Path, layout: Layout, wanted: Mapping[int, str], codes: int | None = None
) -> tuple[Columns, NDArray[np.str_] | None]:
    """Read some columns of a table.

    Args:
        path: the file.
        layout: of its table.
        wanted: by place in the header: "number", "clock", "seconds" or "moment".
        codes: place of a column of words that is returned beside the numbers.

    Raises:
        InputError: the file is cut in a way that cannot be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise InputError("the file is larger than 64 GB", file=str(path))
    kept: dict[int, list[Floats]] = {place: [] for place in wanted}
    words: list[NDArray[np.str_]] = []
    refused = dict.fromkeys(wanted, 0)
    rows, stride, held = 0, 1, 0
    for piece in _pieces(path, layout, [*wanted, *([codes] if codes is not None else [])]):
        take = slice(-rows % stride, None, stride)
        for place, kind in wanted.items():
            values, bad = _values(piece[place].to_numpy(), kind, layout.decimal)
            refused[place] += bad
            kept[place].append(values[take])
        if codes is not None:
            words.append(piece[codes].astype(str).to_numpy()[take].astype(np.str_))
        rows += len(piece)
        held += len(range(len(piece))[take])
        while held > MOST_ROWS:
            kept = {place: [np.concatenate(v)[::2]] for place, v in kept.items()}
            words = [np.concatenate(words)[::2]] if words else words
            stride, held = 2 * stride, (held + 1) // 2
    numbers = {p: np.concatenate(v) if v else np.zeros(0) for p, v in kept.items()}
    return Columns(numbers, rows, stride, refused), (np.concatenate(words) if words else None)


def _pieces(path: Path, layout: Layout, places: list[int]) -> Iterator[pd.DataFrame]:
    """Pieces of the file; a row that is too long or a file that ends within quotes is told."""
    if len(layout.header) > MOST_COLUMNS:
        raise InputError(f"the table has more than {MOST_COLUMNS} columns", file=str(path))
    try:
        with pd.read_csv(
            path,
            sep=layout.delimiter,
            decimal=layout.decimal,
            encoding=layout.encoding,
            encoding_errors="replace",
            header=None,
            usecols=sorted(set(places)),
            skiprows=layout.first,
            chunksize=PIECE,
            low_memory=False,
            skip_blank_lines=True,
        ) as reader:
            yield from reader
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OSError) as error:
        said = " ".join(str(error).split()).removeprefix("Error tokenizing data. ")
        raise InputError(f"the table cannot be read: {said}", file=str(path)) from None


def _values(column: NDArray[Any], kind: str, decimal: str) -> tuple[Floats, int]:
    """Numbers of a column, nan where there is none, and how many cells were neither."""
    if column.dtype.kind in "fiub":
        unknown = kind in {"clock", "moment"}  # no unit says what these numbers are
        numbers = column.astype(np.float64)
        return (np.full(len(column), np.nan) if unknown else numbers), 0
    text = ["" if isinstance(t, float) and t != t else str(t).strip() for t in column.tolist()]  # noqa: PLR0124  nan
    if kind == "moment":
        found = _moments(text)
    elif kind in {"clock", "seconds"}:
        found = np.array([_seconds(t, plain=kind == "seconds") for t in text], np.float64)
    else:
        found = np.array([_number(t.replace(decimal, ".")) for t in text], np.float64)
    return found, int(sum(t != "" for t in np.array(text)[~np.isfinite(found)]))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _moments(text: list[str]) -> Floats:
    """Seconds since 1970 of dates with times; without a zone they are taken for UTC."""
    try:
        found = pd.to_datetime(pd.Index(text), errors="coerce", utc=True, format="mixed")
        since = (pd.DatetimeIndex(found) - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        return np.asarray(since, np.float64)
    except (ValueError, OverflowError, TypeError):
        return np.full(len(text), np.nan)


def _seconds(text: str, *, plain: bool) -> float:
    """Seconds of a clock such as "1d 02:03:04.5" or "26:03:04", or of a plain number."""
    number = _number(text)
    if np.isfinite(number):
        return number if plain else np.nan
    found = _CLOCK.fullmatch(text)
    if found is None:
        return np.nan
    seconds = (found["s"] or "0").replace(",", ".").replace(":", ".")
    hours = 24.0 * float(found["d"] or 0) + float(found["h"])
    return 3600.0 * hours + 60.0 * float(found["m"]) + float(seconds)
