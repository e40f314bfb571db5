"""Lithium in a particle, against Crank, discs, and what cracks have to do."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.particle import transport
from lithomech.particle.boundaries import boundaries
from lithomech.particle.grains import Polycrystal, polycrystal
from lithomech.particle.result import Moment
from lithomech.particle.spec import load_particle
from lithomech.particle.transport import Uptake, discharge_times, isolated, uptake

EDGE = 1e-7
TERMS = np.arange(1, 2000)


def sphere(n, axis=(0.0, 0.0, 1.0)):
    x = (np.arange(n) + 0.5) / n - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    return Polycrystal((far < 0.4).astype(np.uint16), np.array([axis]), EDGE)


def crank(time):
    """Share of a sphere that is filled, at D t/R^2."""
    return 1.0 - 6.0 / np.pi**2 * np.sum(np.exp(-((TERMS * np.pi) ** 2) * time) / TERMS**2)


def radius(grains):
    return np.cbrt(0.75 * (grains.labels > 0).sum() / np.pi)


def filled(grains, moment=None, ratio=1.0, *, wet=False):
    return uptake(grains, boundaries(grains.labels, grains.voxel), moment, ratio, wet=wet)


def test_a_sphere_fills_as_crank_says():
    """The ball is a stair: its half time is met to the first order of the voxel."""
    errors = []
    for n in (24, 48):
        grains = sphere(n)
        answer = filled(grains)
        scaled = answer.time / radius(grains) ** 2
        late = answer.filled > 0.3
        exact = np.array([crank(t) for t in scaled[late]])
        errors.append(np.abs(answer.filled[late] - exact).max())
    assert errors[1] < 0.02
    assert errors[1] < 0.7 * errors[0]


def test_a_crystal_that_conducts_within_its_layers_is_a_stack_of_discs():
    """Mean over the discs of a sphere of Crank's cylinder: half full at 0.0423 of R^2/D.

    Against the same voxels conducting alike everywhere, which takes 0.03055.
    """
    zeros = (np.arange(1, 400) - 0.25) * np.pi  # of J0, McMahon's first term and correction
    zeros += 1.0 / (8.0 * zeros)
    z = (np.arange(200) + 0.5) / 200
    disc = 1.0 - z**2

    def mean(time):
        each = 1.0 - 4.0 * np.sum(
            np.exp(-(zeros[:, None] ** 2) * time / disc) / zeros[:, None] ** 2, axis=0
        )
        return float(np.sum(each * disc) / disc.sum())

    times = np.linspace(0.02, 0.08, 400)
    half = np.interp(0.5, [mean(t) for t in times], times)
    grains = sphere(40)
    found = filled(grains, ratio=1e-3).half_time / filled(grains).half_time
    assert_allclose(found, half / 0.030549, rtol=0.05)


def test_a_crystal_may_be_turned_any_way():
    straight = filled(sphere(32), ratio=0.01).half_time
    slanted = filled(sphere(32, np.array([1.0, 2.0, 2.0]) / 3.0), ratio=0.01).half_time
    assert_allclose(slanted, straight, rtol=0.03)


SPEC = """
material: ncm88
diameter: 2.4 um
grains: {diameter: 0.48 um}
voxel_size: 80 nm
seed: 2
"""


@pytest.fixture(scope="module")
def grains():
    return polycrystal(load_particle(SPEC))


def broken(grains, share=1.0, *, surface=False):
    """All boundaries between grains open and broken, and the outside too where it is asked."""
    b = boundaries(grains.labels, grains.voxel)
    there = b.parted & ~b.outer
    if surface:
        there |= b.outer
    gone = np.where(there[:, None] & (b.per_width > 0.0), share, 0.0)
    return b, Moment("", 0.0, 0.0, gone * 2e-8, gone, np.zeros(0))


@pytest.mark.deep
def test_cracks_are_dead_ends_in_a_solid_and_ways_in_for_a_liquid(grains):
    """In a solid only the grains at the outside fill; in a liquid all do, and soon."""
    whole = filled(grains, ratio=0.1)
    b, moment = broken(grains)
    solid = uptake(grains, b, moment, 0.1, wet=False)
    outside = np.isin(grains.labels, np.unique(b.owners[b.outer])[1:]).sum()
    later = np.interp(30.0 * whole.half_time, solid.time, solid.filled)
    assert_allclose(later, outside / (grains.labels > 0).sum(), atol=0.06)
    liquid = uptake(grains, b, moment, 0.1, wet=True)
    assert liquid.half_time < 0.4 * whole.half_time


def test_a_core_behind_a_broken_shell_never_fills():
    labels = sphere(32).labels.copy()
    x = (np.arange(32) + 0.5) / 32 - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    labels[far < 0.25] = 2
    two = Polycrystal(labels, np.eye(3)[:2], EDGE)
    b, moment = broken(two)
    answer = uptake(two, b, moment, 1.0, wet=False)
    assert_allclose(answer.filled[-1], (labels == 1).sum() / (labels > 0).sum(), rtol=1e-3)


def test_whole_grains_do_not_know_what_is_around(grains):
    b, moment = broken(grains, 0.0)
    times = [uptake(grains, b, moment, 0.1, wet=wet).half_time for wet in (False, True)]
    assert_allclose(times[0], times[1], rtol=1e-12)
    assert_allclose(times[0], filled(grains, ratio=0.1).half_time, rtol=1e-12)


def test_more_damage_takes_longer(grains):
    times = []
    for share in (0.0, 0.5, 0.9):
        b, moment = broken(grains, share)
        times.append(uptake(grains, b, moment, 0.1, wet=False).half_time)
    assert times[0] < times[1] < times[2]


def test_grains_behind_broken_boundaries_are_isolated(grains):
    count = len(grains.axes)
    b, moment = broken(grains)
    outside = len(np.unique(b.owners[b.outer])) - 1
    assert_allclose(isolated(b, moment, count), 1.0 - outside / count, rtol=1e-12)
    assert isolated(b, broken(grains, 0.5)[1], count) == 0.0
    assert isolated(b, broken(grains, surface=True)[1], count) == 1.0


def test_lithium_that_cannot_come_in_is_infinitely_slow(grains):
    b, moment = broken(grains, surface=True)
    answer = uptake(grains, b, moment, 0.1, wet=False)
    assert answer.half_time == np.inf
    assert all(len(values) == 0 for values in discharge_times(answer))


@pytest.mark.deep
def test_a_parted_wall_costs_nothing_where_lithium_enters_all_around(grains):
    b, moment = broken(grains, 0.5, surface=True)
    alone = broken(grains, 0.5)[1]
    parted, bonded = (
        uptake(grains, b, m, 0.1, wet=False, bonded=there).half_time
        for m, there in ((moment, True), (alone, False))
    )
    assert_allclose(parted, bonded, rtol=1e-12)


def test_a_march_that_does_not_converge_is_no_number(monkeypatch, grains):
    monkeypatch.setattr(transport, "INNER", 1)
    assert np.isnan(filled(grains, ratio=0.1).half_time)


def test_discharge_times_of_a_sphere():
    """Constant flux into a sphere, Crank's series: s/I = t + 1/15 - 2/3 sum of decays."""
    times = np.geomspace(1e-5, 0.6, 90)
    currents, lasted = discharge_times(Uptake(times, np.array([crank(t) for t in times])))
    n = np.arange(1, 3000)
    roots = (n + 0.5) * np.pi
    for _ in range(60):  # tan b = b
        roots = n * np.pi + np.arctan(roots)
    for k in range(30, 80, 10):
        t = lasted[k]
        level = t + 1.0 / 15.0 - 2.0 / 3.0 * np.sum(np.exp(-(roots**2) * t) / roots**2)
        assert_allclose(1.0 / currents[k], level, rtol=5e-3)
    slopes = np.gradient(np.log(lasted), np.log(currents))
    early = (lasted > 1e-6) & (lasted < 1e-5)
    assert_allclose(slopes[early], -2.0, atol=0.03)
    assert -1.3 < slopes[-2] < -1.0
