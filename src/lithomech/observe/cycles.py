"""Capacity, efficiency, mean voltage and stack pressure of every cycle of a series.

The same numbers, under the same keys, as a simulated result has for its cycles.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import maybe
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.cycle_numbers import Numbering, numbering
from lithomech.observe.cycle_sums import (
    BOTH,
    MAH,
    Rows,
    Scale,
    columns_of,
    rows_of,
    without_gaps,
)
from lithomech.observe.differential_capacity import (
    chosen_window,
    differential_capacity,
    until_limit,
)
from lithomech.observe.inputs import series_of
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

MOST_POINTS: Final = 200  # of the voltage curve of a half cycle that are kept
FEWEST: Final = 4  # rows of a half cycle that has a curve
TREND: Final = 3  # cycles that a trend with an error needs
OVER: Final = {False: "discharge over charge", True: "charge over discharge"}
MEANS: Final = (  # key, words, unit, scale
    ("coulombic_efficiency", "Coulombic efficiency", "%", 100.0),
    ("energy_efficiency", "Energy efficiency", "%", 100.0),
    ("mean_charge_voltage_V", "Mean voltage of charge", "V", 1.0),
    ("mean_discharge_voltage_V", "Mean voltage of discharge", "V", 1.0),
    ("stack_pressure_swing_MPa", "Pressure swing", "kPa", 1e3),
)


class SimulatedCell(Protocol):
    """A result of a simulated cell."""

    @property
    def series(self) -> TimeSeries:
        """Its traces over time."""
        ...

    @property
    def resolved(self) -> dict[str, Any]:
        """What its input was resolved to: area_m2 and active_mass_kg among others."""
        ...


class HalfCurve(NamedTuple):
    """Voltage of one charge or discharge over the charge that passed, and its dQ/dV.

    Attributes:
        cycle: number of the cycle.
        is_charge: whether the cell is charged by it.
        charge: passed since its first row [C], shape (n,).
        voltage: [V], shape (n,).
        middle: voltages [V] at which dQ/dV is known, increasing, shape (m,).
        slope: dQ/dV [C/V], positive in both directions, shape (m,).
    """

    cycle: int
    is_charge: bool
    charge: Floats
    voltage: Floats
    middle: Floats
    slope: Floats


@final
@dataclass(frozen=True)
class Cycles(AbstractAnalysis):
    """What each cycle of a series passes, and at what voltage and pressure.

    Attributes:
        columns: one value per cycle by the keys of the cycles of a result, such as
            ``discharge_capacity_mAh``; nan where a cycle has none. ``halves`` is in words.
        curves: voltage and dQ/dV of each charge and discharge, in the order of time.
        window: width over which dQ/dV is a mean [V].
        discharge_first: whether efficiencies are charge over discharge.
        name: of the measurement.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    columns: dict[str, NDArray[Any]]
    curves: tuple[HalfCurve, ...] = field(repr=False)
    window: float
    discharge_first: bool = False
    name: str = "measurement"

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Whether a cycle has its charge and its discharge, shape (cycles,)."""
        return np.asarray(self.columns["halves"] == BOTH)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """First and last capacity, efficiencies, voltages, and the pressure."""
        whole = np.flatnonzero(self.complete)
        quantities = [Quantity("Complete cycles", float(whole.size), "")]
        if whole.size:
            number = self.columns["cycle"][whole]
            capacity = self.columns["discharge_capacity_mAh"][whole]
            quantities += [
                Quantity(f"Discharge capacity, cycle {number[n]}", float(capacity[n]), "mAh")
                for n in dict.fromkeys((0, whole.size - 1))
            ]
            if whole.size > 1:
                kept = 100.0 * float(capacity[-1] / capacity[0])
                note = f"cycle {number[-1]} over {number[0]}, whatever their currents"
                quantities.append(Quantity("Capacity kept", kept, "%", note=note))
            quantities += self._means(whole)
        if self.window > 0.0:
            note = "of voltage, over which each dQ/dV is a mean"
            quantities.append(Quantity("Window of dQ/dV", 1e3 * self.window, "mV", note=note))
        return tuple(quantities)

    def _means(self, whole: NDArray[np.intp]) -> list[Quantity]:
        """Means over the complete cycles after the first, their scatter, and the drift."""
        later = whole[1:] if whole.size > 1 else whole
        over = f"mean of {later.size} after the first" if whole.size > 1 else "of one cycle"
        quantities = []
        for key, words, unit, scale in MEANS:
            if key in self.columns:
                values = scale * self.columns[key][later]
                spread = float(np.std(values, ddof=1)) if values.size > 1 else math.nan
                way = f"{OVER[self.discharge_first]}, " if "efficiency" in key else ""
                way = "end of charge less start, " if "pressure" in key else way
                mean = float(np.mean(values))
                quantities.append(Quantity(words, mean, unit, spread, way + over))
        if "stack_pressure_start_MPa" in self.columns and whole.size >= TREND:
            start = 1e3 * self.columns["stack_pressure_start_MPa"][whole]
            slope, error = _trend(self.columns["cycle"][whole].astype(np.float64), start)
            note = "line through the pressures at the start of the complete cycles"
            quantities.append(Quantity("Pressure drift", slope, "kPa per cycle", error, note))
        return quantities

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per cycle; the voltage curves; dQ/dV."""
        curves = [c for c in self.curves if c.charge.size]
        slopes = [c for c in self.curves if c.middle.size]
        tables = {"cycles": self.columns}
        if curves:
            tables["voltage curves"] = _labels(curves, [c.charge.size for c in curves]) | {
                "capacity / mAh": np.concatenate([c.charge for c in curves]) / MAH,
                "Voltage / V": np.concatenate([c.voltage for c in curves]),
            }
        if slopes:
            tables["dQ/dV"] = _labels(slopes, [c.middle.size for c in slopes]) | {
                "Voltage / V": np.concatenate([c.middle for c in slopes]),
                "dQ/dV / mAh/V": np.concatenate([c.slope for c in slopes]) / MAH,
            }
        return tables

    def plot(self) -> "Figure":
        """Draw voltage curves, dQ/dV, capacities, efficiencies and pressures."""
        from lithomech.plot.cycles import overview  # noqa: PLC0415  the one upward reference

        return overview(self)


def _simulated(measured: object) -> SimulatedCell | None:
    """The result of a run, where it is one."""
    return (
        cast("SimulatedCell", measured)
        if isinstance(getattr(measured, "resolved", None), dict)
        else None
    )


def cycles(
    measured: TimeSeries | SimulatedCell | str | Path,
    mass: float | str | None = None,
    area: float | str | None = None,
    window: float | str | None = None,
    *,
    discharge_first: bool = False,
) -> Cycles:
    """Return capacities, efficiencies, mean voltages and pressures of every cycle.

    The cycle column of a measured file counts unless it contradicts the current; without one
    a cycle is a charge with the discharge after it. A result has its own cycles, mass and area.

    Args:
        measured: a series with time, current and voltage, a result, or a file.
        mass: of the active material [kg] or as text, for capacities per gram.
        area: of the electrode [m^2] or as text, for capacities per area.
        window: of dQ/dV [V] or as text; chosen from the data if None.
        discharge_first: whether a cycle begins with its discharge, and efficiencies are charge
            over discharge.

    Raises:
        InputError: a column is missing, no current flows, or an argument is not above 0.

    Examples:
        >>> import lithomech as lm
        >>> analysis = lm.cycles("measured/cycles.csv", mass="12 mg")
        >>> "discharge_capacity_mAh_per_g" in analysis.columns
        True
    """
    active, surface = maybe(mass, "kg", "mass"), maybe(area, "m^2", "area")
    width = maybe(window, "V", "window")
    for value, words in ((active, "mass"), (surface, "area"), (width, "window")):
        if value is not None and not (math.isfinite(value) and value > 0.0):
            raise InputError(f"the {words} must be above 0, got {value:g}")
    simulated = _simulated(measured)
    if simulated is None:
        series = series_of(measured)
    else:
        series = simulated.series
        active = active or simulated.resolved.get("active_mass_kg") or None
        surface = surface or simulated.resolved.get("area_m2")
    rows = rows_of(series)
    if simulated is not None and rows.column is not None:
        numbers = Numbering(rows.column, by_sign=False)
    else:
        steps = rows.passed(rows.current)
        numbers = numbering(rows.column, rows.current, steps, discharge_first=discharge_first)
    rows = without_gaps(rows, numbers.number)
    columns = columns_of(
        rows,
        numbers,
        Scale(active, surface),
        discharge_first=discharge_first,
        simulated=simulated is not None,
    )
    curves, used = _curves(_halves(rows, numbers.number, columns), width)
    warnings = (*series.notes, *numbers.warnings, *_order(curves, columns, discharge_first))
    way = "counted by the sign of the current" if numbers.by_sign else "with their own numbers"
    reason = f"{_counted(columns)}, {way}"
    name = series.metadata.get("name", "measurement")
    return Cycles(COMPLETED, reason, warnings, columns, curves, used, discharge_first, name)


class _Half(NamedTuple):
    """Rows of one charge or discharge: charge passed since the first [C] and voltage [V]."""

    cycle: int
    is_charge: bool
    first: int
    passed: Floats
    voltage: Floats


def _halves(
    rows: Rows, number: NDArray[np.int64], columns: dict[str, NDArray[Any]]
) -> list[_Half]:
    """The charges and discharges of all cycles in the order of time, without rests."""
    parts = []
    ways = {sign: rows.passed(np.maximum(sign * rows.current, 0.0)) for sign in (1.0, -1.0)}
    for cycle, halves in zip(columns["cycle"].tolist(), columns["halves"], strict=True):
        begin, end = np.searchsorted(number, [cycle, cycle + 1])
        part = slice(begin, end)
        for sign, kind in ((1.0, "charge"), (-1.0, "discharge")):
            mine = np.flatnonzero(sign * rows.current[part] > 0.0)
            if mine.size < FEWEST or kind not in halves.split():
                continue
            passed = np.cumsum(ways[sign][part])[mine]
            voltage = rows.voltage[part][mine]
            first = int(begin + mine[0])
            parts.append(_Half(cycle, sign > 0.0, first, passed - passed[0], voltage))
    return sorted(parts, key=lambda half: half.first)


def _curves(halves: list[_Half], window: float | None) -> tuple[tuple[HalfCurve, ...], float]:
    """Voltage curves and dQ/dV of each half cycle, and the window of the latter."""
    width = window or chosen_window([h.voltage for h in halves], [h.passed for h in halves])
    curves = []
    for half in halves:
        at = until_limit(half.voltage, rising=half.is_charge, within=0.1 * width)
        middle, slope = differential_capacity(half.voltage[:at], half.passed[:at], width)
        kept = _telling(half.passed, half.voltage)
        passed, voltage = half.passed[kept], half.voltage[kept]
        curves.append(HalfCurve(half.cycle, half.is_charge, passed, voltage, middle, slope))
    return tuple(curves), width


def _telling(passed: Floats, voltage: Floats) -> NDArray[np.intp]:
    """Rows that show a curve: evenly along it, charge and voltage weighing alike."""
    if passed.size <= MOST_POINTS:
        return np.arange(passed.size)
    along = np.zeros(passed.size)
    for values in (passed, voltage):
        steps = np.abs(np.diff(values))
        if steps.sum() > 0.0:
            along[1:] += np.cumsum(steps) / steps.sum()
    wanted = np.linspace(0.0, along[-1], MOST_POINTS)
    return np.unique(np.clip(np.searchsorted(along, wanted), 0, passed.size - 1))


def _order(
    curves: tuple[HalfCurve, ...], columns: dict[str, NDArray[Any]], discharge_first: bool
) -> list[str]:
    """A warning if cycles begin with the other half than efficiencies are counted from."""
    first: dict[int, bool] = {}
    for curve in curves:
        first.setdefault(curve.cycle, curve.is_charge)
    other, option = ("charge", "charge") if discharge_first else ("discharge", "discharge")
    whole = columns["cycle"][columns["halves"] == BOTH].tolist()
    turned = sum(first.get(cycle) == discharge_first for cycle in whole)
    if turned:
        return [
            f"{turned} of {len(whole)} cycles begin with their {other}; --begins {option} "
            "turns their efficiencies over"
        ]
    if curves and curves[0].is_charge == discharge_first:
        return [
            f"the series begins with a {other}, which is half a cycle of its own; --begins "
            f"{option} counts each {other} with the half cycle after it"
        ]
    return []


def _counted(columns: dict[str, NDArray[Any]]) -> str:
    """How many cycles there are, and which of them are halves."""
    halves = columns["halves"]
    count = int(np.sum(halves == BOTH))
    words = f"{count} complete cycle{'' if count == 1 else 's'}"
    parts = [
        f"{cycle}: {kind}"
        for cycle, kind in zip(columns["cycle"].tolist(), halves, strict=True)
        if kind != BOTH
    ]
    if not parts:
        return words
    shown = ", ".join(parts[:3]) + (", ..." if len(parts) > 3 else "")
    return f"{words} and {len(parts)} half cycle{'s' * (len(parts) > 1)} ({shown})"


def _labels(curves: list[HalfCurve], sizes: list[int]) -> dict[str, NDArray[Any]]:
    """Cycle and direction of each row of a table of curves."""
    halves = ["charge" if curve.is_charge else "discharge" for curve in curves]
    return {
        "cycle": np.repeat([curve.cycle for curve in curves], sizes),
        "half": np.repeat(halves, sizes),
    }


def _trend(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope of a line, and its standard deviation."""
    slope, offset = np.polyfit(x, y, 1)
    left = y - slope * x - offset
    error = np.sqrt(np.sum(left**2) / (x.size - 2) / np.sum((x - x.mean()) ** 2))
    return float(slope), float(error)
