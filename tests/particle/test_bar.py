"""Bars of grains that are pulled, and the strengths of single boundaries."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import kstest

from lithomech.laws.fracture import bond_share
from lithomech.particle import bar
from lithomech.particle.bar import pull_bar, weibull
from lithomech.particle.body import body_of
from lithomech.particle.cohesion import chances
from lithomech.particle.spec import load_particle

SHORT = (1.2e-6, 0.48e-6, 0.48e-6)
SPEC = """
material: ncm811
diameter: 2 um
grains: {diameter: 0.48 um}
voxel_size: 80 nm
seed: 2
"""


def declared(*changes):
    return load_particle(SPEC, changes)


def test_one_crystal_has_the_modulus_of_its_direction(monkeypatch):
    """1/E = S11 (1-l)^2 + S33 l^2 + (2 S13 + S44) l (1-l), l = cos^2 to c (Nye 1957).

    What stands for air around the bar holds a thousandth of its own.
    """
    monkeypatch.setattr(bar, "MOST", 1e-3)
    gauge = (0.32e-6, 0.48e-6, 0.48e-6)
    spec = declared(("grains.diameter", "1 um"), ("seed", "5"))
    found = pull_bar(spec, gauge)
    (axis,) = bar.bar_of_grains(spec, gauge).axes
    c_11, c_12, c_13, c_33, c_44 = (280, 75, 8, 18, 15) + 0.99 * np.array(
        (194.9 - 280, 133.7 - 75, 11.9 - 8, 177.2 - 18, 74.1 - 15)
    )
    block = np.linalg.inv([[c_11, c_12, c_13], [c_12, c_11, c_13], [c_13, c_13, c_33]])
    along = axis[0] ** 2
    compliance = block[0, 0] * (1.0 - along) ** 2 + block[2, 2] * along**2
    compliance += (2.0 * block[0, 2] + 1.0 / c_44) * along * (1.0 - along)
    assert 0.05 < along < 0.95
    assert_allclose(found.stress[1:] / found.strain[1:], 1e9 / compliance, rtol=0.015)
    assert found.broken == 0.0


@pytest.mark.parametrize("most", [5e-3, pytest.param(0.02, marks=pytest.mark.deep)])
def test_half_the_strength_at_a_quarter_of_the_energy_is_half_of_everything(monkeypatch, most):
    """Linear elasticity and a linear softening: the zone of opening is as large."""
    monkeypatch.setattr(bar, "TURNS", 10)
    monkeypatch.setattr(bar, "STEP", 1e-3)
    monkeypatch.setattr(bar, "MOST", most)
    whole = pull_bar(declared(), SHORT)
    monkeypatch.setattr(bar, "STEP", 5e-4)
    monkeypatch.setattr(bar, "MOST", 0.5 * most)
    half = pull_bar(
        declared(
            ("materials.ncm811.boundary_strength", "0.425 GPa"),
            ("materials.ncm811.boundary_energy", "0.125 J/m2"),
        ),
        SHORT,
    )
    assert_allclose(half.stress, 0.5 * whole.stress, rtol=1e-3)
    assert whole.broken > 0.0
    assert 0.5 * 0.85e9 < whole.strength < 0.85e9 / 0.9
    assert whole.stress[-1] < 0.7 * whole.strength or most < 0.01


def test_strengths_of_a_weibull_distribution_give_it_back():
    chance = (np.arange(4000) + 0.5) / 4000
    found = weibull(745e6 * (-np.log(chance)) ** (1.0 / 6.9))
    assert_allclose(found, (745e6, 6.9), rtol=0.01)


def test_single_boundaries_scatter_as_is_reported_whatever_the_voxels():
    pairs = np.stack(np.triu_indices(60, 1), axis=1)
    found = chances(pairs, 3)
    assert kstest(found, "uniform").pvalue > 0.01
    assert kstest(chances(pairs, 4) - found, "triang", (0.5, -1.0, 2.0)).pvalue > 0.01
    words = ("materials.ncm811.boundary_weibull_modulus", "6.9")
    seen = []
    for voxel in ("80 nm", "60 nm"):
        body, _ = body_of(declared(words, ("voxel_size", voxel)))
        b, strength = body.between, body.planes.strength
        inside = b.parted & ~b.outer
        seen.append(dict(zip(map(tuple, b.pair[inside]), strength[inside], strict=True)))
    both = seen[0].keys() & seen[1].keys()
    assert len(both) > 100
    assert_allclose([seen[0][p] for p in both], [seen[1][p] for p in both])
    assert np.ptp(list(seen[0].values())) > 0.3 * 0.85e9


@pytest.mark.parametrize(
    ("pressed", "share"), [("400 MPa", 1.0), ("287 MPa", 1.0), ("143.5 MPa", 0.5**1.75)]
)
def test_the_bond_is_as_tough_as_it_was_pressed(pressed, share):
    """Up to the electrolyte itself; its strength with the root: flaws of one size."""
    assert_allclose(bond_share(float(pressed[:-4]) * 1e6, 287e6, 1.75), share)
    around = ("surroundings", {"material": "li6ps5cl", "fabrication_pressure": pressed})
    body, _ = body_of(declared(around))
    outer = body.between.outer
    strength, final = body.planes.strength[outer], body.planes.final[outer]
    assert_allclose(strength, 50e6 * share**0.5)
    assert_allclose(0.5 * strength * final, 1.1 * share)
