"""Diffusivity that falls by orders of magnitude: profiles against lines solved on their own."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import Runner
from lithomech.cell.solver import march
from lithomech.cell.solver.command import kernel_step
from lithomech.cell.solver.observe import read_out
from lithomech.constants import F
from lithomech.numerics.table import integral_table, tabulate
from support.cells import NO_CRACKS, composite, declare

SLOW = 3600.0  # s, R^2/D where diffusion is quickest
FINE = 400  # lines


def steep(x):
    """D over R^2: a factor of 300 between half full and full."""
    return (3e-3 + np.exp(-40.0 * (np.minimum(x, 1.0) - 0.45) ** 2)) / SLOW


def marched(shells):
    """Charge and go back: traces of one particle, with its current density over time."""
    cell = declare(
        cathode=composite(thickness="4 um"),
        materials={"ncm811": NO_CRACKS},
        mechanisms={"contact": "none", "isolation": "none", "cracking": "none"},
        solver={"nodes": 3, "shells": shells, "voltage_tolerance": "1 uV"},
        protocol=["Charge at 0.3C for 2 h", "Discharge at 0.1C for 2 h"],
    )
    model = resolve(cell)
    model.arrays.particles["host"][0]["permeation"] = integral_table(tabulate(steep))
    clamp, y, time, states = Runner(model).clamp, model.start.copy(), [], []
    for step in cell.steps():
        kernel = kernel_step(model, step, 20e6)._replace(sample=0.0)
        order = march.Order(
            model.arrays, model.layout, kernel, clamp, model.control, model.scale
        )
        trace = march.march(order, y)
        assert trace.outcome == march.ENDED
        time.append(trace.time + (time[-1][-1] if time else 0.0))
        states.append(trace.state)
    return model, time, states


def lines(model, time, flux, start):
    """Mean and surface stoichiometry of a sphere of many equal shells, a current given."""
    host = model.arrays.particles["host"][0]
    r = np.linspace(0.0, 1.0, FINE + 1)
    width, volume = r[1], np.diff(r**3) / 3.0

    def rate(t, x, times, currents):
        out = np.zeros(FINE + 1)
        middle = 0.5 * (x[1:] + x[:-1])
        out[1:-1] = -(r[1:-1] ** 2) * steep(middle) * np.diff(x) / width
        out[-1] = np.interp(t, times, currents) / (F * host["c_max"] * host["radius"])
        return -np.diff(out) / volume

    x = np.full(FINE, start)
    for times, currents in zip(time, flux, strict=True):
        solved = solve_ivp(
            rate, (times[0], times[-1]), x, "LSODA", args=(times, currents), rtol=1e-9,
            atol=1e-11, lband=1, uband=1,
        )  # fmt: skip
        x = solved.y[:, -1]
    end = flux[-1][-1] / (F * host["c_max"] * host["radius"])
    surface = x[-1]
    for _ in range(50):  # half a shell with the diffusivity in its middle
        surface = x[-1] - 0.5 * width * end / steep(0.5 * (x[-1] + surface))
    return float(np.sum(3.0 * volume * x)), float(surface)


@pytest.fixture(scope="module")
def ends():
    """Mean and surface stoichiometry of both ways, by number of shells."""
    found = {}
    for shells in (10, 20, 40):
        model, time, states = marched(shells)
        z = model.layout
        seen = read_out(model.arrays, z, states[-1][-1:], len(model.causes))
        flux = [s[:, z.flux] for s in states]
        own = lines(model, time, flux, model.start[0])
        found[shells] = (seen.mean[0, 0], seen.surface[0, 0]), own
    return found


def test_lithium_is_what_the_current_left(ends):
    for (mean, _), (own, _) in ends.values():
        assert_allclose(mean, own, atol=2e-7)


def test_the_surface_is_that_of_fine_lines(ends):
    errors = [abs(seen[1] - own[1]) for seen, own in ends.values()]
    assert errors[2] < 3e-4  # of 0.09 between mean and surface
    assert errors[0] / errors[1] > 3.0
    assert errors[1] / errors[2] > 3.0
