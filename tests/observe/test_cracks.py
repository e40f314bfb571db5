"""Pictures whose cracks were drawn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.observe.cracks import cracks
from oracles import measured


@pytest.mark.parametrize(
    ("seed", "noise"),
    [
        (0, 3.0),
        (1, 3.0),
        (0, 12.0),
        *(pytest.param(seed, 3.0, marks=pytest.mark.deep) for seed in (2, 3)),
        *(pytest.param(seed, 12.0, marks=pytest.mark.deep) for seed in (1, 2, 3)),
    ],
)
def test_crack_fraction_of_drawn_cracks(seed, noise):
    """3 pixels wide, 2 to 9 % of the area: within a tenth, particle area within 1 %."""
    picture, particle, crack = measured.section_image(seed, cracks=1 + 2 * seed, noise=noise)
    found = cracks(picture.astype(float))
    assert_allclose(found.fraction, crack.sum() / particle.sum(), rtol=0.1)
    assert_allclose(found.particles.mean(), particle.mean(), rtol=0.01)
    assert found.count == 14
    # the mask itself: nine tenths of both agree
    assert (found.cracks & crack).sum() > 0.9 * crack.sum()
    assert np.all(np.diff(found.sensitivity) >= 0.0)


def disc(size=200, radius=60.0):
    rows, columns = np.mgrid[:size, :size] - size / 2.0 + 0.5
    return rows, columns, np.hypot(rows, columns) < radius


def test_a_crack_that_reaches_the_surface_still_belongs_to_the_particle():
    """A slit of 4 pixels from the middle to the outline."""
    rows, columns, inside = disc()
    slit = inside & (np.abs(rows) < 2.0) & (columns > 0.0)
    found = cracks(np.where(slit, 20.0, np.where(inside, 200.0, 110.0)))
    assert found.count == 1
    assert_allclose(found.fraction, slit.sum() / inside.sum(), rtol=0.1)


def test_contact_is_the_outline_with_electrolyte():
    """Half of the plane around the disc is a gap."""
    rows, _, inside = disc()
    dark = ~inside & (rows > 0.0)
    found = cracks(np.where(inside, 200.0, np.where(dark, 20.0, 110.0)))
    assert_allclose(found.contact_fraction, 0.5, atol=0.03)
    assert found.fraction == 0.0


def test_whole_particles_have_no_cracks():
    picture, particle, _ = measured.section_image(0, cracks=0)
    found = cracks(picture.astype(float))
    assert found.fraction < 5e-4
    assert_allclose(found.particles.mean(), particle.mean(), rtol=0.01)


@pytest.mark.deep
def test_turning_the_picture_changes_nothing():
    picture, *_ = measured.section_image(2)
    found, turned = cracks(picture.astype(float)), cracks(np.rot90(picture).astype(float))
    assert_allclose(turned.fraction, found.fraction, rtol=1e-9)


@pytest.mark.deep
def test_thresholds_may_be_given():
    picture, *_ = measured.section_image(1)
    found = cracks(picture.astype(float), dark=70.0, bright=150.0)
    assert found.thresholds == (70.0, 150.0)


@pytest.mark.parametrize(
    ("picture", "reported"),
    [
        (np.zeros((10, 10)), "32 x 32 or more"),
        (np.zeros((50, 50)), "same grey value"),
        (np.zeros((50, 50, 3)), "pixels"),
    ],
)
def test_pictures_that_cannot_be(picture, reported):
    with pytest.raises(InputError, match=reported):
        cracks(picture)


@pytest.mark.deep
def test_thresholds_that_cannot_be():
    picture, *_ = measured.section_image(1)
    with pytest.raises(InputError, match="dark has to be less"):
        cracks(picture.astype(float), dark=200.0, bright=100.0)
    with pytest.raises(InputError, match="nothing brighter"):
        cracks(picture.astype(float), dark=100.0, bright=300.0)
