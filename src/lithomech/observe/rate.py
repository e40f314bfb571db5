"""Discharge time against current: where transport takes over from capacity.

At small currents the charge is what limits, t ~ 1/I; where diffusion limits, t ~ 1/I^2.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.inputs import Series, series_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FEWEST: Final = 4  # currents
CONSTANT: Final = 0.05  # spread of the current within a half cycle that counts as constant
CAPACITY_LIMITED, DIFFUSION_LIMITED = -1.0, -2.0  # slopes
ALLOWED: Final = 0.5  # from -2: nearer to it than to -1
KNEES: Final = 2000  # transition currents that are tried


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
        slopes: free slopes below and above the transition, each with its deviation; nan where
            there is no transition, or too few currents for a slope with an error.
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


def rate(series: Series) -> Rate:
    """Read the discharge times of a rate test.

    Args:
        series: discharges at several constant currents; or a file of them.

    Raises:
        InputError: fewer than four currents.

    References:
        Ruess2020 (slopes, solid against liquid electrolyte).

    Examples:
        >>> import lithomech as lm
        >>> analysis = lm.rate("measured/rate.csv")
        >>> analysis.status
        'completed'
    """
    series = series_of(series)
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
    analysis = rate_of(np.array(current), np.array(time), name)
    return replace(analysis, warnings=(*series.notes, *analysis.warnings))


def rate_of(current: Floats, time: Floats, name: str = "measurement") -> Rate:
    """Read the transition current from discharge times.

    Discharges at one current are repeats: they count as one current, and give the scatter.

    Args:
        current: magnitudes [A].
        time: discharge times [s].
        name: of the measurement.

    Raises:
        InputError: fewer than four currents, or one is not above nil.
    """
    if not (np.all(current > 0.0) and np.all(time > 0.0)):
        raise InputError("a current or a discharge time is not above nil")
    order = np.argsort(current)
    x, y = np.log(current[order]), np.log(time[order])
    level_of = _currents(x)
    count = int(level_of[-1]) + 1 if x.size else 0
    if count < FEWEST:
        raise InputError(
            f"{x.size} discharges at {count} currents; a rate test needs {FEWEST} currents"
        )
    transition = _transition(x, y, level_of)
    reached = np.isfinite(transition.knee)
    level = float(np.mean(y + np.where(reached, np.maximum(x, 2.0 * x - transition.knee), x)))
    below = x <= transition.knee if reached else np.ones(x.size, bool)
    slopes = _slope(x, y, level_of, below), _slope(x, y, level_of, ~below)
    return Rate(
        COMPLETED,
        transition.reason,
        _warnings(slopes, reached=bool(reached)),
        current[order],
        time[order],
        float(np.exp(transition.knee)),
        float(np.exp(transition.knee)) * transition.deviation,
        float(np.exp(level)),
        slopes,
        name,
    )


class _Knee(NamedTuple):
    """Logarithm of the transition current and its deviation, nan if there is none; why."""

    knee: float
    deviation: float
    reason: str


def _currents(x: Floats) -> NDArray[np.intp]:
    """Number of the current of each discharge; those within 5 % are one."""
    new = np.zeros(x.size, np.intp)
    first = 0
    for n in range(1, x.size):
        if x[n] - x[first] > np.log1p(CONSTANT):
            first, new[n] = n, 1
    return np.cumsum(new)


def _transition(x: Floats, y: Floats, level_of: NDArray[np.intp]) -> _Knee:
    """Where slopes of -1 and -2 meet, if the discharges above have such a slope.

    Two currents at least lie on each side, so that no line goes through repeats of one.
    """
    second, last_but_one = x[level_of == 1].max(), x[level_of == level_of[-1] - 1].min()
    scores = [
        (_misfit(x, y, knee), knee)
        for knee in np.linspace(second, last_but_one, KNEES, endpoint=False)
    ]
    alone = float(np.var(y + x)) * x.size
    best, knee = min(scores)
    # a second line has to earn its parameter
    if best >= alone * (1.0 - 4.0 / x.size):
        return _Knee(np.nan, np.nan, "no current is high enough for a slope of -2")
    slope, error = _slope(x, y, level_of, x > knee)
    where = f"above {1e3 * np.exp(knee):.3g} mA"
    if not np.isfinite(error):
        reason = (
            f"no transition: {where} there are two discharges, a slope with an error needs 3"
        )
        return _Knee(np.nan, np.nan, reason)
    if abs(slope - DIFFUSION_LIMITED) > ALLOWED or error > ALLOWED:
        reason = f"no transition: {where} the slope is {slope:.2f} ± {error:.1g}, not -2"
        return _Knee(np.nan, np.nan, reason)
    reason = f"slopes of -1 and -2 meet at {1e3 * np.exp(knee):.3g} mA"
    return _Knee(float(knee), _deviation(scores, best, x.size), reason)


def _misfit(x: Floats, y: Floats, knee: float) -> float:
    """Squares left of log t = a - max(log I, 2 log I - knee)."""
    left = y + np.maximum(x, 2.0 * x - knee)
    return float(np.sum((left - left.mean()) ** 2))


def _deviation(scores: list[tuple[float, float]], best: float, n: int) -> float:
    """Half the width of the knee where the misfit rises by one unit of noise."""
    noise = best / max(n - 2, 1)
    inside = [knee for misfit, knee in scores if misfit <= best + noise]
    return 0.5 * (max(inside) - min(inside))


def _slope(
    x: Floats, y: Floats, level_of: NDArray[np.intp], rows: NDArray[np.bool_]
) -> tuple[float, float]:
    """Slope and its deviation of some discharges; nan without two currents and an error."""
    x, y, levels = x[rows], y[rows], np.unique(level_of[rows])
    if levels.size < 2 or x.size < 3:
        return float("nan"), float("nan")
    slope, offset = np.polyfit(x, y, 1)
    left = y - slope * x - offset
    error = np.sqrt(np.sum(left**2) / (x.size - 2) / np.sum((x - x.mean()) ** 2))
    return float(slope), float(error)


def _warnings(
    slopes: tuple[tuple[float, float], tuple[float, float]], *, reached: bool
) -> tuple[str, ...]:
    warnings = []
    expected = (CAPACITY_LIMITED, DIFFUSION_LIMITED) if reached else (CAPACITY_LIMITED,)
    for (slope, error), ideal in zip(slopes, expected, strict=False):
        if np.isfinite(error) and abs(slope - ideal) > max(0.2, 3.0 * error):
            warnings.append(f"the slope is {slope:.2f} where {ideal:g} is expected")
    return tuple(warnings)
