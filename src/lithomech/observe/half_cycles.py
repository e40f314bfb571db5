"""Charges and discharges found in a time series, and slopes along them."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.timeseries import TimeSeries

BLOCKS: Final = 60  # block averages per half cycle; more only brings back the noise
SMALLEST_CURRENT: Final = 1e-6  # of the largest current; below it a row counts as rest
FEWEST_ROWS: Final = 4


@final
@dataclass(frozen=True)
class HalfCycle:
    """One charge or one discharge, rests left out.

    Attributes:
        is_charge: Whether current flows in the charging direction.
        cycle: Number of the cycle it belongs to.
        rows: Row numbers in the series, increasing.
        charge: Net charge [C] since the first row of this cycle, at these rows.
    """

    is_charge: bool
    cycle: int
    rows: NDArray[np.intp]
    charge: NDArray[np.float64]


def half_cycles(series: TimeSeries) -> tuple[HalfCycle, ...]:
    """Split a series where the current changes its direction or the cycle its number.

    Rests do not split, so that the pulses of a GITT charge are one half cycle.

    Args:
        series: Needs time, current and cycle number.
    """
    current = series.current
    if not current.size:
        return ()
    sign = np.sign(current) * (np.abs(current) > SMALLEST_CURRENT * np.abs(current).max())
    active = np.flatnonzero(sign)
    new = (np.diff(sign[active]) != 0) | (np.diff(series.cycle[active]) != 0)
    charge = series.charge_throughput
    found = []
    for rows in np.split(active, np.flatnonzero(new) + 1):
        if rows.size >= FEWEST_ROWS and np.ptp(charge[rows]) > 0:
            cycle = int(series.cycle[rows[0]])
            # Counted within the cycle: between cycles, rows may be missing.
            passed = charge[rows] - charge[np.argmax(series.cycle == cycle)]
            found.append(HalfCycle(bool(sign[rows[0]] > 0), cycle, rows, passed))
    return tuple(found)


def block_slope(
    charge: NDArray[np.float64], values: NDArray[np.float64], blocks: int = BLOCKS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope d(values)/d(charge) from averages over blocks of equal charge.

    The values are averaged exactly (as straight lines between the rows) over blocks of
    equal charge, and neighbouring averages are subtracted. Averaging first is what keeps
    sensor noise and solver steps out of the slope.

    Args:
        charge: Monotone charge, shape (rows,).
        values: Quantity to differentiate, shape (rows,).
        blocks: Number of averages.

    Returns:
        The charge at the block boundaries and the slope there, both of shape (blocks - 1,).
    """
    direction = np.sign(charge[-1] - charge[0])
    along = np.maximum.accumulate((charge - charge[0]) * direction)
    edges = np.linspace(0, along[-1], blocks + 1)
    grid = np.union1d(along, edges)
    lines = np.interp(grid, along, values)
    integral = np.concatenate([[0.0], np.cumsum(np.diff(grid) * (lines[1:] + lines[:-1]) / 2)])
    means = np.diff(integral[np.searchsorted(grid, edges)]) / np.diff(edges)
    width = edges[1]
    return charge[0] + direction * edges[1:-1], np.diff(means) / (width * direction)
