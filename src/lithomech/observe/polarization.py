"""Partial conductivities of a composite from held voltages, and its tortuosity factors.

Between electrodes that block electrons only ions flow in the end, and the other way round.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import expected, made_of, quantity_of
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.inputs import Series, series_of
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

LAST: Final = 0.2  # of a hold: what is read
STEADY: Final = 0.02  # change of the current over that part
FEWEST: Final = 10  # rows of a hold
SAME_VOLTAGE: Final = 1e-3  # V between rows of one hold
CURVED: Final = 0.05  # deviation from a straight line through all holds


class Hold(NamedTuple):
    """A held voltage.

    Attributes:
        start: time [s].
        end: time [s].
        voltage: [V].
        current: in the end [A].
        noise: one standard deviation of it [A].
        moving: change of the current over the part that is read, over the current.
        steady: whether that is little.
    """

    start: float
    end: float
    voltage: float
    current: float
    noise: float
    moving: float
    steady: bool


_UNITS: Final = {
    "area": "m^2",
    "thickness": "m",
    "separators": "ohm",
    "bulk": "S/m",
    "share": "dimensionless",
}


class Sample(NamedTuple):
    """What was between the electrodes.

    Attributes:
        area: [m^2].
        thickness: of the composite [m].
        separators: resistance of all that is in series with it [ohm].
        bulk: conductivity of the phase that conducts, dense and alone [S/m].
        share: volume of that phase over the volume of all, pores included.
        errors: relative standard deviations of thickness, bulk and share.
    """

    area: float
    thickness: float
    separators: float = 0.0
    bulk: float = math.nan
    share: float = math.nan
    errors: tuple[float, float, float] = (0.0, 0.0, 0.0)


@final
@dataclass(frozen=True)
class Polarization(AbstractAnalysis):
    """A conductivity and what follows from it.

    Attributes:
        sample: that was measured.
        holds: every held voltage.
        resistance: slope of voltage over current [ohm].
        resistance_deviation: its standard deviation [ohm].
        offset: voltage at no current [V].
        series: that was read.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    sample: Sample
    holds: tuple[Hold, ...]
    resistance: float
    resistance_deviation: float
    offset: float
    series: TimeSeries = field(repr=False)

    @property
    def conductivity(self) -> tuple[float, float]:
        """Effective conductivity of the composite and its standard deviation [S/m]."""
        left = self.resistance - self.sample.separators
        if not left > 0.0:
            return math.nan, math.nan
        value = self.sample.thickness / (self.sample.area * left)
        return value, value * math.hypot(
            self.resistance_deviation / left, self.sample.errors[0]
        )

    @property
    def tortuosity_factor(self) -> tuple[float, float]:
        """sigma_0 phi/sigma and its standard deviation; nan without bulk value or share."""
        sigma, error = self.conductivity
        value = self.sample.bulk * self.sample.share / sigma
        return value, value * math.hypot(error / sigma, *self.sample.errors[1:])

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Resistance, conductivity and tortuosity factor."""
        sigma, error = self.conductivity
        tau2, spread = self.tortuosity_factor
        quantities = [
            Quantity("Resistance", self.resistance, "ohm", self.resistance_deviation),
            Quantity("In series", self.sample.separators, "ohm"),
            Quantity("Effective conductivity", 1e-2 * sigma, "S/cm", 1e-2 * error),
            Quantity(
                "Tortuosity factor", tau2, "", spread, "bulk conductivity x share / effective"
            ),
            Quantity("Voltage at no current", 1e3 * self.offset, "mV"),
        ]
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per hold."""
        return {
            "holds": {
                "Test Time / s": np.array([h.start for h in self.holds]),
                "Voltage / V": np.array([h.voltage for h in self.holds]),
                "Current / A": np.array([h.current for h in self.holds]),
                "deviation / A": np.array([h.noise for h in self.holds]),
                "moving": np.array([h.moving for h in self.holds]),
                "steady": np.array([h.steady for h in self.holds]),
            }
        }

    def plot(self) -> "Figure":
        """Draw currents over time and voltage over current."""
        from lithomech.plot.polarization import holds  # noqa: PLC0415  the upward reference

        return holds(self)


def _sample_of(value: object) -> Sample:
    """A sample whose numbers are SI; a dict of them, or text with units, becomes one."""
    if isinstance(value, Mapping):
        value = made_of(Sample, Sample._fields, value)
    if not isinstance(value, Sample):
        raise expected("a Sample, or a dict of its fields", value, "sample")
    numbers = {
        name: quantity_of(getattr(value, name), unit, f"sample.{name}")
        for name, unit in _UNITS.items()
    }
    return value._replace(**numbers)


def polarization(series: Series, sample: Sample | Mapping[str, Any]) -> Polarization:
    """Read the resistance of held voltages, and what it says of the composite.

    A hold whose current still falls is left out if others are steady; if none is, the status
    says so and the numbers are upper bounds of the conductivity.

    Args:
        series: time, voltage and current; or a file of them.
        sample: what was measured; numbers in SI or text such as "100 um", a dict too.

    Raises:
        InputError: no hold, or a sample that cannot be.

    References:
        Minnmann2021, Song2021 (cells that block one carrier).

    Examples:
        >>> import lithomech as lm
        >>> sample = {"area": "0.785 cm2", "thickness": "100 um"}
        >>> lm.polarization("measured/polarization.csv", sample).status
        'completed'
    """
    series, sample = series_of(series), _sample_of(sample)
    if not (sample.area > 0.0 and sample.thickness > 0.0 and sample.separators >= 0.0):
        raise InputError("area and thickness have to be above nil, what is in series not below")
    holds = _holds(series)
    if not holds:
        raise InputError(f"no voltage was held for {FEWEST} rows with a current")
    steady = [hold for hold in holds if hold.steady]
    used = steady or holds
    resistance, error, offset, curved = _line(used)
    warnings = list(series.notes)
    if len(steady) < len(holds):
        warnings.append(f"{len(holds) - len(steady)} of {len(holds)} holds are not steady")
    if curved > CURVED:
        warnings.append(f"voltage over current is not straight: {100 * curved:.2g} % off")
    if len(used) < 3:
        warnings.append(f"{len(used)} voltages: whether the line is straight cannot be seen")
    status, reason = COMPLETED, f"{len(used)} of {len(holds)} holds are steady"
    if not steady:
        status, reason = (
            "not converged",
            "no current became steady; the conductivity is too high",
        )
    if resistance <= sample.separators:
        status = "infeasible"
        comparison = (
            f"{sample.separators:.4g} ohm in series are more than the {resistance:.4g} ohm"
        )
        reason = f"{comparison} measured"
    return Polarization(
        status, reason, tuple(warnings), sample, tuple(holds), resistance, error, offset, series
    )


def implied_solid_fraction(
    tau2: Floats, sigma: Floats, bulk: float, share_of_solid: float
) -> Floats:
    """Solid fraction that a printed tortuosity factor and conductivity imply.

    tau2 = sigma_0 phi/sigma with phi = share of the solids x solid fraction.

    Args:
        tau2: tortuosity factors.
        sigma: effective conductivities [S/m].
        bulk: conductivity of the phase [S/m].
        share_of_solid: volume of the phase over that of all solids.
    """
    return np.asarray(tau2) * np.asarray(sigma) / (bulk * share_of_solid)


def _holds(series: TimeSeries) -> list[Hold]:
    voltage, current, time = series.voltage, series.current, series.time
    good = np.isfinite(voltage) & np.isfinite(current)
    voltage, current, time = voltage[good], current[good], time[good]
    if not voltage.size:
        return []
    jump = np.abs(np.diff(voltage)) > SAME_VOLTAGE
    holds = []
    for rows in np.split(np.arange(voltage.size), np.flatnonzero(jump) + 1):
        if rows.size < FEWEST or time[rows[-1]] <= time[rows[0]]:
            continue
        late = rows[time[rows] >= time[rows[-1]] - LAST * (time[rows[-1]] - time[rows[0]])]
        if late.size < 3 or not np.any(current[late]):
            continue
        slope, end = np.polyfit(time[late] - time[late[-1]], current[late], 1)
        moved = abs(slope) * (time[late[-1]] - time[late[0]])
        mean = float(np.mean(current[late]))
        noise = float(np.std(current[late] - slope * (time[late] - time[late[-1]]) - end))
        moving = moved / abs(mean) if mean else math.inf
        steady = moving < STEADY or moved < 2.0 * noise
        deviation = math.hypot(noise / math.sqrt(late.size), moved / math.sqrt(12.0))
        holds.append(
            Hold(
                float(time[rows[0]]),
                float(time[rows[-1]]),
                float(np.mean(voltage[rows])),
                mean,
                deviation,
                moving,
                bool(steady),
            )
        )
    return holds


def _line(holds: list[Hold]) -> tuple[float, float, float, float]:
    """Slope of voltage over current with its deviation, offset, and how curved it is."""
    u, i = np.array([h.voltage for h in holds]), np.array([h.current for h in holds])
    noise = np.array([h.noise for h in holds])
    if len(holds) == 1 or np.ptp(i) == 0.0:
        resistance = float(np.mean(u) / np.mean(i))
        return resistance, abs(resistance * float(noise[0] / i[0])), 0.0, 0.0
    slope, offset = np.polyfit(u, i, 1)  # the voltage is exact, the current is not
    left = i - slope * u - offset
    spread = np.sum((u - u.mean()) ** 2)
    scatter = np.sum(left**2) / (u.size - 2) if u.size > 2 else 0.0
    error = math.sqrt(max(scatter, float(np.mean(noise**2))) / spread)
    curved = float(np.abs(left).max() / max(np.ptp(i), 1e-300))
    return 1.0 / float(slope), error / float(slope) ** 2, -float(offset) / float(slope), curved
