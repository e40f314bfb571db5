"""Apparent diffusivity from current pulses with rests (GITT).

Two readings of the same pulse: the square-root law of a half-infinite solid, and the whole
curve of a sphere. Where they differ the pulse was too long for the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import quantity_of
from lithomech.numerics.sphere_diffusion import surface_rise
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.inputs import Series, series_of
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FEWEST: Final = 8  # rows of a pulse
ON: Final = 2e-3  # of the largest current
SKIPPED: Final = 0.02  # of the pulse: contacts and double layers answer first
ROOT_END: Final = 0.5  # of the pulse: up to here the square-root law is fitted
SMALLEST: Final = 2e-4  # V; a relaxed step below it is noise
STILL_MOVING: Final = 0.01  # of the relaxed step, in the last tenth of the rest
VAGUE: Final = 0.5  # relative deviation above which a diffusivity is not determined
SHORT: Final = 0.02  # D t/R^2 up to which the law of a half-infinite solid holds within 15 %
STRAIGHT: Final = 0.98  # coefficient of determination
BENT: Final = 0.5  # change of dE/dx from pulse to pulse
GRID, ZOOMS = 31, 5  # values tried at once, and how often the best two neighbours are parted
FASTEST, SLOWEST = 30.0, 1e-7  # D t/R^2 of a pulse that a fit may find


class Pulse(NamedTuple):
    """One pulse with its rest.

    Attributes:
        time: its start [s].
        voltage: relaxed voltage in the middle between before and after [V].
        charge: passed [C].
        step: change of the relaxed voltage [V].
        jump: voltage change that does not come from diffusion in the particles [V].
        root: D_app by the square-root law [m^2/s]; nan where it cannot be read.
        sphere: D_app of a whole sphere [m^2/s]; nan where it cannot be read.
        deviation: one standard deviation of the latter over itself.
        half_infinite: whether the pulse was short enough for the square-root law, and straight
            over the root of time.
        doubts: what speaks against the sphere; empty if nothing does.
    """

    time: float
    voltage: float
    charge: float
    step: float
    jump: float
    root: float
    sphere: float
    deviation: float
    half_infinite: bool
    doubts: tuple[str, ...]


@final
@dataclass(frozen=True)
class Gitt(AbstractAnalysis):
    """Diffusivities over the voltage.

    Attributes:
        pulses: in order of time.
        radius: of the particles [m].
        name: of the measurement.
        fitted: time and voltage of each pulse, and that of the sphere.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    pulses: tuple[Pulse, ...]
    radius: float
    name: str = "measurement"
    fitted: tuple[tuple[Floats, Floats, Floats], ...] = field(default=(), repr=False)

    def column(self, name: str) -> Floats:
        """A quantity of all pulses.

        Args:
            name: of a field of `Pulse` that is a number.
        """
        return np.array([getattr(pulse, name) for pulse in self.pulses], np.float64)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Medians, and the range."""
        sphere, root = self.column("sphere"), self.column("root")
        short = sum(pulse.half_infinite for pulse in self.pulses)
        law = f"holds in {short} of {len(self.pulses)} pulses"
        trusted = int(sum(not pulse.doubts for pulse in self.pulses))
        quantities = [
            Quantity("Pulses", float(len(self.pulses)), "", note=f"{trusted} without doubt"),
            Quantity("Median apparent diffusivity, sphere", _median(sphere), "m^2/s"),
            Quantity("Median by the square-root law", _median(root), "m^2/s", note=law),
            Quantity("Lowest, sphere", _end(np.nanmin, sphere), "m^2/s"),
            Quantity("Highest, sphere", _end(np.nanmax, sphere), "m^2/s"),
        ]
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per pulse."""
        return {
            "pulses": {
                "Test Time / s": self.column("time"),
                "Voltage / V": self.column("voltage"),
                "charge / C": self.column("charge"),
                "relaxed step / V": self.column("step"),
                "jump / V": self.column("jump"),
                "D_app of a sphere / m^2 s^-1": self.column("sphere"),
                "relative deviation": self.column("deviation"),
                "D_app by the square-root law / m^2 s^-1": self.column("root"),
                "square-root law holds": np.array([p.half_infinite for p in self.pulses]),
                "doubts": np.array(["; ".join(pulse.doubts) for pulse in self.pulses]),
            }
        }

    def plot(self) -> "Figure":
        """Draw diffusivities over voltage."""
        from lithomech.plot.gitt import diffusivities  # noqa: PLC0415  the upward reference

        return diffusivities((self,))


def gitt(series: Series, radius: float | str, name: str = "") -> Gitt:
    """Read the apparent diffusivity from every pulse.

    Args:
        series: time, current and voltage; or a file of them.
        radius: of the particles: a number in metres, or text such as "2 um".
        name: of the measurement; that of the series if not given.

    Raises:
        InputError: there is no pulse with a rest before and after it.

    References:
        WeppnerHuggins1977 (square-root law).

    Examples:
        >>> import lithomech as lm
        >>> lm.gitt("measured/gitt_solid.csv", "2 um").status
        'completed'
    """
    series, radius = series_of(series), quantity_of(radius, "m", "radius")
    if not radius > 0.0:
        raise InputError(f"{radius:g} m is no radius; allowed: above 0 m")
    places = _pulses(series)
    if not places:
        raise InputError("there is no current pulse with a rest before and after it")
    pulses, curves = [], []
    for begin, end, rest in places:
        pulse, curve = _read(series, begin, end, rest, radius)
        pulses.append(pulse)
        curves.append(curve)
    pulses = _steady(pulses)
    good = sum(np.isfinite(pulse.sphere) for pulse in pulses)
    doubts = sorted({doubt for pulse in pulses for doubt in pulse.doubts})
    warnings = list(series.notes)
    for doubt in doubts:
        count = sum(doubt in pulse.doubts for pulse in pulses)
        warnings.append(f"{doubt}: {count} of {len(pulses)} pulses")
    long = sum(not pulse.half_infinite for pulse in pulses)
    if long:
        warnings.append(f"too long for the square-root law: {long} of {len(pulses)} pulses")
    status = COMPLETED if good else "not converged"
    reason = f"{good} of {len(pulses)} pulses gave a diffusivity"
    title = name or series.metadata.get("name", "measurement")
    return Gitt(status, reason, tuple(warnings), tuple(pulses), radius, title, tuple(curves))


class Comparison(NamedTuple):
    """Two cells with the same particles at the same voltages.

    Attributes:
        voltage: [V], shape (n,).
        ratio: D_app of the first over that of the second.
        area: contact area of the first over that of the second, if only that differs: the
            square root of the ratio.
    """

    voltage: Floats
    ratio: Floats
    area: Floats


def compare(first: Gitt, second: Gitt) -> Comparison:
    """Compare a cell with liquid and one with solid electrolyte.

    Raises:
        InputError: their voltages do not overlap.

    References:
        Ruess2020 (the difference is that of the area that takes part).
    """
    sides = []
    for one in (first, second):
        good = np.isfinite(one.column("sphere"))
        order = np.argsort(one.column("voltage")[good])
        sides.append(
            (one.column("voltage")[good][order], np.log(one.column("sphere")[good][order]))
        )
    (v, d), (w, e) = sides
    if not v.size or not w.size or v[0] > w[-1] or w[0] > v[-1]:
        raise InputError("the two measurements have no voltage in common")
    at = v[(v >= w[0]) & (v <= w[-1])]
    if not at.size:
        at = np.array([0.5 * (max(v[0], w[0]) + min(v[-1], w[-1]))])
    ratio = np.exp(np.interp(at, v, d) - np.interp(at, w, e))
    return Comparison(at, ratio, np.sqrt(ratio))


def _pulses(series: TimeSeries) -> list[tuple[int, int, int]]:
    """First row, last row, and last row of the rest after it, of each pulse."""
    current = series.current
    if not current.size or not np.any(np.isfinite(current)):
        return []
    on = np.abs(current) > ON * np.nanmax(np.abs(current))
    edges = np.flatnonzero(np.diff(on.astype(np.int8)))
    begins = edges[~on[edges]] + 1
    pulses = []
    for begin in begins:
        after = np.flatnonzero(~on[begin:])
        if not after.size or begin == 0:
            continue
        end = begin + int(after[0]) - 1
        onward = np.flatnonzero(on[end + 1 :])
        rest = end + int(onward[0]) if onward.size else len(series) - 1
        before = begin - 1
        if end - before >= FEWEST and rest > end + 2:
            pulses.append((int(before), end, rest))
    return pulses


def _read(
    series: TimeSeries, begin: int, end: int, rest: int, radius: float
) -> tuple[Pulse, tuple[Floats, Floats, Floats]]:
    """One pulse: rows begin (at rest) to end, relaxed at row rest."""
    start = _start(series.time, begin)
    time, volt = series.time[begin + 1 : end + 1] - start, series.voltage[begin + 1 : end + 1]
    before, after = _level(series, begin), _level(series, rest)
    step, length = after - before, float(time[-1])
    current = series.current[begin + 1 : end + 1]
    charge = float(np.trapezoid(current, time) + current[0] * time[0])
    doubts = _relaxed(series, end, rest, step)
    on = (time > SKIPPED * length) & np.isfinite(volt)
    nan = float("nan")
    curve = (time[on] + start, volt[on], np.full(int(on.sum()), nan))
    place = (start, 0.5 * (before + after), charge, step)
    if abs(step) < SMALLEST or on.sum() < FEWEST:
        doubts.append("no change of the relaxed voltage")
        return Pulse(*place, nan, nan, nan, nan, False, tuple(doubts)), curve
    root, straight = _square_root(time[on], volt[on], step, length, radius)
    sphere, jump, deviation, fit = _sphere(time[on], volt[on] - before, step, length, radius)
    if not np.isfinite(sphere):
        doubts.append("no sphere fits the pulse")
    elif deviation > VAGUE:
        doubts.append("too long to determine the diffusivity")
    half_infinite = bool(sphere * length / radius**2 <= SHORT and straight >= STRAIGHT)
    pulse = Pulse(*place, jump, root, sphere, deviation, half_infinite, tuple(doubts))
    return pulse, (curve[0], curve[1], before + fit)


def _level(series: TimeSeries, row: int) -> float:
    """Voltage at the end of a rest: of a straight line through its last rows, against noise."""
    time, volt = series.time[: row + 1], series.voltage[: row + 1]
    moving = np.flatnonzero(
        np.abs(series.current[: row + 1]) > ON * np.abs(series.current).max()
    )
    first = int(moving[-1]) + 1 if moving.size else 0
    late = first + np.flatnonzero(time[first:] >= time[row] - 0.1 * (time[row] - time[first]))
    if late.size < 5 or not time[late[-1]] > time[late[0]]:
        return float(volt[row])
    return float(np.polyfit(time[late] - time[row], volt[late], 1)[1])


def _start(time: Floats, rest: int) -> float:
    """When the current came on: at most one interval before the first row that has it."""
    first, second = float(time[rest + 1]), float(time[rest + 2])
    return first - min(first - float(time[rest]), second - first)


def _relaxed(series: TimeSeries, end: int, rest: int, step: float) -> list[str]:
    """Whether the voltage still moves when the next pulse begins."""
    time, volt = series.time[end : rest + 1], series.voltage[end : rest + 1]
    late = time >= time[-1] - 0.1 * (time[-1] - time[0])
    if late.sum() < 3 or np.ptp(time[late]) <= 0.0:
        return []
    moved = np.polyfit(time[late] - time[-1], volt[late], 1)[0] * 0.1 * (time[-1] - time[0])
    return (
        ["not at rest before the next pulse"] if abs(moved) > STILL_MOVING * abs(step) else []
    )


def _square_root(
    time: Floats, volt: Floats, step: float, length: float, radius: float
) -> tuple[float, float]:
    """D = 4 R^2/(9 pi) (step/length / (dE/d sqrt t))^2, and how straight the line is."""
    early = time <= ROOT_END * length
    if early.sum() < 4:
        return float("nan"), 0.0
    root = np.sqrt(time[early])
    slope, offset = np.polyfit(root, volt[early], 1)
    left = volt[early] - slope * root - offset
    spread = float(np.sum((volt[early] - volt[early].mean()) ** 2))
    straight = 1.0 - float(np.sum(left**2)) / spread if spread > 0.0 else 0.0
    if slope * step <= 0.0:
        return float("nan"), straight
    return 4.0 * radius**2 / (9.0 * np.pi) * (step / length / slope) ** 2, straight


def _sphere(
    time: Floats, rise: Floats, step: float, length: float, radius: float
) -> tuple[float, float, float, Floats]:
    """D, jump, relative deviation and fitted rise.

    rise = jump + step f(D t/R^2)/(3 D length/R^2) with f of `surface_rise`.
    """

    def shape(log: float) -> Floats:
        rate = np.exp(log) / length  # D/R^2
        return step * surface_rise(rate * time) / (3.0 * rate * length)

    def misfit(log: float) -> float:
        left = rise - shape(log)
        return float(np.sum((left - left.mean()) ** 2))

    grid = np.linspace(np.log(SLOWEST), np.log(FASTEST), GRID)
    at = int(np.argmin([misfit(x) for x in grid]))
    if at in {0, GRID - 1}:
        return float("nan"), float("nan"), float("nan"), np.full(time.size, np.nan)
    for _ in range(ZOOMS):
        grid = np.linspace(grid[max(at - 1, 0)], grid[min(at + 1, GRID - 1)], GRID)
        at = int(np.argmin([misfit(x) for x in grid]))
    log = float(grid[at])
    fit = shape(log)
    jump = float(np.mean(rise - fit))
    h = 1e-3
    slope = (shape(log + h) - shape(log - h)) / (2.0 * h)
    slope = slope - slope.mean()
    noise = misfit(log) / max(time.size - 2, 1)
    size = max(float(np.sum(slope**2)), 1e-300)
    # the relaxed step has an error too: that of two levels of a few rows each
    by_step = float(np.sum(slope * (fit - fit.mean()))) / size * np.sqrt(noise) / abs(step)
    deviation = float(np.hypot(np.sqrt(noise / size), by_step))
    return float(np.exp(log)) * radius**2 / length, jump, deviation, fit + jump


def _steady(pulses: Sequence[Pulse]) -> list[Pulse]:
    """Doubt pulses where dE/dx changes much from one to the next."""
    out = []
    for k, pulse in enumerate(pulses):
        beside = [p for p in pulses[max(k - 1, 0) : k + 2] if p.charge * pulse.charge > 0.0]
        slopes = [p.step / p.charge for p in beside if p.charge]
        here = pulse.step / pulse.charge if pulse.charge else 0.0
        bent = any(abs(s - here) > BENT * abs(here) for s in slopes)
        more = ("the slope of the relaxed voltage changes",) if bent else ()
        out.append(pulse._replace(doubts=(*pulse.doubts, *more)))
    return out


def _median(values: Floats) -> float:
    return _end(np.nanmedian, values)


def _end(of: Any, values: Floats) -> float:  # noqa: ANN401  a function of numpy
    return float(of(values)) if np.isfinite(values).any() else float("nan")
