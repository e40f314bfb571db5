"""The accuracy that ``spec.Solver`` promises, on cells as laboratories build them.

The yardstick is the same cell on 60 nodes and 80 shells at a fortieth of the tolerance.
"""

import dataclasses

import numpy as np
import pytest

from lithomech.cell import spec
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from support.laboratory_cells import laboratory_cell

FINE = spec.Solver(nodes=60, shells=80, voltage_tolerance=5e-6, order=3)
PROMISE = 0.5e-3  # V, root mean square over a protocol step
REACH = "the reaction reaches "
# of the time of a step, but for its first instant: what the outermost half shell holds back
# where diffusion is slowest is a jump of milliseconds
SHARES = np.linspace(0.0, 1.0, 300)[1:]


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


def test_cells_of_laboratories_have_nodes_enough():
    for number in range(20):
        assert not [text for text in resolve(laboratory_cell(number)).warnings if REACH in text]


def test_nodes_that_cannot_follow_the_reaction_are_warned_of():
    """A mm of particles of 0.2 um: 3 vf/r c_0 i_0 F/(R T) of surface to every volume."""
    cell = laboratory_cell(0)
    (active,) = cell.cathode.active
    fine = dataclasses.replace(active, diameter=2e-7)
    thick = dataclasses.replace(
        cell.cathode, thickness=1e-3, active=(fine,), transport=spec.FormulaTransport()
    )
    model = resolve(cell.replace(cathode=thick))
    (grain,) = model.composites["cathode"].grains
    kappa, sigma = np.exp(model.arrays.transport[0, 1:, 0])
    made = min(1.0, (cell.fabrication.pressure or 370e6) / (3.0 * 280e6))
    i_0 = grain.material.value("exchange_current_density")
    conductance = (
        3.0 * grain.volume_fraction / 1e-7 * made * i_0 * 96485.33 / (8.314463 * 298.15)
    )
    reach = 1e6 * np.sqrt(1.0 / (1.0 / kappa + 1.0 / sigma) / conductance)
    (warned,) = [text for text in model.warnings if REACH in text]
    assert float(warned.split(REACH)[1].split()[0]) == float(f"{reach:.3g}")
    assert "62.5 um apart" in warned
