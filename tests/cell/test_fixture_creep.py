"""A fixture that creeps against the exact solution of a held stack."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expi

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.laws import plasticity
from support.cells import declare, spring

DAY = 86400.0
SHARE, TIME = 0.01, 43200.0
FINE = {"nodes": 4, "shells": 8, "voltage_tolerance": "10 uV"}
STILL = {"contact": "none", "creep": "none", "isolation": "none", "cracking": "none"}


def held(protocol, **changes):
    """A cell at rest in a frame that creeps."""
    frame = {"type": "bolted", "pressure": "20 MPa", "frame_stiffness": "0.4 MPa/um"}
    creeping = frame | {"creep": "1 %", "creep_time": "12 hours"} | changes
    return declare(fixture=creeping, mechanisms=STILL, protocol=protocol, solver=FINE)


def pressure_after(t, P_0, a):
    """Stack pressure P_0 - a w of dw/dt = (c P/t_0) exp(-w/(c P)), by bisection of t(z).

    With z = w/P, dz/dt = (c/t_0)(1 + a z) exp(-z/c), whose integral is the exponential one.
    """

    def time_of(z):
        scaled = 1.0 / (a * SHARE)
        grown = expi(scaled * (1 + a * z)) - expi(scaled)
        return TIME * scaled * np.exp(-scaled) * grown

    low, high = 0.0, 1.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if time_of(middle) < t else (low, middle)
    return P_0 / (1.0 + a * low)


@pytest.mark.parametrize("stiffness", ["0.01 MPa/um", "0.4 MPa/um", "20 MPa/um"])
def test_a_held_stack_loses_what_the_exact_solution_says(stiffness):
    cell = held(["Rest for 100 days"], frame_stiffness=stiffness)
    model, result = resolve(cell), run(cell)
    assert result.status == "completed", result.reason
    a = 1.0 / (1.0 + model.arrays.stiffness * model.arrays.compliance)
    exact = [pressure_after(t, 20e6, a) for t in result.time]
    lost = 20e6 - np.array(exact)
    assert lost[-1] > 0.02 * 20e6 * a
    assert_allclose(20e6 - result.stack_pressure, lost, atol=2e-3 * lost[-1])


def test_it_is_what_held_stacks_lose():
    """2 % a day at first and 2 to 6 % in all, of days to months."""
    share = [
        1.0 - run(held([f"Rest for {days} days"])).stack_pressure[-1] / 20e6
        for days in (0.05, 3, 200)
    ]
    assert 0.015 < share[0] / 0.05 < 0.025
    assert 0.015 < share[1] < share[2] < 0.06


def test_a_spring_keeps_the_pressure():
    """A frame three times as stiff as the spring before it moves a quarter of the stack's."""
    lost = {}
    for fixture in (spring("20 MPa", "0.1 MPa/um"), {"type": "bolted", "pressure": "20 MPa"}):
        creeping = fixture | {"frame_stiffness": "0.3 MPa/um", "creep": "1 %"}
        cell = declare(
            fixture=creeping, mechanisms=STILL, protocol=["Rest for 1 hour"], solver=FINE
        )
        lost[fixture["type"]] = 20e6 - run(cell).stack_pressure[-1]
    assert_allclose(lost["spring"], 0.25 * lost["bolted"], rtol=0.05)


def test_what_creeps_dissipates():
    """The fixture only ever gives way: its work P du is positive, under current as well."""
    cycle = ["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 2.8 V"]
    result, still = run(held(cycle)), run(held(cycle, creep="0 %"))
    assert result.state["fixture_creep"][0] > 0.0
    assert result.stack_pressure[-1] < still.stack_pressure[-1]
    rest = run(held(["Rest for 30 days"])).stack_pressure
    assert np.all(np.diff(rest) < 0.0)


def test_without_the_key_nothing_creeps():
    cell = declare(fixture=spring(), mechanisms=STILL, protocol=["Rest for 30 days"])
    assert_allclose(run(cell).stack_pressure, 20e6, rtol=1e-9)


def test_a_higher_pressure_starts_it_anew_and_a_press_stops_it():
    steps = ["Rest for 30 days", "Set stack pressure to 40 MPa", "Rest for 1 day"]
    result = run(held(steps))
    lost = 1.0 - result.stack_pressure[-1] / 40e6
    assert lost > 2e-3  # of 40 MPa within a day; 20 MPa lose 3e-4 on their 30th day
    steps = ["Hold stack pressure at 30 MPa", "Rest for 30 days"]
    assert_allclose(run(held(steps)).stack_pressure[-1], 30e6, rtol=1e-6)


def test_a_cell_goes_on_creeping_where_it_was():
    whole = run(held(["Rest for 10 days", "Rest for 10 days"])).stack_pressure[-1]
    half = run(held(["Rest for 10 days"]))
    later = run(held(["Rest for 10 days"]), start=half).stack_pressure[-1]
    assert_allclose(later, whole, rtol=1e-9)


@pytest.mark.parametrize(
    ("lost", "P", "h"),
    [*itertools.product([0.0, 1e5, 2e6], [1.0, 1e5, 2e7], [0.0, 1.0, 1e4, 1e9])],
)
def test_a_step_ends_at_the_rate_of_its_end(lost, P, h):
    """Implicit: w = w_0 + h (c P/t_0) exp(-w/(c P))."""
    w = plasticity.stack_creep(lost, P, SHARE, TIME, h)
    kept = SHARE * P
    assert_allclose(w - lost, h * kept / TIME * np.exp(-w / kept), rtol=1e-9, atol=1e-9 * w)


@pytest.mark.parametrize(
    ("key", "value"), [("creep", "-1 %"), ("creep", "120 %"), ("creep_time", "0 s")]
)
def test_mistakes_in_the_keys(key, value):
    with pytest.raises(InputError, match=key):
        held(["Rest for 1 day"], **{key: value})


def test_a_spring_without_a_frame_does_not_creep():
    with pytest.raises(InputError, match="a spring does not creep"):
        declare(fixture=spring() | {"creep": "1 %"})
