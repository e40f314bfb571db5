"""Texture as it is made: c axes along the circumference, and boundaries at low angles."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.laws.fracture import misoriented_energy
from lithomech.particle.body import body_of
from lithomech.particle.boundaries import boundaries
from lithomech.particle.cohesion import turned
from lithomech.particle.fracture import crack_particle
from lithomech.particle.grains import Polycrystal, lagging, polycrystal
from lithomech.particle.march import March
from lithomech.particle.result import Increment
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 3 um
grains: {diameter: 0.5 um, orientation: textured, misorientation: 20 deg, length: 1.5 um}
voxel_size: 80 nm
increments: 4
dimensions: 2
"""
BRIEF = ("window", ["3.0 V", "3.9 V"])


def declared(*changes):
    return load_particle(SPEC, changes)


@pytest.fixture(scope="module")
def flat():
    return polycrystal(declared())


def outward_of(grains):
    """Directions of the middles of grains from the middle of the particle."""
    place = np.argwhere(grains.labels > 0)
    owner = grains.labels[grains.labels > 0]
    middles = [place[owner == i + 1].mean(axis=0) for i in range(len(grains.axes))]
    away = np.array(middles) - place.mean(axis=0)
    far = np.linalg.norm(away, axis=1)
    return away / far[:, None], far


def test_c_axes_lie_along_the_circumference_to_half_of_the_misorientation(flat):
    """Of the section; middles and seeds of rods differ by a few degrees."""
    outward, far = outward_of(flat)
    around = np.cross([1.0, 0.0, 0.0], outward)[far > 8.0]
    angle = np.degrees(np.arccos(np.abs(np.sum(around * flat.axes[far > 8.0], axis=1))))
    assert len(angle) > 8
    assert angle.max() < 10.0 + 8.0
    assert angle.max() > 3.0


def test_without_misorientation_they_are_the_circumference():
    none = polycrystal(declared(("grains.misorientation", "0 deg"), ("dimensions", "2")))
    assert_allclose(none.axes[:, 0], 0.0, atol=1e-12)
    assert_allclose(np.linalg.norm(none.axes, axis=1), 1.0)


def test_longer_rods_are_fewer():
    """Rods are as many as their volume allows: 9 pi/4 um2 over 0.25 pi/4 times 3 or 6."""
    for length, count in (("1.5 um", 12), ("3 um", 6)):
        assert len(polycrystal(declared(("grains.length", length))).axes) == count


def test_boundaries_at_low_angles_are_tougher_in_the_model_too():
    """Two crystals turned by 6 degrees, of 15 from which an angle is high."""
    labels = np.ones((4, 4, 8), np.int32)
    labels[:, :, 4:] = 2
    six = np.radians(6.0)
    axes = np.array([[1.0, 0.0, 0.0], [-np.cos(six), np.sin(six), 0.0]])
    b = boundaries(labels, 1e-8)
    assert_allclose(turned(b, Polycrystal(labels, axes, 1e-8)), six, rtol=1e-9)
    thin = ("grains.diameter", "0.25 um"), ("voxel_size", "40 nm")
    body, found = body_of(declared(("grains.misorientation", "2 deg"), *thin))
    angle = turned(body.between, body.grains)
    G_x, G_b = (found.active.value(n) for n in ("grain_energy", "boundary_energy"))
    inside = body.between.parted & ~body.between.outer
    t = np.minimum(angle[inside] / np.radians(15.0), 1.0)
    energy = 0.5 * (body.planes.strength * body.planes.final)[inside]
    assert_allclose(energy, misoriented_energy(G_x, G_b, t), rtol=1e-9)
    assert energy.max() > 1.05 * G_b
    zone = energy / body.planes.strength[inside] ** 2
    assert_allclose(zone, zone[0])


def test_what_lags_is_what_points_outward_and_the_mean_stays(flat):
    """Radial rods with c across the radius are alike; random grains are not."""
    random = polycrystal(
        declared(
            ("grains", {"diameter": "0.5 um", "orientation": "random"}), ("dimensions", "3")
        )
    )
    size = np.bincount(random.labels[random.labels > 0])[1:]
    lag = lagging(random)
    assert abs(lag @ size) < 1e-9 * size.sum()
    assert_allclose(np.std(lag), np.sqrt(4.0 / 45.0), rtol=0.2)  # of cos^2 over a sphere
    assert np.std(lagging(flat)) < 0.2 * np.std(lag)


def test_grains_that_lag_are_richer_on_charge_and_poorer_on_discharge():
    """By a share of the lag each; the mean of the particle is where it should be."""
    random = ("grains", {"diameter": "0.5 um", "orientation": "random"})
    body, found = body_of(declared(random))
    lag = 0.1 * lagging(body.grains)
    march = March(body, found, 0.0, lag)
    size = np.bincount(body.grains.labels[body.grains.labels > 0])[1:]
    charged = march.of_grains(0.5)
    assert_allclose(charged - 0.5, lag)
    assert_allclose(charged @ size, 0.5 * size.sum())
    march.rows = [Increment(1.0, 0.2, *[0.0] * (len(Increment._fields) - 2))]
    assert_allclose(march.of_grains(0.5) - 0.5, -lag)
    march.rows = []
    assert_allclose(march.of_grains(found.as_made), found.as_made)


@pytest.mark.deep
def test_grains_that_lag_crack_boundaries_sooner():
    random = ("grains", {"diameter": "0.6 um", "orientation": "random"})
    even, uneven = (
        crack_particle(declared(random, ("lag", lag), BRIEF)) for lag in ("0 %", "15 %")
    )
    broken = [found.by_increment["broken"][2] for found in (even, uneven)]
    assert broken[1] > broken[0]


@pytest.mark.parametrize("key", ["misorientation", "length"])
def test_texture_is_of_textured_grains(key):
    value = {"misorientation": "20 deg", "length": "1 um"}[key]
    grains = {"diameter": "0.5 um", "orientation": "random", key: value}
    with pytest.raises(InputError, match=f"grains.{key}: is for textured grains"):
        declared(("grains", grains))
