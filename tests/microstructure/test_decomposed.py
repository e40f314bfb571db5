"""A sphere in electrolyte whose surface opens from the far side of its contact."""

from types import SimpleNamespace

import numpy as np
import pytest

from lithomech.errors import InputError
from lithomech.microstructure.decomposed import open_surface

EDGE, RADIUS = 32, 8


def sphere(*contacts):
    """One active grain in the middle of electrolyte, pressed from the directions given."""
    middle = 0.5 * EDGE
    axes = np.indices((EDGE, EDGE, EDGE)) + 0.5 - middle
    labels = np.where(np.sum(axes**2, axis=0) < RADIUS**2, 1, 2).astype(np.uint8)
    centre = np.full(3, middle)
    forces = [[*centre, *(centre + 12.0 * np.array(way)), force] for way, force in contacts]
    return SimpleNamespace(
        labels=labels,
        spacing=np.ones(3),
        forces=np.array(forces, float),
        input={"composition": {"active": [{}]}},
    )


def opened_places(pressed, kept):
    found = open_surface(pressed, kept)
    new = (found.labels == 0) & (pressed.labels != 0)
    return found, np.argwhere(new) + 0.5 - 0.5 * EDGE


def test_the_far_half_opens_first():
    pressed = sphere(((1.0, 0.0, 0.0), 1.0))
    found, places = opened_places(pressed, 0.5)
    assert len(places) == found.opened == round(0.5 * found.surface)
    # a plane through the middle parts those that open from those that stay
    assert np.mean(places[:, 0] < 0.5) > 0.97
    # only electrolyte at the surface opens
    far = np.linalg.norm(places, axis=1)
    assert far.min() >= RADIUS - 1.0
    assert far.max() <= RADIUS + 1.5


def test_a_contact_with_more_force_holds_more():
    pressed = sphere(((1.0, 0.0, 0.0), 8.0), ((-1.0, 0.0, 0.0), 1.0))
    _, places = opened_places(pressed, 0.5)
    # half of the sizes: 8^(1/3) to 1; more is lost on the side of the weak one
    assert np.mean(places[:, 0] < 0.0) > 0.6


def test_none_and_all():
    pressed = sphere(((0.0, 0.0, 1.0), 1.0))
    untouched = open_surface(pressed, 1.0)
    np.testing.assert_array_equal(untouched.labels, pressed.labels)
    bare = open_surface(pressed, 0.0)
    assert bare.opened == bare.surface
    # a layer as thin as steps through faces see it has the largest component of the normal
    # as its share of the area, half a voxel outside; averaged over chance directions
    normal = np.random.default_rng(1).standard_normal((100_000, 3))
    share = np.mean(np.abs(normal).max(axis=1) / np.linalg.norm(normal, axis=1))
    layer = 4.0 * np.pi * (RADIUS + 0.5) ** 2 * share
    np.testing.assert_allclose(bare.surface, layer, rtol=0.03)


@pytest.mark.parametrize("kept", [1.2, -0.1])
def test_a_share_is_between_none_and_all(kept):
    with pytest.raises(InputError, match=f"{kept} of the contact is left"):
        open_surface(sphere(((1.0, 0.0, 0.0), 1.0)), kept)


def test_without_a_contact_nothing_says_where():
    pressed = sphere(((1.0, 0.0, 0.0), 1.0))
    pressed.forces = pressed.forces[:0]
    with pytest.raises(InputError, match="no contact of an active grain"):
        open_surface(pressed, 0.5)
