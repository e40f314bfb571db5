"""Discharge time against current: where transport takes over from capacity.

At small currents the charge is what limits, t ~ 1/I; where diffusion limits, t ~ 1/I^2.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FEWEST: Final = 4  # currents
CONSTANT: Final = 0.05  # spread of the current within a half cycle that counts as constant
CAPACITY_LIMITED, DIFFUSION_LIMITED = -1.0, -2.0  # slopes


@final
@dataclass(frozen=True)
class Rate(AbstractAnalysis):
    """Discharge times and the two straight lines through them.

    Attributes:
        current: magnitude [A], increasing, shape (n,).
        time: of discharge [s], shape (n,).
        transition: current [A] where slopes of -1 and -2 meet; nan if it is not reached.
        transition_deviation: one standard deviation of it [A].
        capacity: of the line of slope -1 [C].
        slopes: free slopes below and above the transition, with their deviations.
        name: of the measurement.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    current: Floats
    time: Floats
    transition: float
    transition_deviation: float
    capacity: float
    slopes: tuple[tuple[float, float], tuple[float, float]]
    name: str = "measurement"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Transition current, capacity and slopes."""
        (low, low_error), (high, high_error) = self.slopes
        return (
            Quantity(
                "Transition current",
                1e3 * self.transition,
                "mA",
                1e3 * self.transition_deviation,
            ),
            Quantity("Capacity of the slow discharges", self.capacity / 3.6, "mAh"),
            Quantity("Slope below", low, "", low_error, "-1: the charge limits"),
            Quantity("Slope above", high, "", high_error, "-2: diffusion limits"),
        )

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per discharge."""
        return {
            "discharges": {
                "Current / A": self.current,
                "discharge time / s": self.time,
                "two lines / s": self.model(self.current),
            }
        }

    def model(self, current: Floats) -> Floats:
        """Discharge time [s] of the two lines at a current [A]."""
        slow = self.capacity / current
        if not np.isfinite(self.transition):
            return slow
        return slow * np.minimum(1.0, self.transition / current)

    def plot(self) -> "Figure":
        """Draw discharge times over currents."""
        from lithomech.plot.rate import discharge_times  # noqa: PLC0415  the upward reference

        return discharge_times((self,))


def rate(series: TimeSeries) -> Rate:
    """Read the discharge times of a rate test.

    Args:
        series: discharges at several constant currents.

    Raises:
        InputError: fewer than four discharges.

    References:
        Ruess2020 (slopes, solid against liquid electrolyte).
    """
    current, time = [], []
    for half in half_cycles(series):
        if half.is_charge:
            continue
        there = np.abs(series.current[half.rows])
        typical = float(np.median(there))
        steady = np.abs(there - typical) < CONSTANT * typical
        passed = abs(float(half.charge[steady][-1] - half.charge[steady][0]))
        if passed > 0.0:
            current.append(typical)
            time.append(passed / typical)
    name = series.metadata.get("name", "measurement")
    return rate_of(np.array(current), np.array(time), name)


def rate_of(current: Floats, time: Floats, name: str = "measurement") -> Rate:
    """Read the transition current from discharge times.

    Args:
        current: magnitudes [A].
        time: discharge times [s].
        name: of the measurement.

    Raises:
        InputError: fewer than four, or one is not above nil.
    """
    if current.size < FEWEST:
        raise InputError(f"{current.size} discharges; a rate test needs {FEWEST} currents")
    if not (np.all(current > 0.0) and np.all(time > 0.0)):
        raise InputError("a current or a discharge time is not above nil")
    order = np.argsort(current)
    x, y = np.log(current[order]), np.log(time[order])
    scores = [(_misfit(x, y, knee), knee) for knee in _knees(x)]
    alone = float(np.var(y + x)) * x.size
    best, knee = min(scores)
    # a second line has to earn its parameter
    reached = best < alone * (1.0 - 4.0 / x.size) and knee < x[-2]
    level = float(np.mean(y + np.where(reached, np.maximum(x, 2.0 * x - knee), x)))
    below = x <= knee if reached else np.ones(x.size, bool)
    slopes = (_slope(x[below], y[below]), _slope(x[~below], y[~below]))
    warnings = _warnings(slopes, reached=bool(reached))
    transition = float(np.exp(knee)) if reached else float("nan")
    deviation = transition * _deviation(scores, best, x.size) if reached else float("nan")
    reason = (
        f"slopes of -1 and -2 meet at {1e3 * transition:.3g} mA"
        if reached
        else "no current is high enough for a slope of -2"
    )
    return Rate(
        COMPLETED,
        reason,
        warnings,
        current[order],
        time[order],
        transition,
        deviation,
        float(np.exp(level)),
        slopes,
        name,
    )


def _knees(x: Floats) -> Floats:
    return np.linspace(x[0], x[-1], 2001)


def _misfit(x: Floats, y: Floats, knee: float) -> float:
    """Squares left of log t = a - max(log I, 2 log I - knee)."""
    left = y + np.maximum(x, 2.0 * x - knee)
    return float(np.sum((left - left.mean()) ** 2))


def _deviation(scores: list[tuple[float, float]], best: float, n: int) -> float:
    """Half the width of the knee where the misfit rises by one unit of noise."""
    noise = best / max(n - 2, 1)
    inside = [knee for misfit, knee in scores if misfit <= best + noise]
    return 0.5 * (max(inside) - min(inside))


def _slope(x: Floats, y: Floats) -> tuple[float, float]:
    if x.size < 2 or np.ptp(x) == 0.0:
        return float("nan"), float("nan")
    slope, offset = np.polyfit(x, y, 1)
    if x.size < 3:
        return float(slope), float("nan")
    left = y - slope * x - offset
    error = np.sqrt(np.sum(left**2) / (x.size - 2) / np.sum((x - x.mean()) ** 2))
    return float(slope), float(error)


def _warnings(
    slopes: tuple[tuple[float, float], tuple[float, float]], *, reached: bool
) -> tuple[str, ...]:
    said = []
    expected = (CAPACITY_LIMITED, DIFFUSION_LIMITED) if reached else (CAPACITY_LIMITED,)
    for (slope, error), ideal in zip(slopes, expected, strict=False):
        if np.isfinite(error) and abs(slope - ideal) > max(0.2, 3.0 * error):
            said.append(f"the slope is {slope:.2f} where {ideal:g} is expected")
    return tuple(said)
