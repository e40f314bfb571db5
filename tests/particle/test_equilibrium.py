"""The voxel solver under the loads a particle puts on it, against exact solutions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from lithomech.numerics.fft_elasticity import Block, Load, strain_of
from lithomech.particle.equations import layered_stiffness
from oracles.voxel_elasticity import solid

E, NU = 140e9, 0.25


def far_of(n):
    x = (np.arange(n) + 0.5) / n - 0.5
    return np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)


def ball(n=32, share=0.1):
    radius = (3.0 * share / (4.0 * np.pi)) ** (1.0 / 3.0)
    return (far_of(n) < radius).astype(np.int32)


def swelling(labels, eps):
    own = np.zeros((6, *labels.shape))
    own[:3] = eps * labels
    return own


def test_a_uniform_block_under_a_mean_stress_strains_as_its_stiffness_says():
    stiffness = solid(E, NU)
    block = Block(np.zeros((4, 4, 4), np.int32), stiffness[None])
    wanted = np.array([1e6, -2e6, 3e6, 4e5, -5e5, 6e5])
    found = block.solve(Load(mean_stress=wanted), 1e-8, 50)
    assert found.converged
    assert_allclose(found.strain, np.linalg.solve(stiffness, wanted), rtol=1e-7)
    assert_allclose(found.stress, wanted, rtol=1e-7)


def test_mean_stress_and_strain_are_two_ways_to_the_same_equilibrium():
    """A stiff ball in a soft block: the strain that was found brings the same stress back."""
    solids = np.stack([solid(20e9, 0.3), solid(E, NU)])
    block = Block(ball(), solids)
    wanted = np.array([0.0, 0.0, -20e6, 0.0, 5e6, 0.0])
    free = block.solve(Load(mean_stress=wanted), 1e-7, 300)
    assert_allclose(free.stress, wanted, atol=1.0)
    held = block.solve(Load(free.strain), 1e-7, 300)
    assert_allclose(held.stress, wanted, atol=20.0)
    scale = np.abs(free.displacement).max()
    assert_allclose(held.displacement, free.displacement, atol=1e-6 * scale)


def test_an_equilibrium_nearby_saves_iterations_and_changes_nothing():
    solids = np.stack([solid(20e9, 0.3), solid(E, NU)])
    labels = ball(24)
    block = Block(labels, solids)
    hold = np.zeros(6)
    first = block.solve(Load(own=swelling(labels, 0.010), mean_stress=hold), 1e-6, 300)
    load = Load(own=swelling(labels, 0.0101), mean_stress=hold)
    cold = block.solve(load, 1e-6, 300)
    warm = block.solve(load, 1e-6, 300, first)
    assert warm.iterations < cold.iterations
    assert_allclose(warm.strain, cold.strain, atol=1e-5 * np.abs(cold.strain).max())


def test_a_swelling_ball_in_its_own_kind_has_the_same_pressure_everywhere():
    """Bitter and Crum: sigma_m = -2 E eps (1 - f)/(3 (1 - nu)) inside, whatever the shape.

    Stress-free block; the voxels see it to the square of the residual.
    """
    labels, eps = ball(), 0.01
    block = Block(labels, np.stack([solid(E, NU)] * 2))
    load = Load(own=swelling(labels, eps), mean_stress=np.zeros(6))
    assert block.solve(load, 1e-8, 300).converged
    inside = labels > 0
    mean = block.stress[:3].mean(axis=0)[inside]
    exact = -2.0 * E * eps * (1.0 - inside.mean()) / (3.0 * (1.0 - NU))
    assert_allclose(mean.mean(), exact, rtol=1e-3)
    assert np.std(mean) < 0.02 * abs(exact)


@pytest.mark.parametrize("soft", [10e9, 60e9, 400e9])
def test_a_swelling_ball_in_another_kind(soft):
    """A ball of bulk modulus K_i in a free shell of K, G, of which it is the share f:

        eps = p (1/(3 K_i) + (f/(3 K) + 1/(4 G))/(1 - f))

    which is Eshelby's ball as f goes to nothing. The ball is a stair: first order in the voxel;
    two meshes extrapolated are left with what a cube differs from a shell.
    """
    share, eps, errors = 0.03, 0.01, []
    for n in (24, 48):
        labels = ball(n, share)
        block = Block(labels, np.stack([solid(soft, 0.3), solid(E, NU)]))
        load = Load(own=swelling(labels, eps), mean_stress=np.zeros(6))
        assert block.solve(load, 1e-6, 500).converged
        f, K_i = (labels > 0).mean(), E / (3.0 * (1.0 - 2.0 * NU))
        K, G = soft / 1.2, soft / 2.6
        exact = -eps / (1.0 / (3.0 * K_i) + (f / (3.0 * K) + 1.0 / (4.0 * G)) / (1.0 - f))
        errors.append(block.stress[:3].mean(axis=0)[labels > 0].mean() / exact - 1.0)
    assert_allclose(np.log2(errors[0] / errors[1]), 1.0, atol=0.1)
    assert abs(2.0 * errors[1] - errors[0]) < 0.005


def test_a_ball_with_lithium_outside_only_is_torn_in_its_middle():
    """Christensen and Newman: radial strain eps (r/R)^2 in a free ball.

    In the middle all of sigma is 2 E/(3 (1 - nu)) times the mean strain of the ball less that
    of the middle, which is 3/5 eps; the voxels of the ball have their own mean.
    """
    errors = []
    for n in (16, 32, 64):
        far, radius, eps = far_of(n), 0.4, 0.01
        labels = (far < radius).astype(np.int32)
        own = np.zeros((6, n, n, n))
        own[:3] = np.where(labels > 0, eps * (far / radius) ** 2, 0.0)
        kind = solid(E, NU)
        block = Block(labels, np.stack([1e-4 * kind, kind]))
        assert block.solve(Load(own=own, mean_stress=np.zeros(6)), 1e-6, 1000).converged
        middle = slice(n // 2 - 1, n // 2 + 1)
        found = block.stress[:3, middle, middle, middle].mean()
        more = own[0, labels > 0].mean() - own[0, middle, middle, middle].mean()
        assert_allclose(more, 0.6 * eps, rtol=0.1)
        errors.append(abs(found / (2.0 * E * more / (3.0 * (1.0 - NU))) - 1.0))
    # first order: the ball is a stair
    assert errors[2] < 0.02
    assert errors[2] < 0.6 * errors[1] < 0.36 * errors[0]


def test_layers_share_strain_across_and_stress_along():
    """A laminate of two that shrink differently: stress in the planes is E/(1 - nu) of what
    each has to be stretched to the common strain."""
    labels = np.zeros((8, 4, 4), np.int32)
    labels[4:] = 1
    young, eps = np.array([60e9, 140e9]), np.array([0.0, -0.01])
    block = Block(labels, np.stack([solid(one, 0.2) for one in young]))
    own = np.zeros((6, *labels.shape))
    own[:3] = eps[labels]
    found = block.solve(Load(own=own, mean_stress=np.zeros(6)), 1e-8, 300)
    common = float(young @ eps / young.sum())
    assert_allclose(found.strain[1:3], common, rtol=1e-6)
    for layer in (0, 1):
        exact = young[layer] / 0.8 * (common - eps[layer])
        assert_allclose(block.stress[1, labels == layer], exact, rtol=1e-6)
        assert_allclose(block.stress[0, labels == layer], 0.0, atol=1e-6 * abs(exact))


@pytest.mark.deep
def test_a_mode_that_strains_no_voxel_does_not_appear():
    """Checkerboards and hourglasses have no energy: nothing may put them into the answer."""
    chance = np.random.default_rng(3)
    labels = chance.integers(0, 5, (16, 16, 16)).astype(np.int32)
    solids = np.stack([solid(e, 0.25) for e in (1e9, 20e9, 80e9, 140e9, 200e9)])
    block = Block(labels, solids)
    own = chance.standard_normal((6, 5))[:, labels] * 1e-3
    found = block.solve(Load(own=own, mean_stress=np.zeros(6)), 1e-6, 1000)
    modes = np.abs(np.fft.fftn(found.displacement, axes=(1, 2, 3)))
    highest = modes[:, 8, 8, :].max() + modes[:, 8, :, 8].max() + modes[:, :, 8, 8].max()
    assert highest < 1e-6 * modes.max()


def test_strain_of_a_linear_displacement_is_its_gradient():
    u = np.zeros((3, 8, 8, 8))
    x = np.sin(2.0 * np.pi * np.arange(8) / 8)
    u[0] += x[:, None, None]
    u[1] += 2.0 * x[:, None]
    out = np.zeros((6, 8, 8, 8))
    strain_of(u, np.array([0.0, 0.0, 0.5, 0.0, 0.0, 0.0]), out)
    slope = np.roll(x, -1) - x
    assert_allclose(out[0], np.broadcast_to(slope[:, None, None], (8, 8, 8)), atol=1e-14)
    assert_allclose(out[1], np.broadcast_to(2.0 * slope[:, None], (8, 8, 8)), atol=1e-14)
    assert_allclose(out[2], 0.5, rtol=1e-14)
    assert_allclose(out[3:], 0.0, atol=1e-14)


LAYERED = np.array([350e9, 105e9, 70e9, 200e9, 55e9])  # C11, C12, C13, C33, C44


def turned(stiffness, turn):
    """Stiffness (6, 6) of a body that was turned, by the fourth-order tensor itself."""
    place = {0: (0, 0), 1: (1, 1), 2: (2, 2), 3: (1, 2), 4: (0, 2), 5: (0, 1)}
    tensor = np.zeros((3, 3, 3, 3))
    for p, (i, j) in place.items():
        for q, (k, m) in place.items():
            for a, b in {(i, j), (j, i)}:
                for c, d in {(k, m), (m, k)}:
                    tensor[a, b, c, d] = stiffness[p, q]
    tensor = np.einsum("ia,jb,kc,ld,abcd->ijkl", turn, turn, turn, turn, tensor)
    rows, columns = np.transpose(list(place.values()))
    return tensor[rows[:, None], columns[:, None], rows, columns]


def test_the_stiffness_of_layers_turns_with_them():
    c_11, c_12, c_13, c_33, c_44 = LAYERED
    upright = np.zeros((6, 6))
    upright[:3, :3] = [[c_11, c_12, c_13], [c_12, c_11, c_13], [c_13, c_13, c_33]]
    upright[3:, 3:] = np.diag([c_44, c_44, 0.5 * (c_11 - c_12)])
    turns = Rotation.random(20, rng=3).as_matrix()
    found = layered_stiffness(LAYERED, turns[:, :, 2])
    for one, turn in zip(found, turns, strict=True):
        assert_allclose(one, turned(upright, turn), atol=1e-3)


def test_layers_that_are_alike_all_round_are_isotropic():
    kind = solid(E, NU)
    constants = np.array([kind[0, 0], kind[0, 1], kind[0, 1], kind[0, 0], kind[3, 3]])
    axes = Rotation.random(5, rng=1).as_matrix()[:, :, 2]
    assert_allclose(layered_stiffness(constants, axes), np.stack([kind] * 5), atol=1e-3)
