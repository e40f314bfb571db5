"""Orders of convergence in space and time, and what the voltage tolerance delivers."""

import functools

import numpy as np
import pytest

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import Runner
from lithomech.cell.solver import march
from lithomech.cell.solver.command import kernel_step
from lithomech.numerics.table import INTERVALS, integral_table, tabulate
from support.cells import COARSE, EVEN, INDIUM, NO_CRACKS, declare, solve

CLOSED = {  # no kink: contacts stay closed and nothing cracks
    "materials": {"ncm811": NO_CRACKS | EVEN | {"diffusivity": "1e-14 m^2/s"}},
    "fabrication": {"residual_pressure": "150 MPa"},
    "initial": {"cathode": "0.8"},
}
FINE = {"nodes": 6, "shells": 12, "voltage_tolerance": "10 nV", "order": 5}


def orders(values):
    """Observed orders of a sequence on grids that double, without a reference solution."""
    steps = np.abs(np.diff(values))
    return np.log2(steps[:-1] / steps[1:])


@pytest.mark.parametrize(("grid", "minutes", "coarsest"), [("shells", 1, 16), ("nodes", 20, 8)])
def test_space_is_second_order(grid, minutes, coarsest):
    """Shells after a short time: once the flux is steady, any number of them is exact."""
    protocol = [f"Charge at 0.5C for {minutes} min"]
    ends = [
        solve(protocol=protocol, solver=FINE | {grid: coarsest * 2**n}, **CLOSED).voltage[-1]
        for n in range(5)
    ]
    assert np.all(abs(orders(ends) - 2.0) < 0.1)


def smooth_model(cell):
    """The cell with polynomial materials: finite differences of any order exist."""
    model = resolve(cell)
    host = model.arrays.particles["host"][0]
    level = host["permeation"][0, 1] * INTERVALS  # the diffusivity at 0
    host["potential"] = tabulate(lambda x: 4.3 - x + 0.2 * (x - 0.5) ** 2)
    host["strain"] = tabulate(lambda x: 0.05 * (x - 0.8))
    host["slope"] = tabulate(lambda x: np.full_like(x, 0.05))
    host["permeation"] = integral_table(tabulate(lambda x: level * (0.3 + 1.4 * x)))
    return model


def charge_of_a_hold(order, steps):
    """Charge after 5 min of charge and 10 min of hold, the hold in steps of one length.

    The hold begins at the voltage reached, with developed profiles: nothing jumps.
    """
    cell = declare(
        anode=INDIUM,
        solver={"nodes": 4, "shells": 8, "voltage_tolerance": "1 nV", "order": 5},
        protocol=["Charge at 1C for 5 min", "Hold at 4 V for 10 min"],
        **CLOSED,
    )
    model = smooth_model(cell)
    clamp, y = Runner(model).clamp, model.start.copy()
    charge, hold = (kernel_step(model, step, 20e6) for step in cell.steps())
    first = march.Order(model.arrays, model.layout, charge, clamp, model.control, model.scale)
    before = march.march(first, y)
    even = hold._replace(value=before.voltage, longest=hold.duration / steps, sample=np.inf)
    exact = model.control._replace(order=order, voltage=1e-12)  # of Newton's method
    unjudged = 0.0 * model.scale  # no error control: every step is as long as allowed
    held = first._replace(step=even, control=exact, scale=unjudged)
    after = march.march(held, y)
    assert after.outcome == march.ENDED
    return y[model.layout.charge]


def slowest_decay(order, growth):
    """Largest factor per step of errors that are not constant, on a grid that grows so."""
    times = -np.cumsum([growth**-n for n in range(order)])  # newest first; the new one is 0
    weights = [
        np.prod([times[j] / (times[j] - times[i]) for j in range(order) if j != i]) / -times[i]
        for i in range(order)
    ]
    roots = np.roots([1.0, *(-np.array(weights) / np.sum(-1.0 / times))])
    return np.sort(abs(roots))[:-1].max(initial=0.0)  # without that of a constant


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_steps_grow_no_faster_than_is_stable(order):
    assert slowest_decay(order, march.GROWTH[order - 1]) < 0.95
    if order > 2:  # the rule of the lower order would not do
        assert slowest_decay(order, march.GROWTH[order - 2]) > 1.0


@pytest.mark.parametrize("order", [1, 2, 3])
def test_time_has_the_order_asked_for(order):
    ends = [charge_of_a_hold(order, steps) for steps in (40, 80, 160, 320, 640)]
    assert np.all(abs(orders(ends) - order)[-3:] < 0.1)


@functools.cache
def cycle(tolerance, order):
    """A charge, rest and discharge in which contacts open and close and particles crack."""
    result = solve(
        solver=COARSE | {"voltage_tolerance": tolerance, "order": order},
        protocol=[
            "Charge at 0.5C for 90 min",
            "Rest for 1 hour",
            "Discharge at 0.5C for 90 min",
        ],
        initial={"cathode": "0.9"},
        materials={"ncm811": EVEN},  # so that it takes back what it gave
    )
    step, last = result.series.columns["Step Count / 1"], 90 * 60.0
    every = last / 120  # s between samples, 120 in a step
    keys = [(int(s), round(t / every, 6)) for s, t in zip(step, result.time, strict=True)]
    return dict(zip(keys, zip(result.voltage, result.stack_pressure, strict=True), strict=True))


TOLERANCES = {"5 mV": 5e-3, "0.2 mV": 2e-4, "10 uV": 1e-5, "0.5 uV": 5e-7}


@pytest.mark.parametrize("order", [2, 3, 5])
def test_error_follows_the_voltage_tolerance(order):
    reference = cycle("10 nV", 5)
    volts = []
    for tolerance, allowed in TOLERANCES.items():
        found = cycle(tolerance, order)
        shared = [key for key in found if key in reference]
        assert len(shared) > 300
        apart = np.array([np.subtract(found[key], reference[key]) for key in shared])
        voltage, pressure = abs(apart).max(axis=0)
        # one step, those before it, and interpolation to the sample: the tolerance each
        assert voltage < 3.0 * allowed
        assert pressure < 3.0 * allowed * 20e6  # held to the same, per pressure P_0
        volts.append(voltage)
    # local errors of tol sum up to tol^(q/(q + 1)) on steps of tol^(1/(q + 1))
    gain = np.log(volts[0] / volts[-1]) / np.log(5e-3 / 5e-7)
    assert gain > order / (order + 1) - 0.1
