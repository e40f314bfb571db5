"""Contact of lithium with a polymer: at once, with time, and what the metal flows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

import lithomech as lm
from lithomech.cell.mechanisms import polymer_contact
from lithomech.cell.mechanisms.declare import FoilBefore
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.numerics.dual import Dual

FOIL = {"type": "planar", "material": "li", "thickness": "100 um"}
OFF = dict.fromkeys(("interphase", "lithium_voids", "separator_crack", "salt"), "none")
AT_ONCE = np.sqrt(8.0 / np.pi) * (1.0 - 0.499**2) / (3e6 * 0.1)  # 1/Pa, 3 MPa, slope 0.1
DELAYED = 9.0 * AT_ONCE  # 3/MPa beside 1/3
FASTER = np.exp(-37e3 / 8.314462618 * (1.0 / 333.15 - 1.0 / 298.15))
RATE = 0.0077 * FASTER / 0.02  # of flattening at 1 MPa, from the fit of Masias2019


def declare(pressure, *protocol, **keys):
    return lm.load_cell(
        {
            "cathode": FOIL,
            "anode": FOIL,
            "temperature": "60 degC",
            "separator": {"material": "peo", "thickness": "40 um", "porosity": "0 %"},
            "fixture": {"type": "constant_pressure", "pressure": pressure},
            "geometry": {"area": "1 cm2"},
            "mechanisms": OFF,
            "protocol": list(protocol),
        }
        | keys
    )


def parameters():
    return (
        resolve(declare("0.2 MPa", "Rest for 1 s"))
        .foils["anode"]
        .parameters[polymer_contact.NAME]
    )


def step(p, old, P, h):
    drive = FoilBefore(333.15, *(Dual(v, 0.0, 0.0) for v in (0.0, P, 1e4, 1.0)))
    state, effect = polymer_contact.advance(p, polymer_contact.States(*old), drive, h)
    return (state.given.value, state.flowed.value), effect.contact.value


def exact(P, t):
    """Flattening after a time under a held pressure, by a solver of its own."""

    def rate(_, y):
        theta = np.tanh(AT_ONCE * P + y[0] + y[1] + 1e-6)
        flow = RATE * (1.0 - theta) * (P / (3e6 * theta)) ** 6.56
        return [(DELAYED * P - y[0]) / 600.0, flow]

    return solve_ivp(rate, (0.0, t), [0.0, 0.0], method="Radau", rtol=1e-9, atol=1e-12).y[:, -1]


def test_constants_are_those_of_the_files():
    p = parameters()
    assert_allclose([p.at_once, p.delayed], [AT_ONCE, DELAYED], rtol=1e-12)
    assert_allclose(p.rate, RATE, rtol=1e-9)


@pytest.mark.parametrize("P", [1e4, 5e4, 2e5])
def test_at_once_it_is_elastic(P):
    assert_allclose(step(parameters(), (0.0, 0.0), P, 0.0)[1], np.tanh(AT_ONCE * P), rtol=1e-6)


def test_after_long_it_is_whole():
    old = (0.0, 0.0)
    for _ in range(30):
        old, contact = step(parameters(), old, 1e6, 3600.0)
    assert contact > 1.0 - 1e-9


@pytest.mark.parametrize("P", [2e4, 2e5, 1e6])
@pytest.mark.parametrize("t", [30.0, 600.0, 2e4])
def test_steps_follow_the_equations(P, t):
    p, old, steps = parameters(), (0.0, 0.0), 4000
    edges = np.concatenate([[0.0], np.geomspace(1e-6 * t, t, steps)])
    for h in np.diff(edges):
        old, contact = step(p, old, P, h)
    given, flowed = exact(P, t)
    assert_allclose(old, [given, flowed], rtol=5e-3)
    assert_allclose(contact, np.tanh(AT_ONCE * P + given + flowed), rtol=2e-3)


def test_a_stiff_step_is_solved_too():
    (_, flowed), contact = step(parameters(), (0.0, 0.0), 5e6, 1e5)
    assert np.isfinite(flowed)
    assert contact > 0.999


def test_released_pressure_leaves_what_the_metal_has_flowed():
    p = parameters()
    pressed, _ = step(p, (0.0, 0.0), 1e6, 3600.0)
    back, contact = step(p, pressed, 0.0, 1e6)
    assert_allclose(back[0], 0.0, atol=1e-3 * pressed[0])
    assert_allclose(back[1], pressed[1], rtol=1e-12)
    assert_allclose(contact, np.tanh(back[0] + pressed[1]), rtol=1e-6)


def test_a_resting_cell_gains_contact_and_loses_resistance():
    steps = ("Impedance from 10 kHz to 1 kHz, 1 point per decade", "Rest for 1 h")
    result = run(declare("0.05 MPa", *steps, *steps))
    first, last = (s.impedance_ohm[-1].real for s in result.impedance)
    assert last < first
    assert result.status == "completed"


def test_a_hard_separator_knows_nothing_of_it():
    cell = declare(
        "0.2 MPa", "Rest for 1 s", separator={"material": "li6ps5cl", "thickness": "1 mm"}
    )
    assert resolve(cell).foils["anode"].parameters[polymer_contact.NAME] is None
