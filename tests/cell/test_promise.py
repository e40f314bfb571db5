"""The accuracy that ``spec.Solver`` promises, on cells as laboratories build them.

The yardstick is the same cell on 60 nodes and 80 shells at a fortieth of the tolerance.
"""

import numpy as np
import pytest

from lithomech.cell import spec
from lithomech.cell.run import run
from support.laboratory_cells import laboratory_cell

FINE = spec.Solver(nodes=60, shells=80, voltage_tolerance=5e-6, order=3)
PROMISE = 0.3e-3  # V, root mean square over a protocol step
SHARES = np.linspace(0.0, 1.0, 300)  # of the time of a step


def voltages(cell):
    """Voltage of each protocol step, at even shares of its time."""
    result = run(cell)
    assert result.status == "completed"
    columns = result.series.columns
    time, step = columns["Test Time / s"], columns["Step Count / 1"]
    found = []
    for number in np.unique(step):
        t, V = time[step == number], columns["Voltage / V"][step == number]
        found.append(np.interp(SHARES, (t - t[0]) / (t[-1] - t[0]), V))
    return np.array(found)


def error(number):
    """Largest root mean square of a step of one cell [V]."""
    cell = laboratory_cell(number)
    difference = voltages(cell) - voltages(cell.replace(solver=FINE))
    return np.sqrt(np.mean(difference**2, axis=1)).max()


@pytest.mark.parametrize(
    "numbers", [range(10), pytest.param(range(50), marks=pytest.mark.deep)], ids=len
)
def test_default_accuracy_is_as_promised(numbers):
    errors = np.array([error(number) for number in numbers])
    assert (errors > PROMISE).sum() <= len(numbers) // 10
    assert errors.max() < 10.0 * PROMISE
