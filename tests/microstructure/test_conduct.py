"""Conduction through images: exact cases, bounds, and an assembled direct solution."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import Conductors
from oracles.voxel_direct import conductance

TIGHT = 1e-6
BINARY = {1: 1.0}


def spec(conductivities=None, **changes):
    return Conductors(conductivities or BINARY, **({"tolerance": TIGHT} | changes))


def spheres(n, share, radius, seed=0):
    """Overlapping spheres up to a volume share."""
    rng = np.random.default_rng(seed)
    image = np.zeros((n, n, n), np.uint8)
    z, y, x = np.ogrid[:n, :n, :n]
    while image.mean() < share:
        c = rng.random(3) * n
        image[
            (z + 0.5 - c[0]) ** 2 + (y + 0.5 - c[1]) ** 2 + (x + 0.5 - c[2]) ** 2 < radius**2
        ] = 1
    return image


def test_a_full_block_has_a_tortuosity_factor_of_one():
    for axis in "zyx":
        result = conduct(np.ones((7, 12, 9), np.uint8), spec({1: 3.0}, axis=axis))
        assert_allclose(result.tortuosity_factor, 1.0, rtol=1e-7)
        assert_allclose(result.conductivity, 3.0, rtol=1e-7)


def test_laminates_conduct_in_parallel_and_in_series():
    layers = np.ones((16, 12, 10), np.uint8)
    layers[::2] = 2
    two = {1: 1.0, 2: 0.25}
    across = conduct(layers, spec(two, axis="z")).relative_conductivity
    along = conduct(layers, spec(two, axis="y")).relative_conductivity
    assert_allclose(across, 1.0 / (0.5 + 0.5 / 0.25), rtol=2e-6)
    assert_allclose(along, 0.625, rtol=2e-6)


def test_contacts_add_in_series():
    """Sixteen layers with fifteen contacts: 16 h/sigma + 15/G."""
    layers = np.ones((16, 8, 8), np.uint8)
    layers[::2] = 2
    two = spec({1: 1.0, 2: 1.0}, contacts={(1, 2): 5e5}, voxel_size=1e-6)
    assert_allclose(conduct(layers, two).relative_conductivity, 16 / (16 + 15 / 0.5), rtol=2e-6)
    same = np.ones((16, 8, 8), np.uint8)
    bodies = np.repeat(np.arange(16), 64).reshape(16, 8, 8)
    one = spec({1: 1.0}, contacts={(1, 1): 5e5}, voxel_size=1e-6)
    assert_allclose(conduct(same, one, bodies).relative_conductivity, 16 / 46, rtol=2e-6)


def test_dilute_spheres_follow_maxwell():
    """sigma/sigma_0 = 2(1 - phi)/(2 + phi) to first order, of insulating spheres."""
    n, radius = 64, 12.3
    z, y, x = np.ogrid[:n, :n, :n]
    hole = (z - 31.5) ** 2 + (y - 31.5) ** 2 + (x - 31.5) ** 2 < radius**2
    image = np.where(hole, 0, 1).astype(np.uint8)
    phi = hole.mean()
    found = conduct(image, spec(periodic=True)).relative_conductivity
    assert phi < 0.035
    assert_allclose(found, 2 * (1 - phi) / (2 + phi), rtol=3e-3)


def test_a_checkerboard_conducts_as_the_geometric_mean():
    """Two dimensions, square fields: sqrt(sigma_1 sigma_2), Dykhne.

    The ends lie in the middle of fields, where symmetry makes them equipotentials.
    """
    errors = []
    for fine in (8, 16, 32):
        field = np.kron(np.indices((2, 2)).sum(axis=0) % 2, np.ones((fine, fine), int)) + 1
        field = np.roll(field, fine // 2, axis=0)
        two = spec({1: 1.0, 2: 0.2}, periodic=True)
        found = conduct(field, two).relative_conductivity
        errors.append(abs(found / np.sqrt(0.2) - 1.0))
    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < 0.03


def test_turning_the_image_permutes_the_axes():
    image = spheres(24, 0.6, 5)
    turned = np.moveaxis(image, (0, 1, 2), (1, 2, 0))
    for one, other in (("z", "y"), ("y", "x"), ("x", "z")):
        a = conduct(image, spec(axis=one)).tortuosity_factor
        b = conduct(turned, spec(axis=other)).tortuosity_factor
        assert_allclose(a, b, rtol=2e-6)


@pytest.mark.parametrize("periodic", [False, True])
@pytest.mark.parametrize("shape", [(17, 14, 11), (12, 15, 16)])
def test_the_direct_solution_agrees(periodic, shape):
    rng = np.random.default_rng(3)
    image = (rng.random(shape) < 0.55).astype(np.uint8)
    expected = conductance(image.astype(float), periodic=periodic)
    result = conduct(image, spec(periodic=periodic))
    assert_allclose(result.relative_conductivity, expected, rtol=2e-6)
    two = {1: 1.0, 0: 0.01}
    expected = conductance(np.where(image > 0, 1.0, 0.01), periodic=periodic)
    result = conduct(image, spec(two, periodic=periodic))
    assert_allclose(result.relative_conductivity, expected, rtol=2e-6)


def test_the_direct_solution_agrees_at_48_cubed():
    image = spheres(48, 0.5, 7)
    expected = conductance(image.astype(float))
    result = conduct(image, spec(tolerance=1e-7))
    assert_allclose(result.relative_conductivity, expected, rtol=1e-6)
    assert abs(result.flux_mismatch) < 1e-3


@pytest.mark.parametrize("g", [1.0, 1e-1, 1e-2, 1e-3])
def test_particles_that_touch_badly_agree_with_the_direct_solution(g):
    rng = np.random.default_rng(5)
    image = spheres(32, 0.6, 6)
    seeds = rng.random((30, 3)) * 32
    grid = np.indices(image.shape).reshape(3, -1).T + 0.5
    body = np.argmin(((grid[:, None] - seeds) ** 2).sum(axis=2), axis=1).reshape(image.shape)
    expected = conductance(image.astype(float), body, g)
    contacts = spec(contacts={(1, 1): g * 1e6}, voxel_size=1e-6, tolerance=1e-3)
    result = conduct(image, contacts, body)
    assert result.status == "completed"
    assert_allclose(result.relative_conductivity, expected, rtol=1e-3)
    assert result.iterations < 40


@pytest.mark.parametrize("share", [0.36, 0.45, 0.6, 0.9])
def test_the_error_estimate_is_no_promise_too_much(share):
    """True error below the tolerance asked for, and mostly below the estimate."""
    image = spheres(40, share, 5, seed=1)
    exact = conduct(image, spec(tolerance=1e-7)).relative_conductivity
    for tolerance in (1e-2, 1e-3, 1e-4):
        result = conduct(image, spec(tolerance=tolerance))
        true = abs(result.relative_conductivity / exact - 1.0)
        assert true < tolerance
        assert true < 2.0 * result.error_estimate
        assert result.relative_conductivity > exact * (1.0 - 1e-6)  # the energy falls to it


def test_bounds_of_hashin_and_shtrikman_hold():
    for seed in range(4):
        image = spheres(32, 0.5, 5, seed)
        phi, two = image.mean(), {1: 1.0, 0: 0.05}
        found = np.mean(
            [conduct(image, spec(two, axis=a)).relative_conductivity for a in "zyx"]
        )
        upper = 1.0 + (1.0 - phi) / (1.0 / (0.05 - 1.0) + phi / 3.0)
        lower = 0.05 + phi / (1.0 / 0.95 + (1.0 - phi) / (3.0 * 0.05))
        assert lower < found < upper


def test_refined_voxels_converge():
    """A cube in a cube: every halving of the voxel changes less than the one before."""
    found = []
    for fine in (2, 4, 8, 16):
        block = np.ones((4, 4, 4), np.uint8)
        block[1:3, 1:3, 1:3] = 0
        image = np.kron(block, np.ones((fine, fine, fine), np.uint8))
        found.append(conduct(image, spec(periodic=True)).relative_conductivity)
    steps = np.abs(np.diff(found))
    assert steps[2] < 0.6 * steps[1] < 0.36 * steps[0]


def test_what_does_not_span_is_an_answer():
    image = np.ones((10, 8, 8), np.uint8)
    image[5] = 0
    result = conduct(image, spec(axis="z"))
    assert (result.status, result.tortuosity_factor) == ("no path", np.inf)
    assert result.percolating_fraction == 0.0
    assert "z" in result.reason
    assert conduct(image, spec(axis="y")).status == "completed"


def test_dead_ends_and_islands_count_as_volume_but_carry_nothing():
    image = np.zeros((12, 12, 12), np.uint8)
    image[:, 3:6, 3:6] = 1
    image[4:7, 9:11, 9:11] = 1
    result = conduct(image, spec())
    straight = 12 * 9 / 12**3
    assert_allclose(result.relative_conductivity, straight, rtol=1e-6)
    assert_allclose(result.percolating_fraction, 108 / (108 + 12))
    assert_allclose(result.tortuosity_factor, (108 + 12) / 108, rtol=1e-6)


def test_contacts_that_do_not_conduct_cut_the_path():
    image = np.ones((8, 4, 4), np.uint8)
    image[4:] = 2
    cut = spec({1: 1.0, 2: 1.0}, contacts={(1, 2): 0.0}, voxel_size=1e-6)
    assert conduct(image, cut).status == "no path"


def test_periodic_sides_close_paths_that_insulated_ones_cut():
    image = np.zeros((9, 9, 1), np.uint8)
    for i in range(9):
        image[i, (8 - i) % 9] = 1
        image[i, (9 - i) % 9] = 1
    assert conduct(image, spec(axis="z")).percolating_fraction < 1.0
    assert conduct(image, spec(axis="z", periodic=True)).percolating_fraction == 1.0


def test_two_dimensions_are_one_layer():
    picture = np.ones((10, 14), np.uint8)
    picture[:, 6] = 0
    assert conduct(picture, spec()).axis == "y"
    assert_allclose(conduct(picture, spec()).relative_conductivity, 13 / 14, rtol=1e-6)
    assert conduct(picture, spec(axis="x")).status == "no path"


def test_the_field_falls_from_one_to_nothing():
    image = spheres(24, 0.6, 5)
    result = conduct(image, spec(axis="x", keep_field=True))
    assert result.potential.shape == image.shape
    assert np.isnan(result.potential[image == 0]).all()
    inside = result.potential[np.isfinite(result.potential)]
    assert inside.min() > 0.0
    assert inside.max() < 1.0
    assert np.nanmean(result.potential[:, :, 0]) > 0.9
    assert np.nanmean(result.potential[:, :, -1]) < 0.1


@pytest.mark.parametrize(
    ("image", "changes", "words"),
    [
        (np.zeros((0, 4, 4)), {}, "is empty"),
        (np.zeros((4,)), {}, "1 dimensions"),
        (np.full((4, 4, 4), 0.5), {}, "fractions"),
        (np.full((4, 4, 4), np.nan), {}, "no numbers"),
        (np.ones((4, 4, 4)), {"conductivities": {7: 1.0}}, "label 7 is not in the image"),
        (np.arange(64).reshape(4, 4, 4), {"conductivities": {}}, "say which labels conduct"),
        (np.arange(1000).reshape(10, 10, 10), {"conductivities": {}}, "10, 11, ..."),
        (np.arange(1000).reshape(10, 10, 10), {"conductivities": {1000: 1.0}}, "label 1000"),
        (np.zeros((4, 4, 4)), {"conductivities": {}}, "say which labels conduct"),
        (np.ones((4, 4)), {"axis": "z"}, "allowed: y, x"),
        (np.array([[["a"]]]), {}, "whole labels"),
    ],
)
def test_images_that_make_no_sense_are_refused(image, changes, words):
    with pytest.raises(InputError, match=words):
        conduct(image, Conductors(**({"conductivities": BINARY} | changes)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tolerance": 0.0}, "allowed: 1e-08"),
        ({"tolerance": 2.0}, "allowed"),
        ({"axis": "w"}, "allowed: z, y, x"),
        ({"conductivities": {1: -1.0}}, "allowed: 0 or more"),
        ({"conductivities": {1: 0.0}}, "no label conducts"),
        ({"contacts": {(1, 1): 1.0}}, "contacts need it"),
        ({"contacts": {(1, 1): -1.0}, "voxel_size": 1e-6}, "allowed: 0 or more"),
        ({"voxel_size": -1e-6}, "allowed: more than 0"),
        ({"voxel_size": (1e-6, 0.0, 1e-6)}, "1e-06, 0 m; allowed: more than 0"),
        ({"voxel_size": (1e-6,) * 4}, "4 edges; allowed: 1, or 3"),
    ],
)
def test_conductors_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        Conductors(**({"conductivities": BINARY} | changes))


def test_particles_must_lie_on_the_image():
    with pytest.raises(InputError, match="particles of shape"):
        conduct(np.ones((4, 4, 4), int), spec(), np.ones((4, 4, 5), int))


def test_an_image_that_does_not_fit_is_refused_with_the_number(monkeypatch):
    monkeypatch.setattr("lithomech.files.image.free_memory", lambda: 1000)
    with pytest.raises(InputError, match="GiB"):
        conduct(np.ones((20, 20, 20), np.uint8), spec())


@pytest.mark.parametrize("axis", ["z", "x"])
def test_the_flux_through_every_layer_is_the_current(axis):
    image = (np.random.default_rng(4).random((14, 12, 16)) < 0.75).astype(np.uint8)
    spec = Conductors({1: 2.0}, axis=axis, tolerance=1e-6, keep_field=True)
    found = conduct(image, spec)
    along = "zyx".index(axis)
    layers = found.flux.sum(axis=tuple(a for a in range(3) if a != along), dtype=float)
    # sigma/sigma_0 = current x length/area, of a potential of 1
    area = image.size / image.shape[along]
    expected = found.relative_conductivity * area / image.shape[along]
    # currents are first order in the error whose square the conductivity has: 1e-6 -> 1e-3
    assert_allclose(layers, expected, rtol=1e-3)
    assert np.all(found.flux[np.isnan(found.potential)] == 0.0)


EDGES = (1e-7, 5e-8, 2e-7)  # along z, y and x


@pytest.mark.parametrize("lamella", ["z", "y", "x"])
@pytest.mark.parametrize("axis", ["z", "y", "x"])
def test_laminates_of_voxels_with_three_edges(axis, lamella):
    """Exact along each axis: in series across the layers, in parallel along them."""
    image = np.ones((8, 10, 12), np.uint8)
    np.moveaxis(image, "zyx".index(lamella), 0)[::2] = 2
    found = conduct(image, spec({1: 1.0, 2: 0.25}, axis=axis, voxel_size=EDGES))
    exact = 1.0 / (0.5 + 0.5 / 0.25) if axis == lamella else 0.625
    assert_allclose(found.relative_conductivity, exact, rtol=2e-6)


@pytest.mark.parametrize(("axis", "edge"), [("z", 1e-7), ("y", 5e-8), ("x", 2e-7)])
def test_contacts_between_voxels_with_three_edges(axis, edge):
    """Eight layers with seven contacts: 8 h/sigma + 7/G, h along the axis."""
    image = np.ones((8, 8, 8), np.uint8)
    np.moveaxis(image, "zyx".index(axis), 0)[::2] = 2
    two = spec({1: 1.0, 2: 1.0}, contacts={(1, 2): 5e6}, voxel_size=EDGES, axis=axis)
    exact = 8 * edge / (8 * edge + 7 / 5e6)
    assert_allclose(conduct(image, two).relative_conductivity, exact, rtol=2e-6)


@pytest.mark.parametrize(
    "edges", [(1.0, 3.0, 0.5), (2.0, 1.0, 1.0), (1.0, 10.0, 10.0), (10.0, 1.0, 1.0)]
)
def test_bricks_agree_with_the_direct_solution(edges):
    image = (np.random.default_rng(7).random((9, 8, 10)) < 0.7).astype(np.uint8)
    exact = conductance(image.astype(float), stretch=edges)
    found = conduct(image, spec(axis="z", voxel_size=tuple(1e-7 * np.array(edges))))
    assert found.status == "completed"
    assert_allclose(found.relative_conductivity, exact, rtol=2e-6)


def test_bricks_conduct_as_the_cubes_they_are_made_of():
    """Around a ball of bricks 1 x 3 x 1: within the coarseness, and not as if of cubes."""
    z, y, x = (np.mgrid[:45, :45, :45] + 0.5) / 45 - 0.5
    cubes = (z**2 + y**2 + x**2 > 0.45**2).astype(np.uint8)
    bricks = cubes[:, 1::3]
    fine = conduct(cubes, spec(axis="y")).tortuosity_factor
    edges = (1e-8, 3e-8, 1e-8)
    coarse = conduct(bricks, spec(axis="y", voxel_size=edges)).tortuosity_factor
    assert_allclose(coarse, fine, rtol=0.04)
    assert conduct(bricks, spec(axis="y")).tortuosity_factor > 1.1 * fine


def test_a_picture_has_two_edges():
    """Bricks of a picture, twice as high as wide, beside the squares they are made of."""
    y, x = (np.mgrid[:96, :96] + 0.5) / 96 - 0.5
    squares = (y**2 + x**2 > 0.35**2).astype(np.uint8)
    found = conduct(squares[::2], spec(voxel_size=(2e-7, 1e-7)))
    assert_allclose(
        found.tortuosity_factor, conduct(squares, spec()).tortuosity_factor, rtol=0.02
    )
    assert_allclose(found.edges, (2e-7, 2e-7, 1e-7), rtol=1e-12)


def test_any_number_of_labels():
    """Every voxel of the insulator is a label of its own; two of them conduct."""
    image = np.arange(1000, 2728).reshape(12, 12, 12)
    image[:, 2:5], image[:, 7:11] = 7, 3
    found = conduct(image, spec({3: 1.0, 7: 0.5}))
    assert_allclose(found.relative_conductivity, 4 / 12 + 0.5 * 3 / 12, rtol=1e-6)
    assert_allclose(found.volume_fraction, 7 / 12, rtol=1e-12)


def test_hundreds_of_labels_that_conduct():
    """Each layer has a label and a conductivity of its own: in series."""
    image = np.repeat(np.arange(1, 301), 4).reshape(300, 2, 2)
    sigma = {n: 1.0 + n / 300 for n in range(1, 301)}
    found = conduct(image, spec(sigma, axis="z"))
    exact = 300 / sum(1.0 / value for value in sigma.values())
    assert_allclose(found.conductivity, exact, rtol=1e-5)
    with pytest.raises(InputError, match="5000 labels are named"):
        conduct(image, spec(dict.fromkeys(range(1, 5001), 1.0)))
