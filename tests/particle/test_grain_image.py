"""Grains that are read from a labelled image instead of drawn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import center_of_mass

from lithomech.errors import InputError
from lithomech.particle.fracture import crack_particle
from lithomech.particle.grains import polycrystal
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 2.4 um
grains: {diameter: 0.6 um}
voxel_size: 80 nm
dimensions: 2
"""
IMAGE = """
material: ncm88
grains: {image: grains.npy, orientation: random}
voxel_size: 80 nm
increments: 4
surroundings: {material: li6ps5cl, pressure: 20 MPa}
"""


def labelled(tmp_path, image, text=IMAGE):
    np.save(tmp_path / "grains.npy", image)
    path = tmp_path / "particle.yaml"
    path.write_text(text, encoding="utf-8")
    return load_particle(path)


def test_grains_of_an_image_are_those_of_the_image(tmp_path):
    """Cropped, put in the middle with a margin, numbered without gaps."""
    own = polycrystal(load_particle(SPEC))
    image = 10 * own.labels.astype(np.int32)
    found = polycrystal(labelled(tmp_path, image[0]))
    for axis in range(3):
        across = tuple({0, 1, 2} - {axis})
        places = [np.flatnonzero((p.labels > 0).any(axis=across)) for p in (own, found)]
        assert len(places[0]) == len(places[1])
    assert_array_equal(found.labels[found.labels > 0], own.labels[own.labels > 0])
    assert len(found.axes) == len(own.axes)
    assert_allclose(np.linalg.norm(found.axes, axis=1), 1.0)


def test_an_image_of_textured_grains_has_axes_across_the_radius(tmp_path):
    own = polycrystal(load_particle(SPEC))
    text = IMAGE.replace("random", "textured")
    found = polycrystal(labelled(tmp_path, own.labels, text))
    middle = np.array(center_of_mass(found.labels > 0))
    grains = range(1, len(found.axes) + 1)
    outward = np.array(center_of_mass(found.labels > 0, found.labels, grains)) - middle
    assert_allclose(np.einsum("gi,gi->g", outward, found.axes), 0.0, atol=1e-9)


def test_a_particle_from_an_image_cracks(tmp_path):
    own = polycrystal(load_particle(SPEC))
    found = crack_particle(labelled(tmp_path, own.labels[0]))
    assert found.status == "completed"
    assert found.at("crack_fraction", 1.0) > 0.0


@pytest.mark.parametrize(
    ("image", "text", "reported"),
    [
        (1 + np.eye(8, dtype=np.uint8), IMAGE, "holds no 0"),
        (np.zeros((8, 8), np.uint8), IMAGE, "1 numbers"),
        (np.eye(8), IMAGE, "float64"),
        (
            np.eye(8, dtype=int),
            IMAGE,
            "3.2 voxels across a grain on average; allowed: 6 or more",
        ),
        (np.eye(8, dtype=int), IMAGE + "diameter: 4 um\n", "with grains.image"),
        (np.eye(8, dtype=int), IMAGE.replace("voxel_size: 80 nm", ""), "is missing"),
        (np.eye(8, dtype=int), IMAGE.replace("random", "single_crystal"), "number of grains"),
        (np.eye(8, dtype=int), IMAGE.replace("grains.npy", "none.npy"), "no such file"),
    ],
)
def test_images_that_are_none_are_refused(tmp_path, image, text, reported):
    with pytest.raises(InputError, match=reported) as caught:
        polycrystal(labelled(tmp_path, image, text))
    assert "particle.yaml" in str(caught.value)
