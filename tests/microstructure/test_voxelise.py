"""Pellets as images and as networks, against geometry that is known."""

from dataclasses import replace

import numpy as np
from numpy.testing import assert_allclose

from lithomech.microstructure.grains import Mixture, Sort
from lithomech.microstructure.network import electron_network
from lithomech.microstructure.pack import Pellet
from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import Conductors
from lithomech.microstructure.voxelise import covered_fraction, label_areas, voxelise

SOFT, HARD = np.array([False]), np.array([True, False])


def pellet(centres, radii, sorts, box, contacts=()):
    """Grains with contacts (i, j, overlap, contact radius, branch)."""
    rows = list(contacts)
    n = len(rows)
    return Pellet(
        np.array(centres, float), np.array(radii, float), np.array(sorts, np.int64),
        np.array(box, float), np.array([r[:2] for r in rows], np.int32).reshape(n, 2),
        np.array([r[2] for r in rows], float), np.array([r[2] for r in rows], float),
        np.ones(n), np.array([r[3] for r in rows], float),
        np.array([r[4] for r in rows], float).reshape(n, 3), np.zeros((n, 3)),
        np.ones(3), True,
    )  # fmt: skip


def mixture(*sigmas, film=0.0):
    sorts = tuple(
        Sort(f"s{k}", 1.0, 1.0, 0.3, 1.0, False, s, film, True) for k, s in enumerate(sigmas)
    )
    return Mixture(sorts, len(sigmas), 1.0, 1.0)


# --- images -----------------------------------------------------------------------------------
def test_a_sphere_has_its_volume_and_its_area():
    one = pellet([[1.01, 0.993, 1.004]], [0.7], [0], [2, 2, 2])
    image = voxelise(one, SOFT, 2 / 80)
    assert_allclose(image.volume_fractions[1], 4 / 3 * np.pi * 0.7**3 / 8, rtol=1e-3)
    # faces seen along the axes, 2/3 of which is the area of what has no preferred direction
    assert_allclose(image.areas[0, 1], 4 * np.pi * 0.7**2, rtol=0.02)


def test_flattened_grains_keep_their_volume_and_meet_in_a_plane():
    # overlap of 0.2 on a radius of 1: the lens would be lost by overlapping spheres
    contact = (0, 1, 0.2, 0.0, [0, 0, -1.8])
    two = pellet([[1.51, 1.49, 1.1], [1.51, 1.49, 2.9]], [1, 1], [0, 0], [3, 3, 4], [contact])
    image = voxelise(two, SOFT, 0.04)
    assert_allclose(image.volume_fractions[1], 2 * 4 / 3 * np.pi / 36, rtol=1e-3)
    assert image.volume_error < 1e-3
    one = np.sum(image.grains == 0) * np.prod(image.spacing)
    assert_allclose(one, 4 / 3 * np.pi, rtol=2e-3)
    x = (np.argwhere(image.grains == 0)[:, 2] + 0.5) * image.spacing[2]
    assert x.max() < 2.0 + image.spacing[2]  # the border is the middle plane


def test_hard_grains_keep_their_shape_and_soft_ones_flow_around_them():
    two = pellet([[2.01, 1.99, 2.004], [2.01, 1.99, 3.604]], [1, 1], [0, 1], [4, 4, 5])
    image = voxelise(two, HARD, 0.05)
    inside = np.argwhere(image.labels == 1) + 0.5
    reach = np.linalg.norm(inside * image.spacing - two.centres[0], axis=1)
    assert_allclose(reach.max(), 1.0, atol=image.spacing[0], rtol=0)
    share = 4 / 3 * np.pi / 80
    assert_allclose(image.volume_fractions[1:], [share, share], rtol=1e-3)


def test_a_half_covered_grain_is_half_covered():
    one = voxelise(pellet([[2, 2, 2]], [1], [0], [4, 4, 4]), SOFT, 0.1)
    half = np.zeros(one.labels.shape, np.uint8)
    half[: half.shape[0] // 2] = 2
    half[one.labels == 1] = 1
    made = replace(one, labels=half, areas=label_areas(half, one.spacing, 3))
    assert_allclose(covered_fraction(made, np.array([True, False]), 1), 0.5, atol=0.01)


# --- networks ---------------------------------------------------------------------------------
def cubic(n, a, R=1.0):
    """Spheres on a cubic lattice, each in contact with its six neighbours."""
    d = 2.0 * R
    grid = np.arange(n)
    centres = np.array([[i, j, k] for i in grid for j in grid for k in grid]) * d + R
    index = np.arange(n**3).reshape(n, n, n)
    contacts = []
    for axis in range(3):
        other = np.roll(index, -1, axis)
        branch = np.zeros(3)
        branch[axis] = -d  # from the second, which lies above, to the first
        contacts += [
            (i, j, 0.0, a, branch) for i, j in zip(index.ravel(), other.ravel(), strict=True)
        ]
    return pellet(centres, np.full(n**3, R), np.zeros(n**3), [n * d] * 3, contacts)


def test_a_cubic_lattice_conducts_as_its_contacts_in_series():
    a, sigma = 0.05, 41.0
    network = electron_network(cubic(3, a), mixture(sigma))
    # one contact of conductance 2 sigma a (Holm) per cell of edge 2 R
    assert_allclose(network.conductivity, 2 * sigma * a / 2.0, rtol=1e-12)
    assert network.spanning.all()


def test_a_film_adds_its_resistance_to_that_of_the_constriction():
    a, sigma, film = 0.05, 41.0, 1e-3
    network = electron_network(cubic(3, a), mixture(sigma, film=film))
    resistance = 1 / (2 * sigma * a) + film / (np.pi * a**2)
    assert_allclose(network.conductivity, 1 / resistance / 2.0, rtol=1e-12)


def test_a_chain_that_ends_does_not_conduct():
    contacts = [(0, 1, 0.0, 0.1, [-2, 0, 0])]
    two = pellet([[1, 1, 1], [3, 1, 1]], [1, 1], [0, 0], [8, 2, 2], contacts)
    network = electron_network(two, mixture(1.0))
    assert network.conductivity == 0.0
    assert not network.spanning.any()


def test_current_is_kept_at_every_grain():
    rng = np.random.default_rng(0)
    lattice = cubic(4, 0.1)
    uneven = replace(lattice, contact_radius=rng.uniform(0.01, 0.2, len(lattice.pairs)))
    network = electron_network(uneven, mixture(3.0))
    net = np.zeros(64)
    np.add.at(net, uneven.pairs[:, 0], network.current)
    np.add.at(net, uneven.pairs[:, 1], -network.current)
    assert_allclose(net / np.abs(network.current).mean(), 0.0, atol=1e-12)


def test_the_network_is_what_voxels_say_of_a_small_contact():
    # overlapping spheres on a lattice: their circle of intersection is the contact
    R, a = 1.0, 0.2
    half = np.sqrt(R**2 - a**2)
    one = pellet([[half] * 3], [R], [0], [2 * half] * 3)
    n = 160
    grid = (np.arange(n) + 0.5) / n * 2 * half
    z, y, x = np.meshgrid(grid, grid, grid, indexing="ij")
    inside = (z - half) ** 2 + (y - half) ** 2 + (x - half) ** 2 <= R**2
    voxels = conduct(inside.astype(np.uint8), Conductors({1: 1.0}, periodic=True))
    network = electron_network(
        replace(
            cubic(1, a),
            box=one.box,
            branch=np.diag([-2 * half] * 3),
            centres=one.centres,
        ),
        mixture(1.0),
    )
    # grains are equipotential but for the constriction, and voxels of R/80 close the gap around
    # the contact: both are of the order of a/R and h R/a^2
    assert_allclose(network.conductivity, voxels.conductivity, rtol=0.12)
