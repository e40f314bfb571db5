"""Li-In with its indium towards the separator: Sand's time, and what is plated in front."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.laws import kinetics, transport

F, R, T = 96485.33212, 8.314462618, 298.15
SOLUBILITY, D = 890.0, 6.2e-15  # as the file of li_in says
FOIL = {"type": "planar", "material": "li_in", "thickness": "100 um", "front": "host"}
END = "-1.38 V"  # of the cell: 2.0 V of the indium against lithium


def sand(i):
    """Time after which a constant current has emptied a surface [s]."""
    return np.pi * D * (F * SOLUBILITY / (2.0 * i)) ** 2


def declare(*protocol, **keys):
    return lm.load_cell(
        {
            "cathode": {"type": "planar", "material": "li", "thickness": "500 um"},
            "anode": FOIL,
            "separator": {"material": "li6ps5cl", "thickness": "600 um"},
            "fixture": {"type": "constant_pressure", "pressure": "20 MPa"},
            "geometry": {"area": "1 cm2"},
            "initial": {"anode": 0.3},
            "mechanisms": dict.fromkeys(
                ("interphase", "lithium_voids", "separator_crack"), "none"
            ),
            "protocol": list(protocol),
        }
        | keys
    )


@pytest.mark.parametrize("current", [0.1, 0.2, 0.5])
def test_stripping_ends_after_the_time_of_sand(current):
    result = run(declare(f"Discharge at {current} mA/cm2 until {END}"))
    assert_allclose(result.time[-1], sand(10.0 * current), rtol=0.03)


def test_on_the_way_the_potential_is_that_of_a_dilute_solution():
    result = run(declare("Discharge at 0.1 mA/cm2 until -1 V", output={"points": 400}))
    tau = sand(1.0)
    rows = (result.time > 0.05 * tau) & (result.time < 0.6 * tau)
    left = 1.0 - np.sqrt(result.time[rows] / tau)
    fallen = result.voltage[0] - result.voltage[rows]
    assert_allclose(fallen, -R * T / F * np.log(left), atol=1.5e-3)


def test_what_is_plated_in_front_comes_back_whole_and_flat():
    result = run(
        declare("Charge at 0.2 mA/cm2 for 900 s", f"Discharge at 0.2 mA/cm2 until {END}")
    )
    back = result.time[-1] - 900.0
    assert_allclose(back, 900.0 + sand(2.0), rtol=1e-3)
    flat = (result.time > 905.0) & (result.time < 1750.0)
    assert np.ptp(result.voltage[flat]) < 1e-3


def test_a_rest_lets_lithium_come_back_to_the_surface():
    strip = f"Discharge at 0.2 mA/cm2 until {END}"
    result = run(declare(strip, "Rest for 1 h", strip, "Rest for 0.1 s", strip))
    ends = [e.time_s for e in result.events if e.name == "voltage limit [V]"]
    rested = ends[1] - ends[0] - 3600.0
    assert 0.9 * sand(2.0) < rested < 1.01 * ends[0]
    if len(ends) > 2:  # without a rest hardly any has come
        assert ends[2] - ends[1] < 0.1 * sand(2.0)


def test_with_the_compound_in_front_all_of_it_is_at_hand():
    compound = FOIL | {"front": "compound"}
    result = run(declare("Discharge at 0.2 mA/cm2 for 1 h", anode=compound))
    assert result.status == "completed"


def test_the_budget_counts_it_as_diffusion():
    result = run(declare("Discharge at 0.1 mA/cm2 until -1 V"))
    parts = result.losses.overvoltage_mV
    whole = np.sum([*parts.values()], axis=0)
    assert_allclose(whole, result.losses.whole_overvoltage_mV, rtol=1e-6)
    assert parts["anode particle diffusion"][0] > 5.0


def test_lithium_itself_has_no_host():
    with pytest.raises(InputError, match=r"anode.front: 'li' has no .*solubility"):
        run(declare("Rest for 1 s", anode=FOIL | {"material": "li"}))


def test_the_laws_have_the_limits_of_their_equations():
    i, lack = 2.0, transport.depletion_per_half_integral(SOLUBILITY, D)
    assert_allclose(lack * 2.0 * i * np.sqrt(sand(i) / np.pi), 1.0, rtol=1e-9)
    assert kinetics.dilute_solution_shift(1.0, T) == 0.0
    tenth = kinetics.dilute_solution_shift(0.1, T)
    assert_allclose(tenth, 0.05916, rtol=1e-4)  # Nernst: 59.16 mV per decade at 25 degC
