"""The cell's law of cracking, fitted to particles: it has to come back where it was put in."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.errors import InputError
from lithomech.laws.elasticity import shear_modulus
from lithomech.materials.catalogue import RULES
from lithomech.materials.load import load_material
from lithomech.particle.closure import Drive, Law, fit_law, opening
from lithomech.particle.ensemble import ensemble
from lithomech.particle.fracture import crack_particle
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 2.4 um
grains: {diameter: 0.6 um}
voxel_size: 80 nm
dimensions: 2
increments: 8
surroundings: {material: li6ps5cl, pressure: 20 MPa}
"""
SOFT = """
name: ncm88
role: active
properties:
  youngs_modulus:
    form: constant
    value: 180.0
    unit: GPa
    source: {ref: user, where: less than 199 GPa, method: assumed}
"""
X = np.linspace(0.99, 0.18, 300)
GIVEN = Drive(X, 0.04 * np.sin(np.pi * (0.99 - X) / 0.9), 80e9, 2e9, 1.0)
LAW = Law(lattice=2.0, rate=4.0, confinement=0.7, reach=0.8)
PRESSURES = (20e6, 220e6)


def integrated(law, pressure, x):
    """The same law by a solver of differential equations, to 1e-9."""

    def rate(gone, damage):
        mismatch = 0.04 * np.sin(np.pi * gone / 0.9)
        stress = law.lattice * 80e9 * mismatch - law.confinement * pressure
        return law.rate * (1.0 - damage) * max(stress / 2e9 - 1.0, 0.0)

    gone = 0.99 - x
    span = (0.0, gone[-1] + 1e-12)
    found = solve_ivp(rate, span, [0.0], t_eval=gone, rtol=1e-9, atol=1e-11, max_step=1e-3)
    return law.reach * found.y[0]


@pytest.fixture(scope="module")
def found():
    return crack_particle(load_particle(SPEC))


def breaking(found, law, pressure):
    """The particle, had its boundaries broken by the law."""
    rows = found.by_increment
    x = np.linspace(0.99, 0.18, int((rows["half_cycles"] <= 1.0).sum()))
    changed = {name: rows[name].copy() for name in ("lithium", "broken")}
    changed["lithium"][: len(x)] = x
    changed["broken"][: len(x)] = integrated(law, pressure, x)
    return dataclasses.replace(found, by_increment=rows | changed)


def test_the_closed_form_is_the_law():
    """Trapezoids on 300 points: second order, 1e-4 of the reach."""
    for pressure in PRESSURES:
        x = np.linspace(0.99, 0.18, 40)
        assert_allclose(GIVEN.broken(LAW, pressure, x), integrated(LAW, pressure, x), atol=1e-4)


def test_the_law_comes_back(found):
    """From nine points of a curve that the law drew; the trapezoids leave 1 %."""
    pair = [breaking(found, LAW, pressure) for pressure in PRESSURES]
    assert_allclose(fit_law(GIVEN, pair, PRESSURES), LAW, rtol=0.01)


def test_what_opens_is_met_charged_and_discharged(found):
    """By the area fraction of the cell, A = d (shut + opening contraction)."""
    active = load_material("ncm88", {})
    law = opening(active, found, damage=0.9)
    size = active.curve("volume_strain")
    for half, damage in ((1.0, 0.9), (2.0, 0.99)):
        x = np.array([found.by_increment["lithium"][0], found.at("lithium", half)])
        contraction = -np.diff(size(x))[0]
        area = damage * (law.shut + law.opening * contraction)
        assert_allclose(area, found.at("crack_fraction", half), rtol=1e-9)
    charged = found.diffusion["half_cycles"].tolist().index(1.0)
    made, parted = found.diffusion["diffusivity"][[0, charged]]
    left = (1.0 - law.path_loss * 0.9) * made
    assert_allclose(found.bonded_diffusivity, left, rtol=1e-9)
    assert parted < left < made  # a wall that has parted costs more


def test_seeds_have_a_spread_and_pressure_holds_grains_together():
    found = ensemble(load_particle(SPEC, [("increments", "4")]), 2)
    assert found.status == "completed"
    assert (
        found.particles[0].by_increment["broken"][4]
        != (found.particles[1].by_increment["broken"][4])
    )
    for mean, deviation in found.constants.values():
        assert np.isfinite(mean)
        assert deviation >= 0.0
    assert set(found.constants) <= set(RULES)
    pressed = [p.at("broken", 1.0) for p in found.pressed]
    assert np.mean(pressed) < np.mean([p.at("broken", 1.0) for p in found.particles])


@pytest.mark.deep
def test_materials_beside_the_file_count(tmp_path):
    """A softer particle is one in the law that is fitted, too."""
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "ncm88.yaml").write_text(SOFT, encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    found = ensemble(load_particle(tmp_path / "spec.yaml", [("increments", "4")]), 2)
    m = load_material("ncm88", {})
    shear = shear_modulus(m.value("youngs_modulus"), m.value("poisson_ratio"))
    assert_allclose(found.given.shear, 180.0 / 199.0 * shear, rtol=1e-12)


@pytest.mark.deep
def test_textured_grains_have_their_own_constants():
    changes = [("increments", "4"), ("grains.orientation", "textured")]
    found = ensemble(load_particle(SPEC, changes), 2)
    assert set(found.constants) <= set(RULES)
    assert all(name.startswith("textured_crack_") for name in found.constants)


@pytest.mark.parametrize(
    ("changes", "seeds", "reported"),
    [
        ([("grains.orientation", "single_crystal")], 2, "nothing cracks"),
        ([("surroundings", "liquid")], 2, "solid electrolyte"),
        ([], 1, "1 seeds; allowed: 2 or more"),
    ],
)
def test_what_gives_no_law_is_refused(changes, seeds, reported):
    with pytest.raises(InputError, match=reported):
        ensemble(load_particle(SPEC, changes), seeds)
