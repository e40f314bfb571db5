"""Dates and times of a column as seconds; the order of day and month is one for the column."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Order(Enum):
    """Which part of a date stands first."""

    YEAR = "year first"
    DAY = "day first"
    MONTH = "month first"


class Moments(NamedTuple):
    """Seconds since 1970 of the cells; without a zone they are taken for UTC.

    Attributes:
        values: shape (rows,); nan where a cell holds no date.
        problem: why they cannot be read; "" if they can.
        note: what was decided on the way; "" if nothing.
    """

    values: Floats
    problem: str = ""
    note: str = ""


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb fev",
            "mar mrz maer",
            "apr avr",
            "may mai",
            "jun juin",
            "jul juil",
            "aug aou",
            "sep",
            "oct okt",
            "nov",
            "dec dez",
        ),
        1,
    )
    for name in names.split()
}
MOMENT_PATTERN: Final = (
    r"(?:\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}\.?|\d{8}(?=[T _]\d)"
    r"|\d{1,2}[-. ][A-Za-z]{3,9}\.?[-. ,]+\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})"
    r"(?:[T ,_]\s*(?:[AaPp][Mm]\s|\uc624\uc804\s?|\uc624\ud6c4\s?)?\d{1,2}[:.]\d{2}"
    r"(?:[:.]\d{2}(?:[.,:]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|[-+]\d{2}:?\d{2})?)?"
)
_PARTS: Final = re.compile(
    r"(?:(?P<a>\d{1,4})(?P<sign>[-./])\s?(?P<b>\d{1,2})[-./]\s?(?P<c>\d{1,4})\.?"
    r"|(?P<ymd>\d{8})(?=[T _]\d)"
    r"|(?P<d>\d{1,2})[-. ](?P<mon>[A-Za-z]{3,9})\.?[-. ,]+(?P<y>\d{2,4})"
    r"|(?P<mon2>[A-Za-z]{3,9})\.? (?P<d2>\d{1,2}),? (?P<y2>\d{4}))"
    r"(?:[T ,_]\s*(?P<before>[AaPp][Mm]\s|\uc624\uc804\s?|\uc624\ud6c4\s?)?"
    r"(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2}(?:[.,:]\d+)?))?\s?"
    r"(?P<after>[AaPp]\.?[Mm]\.?)?\s?(?P<zone>Z|UTC|[-+]\d{2}:?\d{2})?)?"
)
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_REMEDY: Final = "say 'dates: day first' or 'dates: month first' in a mapping file"


def moments(
    cells: Sequence[str], order: Order | None = None, habit: Order | None = None
) -> Moments:
    """Read a column of dates.

    Args:
        cells: the whole column.
        order: what the user states.
        habit: what instruments of this kind do, where the column does not decide.
    """
    parts = [_PARTS.fullmatch(cell) for cell in cells]
    if order is not None:
        return Moments(_seconds(parts, order))
    day, month = _seconds(parts, Order.DAY), _seconds(parts, Order.MONTH)
    dates_day, dates_month = np.isfinite(day).sum(), np.isfinite(month).sum()
    if dates_day != dates_month:
        return Moments(day if dates_day > dates_month else month)
    if np.array_equal(day, month, equal_nan=True):
        return Moments(day)
    runs_day, runs_month = _runs(day), _runs(month)
    if runs_day != runs_month:
        return Moments(day if runs_day else month)
    pointed = any(part is not None and part["sign"] == "." for part in parts)
    if habit is not None or pointed:
        first = habit or Order.DAY
        note = f"dates were read with the {first.value}"
        return Moments(month if first is Order.MONTH else day, "", note)
    return _undecided(cells, day, month)


def _undecided(cells: Sequence[str], day: Floats, month: Floats) -> Moments:
    """Dates whose order nothing shows: their differences may be the same in both."""
    known = np.isfinite(day)
    if np.array_equal(np.diff(day[known]), np.diff(month[known])):
        return Moments(day, "", "dates were read with the day first, which nothing shows")
    example = cells[int(np.argmax(known))]
    problem = f"holds dates such as {example!r} with the day or the month first; {_REMEDY}"
    return Moments(day, problem)


def _runs(values: Floats) -> bool:
    """Whether time never runs backwards."""
    known = values[np.isfinite(values)]
    return bool(np.all(np.diff(known) >= 0.0))


def _seconds(parts: Sequence[re.Match[str] | None], order: Order) -> Floats:
    return np.array([np.nan if p is None else _moment(p, order) for p in parts], np.float64)


def _moment(part: re.Match[str], order: Order) -> float:
    """Seconds since 1970 of one cell; nan if it is no date in this order."""
    try:
        year, month, day = _date(part, order)
        date = datetime(year, month, day, tzinfo=UTC)
    except (ValueError, OverflowError):
        return np.nan
    seconds = (date - _START) / timedelta(seconds=1)
    if part["h"] is None:
        return seconds
    hour = _hour(part)
    second = float((part["s"] or "0").replace(",", ".").replace(":", "."))
    return seconds + 3600.0 * hour + 60.0 * int(part["m"]) + second - _offset(part["zone"])


def _date(part: re.Match[str], order: Order) -> tuple[int, int, int]:
    if part["ymd"]:
        return int(part["ymd"][:4]), int(part["ymd"][4:6]), int(part["ymd"][6:])
    word = part["mon"] or part["mon2"]
    if word:
        year, day = int(part["y"] or part["y2"]), int(part["d"] or part["d2"])
        return _full(year), _month(word), day
    a, b, c = int(part["a"]), int(part["b"]), int(part["c"])
    if len(part["a"]) > 2 or order is Order.YEAR:
        return _full(a), b, c
    return (_full(c), b, a) if order is Order.DAY else (_full(c), a, b)


def _full(year: int) -> int:
    return year + 2000 if year < 70 else year + 1900 if year < 100 else year


def _month(word: str) -> int:
    low = word.lower()
    known = [number for name, number in _MONTHS.items() if low.startswith(name)]
    if not known:
        raise ValueError(word)
    return known[-1]


def _hour(part: re.Match[str]) -> int:
    hour = int(part["h"])
    half = (part["before"] or part["after"] or "").strip().lower().replace(".", "")
    if half in {"pm", "\uc624\ud6c4"}:
        return hour % 12 + 12
    return hour % 12 if half in {"am", "\uc624\uc804"} else hour


def _offset(zone: str | None) -> float:
    """Seconds that a zone is ahead of UTC."""
    if not zone or zone in {"Z", "UTC"}:
        return 0.0
    sign = -1.0 if zone[0] == "-" else 1.0
    digits = zone[1:].replace(":", "")
    return sign * (3600.0 * int(digits[:2]) + 60.0 * int(digits[2:]))
