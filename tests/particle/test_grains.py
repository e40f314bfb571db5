"""Grains: they fill the particle, do not depend on the voxels, and point where they should."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.laws.fracture import inner_share
from lithomech.particle.body import body_of
from lithomech.particle.equations import axial, lattice_strains, von_mises
from lithomech.particle.grains import polycrystal
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 2 um
grains: {{diameter: 0.5 um, orientation: {orientation}}}
voxel_size: 80 nm
window: [3.0 V, 4.3 V]
{more}
"""


def declared(orientation="random", more="seed: 1"):
    return load_particle(SPEC.format(orientation=orientation, more=more))


def test_grains_fill_the_particle():
    grains = polycrystal(declared())
    inside = (grains.labels > 0).mean()
    assert_allclose(inside, np.pi / 6.0 * (2.0 / (32 * 0.08)) ** 3, rtol=0.01)
    sizes = np.bincount(grains.labels.ravel())[1:]
    assert sizes.min() > 0
    assert len(sizes) == 4**3
    assert np.std(sizes) / np.mean(sizes) < 0.35  # relaxed towards equal grains
    assert_allclose(np.linalg.norm(grains.axes, axis=1), 1.0)
    assert_array_equal(polycrystal(declared()).labels, grains.labels)
    assert np.any(polycrystal(declared(more="seed: 2")).labels != grains.labels)


@pytest.mark.parametrize("orientation", ["random", "textured"])
def test_finer_voxels_show_the_same_grains(orientation):
    coarse = polycrystal(declared(orientation))
    fine = polycrystal(declared(orientation).replace(voxel_size=40e-9))
    assert_allclose(fine.axes, coarse.axes, atol=1e-12)
    share = [np.bincount(g.labels.ravel())[1:] / (g.labels > 0).sum() for g in (coarse, fine)]
    assert_allclose(share[0], share[1], atol=0.003)


def test_random_axes_point_everywhere_and_textured_ones_across_the_radius():
    axes = polycrystal(declared(more="seed: 3")).axes
    # mean of n n^T is a third of unity; 64 grains leave 1/sqrt(64 5) = 0.06 of spread
    assert_allclose(np.einsum("gi,gj->ij", axes, axes) / len(axes), np.eye(3) / 3.0, atol=0.18)
    grains = polycrystal(declared("textured"))
    middle = (np.array(grains.labels.shape) - 1.0) / 2.0
    for k, axis in enumerate(grains.axes, 1):
        place = np.argwhere(grains.labels == k) - middle
        outward = place.mean(axis=0)
        assert abs(outward @ axis) < 0.35 * np.linalg.norm(outward) + 1.5


@pytest.mark.deep
def test_rods_are_longer_along_the_radius_than_across():
    grains = polycrystal(
        load_particle(SPEC.format(orientation="textured", more="").replace("2 um", "4 um"))
    )
    middle = (np.array(grains.labels.shape) - 1.0) / 2.0
    longer = []
    for k in range(1, len(grains.axes) + 1):
        place = np.argwhere(grains.labels == k) - middle
        outward = place.mean(axis=0)
        if np.linalg.norm(outward) < 10.0:
            continue  # around the middle they are as long as wide
        away = place - outward
        along = away @ (outward / np.linalg.norm(outward))
        across = np.einsum("pi,pi->p", away, away) - along**2
        longer.append(np.sqrt(np.mean(along**2) / np.mean(0.5 * across)))
    assert np.median(longer) > 1.8


def test_two_dimensions_are_prisms():
    grains = polycrystal(declared(more="dimensions: 2"))
    assert grains.labels.shape == (1, 32, 32)
    assert len(grains.axes) == 4**2
    assert np.abs(grains.axes[:, 0]).max() > 0.3  # c axes point out of the section as well


def test_strains_of_a_hexagonal_cell():
    """2 eps_a + eps_c is the change of volume; n n^T slanted has engineering shears."""
    a, c = lattice_strains(np.array([-0.05]), np.array([0.02]))
    assert_allclose(2 * a + c, -0.05)
    assert_allclose(c - a, 0.02)
    slanted = np.array([[1.0, 1.0, 0.0]]) / np.sqrt(2.0)
    assert_allclose(axial(slanted), [[0.5, 0.5, 0.0, 0.0, 0.0, 1.0]])


def test_equivalent_stress_of_tension_and_shear():
    assert_allclose(von_mises(np.array([3.0, 0, 0, 0, 0, 0])), 3.0)
    assert_allclose(von_mises(np.array([0, 0, 0, 0, 0, 2.0])), 2.0 * np.sqrt(3.0))


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (("grains.diameter", "3 um"), "up to half of the particle, 1 um"),
        (("voxel_size", "100 nm"), "5 voxels across a grain"),
        (("voxel_size", "0.5 nm"), "GiB"),
        (("material", "ncm99"), "material"),
        (("material", "lfp"), "lattice_mismatch"),
        (("surroundings.material", "glue"), "surroundings.material"),
        (("window[1]", "5 V"), "is known up to"),
        (("window[1]", "2 V"), "the lower one comes first"),
        (("grains.orientation", "up"), "'up' is not known"),
        (("surroundings", "air"), "surroundings: 'air' is not known; allowed: 'liquid'"),
        (("cycles", "0"), "cycles"),
        (("dimensions", "4"), "dimensions"),
    ],
)
def test_what_cannot_be_is_reported_with_its_key(change, reported):
    text = SPEC.format(orientation="random", more="surroundings: {material: li6ps5cl}")
    with pytest.raises(InputError) as caught:
        body_of(load_particle(text, [change]))
    assert reported in str(caught.value)
    assert str(caught.value).count("\n") == 0


def strong(strength, energy):
    source = "source: {ref: Assumed, where: test, method: assumed, checked: false}"
    constant = f"form: constant, {source}"
    return (
        "materials:\n  ncm88:\n"
        f"    boundary_strength: {{value: {strength}, unit: GPa, {constant}}}\n"
        f"    boundary_energy: {{value: {energy}, unit: J/m^2, {constant}}}\n"
    )


def test_voxels_too_coarse_for_the_strength_are_refused_with_the_number():
    """2 E G_c/sigma_c^2 = 2 155.6 GPa 1.2 J/m2/(4 GPa)^2 = 23.3 nm.

    E by hand: Voigt's K 97.9 and G 63.0 GPa of the constants at x = 0.99.
    """
    with pytest.raises(InputError, match=r"voxels of 80 nm; allowed: up to 23\.3 nm"):
        body_of(declared(more=strong(4.0, 1.2)))


def test_the_bond_has_a_widest_voxel_too():
    """Of the electrolyte: 2 22.1 GPa 1.1 J/m2/(1 GPa)^2 = 48.6 nm."""
    strong_bond = ("materials.li6ps5cl.adhesion_strength", "1 GPa")
    text = SPEC.format(orientation="random", more="surroundings: {material: li6ps5cl}")
    with pytest.raises(
        InputError, match=r"up to 48\.\d nm, 2 E G_c/sigma_c\^2 of the adhesion"
    ):
        body_of(load_particle(text, [strong_bond]))


def test_no_strength_is_no_strength():
    with pytest.raises(InputError, match="boundary_strength"):
        body_of(declared(more=strong(0.0, 1.2)))


@pytest.mark.parametrize(("diameter", "spread"), [("3 um", 0.05), ("6 um", 0.04)])
def test_grains_that_do_not_touch_the_surface_are_as_many_as_the_law_says(diameter, spread):
    """Counted by volume, of two seeds; the spread is that of one seed to the next."""
    shares = []
    for seed in ("0", "1"):
        words = (("diameter", diameter), ("grains.diameter", "0.8 um"), ("seed", seed))
        labels = polycrystal(
            load_particle(SPEC.format(orientation="random", more=""), words)
        ).labels
        beside = [
            np.roll(labels == 0, step, axis) & (labels > 0)
            for axis in range(3)
            for step in (-1, 1)
        ]
        touching = np.unique(labels[np.any(beside, axis=0)])
        inner = ~np.isin(labels, touching) & (labels > 0)
        shares.append(inner.sum() / (labels > 0).sum())
    law = inner_share(0.8e-6, 0.5e-6 * float(diameter.split()[0]))
    assert_allclose(np.mean(shares), law, atol=spread)
