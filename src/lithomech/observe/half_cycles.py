"""Charges and discharges found in a time series, and averages along them."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.timeseries import TimeSeries

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
    halves = []
    for rows in np.split(active, np.flatnonzero(new) + 1):
        if rows.size >= FEWEST_ROWS and np.ptp(charge[rows]) > 0:
            cycle = int(series.cycle[rows[0]])
            # Counted within the cycle: between cycles, rows may be missing.
            passed = charge[rows] - charge[np.argmax(series.cycle == cycle)]
            halves.append(HalfCycle(bool(sign[rows[0]] > 0), cycle, rows, passed))
    return tuple(halves)


def block_means(
    along: NDArray[np.float64], values: NDArray[np.float64], blocks: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Averages over blocks of equal charge or time.

    The values are averaged exactly, as straight lines between the rows. Averaging is what
    keeps sensor noise and solver steps out of a slope.

    Args:
        along: Increasing charge or time, shape (rows,).
        values: Quantity to average, shape (rows,).
        blocks: Number of averages.

    Returns:
        The boundaries of the blocks, shape (blocks + 1,), and the averages, shape (blocks,).
    """
    edges = np.linspace(along[0], along[-1], blocks + 1)
    grid = np.union1d(along, edges)
    lines = np.interp(grid, along, values)
    integral = np.concatenate([[0.0], np.cumsum(np.diff(grid) * (lines[1:] + lines[:-1]) / 2)])
    return edges, np.diff(integral[np.searchsorted(grid, edges)]) / np.diff(edges)
