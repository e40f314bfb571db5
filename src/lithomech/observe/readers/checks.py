"""Units and signs that contradict the rest of a file, as warnings with what can be done."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.readers.clock import unit_by_dates

Floats = NDArray[np.float64]

HIGHEST: Final = 50.0  # V; no battery cell has more
STRONGEST: Final = 1e10  # Pa; no press gives more
LEAST_SWING: Final = 0.05  # V over which a half cycle shows the sign of its current
FEWEST: Final = 20  # rows
VOLTAGES: Final = ("Voltage / V", "Positive Electrode Potential / V")


def doubts(columns: dict[str, Floats]) -> list[str]:
    """Compare the columns of a series with each other and with what cells can have.

    Args:
        columns: in SI by name, with a time in order.

    Returns:
        A warning for each column that is odd, with what to do if it is wrong.
    """
    voltages = [_voltage(name, columns) for name in VOLTAGES]
    warnings = [_clock(columns), _sign(columns), _pressure(columns), *voltages]
    return [text for text in warnings if text]


def _most(values: Floats | None) -> float:
    """Largest amount of a column; 0 where there is none."""
    known = np.abs(values[np.isfinite(values)]) if values is not None else np.zeros(0)
    return float(known.max()) if known.size else 0.0


def _voltage(name: str, columns: dict[str, Floats]) -> str:
    most = _most(columns.get(name))
    quantity = name.rpartition(" / ")[0]
    if most <= HIGHEST:
        return ""
    return (
        f"{quantity} reaches {most:.4g} V, more than a battery cell has: if these are mV, say "
        f"'unit: mV' for {quantity} in a mapping file"
    )


def _pressure(columns: dict[str, Floats]) -> str:
    most = _most(columns.get("Surface Pressure / Pa"))
    if most <= STRONGEST:
        return ""
    return f"the pressure reaches {most:.3g} Pa, more than a press gives; is its unit right?"


def _clock(columns: dict[str, Floats]) -> str:
    """The dates show how long the test took."""
    unix = columns.get("Unix Time / s")
    unit = unit_by_dates(columns["Test Time / s"], unix) if unix is not None else None
    if unit is None or unit[1] == "s":
        return ""
    return (
        f"the test time runs {1 / unit[0]:g} times as fast as the dates: if it is in "
        f"{unit[1]}, say 'unit: {unit[1]}' for Test Time in a mapping file"
    )


def _sign(columns: dict[str, Floats]) -> str:
    """A charge raises the voltage of a cell, except where an overpotential relaxes."""
    voltage, current = columns.get("Voltage / V"), columns.get("Current / A")
    if voltage is None or current is None or len(current) < FEWEST:
        return ""
    good = np.isfinite(voltage) & np.isfinite(current)
    voltage, current = voltage[good], current[good]
    if not len(current):
        return ""
    way = np.sign(current) * (np.abs(current) > 1e-3 * np.abs(current).max())
    parts = np.split(np.arange(len(way)), np.flatnonzero(np.diff(way)) + 1)
    swings = [
        way[p[0]] * (voltage[p[-1]] - voltage[p[0]]) for p in parts if way[p[0]] and len(p) >= 8
    ]
    swings = [swing for swing in swings if abs(swing) > LEAST_SWING]
    if swings and max(swings) < 0.0 and np.nanmin(voltage) > 0.0:
        return (
            "the voltage falls in every step with a positive current: if the file counts a "
            "discharge as positive, say 'positive_current: discharge' in a mapping file"
        )
    return ""
