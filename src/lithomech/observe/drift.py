"""What the sensor does by itself: temperature and drift, learnt while the cell was at rest."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.pressiometry import rests
from lithomech.observe.timeseries import TimeSeries

Floats = NDArray[np.float64]

PRESSURE: Final = "Surface Pressure / Pa"
SIGNIFICANT: Final = 2.0  # deviations
DAY: Final = 86400.0  # s
LEAST_SWING: Final = 0.05  # K; less says nothing of the temperature


@final
@dataclass(frozen=True)
class Corrected:
    """A series without what the sensor did by itself.

    Attributes:
        series: with the pressure at the mean temperature of the first rest.
        per_kelvin: [Pa/K]; zero unless significant, nan without a temperature that changes.
        per_kelvin_deviation: one standard deviation of it.
        drift: [Pa/s]; zero unless significant.
        drift_deviation: one standard deviation of it.
    """

    series: TimeSeries
    per_kelvin: float
    per_kelvin_deviation: float
    drift: float
    drift_deviation: float


def correct(series: TimeSeries) -> Corrected:
    """Take temperature and drift out of the stack pressure.

    Within each rest the cell itself does nothing: P = constant of that rest + a T + b t, with
    the same a and b in all rests.

    Args:
        series: time, current, stack pressure, and temperature if there is one.

    Raises:
        InputError: there is no rest to learn from.
    """
    resting = rests(series)
    if not resting:
        raise InputError("there is no rest to learn the drift of the sensor from")
    warm = "Ambient Temperature / K" in series.columns
    rows = [np.searchsorted(series.time, time) for time, _ in resting]
    time = np.concatenate([t - t.mean() for t, _ in resting])
    pressure = np.concatenate([p - p.mean() for _, p in resting])
    columns = [time]
    if warm:
        swing = [series.temperature[r] - series.temperature[r].mean() for r in rows]
        if np.ptp(np.concatenate(swing)) >= LEAST_SWING:
            columns.append(np.concatenate(swing))
    matrix = np.stack(columns, axis=1)
    scale = np.linalg.norm(matrix, axis=0)
    if not np.all(scale > 0.0):
        raise InputError("the rests are too short to learn the drift of the sensor from")
    value, error = _least_squares(matrix / scale, pressure, len(resting))
    # what is not significant is not taken out: it would only add its error
    significant = np.abs(value) > SIGNIFICANT * error
    if not significant.all() and significant.any():
        kept, _ = _least_squares(
            matrix[:, significant] / scale[significant], pressure, len(resting)
        )
        value[significant] = kept
    value, error = np.where(significant, value, 0.0) / scale, error / scale
    corrected = series.stack_pressure - value[0] * (series.time - series.time[0])
    note = [f"drift of {value[0] * DAY / 1e3:.3g} ± {error[0] * DAY / 1e3:.2g} kPa per day"]
    per_kelvin, deviation = float("nan"), float("nan")
    if len(columns) > 1:
        per_kelvin, deviation = float(value[1]), float(error[1])
        first = series.temperature[rows[0]].mean()
        corrected = corrected - per_kelvin * (series.temperature - first)
        note.append(f"{per_kelvin / 1e3:.3g} ± {deviation / 1e3:.2g} kPa/K")
    notes = (*series.notes, f"{' and '.join(note)} taken out")
    done = TimeSeries({**series.columns, PRESSURE: corrected}, series.metadata, notes)
    return Corrected(done, per_kelvin, deviation, float(value[0]), float(error[0]))


def _least_squares(matrix: Floats, right: Floats, groups: int) -> tuple[Floats, Floats]:
    """Values and deviations; one mean per rest was taken from the data before."""
    value, *_ = np.linalg.lstsq(matrix, right, rcond=None)
    left = right - matrix @ value
    free = max(right.size - groups - value.size, 1)
    inverse = np.linalg.pinv(matrix.T @ matrix)
    deviation = np.sqrt(np.diag(inverse) * float(left @ left) / free)
    return np.asarray(value, np.float64), np.asarray(deviation, np.float64)
