"""Effective stiffness against exact solutions, bounds and a direct solution."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm

from lithomech.errors import InputError
from lithomech.microstructure.stiffness import stiffness
from lithomech.numerics.fft_elasticity import Block, Load, isotropic
from oracles.voxel_elasticity import mean_stress, solid

SOFT, HARD = (20e9, 0.35), (200e9, 0.25)


def mixed(n, share, seed=0):
    return (np.random.default_rng(seed).random((n, n, n)) < share).astype(np.uint8)


def sphere(n, radius):
    g = np.indices((n, n, n)) - (n - 1) / 2
    return (np.sqrt(np.sum(g**2, axis=0)) <= radius).astype(np.uint8)


def test_a_uniform_block_has_its_own_stiffness():
    found = stiffness(np.ones((5, 6, 7), np.uint8), {1: SOFT})
    assert_allclose(found.matrix, solid(*SOFT), rtol=1e-12, atol=1e-3)
    assert_allclose(found.anisotropy, 0.0, atol=1e-12)
    E, nu = SOFT
    assert_allclose(found.bulk_modulus, E / 3 / (1 - 2 * nu), rtol=1e-12)
    assert_allclose(found.shear_modulus, E / 2 / (1 + nu), rtol=1e-12)
    assert_allclose(isotropic(found.bulk_modulus, found.shear_modulus), solid(*SOFT), rtol=1e-9)


@pytest.mark.parametrize("n", [8, 9])
def test_a_laminate_is_exact(n):
    image = np.zeros((n, 4, 4), np.uint8)
    image[: n // 2] = 1
    share = (n // 2) / n
    found = stiffness(image, {0: SOFT, 1: HARD}, 1e-8).matrix
    a, b = solid(*SOFT), solid(*HARD)
    series = [1 / ((1 - share) / a[i, i] + share / b[i, i]) for i in (0, 4, 5)]
    assert_allclose([found[0, 0], found[4, 4], found[5, 5]], series, rtol=1e-9)
    assert_allclose(found[3, 3], (1 - share) * a[3, 3] + share * b[3, 3], rtol=1e-9)
    # C_yy = <C_yy - C_xy^2/C_xx> + <C_xy/C_xx>^2/<1/C_xx>
    mean = lambda f: (1 - share) * f(a) + share * f(b)  # noqa: E731
    yy = mean(lambda c: c[1, 1] - c[0, 1] ** 2 / c[0, 0])
    yy += mean(lambda c: c[0, 1] / c[0, 0]) ** 2 / mean(lambda c: 1 / c[0, 0])
    assert_allclose(found[1, 1], yy, rtol=1e-9)


def test_it_is_the_assembled_solution_of_the_same_voxels():
    image = mixed(7, 0.4)
    both = np.array([solid(*SOFT), solid(*HARD)])
    block = Block(image, both)
    for load in (0, 3):
        strain = np.eye(6)[load]
        direct = mean_stress(image, both, strain)
        found = block.solve(Load(strain), 1e-9, 1000)
        assert found.converged
        assert_allclose(found.stress, direct, rtol=1e-6, atol=1e-6 * np.abs(direct).max())


def test_few_stiff_spheres_follow_eshelby():
    # dilute: K = K_m + f (K_p - K_m)(3 K_m + 4 G_m)/(3 K_p + 4 G_m), Mori-Tanaka to f^2
    n = 48
    image = sphere(n, 9.3)
    f = image.mean()
    found = stiffness(image, {0: SOFT, 1: HARD})
    K_m, K_p = (E / 3 / (1 - 2 * nu) for E, nu in (SOFT, HARD))
    G_m = SOFT[0] / 2 / (1 + SOFT[1])
    share = (3 * K_p + 4 * G_m) / (3 * K_m + 4 * G_m)
    expected = K_m + f * (K_p - K_m) / (f + (1 - f) * share)
    assert f < 0.035
    assert_allclose(found.bulk_modulus - K_m, expected - K_m, rtol=0.03)
    assert found.anisotropy < 0.01


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_bounds_are_never_violated(share):
    for image in (mixed(16, share), sphere(20, 20 * (share * 0.2387) ** (1 / 3))):
        found = stiffness(image, {0: SOFT, 1: HARD})
        assert found.bulk_bounds[0] < found.bulk_modulus < found.bulk_bounds[1]
        assert found.shear_bounds[0] < found.shear_modulus < found.shear_bounds[1]


def test_voids_soften_and_keep_the_upper_bound():
    image = 1 - sphere(24, 5.7)
    found = stiffness(image, {1: SOFT})
    assert found.status == "completed"
    assert found.bulk_bounds[0] == found.shear_bounds[0] == 0.0
    assert 0.0 < found.bulk_modulus < found.bulk_bounds[1]
    # one spherical pore per cell attains the upper bound to second order in its share
    assert_allclose(found.bulk_modulus, found.bulk_bounds[1], rtol=0.03)


def test_turning_the_image_permutes_the_matrix():
    image = mixed(9, 0.3)
    image[:3] = 1
    first = stiffness(image, {0: SOFT, 1: HARD}, 1e-8).matrix
    turned = stiffness(np.moveaxis(image, 0, 2).copy(), {0: SOFT, 1: HARD}, 1e-8).matrix
    # first axis -> last: y z x of the old are x y z of the new
    order = [1, 2, 0, 4, 5, 3]
    assert_allclose(turned, first[np.ix_(order, order)], rtol=1e-6, atol=1e-6 * first.max())


def test_a_grain_that_wants_to_grow_presses_as_levin_says():
    # exact for two phases: the stress of an eigenstrain follows from the effective stiffness
    image = mixed(12, 0.35)
    both = np.array([solid(*SOFT), solid(*HARD)])
    block = Block(image, both)
    own = np.zeros((2, 6))
    own[1, :3] = 0.02
    field = np.moveaxis(own[image], -1, 0).copy()
    found = block.solve(Load(own=field), 1e-8, 1000)
    effective = stiffness(image, {0: SOFT, 1: HARD}, 1e-8).matrix
    difference = np.linalg.inv(both[1]) - np.linalg.inv(both[0])
    share = image.mean()
    mean = (1 - share) * np.linalg.inv(both[0]) + share * np.linalg.inv(both[1])
    over = (np.linalg.inv(effective) - mean) @ np.linalg.inv(difference)
    strain = share * own[1] + over @ own[1]
    assert_allclose(found.stress, -effective @ strain, rtol=1e-5, atol=1e3)


def test_rotated_anisotropic_grains_keep_the_voigt_and_reuss_bounds():
    cubic = isotropic(100e9, 30e9)
    cubic[3:, 3:] *= 2.5
    spin = expm(np.array([[0, -0.4, 0.2], [0.4, 0, -0.3], [-0.2, 0.3, 0]]))
    both = np.array([cubic, _turned(cubic, spin)])
    image = mixed(12, 0.5)
    found = Block(image, both).solve(Load(np.eye(6)[0]), 1e-6, 500).stress[0]
    share = image.mean()
    voigt = (1 - share) * both[0] + share * both[1]
    reuss = np.linalg.inv(
        sum(w * np.linalg.inv(c) for w, c in ((1 - share, both[0]), (share, both[1])))
    )
    assert reuss[0, 0] < found < voigt[0, 0]


def _turned(c, spin):
    """Stiffness in other axes."""
    index = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    full = np.zeros((3, 3, 3, 3))
    for a, (i, j) in enumerate(index):
        for b, (k, m) in enumerate(index):
            for p, q in {(i, j), (j, i)}:
                for r, s in {(k, m), (m, k)}:
                    full[p, q, r, s] = c[a, b]
    full = np.einsum("ai,bj,ck,dm,ijkm->abcd", spin, spin, spin, spin, full)
    return np.array([[full[i, j, k, m] for k, m in index] for i, j in index])


def test_a_solution_that_does_not_come_is_not_a_number():
    block = Block(mixed(8, 0.5), np.array([solid(*SOFT), solid(*HARD)]))
    assert not block.solve(Load(np.eye(6)[0]), 1e-9, 2).converged


@pytest.mark.parametrize(
    ("moduli", "stated"),
    [
        ({}, "no label has a stiffness"),
        ({5: SOFT}, "label 5 is not in the image; the image has 0, 1"),
        ({1: (np.nan, 0.3)}, "label 1: E nan Pa"),
        ({1: (1e9, 0.5)}, "nu 0.5; allowed"),
    ],
)
def test_mistakes_are_reported(moduli, stated):
    with pytest.raises(InputError, match=stated):
        stiffness(mixed(4, 0.5), moduli)
