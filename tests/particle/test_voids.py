"""Voids: where they lie, and that they carry neither stress nor lithium."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.ndimage import binary_dilation, label
from scipy.optimize import brentq

from lithomech.errors import InputError
from lithomech.particle.boundaries import boundaries
from lithomech.particle.fracture import crack_particle
from lithomech.particle.grains import Polycrystal, polycrystal
from lithomech.particle.result import Moment
from lithomech.particle.section import AROUND, DARK, canvas
from lithomech.particle.spec import load_particle
from lithomech.particle.transport import uptake
from lithomech.particle.voids import VOID, shut_in

SPEC = """
material: ncm88
diameter: 3 um
grains: {diameter: 0.6 um}
voxel_size: 60 nm
dimensions: 2
increments: 4
"""
VOIDS = (("voids.porosity", "6 %"), ("voids.diameter", "0.4 um"))


def declared(*changes):
    return load_particle(SPEC, changes)


def walls(grains):
    """Boundaries that nothing has opened."""
    b = boundaries(grains.labels, grains.voxel)
    return b, Moment(
        "", 0.0, 0.0, np.zeros((len(b.voxel), 3)), np.zeros((len(b.voxel), 3)), None
    )


@pytest.mark.parametrize(
    ("dimensions", "orientation"),
    [
        ("2", "random"),
        ("3", "random"),
        pytest.param("3", "textured", marks=pytest.mark.deep),
    ],
)
def test_voids_have_the_porosity_and_leave_the_grains_as_they_are(dimensions, orientation):
    """Of 6 or more voxels across: their volume is met within a twentieth."""
    changes = ("dimensions", dimensions), ("grains.orientation", orientation)
    whole = polycrystal(declared(*changes))
    found = polycrystal(declared(*changes, *VOIDS))
    empty = found.labels == VOID
    assert_allclose(empty.sum() / (whole.labels > 0).sum(), 0.06, rtol=0.05)
    solid = ~empty & (whole.labels > 0)
    assert_array_equal(whole.axes[whole.labels[solid] - 1], found.axes[found.labels[solid] - 1])


def test_voids_lie_inside_and_where_grains_meet():
    """Three or more around each of them."""
    found = polycrystal(declared(*VOIDS))
    b = boundaries(found.labels, found.voxel)
    assert not (b.outer & b.hollow).any()
    numbers, count = label(found.labels == VOID)
    assert count == 3
    for one in range(1, count + 1):
        around = np.unique(found.labels[binary_dilation(numbers == one)])
        assert (around > 0).sum() >= 3


def test_a_crystal_with_voids_changes_its_shape_without_stress():
    """As without: bound as there, by what stands for the liquid, a thousandth as stiff."""
    found = crack_particle(declared(("grains.orientation", "single_crystal"), *VOIDS))
    assert found.by_increment["von_mises_mean"].max() < 5.0e-3 * 199e9 * 0.04
    assert found.by_increment["crack_fraction"].max() == 0.0
    stated = {q.name: q.value for q in found.quantities}
    assert_allclose(stated["Voids as made"], 6.0, rtol=0.05)


def test_a_hollow_sphere_fills_from_outside_only():
    """r c = sin(k (1 - r)) with tan(k (1 - a)) = -k a: nothing crosses the inner wall a."""
    n, a = 48, 0.5
    x = (np.arange(n) + 0.5) / n - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2) / 0.4
    labels = np.where(far < a, VOID, np.where(far < 1.0, 1, 0)).astype(np.int32)
    grains = Polycrystal(labels, np.array([[0.0, 0.0, 1.0]]), 1e-7)
    b, moment = walls(grains)
    solid = uptake(grains, b, moment, 1.0, wet=False)
    radius = np.cbrt(0.75 * (labels != 0).sum() / np.pi)

    def mode(k):
        ends = ((k - 0.5) * np.pi + 1e-9) / (1.0 - a), (k * np.pi) / (1.0 - a)
        wide = 1.0 - a
        root = brentq(lambda k: np.sin(k * wide) + k * a * np.cos(k * wide), *ends)
        filled = quad(lambda r: r * np.sin(root * (1.0 - r)), a, 1.0)[0]
        square = quad(lambda r: np.sin(root * (1.0 - r)) ** 2, a, 1.0)[0]
        return root, 3.0 * filled**2 / (square * (1.0 - a**3))

    roots, shares = np.transpose([mode(k) for k in range(1, 30)])
    assert_allclose(shares.sum(), 1.0, atol=0.02)
    late = solid.filled > 0.3
    scaled = solid.time[late] / radius**2
    exact = 1.0 - np.sum(shares * np.exp(-(roots**2) * scaled[:, None]), axis=1)
    # stairs of 19 voxels to the radius, as for the whole sphere
    assert_allclose(solid.filled[late], exact, atol=0.02)
    liquid = uptake(grains, b, moment, 1.0, wet=True)
    assert_allclose(liquid.half_time, solid.half_time, rtol=1e-6)


def test_a_liquid_fills_voids_that_cracks_have_reached():
    grains = polycrystal(declared(*VOIDS))
    b, moment = walls(grains)
    whole = uptake(grains, b, moment, 0.1, wet=True)
    everywhere = np.where(b.per_width > 0.0, 1.0, 0.0) * b.parted[:, None]
    cracked = moment._replace(openings=2e-8 * everywhere, broken=everywhere)
    assert uptake(grains, b, cracked, 0.1, wet=True).half_time < 0.5 * whole.half_time
    dry = uptake(grains, b, cracked, 0.1, wet=False)
    assert not dry.half_time < whole.half_time


def test_zeros_that_grains_shut_in_are_voids_and_drawn_dark():
    labels = np.zeros((1, 16, 16), np.int32)
    labels[0, 2:14, 2:14] = 1
    labels[0, 6:10, 6:10] = 0
    found = shut_in(labels)
    assert (found == VOID).sum() == 16
    assert_array_equal(found > 0, labels > 0)
    labels[0, :7, 7] = 0  # a way out
    assert not (shut_in(labels) == VOID).any()
    grey = canvas(found, np.array([[1.0, 0.0, 0.0]])).grey
    middle, corner = grey.shape[0] // 2, 2
    assert (grey[middle, middle], grey[corner, corner]) == (DARK, AROUND)


@pytest.mark.parametrize(
    ("porosity", "diameter", "reported"),
    [
        ("40 %", "0.4 um", "voids.porosity: 40 %; allowed: up to 30 %"),
        ("5 %", "0.1 um", "voids.diameter: 100 nm; allowed: 3 voxels, 180 nm"),
        ("5 %", "2 um", "to half of the particle, 1500 nm"),
        ("30 %", "0.5 um", "voids of .* nm find room"),
        ("0 %", "0.5 um", "more than 0 %"),
    ],
)
def test_voids_that_cannot_be_are_refused(porosity, diameter, reported):
    with pytest.raises(InputError, match=reported):
        polycrystal(declared(("voids.porosity", porosity), ("voids.diameter", diameter)))
