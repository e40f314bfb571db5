"""Units and signs that contradict the rest of a file."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError

Floats = NDArray[np.float64]

MISTAKEN: Final = {1e-3: "ms", 1e-6: "us", 60.0: "min", 3600.0: "h", 86400.0: "d"}
CLOSE: Final = 0.05
HIGHEST: Final = 50.0  # V; no battery cell has more
LEAST_SWING: Final = 0.05  # V over which a half cycle tells the sign of its current
FEWEST: Final = 20  # rows


def check_units(columns: dict[str, Floats]) -> list[str]:
    """Compare the columns with each other.

    Args:
        columns: in SI by name, with a time in order.

    Returns:
        Notes on what is odd but can be.

    Raises:
        InputError: a unit or a sign cannot be as the file says.
    """
    _check_clock(columns)
    _check_sign(columns)
    voltage = columns.get("Voltage / V")
    if voltage is not None and np.nanmax(np.abs(voltage)) > HIGHEST:
        raise InputError(
            f"{np.nanmax(np.abs(voltage)):.4g} V is no voltage of a cell; is it mV? Give "
            "the unit in a mapping file",
            key="Voltage / V",
        )
    pressure = columns.get("Surface Pressure / Pa")
    if pressure is not None and np.nanmax(pressure) > 1e10:
        raise InputError(
            f"{np.nanmax(pressure):.3g} Pa is more than any press gives; give the unit in a "
            "mapping file",
            key="Surface Pressure / Pa",
        )
    return []


def _check_clock(columns: dict[str, Floats]) -> None:
    """The clock on the wall knows how long the test took."""
    unix = columns.get("Unix Time / s")
    if unix is None:
        return
    time = columns["Test Time / s"]
    both = np.isfinite(unix)
    span, passed = np.ptp(time[both]) if both.any() else 0.0, 0.0
    if both.any():
        passed = float(np.ptp(unix[both]))
    if span <= 0.0 or passed <= 0.0:
        return
    for ratio, unit in MISTAKEN.items():
        if abs(passed / span / ratio - 1.0) < CLOSE:
            raise InputError(
                f"the time runs {1 / ratio:g} times as fast as the clock: it is in {unit}, "
                "not s; give the unit in a mapping file",
                key="Test Time / s",
            )


def _check_sign(columns: dict[str, Floats]) -> None:
    """A charge raises the voltage of a cell."""
    voltage, current = columns.get("Voltage / V"), columns.get("Current / A")
    if voltage is None or current is None or len(current) < FEWEST:
        return
    good = np.isfinite(voltage) & np.isfinite(current)
    voltage, current = voltage[good], current[good]
    if not len(current):
        return
    way = np.sign(current) * (np.abs(current) > 1e-3 * np.abs(current).max())
    parts = np.split(np.arange(len(way)), np.flatnonzero(np.diff(way)) + 1)
    told = [
        way[p[0]] * (voltage[p[-1]] - voltage[p[0]]) for p in parts if way[p[0]] and len(p) >= 8
    ]
    told = [t for t in told if abs(t) > LEAST_SWING]
    if told and max(told) < 0.0:
        raise InputError(
            "the voltage falls in every step with a positive current; say 'positive_current: "
            "discharge' in a mapping file",
            key="Current / A",
        )
