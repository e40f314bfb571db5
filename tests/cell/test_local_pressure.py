"""One pressure at a wall, its gap and the cracks behind it: against their energy."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq, minimize

from lithomech.cell.mechanisms import contact
from lithomech.cell.mechanisms.contact import Strained
from lithomech.cell.mechanisms.local_pressure import Series, followed, local_pressure

K_C, T, XI, CLOSING, P_MADE, P_RES = 30e9, 0.72, 0.9, 117e6, 70e6, 20e6
WIDTH = 1e3
WALL = contact.Parameters(
    transmission=T, wall_stiffness=K_C, made_contact_pressure=T * P_MADE + P_RES,
    made_pressure=P_MADE, contact_modulus=3e10, load_share=XI, adhesion=1e5, caps=2.0,
    network_strain=0.04, closing_pressure=CLOSING, width=WIDTH,
)  # fmt: skip
OPENING, LEFT_OPEN = 0.46, 0.01  # share of the contraction that opens, and what stays open
MADE = [-0.06, -0.02, -0.004, 0.003, 0.02]  # volume strains of the lattice
PRESSURES = [5e6, 70e6, 300e6]


def cracks_of(made):
    return LEFT_OPEN + OPENING * max(-made, 0.0)


def energy(a, g, made, P):
    """Energy per volume of particle of cracks a and a gap g over the radius [J/m3]."""
    a_0 = cracks_of(made)
    z = (made + a) / 3.0 + g
    far = WALL.made_contact_pressure + T * (P - P_MADE)
    walls = 3.0 * (0.5 * K_C * z * z + z * far - XI / 3.0 * P * g)
    return walls + CLOSING * (a * np.log(a / a_0) - a + a_0)


def least(made, P):
    """Cracks and gap of least energy: by a minimiser that knows nothing of pressures."""
    a_0 = cracks_of(made)
    found = minimize(
        lambda v: energy(a_0 * np.exp(v[0]), v[1] ** 2, made, P) / 1e6,
        (-0.1, 0.1),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 20000, "maxfev": 20000},
    )
    return a_0 * np.exp(found.x[0]), found.x[1] ** 2, found.fun * 1e6


def pressed(made, P):
    strained = Strained(made / 3.0, cracks_of(made), OPENING if made < 0.0 else 0.0)
    near = contact.settle(WALL, strained, 0.0, P).pressure
    return contact.press(WALL, strained, 0.0, P, near)


@pytest.mark.parametrize("P", PRESSURES)
@pytest.mark.parametrize("made", MADE)
def test_cracks_and_gap_have_the_least_energy(made, P):
    wall = pressed(made, P)
    a, g, lowest = least(made, P)
    assert_allclose(wall.cracks, a, rtol=2e-4)
    assert_allclose(wall.gap, g, atol=2e-7)
    assert energy(wall.cracks, wall.gap, made, P) <= lowest + 1e-6 * abs(lowest) + 1.0
    assert wall.pressure >= XI * P / 3.0 - 1e-6


@pytest.mark.parametrize("P", PRESSURES)
@pytest.mark.parametrize("made", MADE)
def test_lithium_and_pressure_see_the_slopes_of_one_energy(made, P):
    """What shifts the potential is dW/d made; what thickens the layer is dW/dP: Maxwell."""
    h, dP = 1e-6, 1e2

    def stored(strain, pressure):
        wall = pressed(strain, pressure)
        return energy(wall.cracks, wall.gap, strain, pressure)

    wall = pressed(made, P)
    by_strain = (stored(made + h, P) - stored(made - h, P)) / (2.0 * h)
    by_pressure = (stored(made, P + dP) - stored(made, P - dP)) / (2.0 * dP)
    z = (made + wall.cracks) / 3.0 + wall.gap
    assert_allclose(by_strain, wall.on_lithium, rtol=1e-6)
    assert_allclose(by_pressure, 3.0 * (T * z - XI / 3.0 * wall.gap), rtol=1e-6)


def test_the_root_is_found_wherever_it_lies():
    """Against bracketing, from whole to cracked through, weak to stiff, open to pressed."""
    draw = np.random.default_rng(3)
    for _ in range(2000):
        solid = draw.choice([-1.0, 1.0]) * 10.0 ** draw.uniform(5, 9.6)
        cracks, floor = 10.0 ** draw.uniform(-3, 9.5), 10.0 ** draw.uniform(3, 8)
        closing, width = 10.0 ** draw.uniform(7.5, 8.5), 10.0 ** draw.uniform(3, 6.7)
        s = Series(solid, cracks, floor, closing, width)

        def excess(p, s=s):
            above = s.solid + s.cracks * np.exp(-p / s.closing) - s.floor
            return p - s.floor - s.width * np.logaddexp(0.0, above / s.width)

        exact = brentq(excess, floor - 1.0, floor + abs(solid) + cracks + 50.0 * width)
        p = local_pressure(s)  # as the wall finds it: four rounds, and two on what has flowed
        for _ in range(2):
            p = followed(s, p)
        assert_allclose(p, exact, rtol=1e-7)


@pytest.mark.parametrize("residual", [0.0, 3e7])
@pytest.mark.parametrize("made_pressure", [1e5, 2e6, 7e7])
def test_as_made_every_contact_is_whole(made_pressure, residual):
    """By reciprocity the stack presses on every particle; walls lose more of a larger P."""
    spare = residual + (T - XI / 3.0) * made_pressure
    width = contact.ROUNDED * min(spare, XI * (made_pressure + WALL.adhesion))
    width = max(width, contact.LEAST_WIDTH)  # a quarter of what is spare at 0.1 MPa
    made = T * made_pressure + residual
    wall = WALL._replace(made_pressure=made_pressure, made_contact_pressure=made, width=width)

    def theta(misfit):
        strained = Strained(misfit, 0.0, 0.0)
        near = contact.settle(wall, strained, 0.0, made_pressure).pressure
        return contact.press(wall, strained, 0.0, made_pressure, near).theta

    assert theta(0.0) > (0.999 if width < 0.1 * spare else 0.99)
    assert theta(-0.7 * spare / K_C) > 0.97 or width > 0.1 * spare
    assert theta(-1.5 * spare / K_C) < 0.97


def test_no_cracks_are_left_as_the_pressure_grows():
    walls = [pressed(-0.03, P) for P in (1e7, 1e8, 1e9, 1e10)]
    assert np.all(np.diff([w.cracks for w in walls]) < 0.0)
    assert walls[-1].cracks < 1e-8
    assert walls[-1].theta > 0.99
