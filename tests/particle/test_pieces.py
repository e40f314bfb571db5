"""Grains that may crack themselves, into pieces."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.particle import march
from lithomech.particle.body import body_of
from lithomech.particle.fracture import crack_particle
from lithomech.particle.grains import polycrystal
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 3 um
grains: {diameter: 1 um}
voxel_size: 60 nm
dimensions: 2
increments: 8
surroundings: {material: li6ps5cl, pressure: 20 MPa}
"""
PIECES = ("grains.pieces", "0.4 um")


def declared(*changes):
    return load_particle(SPEC, changes)


@pytest.mark.parametrize("dimensions", ["2", "3"])
def test_pieces_lie_in_one_grain_each_and_leave_grains_as_they_are(dimensions):
    change = ("dimensions", dimensions)
    whole = polycrystal(declared(change))
    cut = polycrystal(declared(change, PIECES))
    solid = whole.labels > 0
    assert_array_equal(cut.labels > 0, solid)
    assert_array_equal(cut.grain[cut.labels[solid] - 1] + 1, whole.labels[solid])
    assert_allclose(cut.axes, whole.axes[cut.grain])
    assert cut.count == whole.count == len(whole.axes)
    # pieces of 0.4 um in 3 um, by area or volume, to the rounding in each grain
    expected = (3.0 / 0.4) ** int(dimensions)
    assert abs(len(cut.axes) - expected) < 0.15 * expected


def test_planes_between_pieces_have_the_strength_of_grains():
    alike = ("materials.ncm88.grain_energy", "0.5 J/m2")  # no tougher at low angles
    body, _ = body_of(declared(PIECES, alike))
    grain = np.concatenate([[-1], body.grains.grain])
    met = [set(grain[owners[owners > 0]]) for owners in body.between.owners]
    inside = body.between.parted & ~body.between.outer
    one = np.array([len(grains) == 1 for grains in met])
    assert_allclose(body.planes.strength[inside & one], 1.2e9)
    assert_allclose(body.planes.strength[inside & ~one], 0.85e9)


def test_boundaries_between_grains_do_not_know_pieces():
    whole, cut = (body_of(declared(*c))[0].between for c in ((), (PIECES,)))
    place = np.isin(cut.voxel, whole.voxel)
    assert_array_equal(cut.voxel[place], whole.voxel)
    assert_allclose(cut.per_width[place], whole.per_width)
    assert_allclose(np.abs(cut.normal[place]), np.abs(whole.normal), atol=1e-9)


@pytest.mark.deep
def test_grains_too_strong_to_break_crack_as_whole_ones(monkeypatch):
    """At their boundaries, if both are waited for; seams are rigid until they open."""
    monkeypatch.setattr(march, "SETTLED", 0.0)
    monkeypatch.setattr(march, "TURNS", 60)
    hard = (
        ("materials.ncm88.grain_strength", "20 GPa"),
        ("materials.ncm88.grain_energy", "200 J/m2"),
    )
    whole, cut = crack_particle(declared(*hard)), crack_particle(declared(PIECES, *hard))
    assert cut.by_increment["broken_through"].max() == 0.0
    for name in ("broken", "crack_fraction", "gap_fraction"):
        assert_allclose(cut.at(name, 1), whole.at(name, 1), rtol=1e-3)


def test_a_crystal_that_shrinks_as_one_does_not_crack_into_pieces():
    crystal = ("grains.orientation", "single_crystal"), ("surroundings", "liquid")
    found = crack_particle(declared(*crystal, PIECES))
    assert found.grains == 1
    assert found.by_increment["broken_through"].max() == 0.0
    assert found.by_increment["crack_fraction"].max() == 0.0


@pytest.mark.deep
def test_strong_grains_break_less_than_weak_ones_and_boundaries_first():
    """As strong as boundaries, grains are part of one network with them."""
    weak = (
        ("materials.ncm88.grain_strength", "0.85 GPa"),
        ("materials.ncm88.grain_energy", "0.5 J/m2"),
    )
    strong = crack_particle(declared(PIECES))
    alike = crack_particle(declared(PIECES, *weak))
    through = [found.at("broken_through", 1) for found in (strong, alike)]
    assert through[0] < 0.5 * through[1]
    assert through[0] < 0.5 * strong.at("broken", 1)
    stated = {q.name for q in strong.quantities}
    assert "Broken seams in grains, charged" in stated


@pytest.mark.parametrize("diameter", ["0.2 um", "0.9 um"])
def test_pieces_too_small_or_too_large_are_refused(diameter):
    with pytest.raises(InputError, match=r"grains.pieces: .* 5 voxels, 300 nm, to 80 %"):
        declared(("grains.pieces", diameter))


def test_a_material_without_a_strength_of_grains_has_no_pieces():
    with pytest.raises(InputError, match="lco has no"):
        body_of(declared(("material", "lco"), PIECES))


def test_one_crystal_needs_no_diameter_of_grains():
    text = SPEC.replace("{diameter: 1 um}", "{orientation: single_crystal}")
    assert polycrystal(load_particle(text)).count == 1
