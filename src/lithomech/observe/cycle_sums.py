"""What each cycle of a series passes: charges, energies and stack pressures, one per cycle."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.cycle_numbers import LEAST_TURN, Numbering, directions
from lithomech.observe.timeseries import TimeSeries

Floats = NDArray[np.float64]

MAH: Final = 3.6  # C
MWH: Final = 3.6  # J
MPA: Final = 1e6  # Pa
BOTH, CHARGE_ONLY, DISCHARGE_ONLY = "charge and discharge", "charge only", "discharge only"
PRESSURE: Final = "Surface Pressure / Pa"
CYCLE: Final = "Cycle Count / 1"


class Rows(NamedTuple):
    """The rows of a series that have a current and a voltage.

    Attributes:
        voltage: [V].
        current: [A], nil at rest.
        lasted: time between a row and the one before [s]; nil where rows are missing.
        pressure: [Pa], or None.
        column: cycle numbers of the file, or None.
    """

    voltage: Floats
    current: Floats
    lasted: Floats
    pressure: Floats | None
    column: NDArray[np.int64] | None

    def passed(self, current: Floats) -> Floats:
        """Charge [C] of a current [A] between each row and the one before, by trapezoid."""
        before = np.concatenate([current[:1], current[:-1]])
        return 0.5 * self.lasted * (current + before)

    @property
    def share(self) -> Floats:
        """Time that each row stands for [s]: half of what lies on both its sides."""
        return 0.5 * (self.lasted + np.append(self.lasted[1:], 0.0))


class Scale(NamedTuple):
    """What capacities are divided by, each None if it is not known.

    Attributes:
        mass: of the active material [kg].
        area: of the electrode [m^2].
    """

    mass: float | None
    area: float | None


def rows_of(series: TimeSeries) -> Rows:
    """Return the rows with a current and a voltage.

    Raises:
        InputError: a column is missing, or no current flows.
    """
    good = np.isfinite(series.current) & np.isfinite(series.voltage)
    time, voltage, current = (
        column[good].astype(np.float64)
        for column in (series.time, series.voltage, series.current)
    )
    current = np.where(directions(current) == 0, 0.0, current)
    if not current.any():
        raise InputError("no current flows in this series: it has no cycles")
    pressure = _filled(series)
    column = series.columns.get(CYCLE)
    return Rows(
        voltage,
        current,
        np.diff(time, prepend=time[:1]),
        None if pressure is None else pressure[good],
        None if column is None else column[good].astype(np.int64),
    )


def _filled(series: TimeSeries) -> Floats | None:
    """Return the stack pressure, interpolated over rows without one; None if no row has one.

    A row's own value is kept: the end of a step and the start of the next have one time, for
    which interpolation would give both the pressure of the second.
    """
    pressure = series.columns.get(PRESSURE)
    if pressure is None or not np.isfinite(pressure).any():
        return None
    known = np.isfinite(pressure)
    between = np.interp(series.time, series.time[known], pressure[known])
    return np.where(known, pressure, between).astype(np.float64)


def without_gaps(rows: Rows, number: NDArray[np.int64]) -> Rows:
    """Let nothing pass between cycles that do not follow each other: rows are missing there."""
    joined = np.concatenate([[1], np.diff(number)]) <= 1
    return rows._replace(lasted=rows.lasted * joined)


def columns_of(
    rows: Rows, numbers: Numbering, scale: Scale, *, discharge_first: bool, simulated: bool
) -> dict[str, NDArray[Any]]:
    """Return one value per cycle, by the keys of the cycles of a result; nan if there is none.

    Args:
        rows: of the series.
        numbers: cycle of each row.
        scale: what capacities are divided by.
        discharge_first: whether efficiencies are charge over discharge.
        simulated: whether every charge is one, and none is noise.
    """
    names, which = np.unique(numbers.number, return_inverse=True)
    # each row for its own time: a charge and a discharge in neighbouring rows both count
    charged = np.maximum(rows.current, 0.0) * rows.share
    discharged = np.maximum(-rows.current, 0.0) * rows.share
    charge, discharge, energy_in, energy_out = (
        np.bincount(which, values, names.size).astype(np.float64)
        for values in (
            charged, discharged, rows.voltage * charged, rows.voltage * discharged
        )
    )  # fmt: skip
    least = (1e-6 if simulated else LEAST_TURN) * float(max(charge.max(), discharge.max()))
    has_in, has_out = charge > least, discharge > least
    both = has_in & has_out
    gains = both & (energy_in > 0.0) & (energy_out > 0.0)
    columns: dict[str, NDArray[Any]] = {
        "cycle": names,
        "halves": np.where(both, BOTH, np.where(has_in, CHARGE_ONLY, DISCHARGE_ONLY)),
    }
    for unit, per in _units(scale).items():
        columns[f"charge_capacity_{unit}"] = np.where(has_in, charge, np.nan) / per
        columns[f"discharge_capacity_{unit}"] = np.where(has_out, discharge, np.nan) / per
    columns |= {
        "coulombic_efficiency": _ratio(discharge, charge, both, turned=discharge_first),
        "charge_energy_mWh": np.where(has_in, energy_in, np.nan) / MWH,
        "discharge_energy_mWh": np.where(has_out, energy_out, np.nan) / MWH,
        "energy_efficiency": _ratio(energy_out, energy_in, gains, turned=discharge_first),
        "mean_charge_voltage_V": _ratio(energy_in, charge, has_in),
        "mean_discharge_voltage_V": _ratio(energy_out, discharge, has_out),
    }
    if rows.pressure is not None:
        columns |= _pressures(rows, numbers, rows.pressure, both)
    some = has_in | has_out
    return {key: values[some] for key, values in columns.items()}


def _units(scale: Scale) -> dict[str, float]:
    """Ends of the keys of capacities, with the charge that is one of it [C]."""
    units = {"mAh": MAH}
    if scale.mass is not None:
        units["mAh_per_g"] = MAH * 1e3 * scale.mass
    if scale.area is not None:
        units["mAh_per_cm2"] = MAH * 1e4 * scale.area
    return units


def _ratio(
    part: Floats, whole: Floats, known: NDArray[np.bool_], *, turned: bool = False
) -> Floats:
    """A ratio, the other way round if it is turned; nan where it is not known."""
    if turned:
        part, whole = whole, part
    return np.divide(part, whole, out=np.full(part.size, np.nan), where=known)


def _pressures(
    rows: Rows, numbers: Numbering, pressure: Floats, both: NDArray[np.bool_]
) -> dict[str, Floats]:
    """Stack pressures at the start, the end of charge and the end of each cycle [MPa].

    The swing is end of charge less start. Where the discharge comes first, the start is that
    of the charge.
    """
    net = np.cumsum(rows.passed(rows.current))
    edges = np.flatnonzero(np.diff(numbers.number, prepend=numbers.number[0] - 1))
    last = np.append(edges[1:], net.size) - 1
    # counted by sign, a cycle begins with its current: the row before is what it begins from
    first = np.maximum(edges - 1, 0) if numbers.by_sign else edges
    start, end = pressure[first], pressure[last]
    charged, before = np.full((2, edges.size), np.nan)
    for n, (a, b) in enumerate(zip(edges, last + 1, strict=True)):
        filling = a + np.flatnonzero(rows.current[a:b] > 0.0)
        if not filling.size:
            continue
        full = int(filling[np.argmax(net[filling])])
        charged[n] = pressure[full]
        turned = rows.current[a:full].min(initial=0.0) < 0.0
        before[n] = pressure[a + np.argmin(net[a : full + 1])] if turned else start[n]
    return {
        "stack_pressure_start_MPa": start / MPA,
        "stack_pressure_end_of_charge_MPa": charged / MPA,
        "stack_pressure_end_MPa": end / MPA,
        "stack_pressure_swing_MPa": (charged - before) / MPA,
        "stack_pressure_drift_MPa": np.where(both, end - start, np.nan) / MPA,
    }
