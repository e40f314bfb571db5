"""Grains and the stress between them, against exact solutions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.numerics.fft_elasticity import Block
from lithomech.particle.elastic import stress_of_particle
from lithomech.particle.equations import (
    axial,
    isotropic_stiffness,
    lattice_strains,
    tractions,
    von_mises,
)
from lithomech.particle.grains import polycrystal
from lithomech.particle.spec import load_particle

E, NU = 140e9, 0.25
SPEC = """
material: ncm88
diameter: 5 um
grains: {{diameter: 1.2 um, orientation: {orientation}}}
stoichiometry: ['0.9', '0.5']
voxel_size: 200 nm
{more}
"""


def declared(orientation="random", more="seed: 1"):
    return load_particle(SPEC.format(orientation=orientation, more=more))


def ball(n=32, share=0.1):
    x = (np.arange(n) + 0.5) / n - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    radius = (3.0 * share / (4.0 * np.pi)) ** (1.0 / 3.0)
    return (far < radius).astype(np.uint16)


def test_a_uniform_block_under_a_mean_stress_strains_as_its_stiffness_says():
    stiffness = isotropic_stiffness(E, NU)
    block = Block(np.zeros((4, 4, 4), np.uint16), stiffness[None])
    wanted = np.array([1e6, -2e6, 3e6, 4e5, -5e5, 6e5])
    found = block.solve(np.zeros(6), 1e-8, 50, mean_stress=wanted)
    assert found.converged
    assert_allclose(found.strain, np.linalg.solve(stiffness, wanted), rtol=1e-7)
    assert_allclose(found.stress, wanted, rtol=1e-7)


def test_mean_stress_and_strain_are_two_ways_to_the_same_equilibrium():
    """A stiff ball in a soft block: the strain that was found brings the same stress back."""
    solids = np.stack([isotropic_stiffness(20e9, 0.3), isotropic_stiffness(E, NU)])
    block = Block(ball(), solids)
    wanted = np.array([0.0, 0.0, -20e6, 0.0, 5e6, 0.0])
    free = block.solve(np.zeros(6), 1e-7, 300, mean_stress=wanted)
    assert_allclose(free.stress, wanted, atol=1.0)
    held = block.solve(free.strain, 1e-7, 300)
    assert_allclose(held.stress, wanted, atol=20.0)
    assert_allclose(
        held.displacement, free.displacement, atol=1e-6 * np.abs(free.displacement).max()
    )


def test_a_swelling_ball_in_its_own_kind_has_the_same_pressure_everywhere():
    """Bitter and Crum: sigma_m = -2 E eps (1 - f)/(3 (1 - nu)) inside, whatever the shape.

    Stress-free block; the voxels see it to the square of the residual.
    """
    labels, eps = ball(), 0.01
    solid = isotropic_stiffness(E, NU)
    block = Block(labels, np.stack([solid, solid]))
    own = np.array([[0.0] * 6, [eps, eps, eps, 0.0, 0.0, 0.0]])
    assert block.solve(np.zeros(6), 1e-8, 300, own, np.zeros(6)).converged
    inside = labels > 0
    mean = block.stress[:3].mean(axis=0)[inside]
    exact = -2.0 * E * eps * (1.0 - inside.mean()) / (3.0 * (1.0 - NU))
    assert_allclose(mean.mean(), exact, rtol=1e-3)
    assert np.std(mean) < 0.02 * abs(exact)


def test_a_free_single_crystal_has_no_stress():
    """However it strains; what is around it has a ten-thousandth of its stiffness."""
    found = stress_of_particle(declared("single_crystal"))
    strain = abs(found.strain_c[-1] - found.strain_a[-1])
    assert strain > 0.01
    assert found.by_content["von_mises_mean"][-1] < 1e-3 * 140e9 * strain
    assert len(found.axes) == 1


def test_free_random_grains_balance_and_scale_with_the_mismatch():
    """No force on the whole; stress is linear in the mismatch of c and a."""
    found = stress_of_particle(declared(more="seed: 1\nmaterials: {}"))
    assert found.status == "completed"
    inside = found.labels > 0
    typical = von_mises(found.stress)[inside].mean()
    assert typical > 1e8
    assert np.abs(found.stress[:, inside].mean(axis=1)).max() < 0.01 * typical
    half = stress_of_particle(declared().replace(stoichiometry=(0.9, 0.7), material="ncm88"))
    mismatch = [f.strain_c[-1] - f.strain_a[-1] for f in (found, half)]
    ratio = found.by_content["tension_90"][-1] / half.by_content["tension_90"][-1]
    assert_allclose(ratio, mismatch[0] / mismatch[1], rtol=0.02)


def test_order_of_the_morphologies():
    """One crystal has no boundaries; whole grains of both others pull at each other."""
    random, textured, single = (
        stress_of_particle(declared(name)) for name in ("random", "textured", "single_crystal")
    )
    assert single.by_content["tension_90"][-1] == 0.0
    assert random.by_content["tension_90"][-1] > 1e8
    assert textured.by_content["shear_90"][-1] < random.by_content["shear_90"][-1]


def test_a_stiffer_embedding_pulls_harder():
    """Bonded electrolyte holds a shrinking particle back: tension that a free one has not."""
    free = stress_of_particle(declared())
    held = stress_of_particle(declared(more="surroundings: {material: li6ps5cl}"))
    hard = stress_of_particle(declared(more="surroundings: {material: llzo}"))
    tension = [-f.by_content["pressure_mean"][-1] for f in (free, held, hard)]
    assert abs(tension[0]) < 0.05 * tension[1]
    assert tension[1] < tension[2]


def test_pressure_from_outside_closes_boundaries():
    """20 MPa on the block lower the median tension, by less or more as stiffness shares it."""
    without = stress_of_particle(declared(more="surroundings: {material: li6ps5cl}"))
    more = "surroundings: {material: li6ps5cl, pressure: 20 MPa}"
    pressed = stress_of_particle(declared(more=more))
    drop = without.by_content["tension_50"] - pressed.by_content["tension_50"]
    assert np.all((drop > 15e6) & (drop < 40e6))


def test_grains_fill_the_particle():
    grains = polycrystal(declared())
    assert_allclose(grains.inside.mean(), np.pi / 6.0 * (5.0 / (32 * 0.2)) ** 3, rtol=0.01)
    sizes = np.bincount(grains.labels.ravel())[1:]
    assert sizes.min() > 0
    assert_allclose(len(sizes), (5.0 / 1.2) ** 3, rtol=0.02)
    assert np.std(sizes) / np.mean(sizes) < 0.3  # relaxed towards equal grains
    assert_allclose(np.linalg.norm(grains.axes, axis=1), 1.0)
    assert_array_equal(polycrystal(declared()).labels, grains.labels)
    assert np.any(polycrystal(declared(more="seed: 2")).labels != grains.labels)


def test_random_axes_point_everywhere_and_textured_ones_across_the_radius():
    axes = polycrystal(declared(more="seed: 3")).axes
    # mean of n n^T is a third of unity; 72 grains leave 1/sqrt(72 5) = 0.05 of spread
    assert_allclose(np.einsum("gi,gj->ij", axes, axes) / len(axes), np.eye(3) / 3.0, atol=0.15)
    grains = polycrystal(declared("textured"))
    middle = (np.array(grains.labels.shape) - 1.0) / 2.0
    for k, axis in enumerate(grains.axes, 1):
        place = np.argwhere(grains.labels == k) - middle
        outward = place.mean(axis=0)
        assert abs(outward @ axis) < 0.35 * np.linalg.norm(outward) + 1e-9


def test_traction_of_a_known_stress_on_a_flat_boundary():
    """A plane across the first axis between two halves: sigma_xx and the shears on it."""
    labels = np.ones((8, 6, 6), np.uint16)
    labels[4:] = 2
    labels[0] = labels[-1] = 0
    stress = np.arange(1.0, 7.0)[:, None, None, None] * np.ones((6, 8, 6, 6))
    found = tractions(stress, labels)
    assert len(found.normal) == 36
    assert_allclose(found.normal, 1.0)
    assert_allclose(found.shear, np.hypot(6.0, 5.0))


def test_strains_of_a_hexagonal_cell():
    """2 eps_a + eps_c is the change of volume; n n^T slanted has engineering shears."""
    a, c = lattice_strains(np.array([-0.05]), np.array([0.02]))
    assert_allclose(2 * a + c, -0.05)
    assert_allclose(c - a, 0.02)
    slanted = np.array([[1.0, 1.0, 0.0]]) / np.sqrt(2.0)
    assert_allclose(axial(slanted), [[0.5, 0.5, 0.0, 0.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("grains.diameter", "3 um"), "up to half of the particle, 2.5 um"),
        (("voxel_size", "500 nm"), "2.4 voxels across a grain"),
        (("voxel_size", "10 nm"), "GiB"),
        (("material", "ncm99"), "material"),
        (("material", "lfp"), "lattice_mismatch"),
        (("surroundings.material", "glue"), "surroundings.material"),
        (("stoichiometry[0]", "0.01"), "is known from"),
        (("grains.orientation", "up"), "'up' is not known"),
    ],
)
def test_what_cannot_be_is_told_with_its_key(change, told):
    text = SPEC.format(orientation="random", more="surroundings: {material: li6ps5cl}")
    with pytest.raises(InputError) as caught:
        stress_of_particle(load_particle(text, [change]))
    assert told in str(caught.value)
