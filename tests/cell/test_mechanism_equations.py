"""One step of each mechanism alone against its equations, written here a second time.

Steps are implicit: what comes out must satisfy y = y_0 + h rate(y).
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from lithomech.cell.mechanisms import (
    bare_collector,
    contact,
    cracking,
    creep,
    first_cycle,
    foil_interphase,
    interphase,
    isolation,
    lithium_voids,
    separator_crack,
    yielding,
)
from lithomech.cell.mechanisms.declare import After, Before, FoilAfter, FoilBefore, Wall
from lithomech.cell.mechanisms.reaction import ABSENT, Reaction
from lithomech.cell.mechanisms.registry import BUILT_IN
from lithomech.cell.state import lay_out, slots
from lithomech.laws.lithium import constriction_resistance
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import WIDTH, first_lanes, load, store
from lithomech.numerics.table import tabulate

FARADAY, T = 96485.33212, 298.15
OXIDATION = Reaction(1.0, 3.6, 2.0, 0.7, 2.5, 50.0, 0.03, 2e-11)
REDUCTION = Reaction(1.0, 1.2, 3.0, 0.4, 1e12, 80.0, 0.05, -1e-11)

OXYGEN = Reaction(1.0, 3.9, 4.0, 0.2, 1e12, 20.0, 0.3, 1e-12)


def softplus(x, width):
    return width * np.logaddexp(0.0, x / width)


def ramp(x, width):
    return x * x / (x + width) if x > 0.0 else 0.0


def smooth_abs(x, width):
    return np.hypot(x, width) - width


def flat(value):
    return tabulate(lambda x: np.full_like(x, value))


def reacts(j, r, outside, theta, q_0, h):
    """Residual of j = theta eta (1 - q/q_max) / R(q) at the end of a step."""
    q = q_0 + h * j
    film = r.growth * r.decay * np.expm1(q / r.decay)  # growth q while q is small
    driven = theta * softplus(outside, 5e-3) * (1.0 - q / r.exhaustion)
    return j * (r.resistance + film) - driven


def test_cracks_follow_stress_over_strength():
    p = cracking.Parameters(
        lattice_stress=20.0, gradient_stress=30.0, load_stress=2e-8, rate=5.0, exponent=1.3,
        opening=0.4, shut=0.01, residual_rate=0.02, residual_limit=0.05, path_loss=0.25,
        mismatch=flat(0.05), contraction=flat(0.06), counting=flat(0.9),
    )  # fmt: skip
    drive = Before(T, -0.3, -3e-5, 0.40, 0.55, 0.7, 1.5e7)
    h, d_0, A_0 = 400.0, 0.1, 2e-3
    new, effect = cracking.advance(p, cracking.States(d_0, A_0), drive, h)
    speed = smooth_abs(3e-5, 1e-8)
    gradient = smooth_abs(0.7, 1e-3) * smooth_abs(0.15, 1e-4)
    overload = ramp(20.0 * 0.05 + 30.0 * gradient + 2e-8 * 1.5e7 - 1.0, 0.02)
    rate = 5.0 * overload**1.3 * speed
    assert overload > 1.0
    assert_allclose(new.damage, d_0 + h * rate * (1.0 - new.damage), rtol=1e-12)
    wedging = 0.02 * new.damage * speed
    assert_allclose(new.residual, A_0 + h * wedging * (1.0 - new.residual / 0.05), rtol=1e-12)
    area = new.damage * (0.01 + 0.4 * 0.06) + new.residual
    assert_allclose(effect.opening, area, rtol=1e-12)
    assert_allclose(effect.diffusivity, 1.0 - 0.25 * new.damage, rtol=1e-12)
    assert_allclose(cracking.diffusivity(p, new), 1.0 - 0.25 * new.damage, rtol=1e-12)
    assert effect.misfit == 0.0


def test_pressure_counts_below_the_strength_too():
    p = cracking.Parameters(
        lattice_stress=0.0, gradient_stress=0.0, load_stress=-1e-7, rate=5.0, exponent=1.3,
        opening=0.4, shut=0.01, residual_rate=0.02, residual_limit=0.05, path_loss=0.25,
        mismatch=flat(0.05), contraction=flat(0.06), counting=flat(0.9),
    )  # fmt: skip
    drive = Before(T, -0.3, -3e-5, 0.40, 0.55, 0.7, 1.2e7)
    new, _ = cracking.advance(p, cracking.States(), drive, 400.0)
    assert new.damage == 0.0


@pytest.mark.parametrize("misfit", [-0.01, 0.004, 0.02])
def test_the_electrolyte_flows_towards_the_yielded_state(misfit):
    yielded = tabulate(lambda e: 0.6 * np.maximum(e, 0.0), -0.02, 0.05)
    lost = tabulate(lambda e: 0.3 * e, 0.0, 0.05)
    p = yielding.Parameters(-0.02, 0.05, 50.0, yielded, lost)
    e_0, h = 1e-3, 20.0
    new, effect = yielding.advance(
        p, yielding.States(e_0), Wall(T, misfit, 2e7, 2e7, 0.0, 0.0), h
    )
    flow = ramp(0.6 * max(misfit, 0.0) - new.wall_strain, 1e-6) / 50.0
    assert_allclose(new.wall_strain, e_0 + h * flow, rtol=1e-9)
    assert_allclose(effect.irreversible, new.wall_strain, rtol=1e-12)
    assert_allclose(effect.relief, 0.3 * new.wall_strain, rtol=1e-6)


WALL = contact.Parameters(0.7, 5e9, 1.2e7, 2e7, 3e10, 0.4, 1e5, 2.0, 0.04, 1e8, 1e5)


@pytest.mark.parametrize("misfit", [-0.02, -0.003, 0.001, 0.01])
def test_the_wall_balances_strain_and_pressure(misfit):
    P, kept, cracks = 2.6e7, 4e-4, 0.01
    strained = contact.Strained(misfit, cracks, 0.3)
    near = contact.settle(WALL, strained, kept, P).pressure
    wall = contact.press(WALL, strained, kept, P, near)
    assert_allclose(wall.cracks, cracks * np.exp(-wall.pressure / 1e8), rtol=1e-9)
    trial = 5e9 * (misfit + wall.cracks / 3.0 - kept) + 0.7 * (P - 2e7) + 1.2e7
    floor = 0.4 * P / 3.0
    assert_allclose(wall.pressure, floor + softplus(trial - floor, 1e5), rtol=1e-9, atol=1e-6)
    assert wall.gap >= 0.0
    assert_allclose(5e9 * wall.gap, wall.pressure - trial, rtol=1e-6, atol=1e-3)
    opened = (wall.gap * 3e10 / (0.4 * (P + 1e5)) + 1e-9) / 0.833
    assert_allclose(wall.theta, (1.0 + opened**0.7) ** -0.952, rtol=1e-9)
    back = 0.3 * 1e8 * (1.0 - np.exp(-wall.pressure / 1e8))
    assert_allclose(wall.on_lithium, wall.pressure - back, rtol=1e-9)


def test_a_bond_bears_tension_and_stays_whole():
    wall = contact.bond(WALL, contact.Strained(-0.02, 0.0, 0.0), 0.0, 2e7)
    assert_allclose(wall.pressure, -5e9 * 0.02 + 1.2e7, rtol=1e-12)
    assert (wall.gap, wall.theta) == (0.0, 1.0)


def test_a_shell_creeps_towards_the_stack_pressure():
    """Of a closed wall the pressure falls as it creeps: implicit in both."""
    p, h, e_0, give = creep.Parameters(5e9 * 2e4, 0.7), 9e3, 2e-4, 5e9
    drive = Wall(T, 0.0, 2e7, 6e7, give, e_0)
    new, effect = creep.advance(p, creep.States(e_0), drive, h)
    left = 6e7 - give * (new.strain - e_0)
    assert_allclose(new.strain, e_0 + h * (left - 2e7) / (5e9 * 2e4), rtol=1e-12)
    assert_allclose(effect.irreversible, new.strain, rtol=1e-12)
    # passed on: transmission times (misfit - relief) gives back all that crept
    assert_allclose(0.7 * (new.strain - effect.relief), new.strain, rtol=1e-12)


def test_grains_are_cut_off_with_their_strain():
    p = isolation.Parameters(6.0, 0.3, 0.02, 10.0, 0.95)
    old, h = isolation.States(0.1, -2e-3, 0.02, -0.2), 500.0
    drive = After(T, 4.0, 0.5, 2e7, 1e-4, 0.03, -0.04, -2e-5, 0.05)
    new, effect = isolation.advance(p, old, drive, h)
    assert_allclose(new.widest, 0.02 + h * (0.03 - new.widest) / 10.0, rtol=1e-12)
    rate = 6.0 * (new.widest - 0.02) + h * (0.3 * 0.03 + 0.02 * 0.05) * 2e-5
    assert_allclose(new.share, 0.1 + rate * (1.0 - new.share), rtol=1e-12)
    assert_allclose(new.strain, -2e-3 - 0.04 * (new.share - 0.1), rtol=1e-12)
    assert new.taken == -0.2  # booked with the current that is found
    assert effect.side_current == 0.0
    shut, _ = isolation.advance(p, old, drive._replace(cracks=0.0, slope=0.0), h)
    assert shut == old


@pytest.mark.parametrize("potential", [0.4, 2.0, 4.1])
def test_films_grow_against_their_own_resistance(potential):
    p = interphase.Parameters(OXIDATION, REDUCTION, OXYGEN, 5e4)
    old, h, theta = interphase.States(3.0, 2.0, 1.5), 700.0, 0.6
    drive = After(T, potential, theta, 2e7, 1e-4, 0.0, 0.0, 0.0, 0.0)
    new, effect = interphase.advance(p, old, drive, h)
    above, below = (new.oxidation - 3.0) / h, (new.reduction - 2.0) / h
    driven = theta * softplus(potential - 3.6, 5e-3)
    assert_allclose(
        reacts(above, OXIDATION, potential - 3.6, theta, 3.0, h),
        0.0,
        atol=1e-9 * driven + 1e-15,
    )
    driven = theta * softplus(1.2 - potential, 5e-3)
    assert_allclose(
        reacts(below, REDUCTION, 1.2 - potential, theta, 2.0, h),
        0.0,
        atol=1e-9 * driven + 1e-15,
    )
    oxygen, driven = (new.oxygen - 1.5) / h, theta * softplus(potential - 3.9, 5e-3)
    assert_allclose(
        reacts(oxygen, OXYGEN, potential - 3.9, theta, 1.5, h), 0.0, atol=1e-9 * driven + 1e-14
    )
    assert_allclose(effect.side_current, above + oxygen - below, rtol=1e-6, atol=1e-15)
    stands = interphase.standing(p, old)
    assert_allclose(stands.misfit, 5e4 * (2e-11 * 3.0 - 1e-11 * 2.0 + 1.5e-12), rtol=1e-12)
    assert_allclose(stands.resistance, 0.03 * 3.0 + 0.05 * 2.0 + 0.3 * 1.5, rtol=1e-12)


def test_a_reaction_that_is_absent_takes_nothing():
    p = interphase.Parameters(OXIDATION, REDUCTION._replace(present=0.0), ABSENT, 5e4)
    drive = After(T, 0.3, 1.0, 2e7, 0.0, 0.0, 0.0, 0.0, 0.0)
    new, _ = interphase.advance(p, interphase.States(3.0, 2.0), drive, 700.0)
    assert new.reduction == 2.0


def test_hosts_keep_lithium_below_a_potential():
    loss = Reaction(1.0, 0.5, 40.0, 0.0, 1e12, 90.0, 0.0, 0.0)
    p, h = first_cycle.Parameters(loss), 300.0
    drive = After(T, 0.1, 0.8, 2e7, 0.0, 0.0, 0.0, 0.0, 0.0)
    new, effect = first_cycle.advance(p, first_cycle.States(10.0), drive, h)
    j = (new.kept - 10.0) / h
    assert j > 0.0
    assert_allclose(reacts(j, loss, 0.4, 0.8, 10.0, h), 0.0, atol=1e-10)
    assert_allclose(effect.side_current, -j, rtol=1e-9)


def test_a_foil_pays_for_its_film():
    p, h = foil_interphase.Parameters(REDUCTION), 500.0
    drive = FoilAfter(T, 0.05, 0.7, 1e9, 0.0, 0.0, 1e6)
    new, effect = foil_interphase.advance(p, foil_interphase.States(4.0), drive, h)
    j = (new.film - 4.0) / h
    assert j > 0.0
    assert_allclose(reacts(j, REDUCTION, 1.15, 0.7, 4.0, h), 0.0, atol=1e-10)
    assert_allclose(effect.charge, new.film - 4.0, rtol=1e-12)
    assert_allclose(effect.thickness, -1e-11 * new.film, rtol=1e-12)
    assert_allclose(effect.resistance, 0.05 * new.film, rtol=1e-12)


VOIDS = lithium_voids.Parameters(3.0, 40.0, 2.0, 8e-7, 0.2, 1.3e-5, 0.16, 0.5, 2e-5)


@kernel
def void_step(p, states, i, P, h, covered=1.0):
    """States after a step, and contact, thickness and resistance with their slope in i."""
    every = first_lanes(WIDTH)
    old = lithium_voids.States(load(states, 0, every), load(states, WIDTH, every))
    metal, contact = Dual(1e6, 0.0, 0.0), Dual(covered, 0.0, 0.0)
    drive = FoilBefore(298.15, Dual(i, 1.0, 0.0), Dual(P, 0.0, 1.0), metal, contact)
    new, e = lithium_voids.advance(p, old, drive, h)
    store(states, 0, every, new.open.value)
    store(states, WIDTH, every, new.occluded.value)
    return e.contact, e.thickness, e.resistance


def spots_of(depth):
    """Voids of eight spots, deeper from one to the next."""
    return np.concatenate([depth * np.linspace(0.0, 2.0, WIDTH), np.full(WIDTH, 2e-8)])


@pytest.mark.parametrize("i", [-30.0, 0.0, 25.0])
def test_voids_open_when_stripped_and_are_shut_in_when_plated(i):
    p, h, P = VOIDS, 60.0, 3e6
    old = spots_of(1e-7)
    new = old.copy()
    contact, thickness, resistance = void_step(p, new, i, P, h)
    w, shut = new[:WIDTH], new[WIDTH:]
    theta = np.exp(-(w + shut) / 8e-7)
    uneven = np.exp(0.5 * norm.ppf((np.arange(WIDTH) + 0.5) / WIDTH))
    sustained = (3.0 + 40.0 * (P / 1e7) ** 2.0) * uneven / uneven.mean()
    per = 1.3e-5 / FARADAY
    strip, plate = softplus(i, 1e-3), softplus(-i, 1e-3)
    beyond = strip * theta / theta.mean() - plate - sustained
    grow = np.array([softplus(b, 0.02) for b in beyond])
    close = np.array([softplus(-b, 0.02) for b in beyond])
    filled = w / (w + 5e-9)
    assert_allclose(w, old[:WIDTH] + h * per * (grow - close * filled), rtol=1e-9, atol=1e-16)
    assert_allclose(shut, 2e-8 + h * 0.2 * per * plate * filled, rtol=1e-9)
    assert_allclose(thickness.value, (w + shut).mean(), rtol=1e-12)
    assert_allclose(contact.value, theta.mean(), rtol=1e-12)
    spreading = constriction_resistance(theta.mean(), 2e-5, 0.16)
    assert_allclose(resistance.value, theta.mean() * spreading, rtol=1e-12)


@pytest.mark.parametrize("i", [-30.0, 25.0])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_slopes_of_voids_are_those_of_differences(i, number):
    h, P, d = 60.0, 3e6, 1e-3
    at = void_step(VOIDS, spots_of(1e-7), i, P, h)[number]
    up, down = (void_step(VOIDS, spots_of(1e-7), i + s * d, P, h)[number] for s in (1, -1))
    assert_allclose(at.first, (up.value - down.value) / (2 * d), rtol=1e-5, atol=1e-16)
    d = 1.0
    up, down = (void_step(VOIDS, spots_of(1e-7), i, P + s * d, h)[number] for s in (1, -1))
    assert_allclose(at.second, (up.value - down.value) / (2 * d), rtol=1e-4, atol=1e-20)


def test_what_feeds_spots_alike_is_one_number_of_voids():
    """Even supply and even voids stay even: stripping i above the supply goes i - i_c deep."""
    even = VOIDS._replace(unevenness=0.0, occlusion=0.0)
    states, h, P = np.zeros(2 * WIDTH), 10.0, 3e6
    for _ in range(30):
        contact, thickness, _ = void_step(even, states, 25.0, P, h)
    sustained = 3.0 + 40.0 * (P / 1e7) ** 2.0
    deep = 1.3e-5 / FARADAY * 300.0 * (25.0 - sustained)
    assert_allclose(states[:WIDTH], deep, rtol=1e-9)
    assert_allclose(thickness.value, deep, rtol=1e-9)
    assert_allclose(contact.value, np.exp(-deep / 8e-7), rtol=1e-9)


def test_voids_see_the_current_over_what_lithium_covers():
    """Half the current on half the area opens the same voids; half of it touches in all."""
    whole, half = spots_of(1e-7), spots_of(1e-7)
    all_of_it = void_step(VOIDS, whole, 24.0, 3e6, 60.0)
    contact, thickness, _ = void_step(VOIDS, half, 12.0, 3e6, 60.0, 0.5)
    assert_allclose(half, whole, rtol=1e-12)
    assert_allclose(contact.value, all_of_it[0].value, rtol=1e-12)
    assert_allclose(thickness.value, all_of_it[1].value, rtol=1e-12)


BARE = bare_collector.Parameters(1e-6, 0.1, 0.02, 1.3e-5)


@pytest.mark.parametrize("micrometres", [0.05, 1.0, 8.0])
@pytest.mark.parametrize("i", [-20.0, 20.0])
def test_lithium_covers_a_collector(micrometres, i):
    """Islands at random: 1 - exp; plating begins on sites, stripping leaves some."""
    metal, h = micrometres * 1e-6 * FARADAY / 1.3e-5, 40.0
    drive = FoilBefore(298.15, i, 3e6, metal, 1.0)
    new, effect = bare_collector.advance(BARE, bare_collector.States(5.0), drive, h)
    covered = 1.0 - np.exp(-micrometres)
    begun = 0.1 if i < 0.0 else 0.0
    assert_allclose(effect.contact, covered, rtol=1e-6)
    assert_allclose(effect.begins, begun, rtol=1e-4, atol=1e-9)
    lost = 0.02 * (1.0 - covered) * max(i, 0.0) * h
    assert_allclose(new.inactive - 5.0, lost, rtol=1e-9, atol=1e-12)
    assert_allclose(effect.charge, new.inactive - 5.0, rtol=1e-12, atol=1e-12)


CRACK = separator_crack.Parameters(2e-6, 6e7, 0.4, 12.0, 1e-5, 1.3e-5, 1e-3)


@pytest.mark.parametrize(("j", "P"), [(-20.0, 5e6), (-20.0, 2e8), (20.0, 2e8), (-1.0, 5e6)])
def test_a_crack_grows_by_what_opens_it(j, P):
    p, h, l_0 = CRACK, 30.0, 1e-6
    eta = 2e-3 * j
    drive = FoilAfter(T, 0.0, 1.0, 1e9, j, eta, P)
    new, effect = separator_crack.advance(p, separator_crack.States(l_0), drive, h)
    plate = 1.3e-5 / FARADAY * softplus(-j, 1e-3)
    pushed = 0.4 * P / 6e7
    driven = pushed + FARADAY * softplus(-eta, 1e-6) / 1.3e-5 / 6e7
    before, after = np.sqrt(1.0 + l_0 / 2e-6), np.sqrt(1.0 + new.length / 2e-6)
    speed = 12.0 * plate * (driven * after - 1.0) * (driven * before > 1.0)
    speed += 1e-5 * (pushed * after - 1.0) * (pushed * before > 1.0)
    assert_allclose(new.length, l_0 + h * speed, rtol=1e-9)
    assert (new.length > l_0 + 1e-12) == (j == -20.0 or P == 2e8)
    assert_allclose(effect.through, (2e-6 + new.length) / 1e-3, rtol=1e-12)


def test_every_number_of_the_state_has_one_place():
    shells, members, nodes = 3, 10, 5
    z = lay_out(shells, members, nodes, BUILT_IN)
    taken = [*range(shells * members), *range(z.flux, z.potential + nodes)]
    taken += [z.current, z.pressure, z.charge, z.crept]
    for side in range(2):  # stoichiometry and the charge that a foil paid
        taken += [z.foils + side * z.foil_rows, z.foils + side * z.foil_rows + 1]
    for slot in slots(z, BUILT_IN):
        taken += range(slot.place.start, slot.place.stop)
    assert sorted(taken) == list(range(z.total))
