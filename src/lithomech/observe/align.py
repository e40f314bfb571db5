"""A pressure logger with a clock of its own, put on the clock of the cycler.

The pressure of a cell is a smooth function of its charge, but for some hysteresis. At the right
offset of the clocks charge and discharge agree best, and the pressure turns with the current.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from lithomech.errors import InputError
from lithomech.observe.timeseries import TIME, TimeSeries

Floats = NDArray[np.float64]

POINTS: Final = 1500  # times that are compared
KNOTS: Final = 10  # of the function of charge
LAGS: Final = 41  # tried at once
ZOOMS: Final = 4
CLEAR: Final = 0.5  # misfit at the best offset over that far from it, at most
CLOCK: Final = "Unix Time / s"


class Offset(NamedTuple):
    """Of the clocks.

    Attributes:
        seconds: to be added to the time of the logger.
        deviation: one standard deviation [s].
        explained: share of the pressure change that charge and direction explain there.
    """

    seconds: float
    deviation: float
    explained: float


@final
@dataclass(frozen=True)
class Aligned:
    """A series with the columns of a logger.

    Attributes:
        series: on the times of the cycler, without those before or after the logger ran.
        offset: of the clocks.
    """

    series: TimeSeries
    offset: Offset


def align(cycler: TimeSeries, logger: TimeSeries, window: float = 3600.0) -> Aligned:
    """Put the columns of a logger on the time of a cycler.

    Args:
        cycler: time and current.
        logger: time and stack pressure.
        window: largest offset that is looked for [s], on top of that of their dates.

    Raises:
        InputError: they do not overlap, or no turn of the current fixes the offset.
    """
    start = _dates(cycler, logger)
    lags, best = np.linspace(-window, window, LAGS) + start, start
    scores = np.array([_misfit(cycler, logger, lag) for lag in lags])
    if not np.isfinite(scores).any():
        raise InputError("the logger and the cycler have no time in common")
    typical = float(np.median(scores[np.isfinite(scores)]))
    for _ in range(ZOOMS):
        at = int(np.nanargmin(np.where(np.isfinite(scores), scores, np.nan)))
        best = float(lags[at])
        lags = np.linspace(lags[max(at - 1, 0)], lags[min(at + 1, LAGS - 1)], LAGS)
        scores = np.array([_misfit(cycler, logger, lag) for lag in lags])
    best = float(lags[int(np.nanargmin(scores))])
    least = float(np.nanmin(scores))
    spread = float(np.var(logger.stack_pressure))
    if not (least < CLEAR * typical and least < CLEAR * spread and spread > 0.0):
        raise InputError(
            "the pressure does not turn with the current: the offset of the clocks "
            "is not determined"
        )
    time = logger.time + best
    inside = (cycler.time >= time[0]) & (cycler.time <= time[-1])
    columns = {name: values[inside] for name, values in cycler.columns.items()}
    for name, values in logger.columns.items():
        if name not in columns and name != CLOCK:
            columns[name] = np.interp(columns[TIME], time, values)
    deviation = _deviation(cycler, logger, best, least, window / LAGS)
    explained = 1.0 - least / spread
    note = f"logger moved by {best:.0f} ± {deviation:.0f} s"
    series = TimeSeries(columns, cycler.metadata, (*cycler.notes, *logger.notes, note))
    return Aligned(series, Offset(best, deviation, explained))


def _dates(cycler: TimeSeries, logger: TimeSeries) -> float:
    """Offset that the dates of both files say, if both have them."""
    if CLOCK not in cycler.columns or CLOCK not in logger.columns:
        return 0.0
    ours, theirs = (float(np.nanmedian(s.clock - s.time)) for s in (cycler, logger))
    return theirs - ours


def _misfit(cycler: TimeSeries, logger: TimeSeries, lag: float) -> float:
    """Mean square of the pressure that no smooth function of charge explains [Pa^2]."""
    time = logger.time + lag
    low, high = max(time[0], cycler.time[0]), min(time[-1], cycler.time[-1])
    if high - low < 0.5 * min(np.ptp(time), np.ptp(cycler.time)):
        return np.inf
    at = np.linspace(low, high, POINTS)
    charge = np.interp(at, cycler.time, cycler.charge_throughput)
    span = float(np.ptp(charge))
    if span <= 0.0:
        return np.inf
    pressure = np.interp(at, time, logger.stack_pressure)
    x = (charge - charge.min()) / span
    way = np.sign(np.gradient(charge))
    edges = np.concatenate([[0.0] * 3, np.linspace(0.0, 1.0, KNOTS), [1.0] * 3])
    smooth = BSpline.design_matrix(np.clip(x, 0.0, 1.0), edges, 3).toarray()
    # hysteresis may depend on the charge, but not as a shift along it would
    more = np.stack([way, way * x, (at - low) / (high - low)], axis=1)
    matrix = np.hstack([smooth, more])
    weights, *_ = np.linalg.lstsq(matrix, pressure, rcond=1e-9)
    return float(np.mean((pressure - matrix @ weights) ** 2))


def _deviation(
    cycler: TimeSeries, logger: TimeSeries, best: float, least: float, step: float
) -> float:
    """Offset at which the misfit rises by one unit of its own noise, from its curvature."""
    beside = 0.5 * sum(_misfit(cycler, logger, best + s) for s in (-step, step))
    rise = (beside - least) / step**2
    independent = POINTS / 10.0  # what is left is correlated from point to point
    return float(np.sqrt(least / independent / rise)) if rise > 0.0 else np.inf
