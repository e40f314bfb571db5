"""Voids under lithium in whole runs: how they close, and where they never open."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from scipy.stats import norm

import lithomech as lm
from lithomech.cell.run import run

FARADAY, GAS, V_LI = 96485.33212, 8.314462618, 12.97e-6
FADES = 5e-9  # m, depth below which a void closes more slowly


def cycled(pressure, celsius, *protocol):
    return run(
        lm.load_cell(
            "li_lpscl_li",
            {
                "fixture.pressure": f"{pressure} MPa",
                "temperature": f"{celsius} degC",
                "mechanisms": {"interphase": "none", "separator_crack": "none"},
                "solver": {"voltage_tolerance": "0.1 mV"},
                "protocol": list(protocol),
            },
        )
    )


def open_voids(result):
    return np.sort(result.state["cathode.lithium_voids.open"])


@pytest.mark.parametrize(("celsius", "current"), [(0, 1.0), (25, 2.0), (60, 8.0)])
def test_at_rest_voids_close_by_creep_and_diffusion_alone(celsius, current):
    """dw/dt = -(V_Li/F) s i_c w/(w + 5 nm) at each spot: w + 5 nm ln w falls evenly."""
    strip, seconds = f"Strip at {current} mA/cm2 for 20 min", 120.0
    opened = open_voids(cycled(3, celsius, strip))
    left = open_voids(cycled(3, celsius, strip, f"Rest for {seconds:g} s"))
    warmer = np.exp(-37e3 / GAS * (1.0 / (celsius + 273.15) - 1.0 / 298.15))
    supply = np.exp(0.5 * norm.ppf((np.arange(8) + 0.5) / 8))[::-1]
    fed = 10.0 * warmer * (0.23 + 1.35 * 0.3**1.5) * supply / supply.mean()
    falls = V_LI / FARADAY * fed * seconds
    for before, after, fall in zip(opened, left, falls, strict=True):
        if before > 2.0 * fall:  # not one that closes meanwhile

            def excess(w, before=before, fall=fall):
                return w - before + fall + FADES * np.log(w / before)

            assert_allclose(after, brentq(excess, 1e-12, before), rtol=1e-3)
    assert np.sum(opened > 2.0 * falls) >= 4


def test_under_much_pressure_a_small_current_leaves_no_voids():
    """0.1 mA/cm2 at 10 MPa, where the worst spot is fed 0.65: nothing in 100 cycles."""
    hours = ["Strip at 0.1 mA/cm2 for 1 h", "Plate at 0.1 mA/cm2 for 1 h"]
    result = cycled(10, 25, {"repeat": 100, "steps": hours})
    assert len(result.cycles) == 100
    assert min(c["lithium_contact_fraction_min"] for c in result.cycles) > 1.0 - 1e-9


def test_in_a_spring_equal_electrodes_cancel_and_voids_do_not():
    """What one side loses the other gains; voids are thickness, and press."""
    one = {
        "fixture": {"type": "spring", "pressure": "3 MPa", "stiffness": "0.35 MPa/um"},
        "mechanisms": {"interphase": "none", "separator_crack": "none"},
        "protocol": ["Strip at 1 mA/cm2 for 1 h"],
    }
    flat = one | {"mechanisms": one["mechanisms"] | {"lithium_voids": "none"}}
    moved, still = (run(lm.load_cell("li_lpscl_li", cell)) for cell in (one, flat))
    swing = 1e-6 * np.ptp(still.stack_pressure)
    assert swing < 1e-9
    voids = 1e6 * np.mean(moved.state["cathode.lithium_voids.open"])  # um
    rise = 1e-6 * (moved.stack_pressure[-1] - moved.stack_pressure[0])
    assert voids > 0.5
    assert 0.9 * 0.35 * voids < rise < 0.35 * voids  # the separator gives way a little
