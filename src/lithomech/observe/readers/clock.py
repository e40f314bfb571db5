"""The time of a test, from whatever a file has for it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.timeseries import TIME

Floats = NDArray[np.float64]

STEP_TIME: Final = "Step Time / s"
UNIX: Final = "Unix Time / s"
TIMES: Final = (TIME, STEP_TIME, UNIX)
STEP: Final = "Step Count / 1"
CYCLE: Final = "Cycle Count / 1"
UNITS: Final = (
    (1.0, "s"),
    (60.0, "min"),
    (3600.0, "h"),
    (1e-3, "ms"),
    (1e-6, "us"),
    (86400.0, "d"),
)
CLOSE: Final = 0.05
DAY: Final = 86400.0
HALF_DAY: Final = 43200.0
NO_TEST: Final = 1e8  # s; a test time beyond this is a date
EXCEL_START: Final = 25569.0  # days from Excel's first day to 1970
# Numbers in a column of dates, by their size: to seconds since 1970 as slope (value - zero).
EPOCHS: Final = (
    ("days as Excel counts them", 2e4, 8e4, DAY, EXCEL_START),
    ("days of the years from 0", 6.9e5, 8e5, DAY, 719529.0),
    ("seconds since 1970", 1e8, 3e9, 1.0, 0.0),
    ("seconds since 1904", 3e9, 5e9, 1.0, 2082844800.0),
    ("milliseconds since 1970", 1e11, 5e12, 1e-3, 0.0),
    ("microseconds since 1970", 1e14, 5e15, 1e-6, 0.0),
    ("nanoseconds since 1970", 1e17, 5e18, 1e-9, 0.0),
)


def since_1970(values: Floats) -> tuple[Floats, str] | None:
    """Return seconds since 1970 of numbers in a column of dates, and what they were read as.

    None where all of the column is of no size that dates have.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    for name, least, most, slope, zero in EPOCHS:
        if least <= known.min() and known.max() < most:
            return slope * (values - zero), name
    return None


def is_of_day(dates: Floats, clock: Floats) -> bool:
    """Whether a clock is the time of day to dates that have none."""
    days, hours = dates[np.isfinite(dates)], clock[np.isfinite(clock)]
    no_time = days.size > 0 and bool(np.all(days % DAY == 0.0))
    return no_time and hours.size > 0 and bool(hours.min() >= 0.0 and hours.max() < DAY)


def unit_by_dates(time: Floats, dates: Floats) -> tuple[float, str] | None:
    """Return seconds per unit of a time, and that unit, from dates of the same rows.

    None where they show none of the usual units.
    """
    both = np.isfinite(time) & np.isfinite(dates)
    span = float(np.ptp(time[both])) if both.any() else 0.0
    passed = float(np.ptp(dates[both])) if both.any() else 0.0
    if span <= 0.0 or passed <= 0.0:
        return None
    fits = (unit for unit in UNITS if abs(passed / span / unit[0] - 1.0) < CLOSE)
    return next(fits, None)


def with_test_time(columns: dict[str, Floats]) -> tuple[dict[str, Floats], list[str]]:
    """Return the columns with the time of the test, and notes on where it comes from.

    Raises:
        InputError: there is no time in them.
    """
    columns = dict(columns)
    step = columns.pop(STEP_TIME, None)
    if TIME in columns:
        summed = _by_steps(columns[TIME], columns)
        if summed is not None:
            note = "the time starts anew with steps: their times were added up"
            return {**columns, TIME: summed}, [note]
        columns[TIME], notes = _unwrapped(columns[TIME])
        return columns, notes
    if UNIX in columns and np.isfinite(columns[UNIX]).any():
        columns[TIME] = columns[UNIX] - np.nanmin(columns[UNIX])
        return columns, ["time counted from the first date"]
    if step is None:
        raise InputError("no column holds a time")
    columns[TIME] = _added_up(step, columns)
    return columns, ["times of the steps were added up"]


def _unwrapped(time: Floats) -> tuple[Floats, list[str]]:
    """A time of day past midnight, or a date, as the time since the first row."""
    known = time[np.isfinite(time)]
    if not known.size:
        return time, []
    if known.min() > NO_TEST:
        return time - known[0], ["time counted from the first row"]
    step = np.diff(known)
    back = np.flatnonzero(step < 0.0)
    of_day = known.min() >= 0.0 and known.max() <= DAY and np.all(step[back] < -HALF_DAY)
    often = float(np.median(step[step >= 0.0])) if np.any(step >= 0.0) else 0.0
    # a step that begins at 0 is no midnight, unless a row would be due there
    due = (known[back + 1] > 0.0) | (step[back] + DAY <= 2.0 * often)
    if not back.size or not of_day or not np.all(due):
        return time, []
    days = np.zeros(known.size)
    days[back + 1] = DAY
    whole = np.full(time.shape, np.nan)
    whole[np.isfinite(time)] = known + np.cumsum(days) - known[0]
    return whole, [f"times of day counted from the first row past {back.size} midnights"]


def _added_up(step: Floats, columns: dict[str, Floats]) -> Floats:
    """Times of steps in a row; a step begins where its number changes or the time falls."""
    known = np.nan_to_num(step)
    begins = (np.diff(known, prepend=known[:1]) < 0.0) | _changes(columns, known.size)
    begins[0] = False
    return np.where(np.isfinite(step), _sum(known, begins), np.nan)


def _by_steps(time: Floats, columns: dict[str, Floats]) -> Floats | None:
    """A test time that starts anew with some steps, as one time; None if it does not."""
    if not np.all(np.isfinite(time)):
        return None
    begins = np.diff(time, prepend=time[:1]) < 0.0
    if not begins.any() or not np.all(_changes(columns, time.size)[begins]):
        return None
    return _sum(time, begins)


def _changes(columns: dict[str, Floats], rows: int) -> NDArray[np.bool_]:
    """Rows in which the number of the step or of the cycle differs from the row before."""
    changed = np.zeros(rows, bool)
    for name in (STEP, CYCLE):
        if name in columns:
            changed |= np.diff(np.nan_to_num(columns[name]), prepend=columns[name][:1]) != 0.0
    return changed


def _sum(time: Floats, begins: NDArray[np.bool_]) -> Floats:
    """Times counted on where they start anew."""
    return np.cumsum(np.where(begins, time, np.diff(time, prepend=0.0)))
