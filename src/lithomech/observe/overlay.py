"""A measured and a simulated series of the same test, half cycle by half cycle."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.half_cycles import HalfCycle, half_cycles
from lithomech.observe.inputs import Series, series_of
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

POINTS: Final = 200  # of charge at which the two are compared
PRESSURE: Final = "Surface Pressure / Pa"
UNLIKE: Final = 1.5  # ratio of capacities from which the cells hardly are the same
FEWEST: Final = 8  # rows


class Pair(NamedTuple):
    """One half cycle of both.

    Attributes:
        is_charge: whether current flows in the charging direction.
        cycle: number of the measured cycle.
        capacity: measured and simulated [C].
        voltage: root mean square of simulated less measured at the same charge [V].
        pressure: of the change of the stack pressure [Pa]; nan where it is not known.
        pressure_change: measured and simulated [Pa].
    """

    is_charge: bool
    cycle: int
    capacity: tuple[float, float]
    voltage: float
    pressure: float
    pressure_change: tuple[float, float]


@final
@dataclass(frozen=True)
class Overlay(AbstractAnalysis):
    """Differences of a simulation from a measurement.

    Attributes:
        pairs: half cycles in order.
        measured: series.
        simulated: series.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    pairs: tuple[Pair, ...]
    measured: TimeSeries = field(repr=False)
    simulated: TimeSeries = field(repr=False)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Root mean squares over all half cycles."""
        ratio = [p.capacity[1] / p.capacity[0] - 1.0 for p in self.pairs]
        quantities = [
            Quantity(
                "Voltage, simulated less measured",
                1e3 * _rms(p.voltage for p in self.pairs),
                "mV",
                note="root mean square",
            ),
            Quantity(
                "Capacity, simulated over measured",
                100.0 * float(np.mean(ratio)),
                "%",
                note="mean difference",
            ),
        ]
        if any(np.isfinite(p.pressure) for p in self.pairs):
            pressure = _rms(p.pressure for p in self.pairs if np.isfinite(p.pressure))
            quantities.append(
                Quantity(
                    "Change of the stack pressure",
                    pressure / 1e3,
                    "kPa",
                    note="root mean square difference",
                )
            )
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per half cycle."""
        return {
            "half cycles": {
                "Cycle Count / 1": np.array([p.cycle for p in self.pairs]),
                "charge": np.array([p.is_charge for p in self.pairs]),
                "measured capacity / C": np.array([p.capacity[0] for p in self.pairs]),
                "simulated capacity / C": np.array([p.capacity[1] for p in self.pairs]),
                "voltage difference / V": np.array([p.voltage for p in self.pairs]),
                "pressure difference / Pa": np.array([p.pressure for p in self.pairs]),
                "measured pressure change / Pa": np.array(
                    [p.pressure_change[0] for p in self.pairs]
                ),
                "simulated pressure change / Pa": np.array(
                    [p.pressure_change[1] for p in self.pairs]
                ),
            }
        }

    def plot(self) -> "Figure":
        """Draw voltage and pressure of both over the charge."""
        from lithomech.plot.overlay import both  # noqa: PLC0415  the upward reference

        return both(self)


def overlay(measured: Series, simulated: Series) -> Overlay:
    """Compare the half cycles of a measurement and of a simulation in their order.

    Args:
        measured: time, current, voltage; stack pressure if there is one. Or a file of them.
        simulated: the same, of the same cell under the same protocol.

    Raises:
        InputError: one of them has no half cycle, or they begin in different directions.

    Examples:
        >>> import lithomech as lm
        >>> measured = lm.read_series("measured/cycles.csv")
        >>> lm.overlay(measured, measured).status
        'completed'
    """
    measured, simulated = series_of(measured), series_of(simulated)
    ours, theirs = _halves(simulated), _halves(measured)
    if not ours or not theirs:
        which = "measured" if not theirs else "simulated"
        raise InputError(f"the {which} series has no charge and no discharge")
    if ours[0].is_charge != theirs[0].is_charge:
        words = [("discharge", "charge")[h.is_charge] for h in (theirs[0], ours[0])]
        raise InputError(
            f"the measurement begins with a {words[0]}, the simulation with a {words[1]}"
        )
    pairs = tuple(
        _pair(measured, one, simulated, other) for one, other in zip(theirs, ours, strict=False)
    )
    warnings = list(measured.notes)
    if len(ours) != len(theirs):
        warnings.append(f"{len(theirs)} measured half cycles, {len(ours)} simulated")
    ratio = pairs[0].capacity[1] / pairs[0].capacity[0]
    if not 1.0 / UNLIKE < ratio < UNLIKE:
        warnings.append(
            f"the simulated capacity is {ratio:.2g} times the measured one: are area and mass "
            "the same?"
        )
    return Overlay(
        COMPLETED,
        f"{len(pairs)} half cycles compared",
        tuple(warnings),
        pairs,
        measured,
        simulated,
    )


def passed(half: HalfCycle) -> Floats:
    """Charge passed since the start of a half cycle [C]."""
    return np.abs(half.charge - half.charge[0])


def _halves(series: TimeSeries) -> list[HalfCycle]:
    return [half for half in half_cycles(series) if half.rows.size >= FEWEST]


def _pair(
    measured: TimeSeries, one: HalfCycle, simulated: TimeSeries, other: HalfCycle
) -> Pair:
    theirs, ours = passed(one), passed(other)
    at = np.linspace(0.0, min(theirs[-1], ours[-1]), POINTS)

    def difference(name: str, *, change: bool) -> tuple[float, tuple[float, float]]:
        if name not in measured.columns or name not in simulated.columns:
            return float("nan"), (float("nan"), float("nan"))
        a, b = measured.columns[name][one.rows], simulated.columns[name][other.rows]
        if change:
            a, b = a - a[0], b - b[0]
        left = np.interp(at, ours, b) - np.interp(at, theirs, a)
        return float(np.sqrt(np.mean(left**2))), (float(a[-1] - a[0]), float(b[-1] - b[0]))

    voltage, _ = difference("Voltage / V", change=False)
    pressure, changes = difference(PRESSURE, change=True)
    capacity = (float(theirs[-1]), float(ours[-1]))
    return Pair(one.is_charge, one.cycle, capacity, voltage, pressure, changes)


def _rms(values: Any) -> float:  # noqa: ANN401  numbers one by one
    return float(np.sqrt(np.mean(np.square(list(values)))))
