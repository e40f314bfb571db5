"""Shorts without current: lithium that pressure alone drives, and how warm it is."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

import lithomech as lm
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.errors import InputError

GAS = 8.314462618
N, CREEP = 6.56, 0.0077  # of lithium (Masias 2019): exponent, 1/s at 1 MPa
RADIUS, LENGTH = 0.25e-6, 15e-6  # half of the separator: lithium comes from both sides
PORE = {"separator.thickness": "30 um", "separator.open_pore": "0.25 um"}
FLAW = {"separator.flaw": "35 um", "separator.thickness": "1 mm"}


def warmer(celsius):
    """How much faster than at 25 degC lithium creeps, with 37 kJ/mol."""
    return np.exp(-37e3 / GAS * (1.0 / (celsius + 273.15) - 1.0 / 298.15))


def pressed(pressure, celsius, *protocol, **changes):
    held = {"fixture.pressure": f"{pressure} MPa", "temperature": f"{celsius} degC"}
    cell = {"protocol": list(protocol), "mechanisms": {"interphase": "none"}, **held, **changes}
    return run(lm.load_cell("li_lpscl_li", cell))


def crossing(pressure, celsius):
    """Time through the pore [s], by the integral of what resists along it."""
    at_wall = np.sqrt(3.0) * CREEP * (0.5 * np.sqrt(3.0) * pressure) ** N
    speed = warmer(celsius) * at_wall / (N + 3.0)  # radii per time at u = 1
    return quad(lambda u: u**N / speed, 1.0, 1.0 + LENGTH / RADIUS, epsrel=1e-12)[0]


@pytest.mark.parametrize("celsius", [0, 25, 60])
def test_lithium_creeps_through_a_pore(celsius):
    result = pressed(40, celsius, "Rest for 1000 h", **PORE)
    assert result.status == "short"
    assert "along a pore of 0.25 um" in result.reason
    # located to a thousandth of the thickness in 7.6 powers of the depth
    assert_allclose(result.time[-1], crossing(40, celsius), rtol=1e-6)
    assert_allclose(result.cycles[0]["lithium_in_pores_max"], 1.0, rtol=1e-6)


@pytest.mark.parametrize("celsius", [0, 25, 60])
def test_the_wall_of_a_time_goes_down_as_it_warms(celsius):
    """Short within 40 h: from a pressure on that falls with exp(37 kJ/mol/(n R T))."""
    wall = 40.0 * (crossing(40, 25) / (warmer(celsius) * 40 * 3600.0)) ** (1.0 / N)
    endings = [pressed(x * wall, celsius, "Rest for 40 h", **PORE) for x in (0.999, 1.001)]
    assert [result.status for result in endings] == ["completed", "short"]


def test_what_each_pressure_fills_adds_up():
    """A tenth of the time at 20 MPa, then the rest of it at 60 MPa."""
    first = 0.1 * crossing(20, 25)
    steps = f"Rest for {first:.0f} s", "Set stack pressure to 60 MPa", "Rest for 1000 h"
    result = pressed(20, 25, *steps, **PORE)
    assert_allclose(result.time[-1], first + 0.9 * crossing(60, 25), rtol=1e-4)


def test_current_does_not_matter_to_it():
    hours = ["Strip at 0.05 mA/cm2 for 1 h", "Plate at 0.05 mA/cm2 for 1 h"]
    result = pressed(60, 25, {"repeat": 20, "steps": hours}, **PORE)
    assert result.status == "short"
    assert_allclose(result.time[-1], crossing(60, 25), rtol=1e-6)


@pytest.mark.parametrize("other", ["li_in", "lithium"])
def test_between_two_electrodes_of_lithium_it_meets_in_the_middle(other):
    foil = {"type": "planar", "material": other, "thickness": "100 um"}
    model = resolve(lm.load_cell("li_lpscl_li", PORE | {"cathode": foil}))
    length = model.foils["anode"].parameters["pore_creep"].length
    assert_allclose(length, 15e-6 if other == "lithium" else 30e-6, rtol=1e-12)


def test_pores_are_closed_by_default_and_narrower_than_the_separator():
    closed = pressed(300, 60, "Rest for 10 h", **{"separator.thickness": "30 um"})
    assert closed.status == "completed"
    assert closed.cycles[0]["lithium_in_pores_max"] is None
    with pytest.raises(InputError, match=r"separator.open_pore: 30 um; allowed: less than"):
        pressed(5, 25, "Rest for 1 h", **PORE | {"separator.open_pore": "30 um"})


def test_lithium_is_pressed_into_a_split_flaw_as_fast_as_it_creeps():
    """da/dt = v (r sqrt(a/a_0) - 1) at 40 MPa, r its share over K_IC/(1.12 sqrt(pi a_0))."""
    flaw, nu, v = 35e-6, 0.37, 1e-5
    load = (1 - 2 * nu) / (1 - nu) * 40e6 / (0.17e6 / (1.12 * np.sqrt(np.pi * flaw)))
    time, _ = quad(lambda a: 1.0 / (v * (load * np.sqrt(a / flaw) - 1.0)), flaw, 1e-3)
    for celsius in (25, 60):
        result = pressed(40, celsius, "Rest for 1 h", **FLAW)
        assert "the stack pressure alone splits it" in result.reason
        assert_allclose(result.time[-1], time / warmer(celsius), rtol=1e-2)


@pytest.mark.parametrize("celsius", [0, 60])
def test_the_stress_that_splits_a_flaw_does_not_move(celsius):
    endings = [pressed(pressure, celsius, "Rest for 100 h", **FLAW) for pressure in (34, 36)]
    assert [result.status for result in endings] == ["completed", "short"]
