"""dQ/dV of one half cycle as the mean over a window of voltage whose width is stated."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OF_SPAN: Final = 1.0 / 200.0  # of the voltages of a file: the narrowest window that is chosen
ROWS: Final = 3.0  # mean voltage steps between rows that a chosen window holds
NOISY_ROWS: Final = 9.0  # the same where noise moves the voltage to and fro
PER_WINDOW: Final = 2.0  # points
MOST: Final = 1000  # points of a half cycle
NARROWEST: Final = 1e-6  # V; over which the charge between equal voltages is spread


def differential_capacity(
    voltage: Floats, charge: Floats, window: float
) -> tuple[Floats, Floats]:
    """Return dQ/dV as the charge that passes within a window, over its width.

    Every charge between two rows is spread over the voltages between them, so that noise and
    rests neither add nor lose any: the integral over all voltages is the charge passed. The
    curve ends half a window from the lowest and the highest voltage, where a window is full.

    Args:
        voltage: [V], in the order of time, shape (rows,); need not rise or fall throughout.
        charge: passed since the first row [C], positive in the direction of the half cycle.
        window: width [V].

    Returns:
        Middles of the windows [V], increasing, and dQ/dV [C/V] there; both empty where the
        voltages span less than two windows or there is no window.
    """
    span = float(np.ptp(voltage)) if voltage.size else 0.0
    if not window > 0.0 or span < 2.0 * window:
        return np.zeros(0), np.zeros(0)
    low, high = float(voltage.min()) + 0.5 * window, float(voltage.max()) - 0.5 * window
    points = min(int(PER_WINDOW * span / window) + 1, MOST)
    middle = np.linspace(low, high, points)
    edges, below = _charge_below(voltage, charge)
    upper = np.interp(middle + 0.5 * window, edges, below)
    lower = np.interp(middle - 0.5 * window, edges, below)
    return middle, (upper - lower) / window


def until_limit(voltage: Floats, *, rising: bool, within: float) -> int:
    """Return how many rows pass before the voltage is at its limit, where it may be held.

    Args:
        voltage: of a half cycle [V], shape (rows,).
        rising: whether it ends at its highest.
        within: of the limit [V].
    """
    away = voltage.max() - voltage if rising else voltage - voltage.min()
    return int(np.argmax(away <= within)) + 1


def chosen_window(voltages: list[Floats], charges: list[Floats]) -> float:
    """Return a width that shows no single rows and no steps of the voltmeter [V].

    A 200th of the voltages of the file, or three steps between rows where that is more, and
    nine where noise makes the voltage go back as much as forth; rounded up to one digit.

    Args:
        voltages: of the half cycles [V].
        charges: passed in them [C].
    """
    span = max((float(np.ptp(v)) for v in voltages), default=0.0)
    # positive where the voltage goes the way of its half cycle
    moves = np.concatenate(
        [np.zeros(0), *(np.diff(v) * np.sign(v[-1] - v[0]) for v in voltages if v.size)]
    )
    steps = np.abs(moves)
    weights = np.concatenate([np.zeros(0), *(np.abs(np.diff(q)) for q in charges)])
    if not span > 0.0 or not weights.sum() > 0.0:
        return 0.0
    between_rows = float(np.average(steps, weights=weights))
    back = float(steps[moves < 0.0].sum() / steps.sum())
    held = ROWS + 2.0 * back * (NOISY_ROWS - ROWS)
    quantum = float(steps[steps > NARROWEST].min(initial=span))
    wanted = max(OF_SPAN * span, held * between_rows, ROWS * quantum)
    decade = 10.0 ** np.floor(np.log10(wanted))
    return float(np.ceil(wanted / decade) * decade)


def _charge_below(voltage: Floats, charge: Floats) -> tuple[Floats, Floats]:
    """Charge passed at voltages below each edge; straight lines between the edges."""
    low = np.minimum(voltage[:-1], voltage[1:])
    width = np.maximum(np.abs(np.diff(voltage)), NARROWEST)
    density = np.diff(charge) / width
    edges = np.concatenate([low, low + width])
    order = np.argsort(edges, kind="stable")
    edges = edges[order]
    slope = np.cumsum(np.concatenate([density, -density])[order])
    return edges, np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(edges))])
