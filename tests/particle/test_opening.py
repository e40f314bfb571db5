"""The cohesive law in voxels, against the law itself and against what geometry demands."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.numerics.fft_elasticity import Block, Load, strain_of
from lithomech.particle.boundaries import boundaries
from lithomech.particle.opening import Planes, Response, open_boundaries, unloaded
from oracles.voxel_elasticity import solid

E, NU, STRENGTH, ENERGY = 200e9, 0.25, 1.5e9, 1.0
EDGE = 20e-9  # bars of 8 are shorter than 2 M G_c/sigma_c^2: what they hold does not burst out
M = E * (1.0 - NU) / ((1.0 + NU) * (1.0 - 2.0 * NU))


class Bar:
    """Two grains in a block: what body.Body does, by hand."""

    def __init__(self, labels, law=(STRENGTH, 2.0 * ENERGY / STRENGTH), one=True):
        self.b = boundaries(labels, EDGE)
        count = len(self.b.voxel)
        whole = np.tile(solid(E, NU), (count, 1, 1))
        phase = np.zeros(labels.shape, np.int32)
        phase.ravel()[self.b.voxel] = 1 + np.arange(count)
        self.block = Block(phase, np.concatenate([whole[:1], whole]))
        strength, final = (np.full(count, value) for value in law)
        if one:  # else the weaker of two boundaries, by rounding, takes all
            strength[self.b.voxel >= (labels.shape[0] - 1) * labels[0].size] = 1e30
        self.planes = Planes(whole, self.b.normal, self.b.per_width, strength, final)
        self.state = unloaded(count)
        self.response = Response(
            openings=np.zeros((count, 3, 3)),
            stiffness=self.block.stiffness[1:],
            shut_strain=np.zeros((count, 6)),
        )
        self.last = None

    def stretch(self, strain, turns=200):
        own, total = np.zeros((6, *self.block.phase.shape)), np.zeros(self.block.stress.shape)
        for _ in range(turns):
            own.reshape(6, -1)[:, self.b.voxel] = self.response.shut_strain.T
            self.last = self.block.solve(Load(strain, own), 1e-6, 500, self.last)
            strain_of(self.last.displacement, self.last.strain, total)
            at = np.ascontiguousarray(total.reshape(6, -1)[:, self.b.voxel].T)
            before = self.response.openings.copy()
            open_boundaries(at, self.planes, self.state, self.response)
            moved = np.abs(self.response.openings - before).max()
            if moved < 1e-4 * self.planes.final[0]:
                break
        own.reshape(6, -1)[:, self.b.voxel] = self.response.shut_strain.T
        self.last = self.block.solve(Load(strain, own), 1e-6, 500, self.last)
        return self.last.stress


def layers(n, width=1):
    labels = np.ones((n, width, width), np.int64)
    labels[n // 2 :] = 2
    return labels


def along_x(value):
    return np.array([value, 0.0, 0.0, 0.0, 0.0, 0.0])


def test_a_layer_follows_the_softening_law():
    """In series: strain = sigma/M + w/L, a boundary in a periodic bar of length L."""
    n = 6
    bar, final = Bar(layers(n)), 2.0 * ENERGY / STRENGTH
    for share in (0.0, 0.3, 0.6, 0.9):
        sigma = STRENGTH * (1.0 - share)
        strain = sigma / M + share * final / (n * EDGE)
        assert_allclose(bar.stretch(along_x(strain))[0], sigma, rtol=5e-3)


@pytest.mark.parametrize("n", [4, 6, 8])
def test_the_energy_is_that_of_the_boundary_whatever_the_mesh(n):
    """Stretch until it parts: the work, per area, is G_c."""
    bar, length = Bar(layers(n)), n * EDGE
    strains = np.linspace(0.0, 1.05 * 2.0 * ENERGY / STRENGTH / length, 60)
    stress = [bar.stretch(along_x(e))[0] for e in strains]
    work = float(np.trapezoid(stress, strains)) * length
    assert_allclose(work, ENERGY, rtol=0.01)
    spent = 1e-4 * M / EDGE * length * strains[-1]  # what is left of a broken plane
    assert abs(stress[-1]) < 1.1 * spent


def test_it_unloads_to_the_origin_and_shuts_with_its_whole_stiffness():
    n, final = 6, 2.0 * ENERGY / STRENGTH
    bar = Bar(layers(n))
    half = 0.5 * STRENGTH / M + 0.5 * final / (n * EDGE)
    bar.stretch(along_x(half))
    assert_allclose(bar.stretch(along_x(0.5 * half))[0], 0.25 * STRENGTH, rtol=5e-3)
    assert_allclose(bar.stretch(along_x(-0.01))[0], -0.01 * M, rtol=1e-3)
    assert_allclose(bar.stretch(along_x(half))[0], 0.5 * STRENGTH, rtol=5e-3)


def test_a_residual_opening_wedges():
    """Shut at strain zero, a boundary with a residual w_r in it is pressed with M 2 w_r/L."""
    n, kept = 6, 0.2e-9
    bar = Bar(layers(n), one=False)
    bar.state.largest[:] = 10.0 * bar.planes.final[:, None]
    bar.stretch(along_x(0.05))
    bar.state.residual[:] = np.where(bar.state.largest > 0.0, kept, 0.0)
    assert_allclose(bar.stretch(along_x(0.0))[0], -M * 2.0 * kept / (n * EDGE), rtol=1e-3)


def test_shear_parts_it_as_well():
    bar = Bar(layers(6))
    slid = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.15])
    assert abs(bar.stretch(slid)[5]) < 1e-3 * E / (2.0 * (1.0 + NU)) * 0.15
    assert bar.stretch(np.array([0.0, 0.02, 0.0, 0.0, 0.0, 0.0]))[1] > 0.9 * 0.02 * E


@pytest.mark.parametrize("slope", [(1, 1, 0), (1, 2, 0), (1, 1, 1), (2, 1, 1)])
def test_a_broken_boundary_at_any_angle_locks_nothing(slope):
    """Grains on both sides of slanted planes move apart as rigid bodies: no stress is left.

    A plane whose normal or width were wrong would hold them by E times the strain.
    """
    n = 12
    place = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1) @ slope
    labels = 1 + (place % n >= n // 2).astype(np.int64)
    bar = Bar(labels, one=False)
    bar.state.largest[:] = 10.0 * bar.planes.final[:, None]
    normal = np.array(slope) / np.linalg.norm(slope)
    opened = 0.02 * np.outer(normal, normal)
    pairs = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
    strain = np.array([opened[i, j] * (1.0 if i == j else 2.0) for i, j in pairs])
    stress = bar.stretch(strain, turns=3)
    assert np.abs(stress).max() < 2e-3 * E * 0.02


def test_area_of_a_plane_and_of_a_sphere():
    """Flat: exact. A sphere of voxels: its planes fluctuate about the true normal, and add."""
    flat = boundaries(layers(8, 4), EDGE)
    assert_allclose((flat.per_width * flat.volume).sum(), 2 * 16 * EDGE**2, rtol=1e-12)
    x = (np.arange(48) + 0.5) / 48 - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    found = boundaries((far < 0.4).astype(np.int64), 1.0)
    exact = 4.0 * np.pi * (0.4 * 48) ** 2
    assert 1.0 < (found.per_width * found.volume).sum() / exact < 1.12


def test_three_grains_meet_along_a_line_and_four_at_a_corner():
    labels = np.ones((8, 8, 8), np.int64)
    labels[4:] = 2
    labels[:4, 4:] = 3
    found = boundaries(labels, EDGE)
    line = found.voxel == np.ravel_multi_index((3, 3, 4), labels.shape)
    assert (found.per_width[line] > 0.0).sum() == 2
    labels[:4, 4:, 4:] = 4
    found = boundaries(labels, EDGE)
    corner = found.voxel == np.ravel_multi_index((3, 3, 3), labels.shape)
    assert (found.per_width[corner] > 0.0).sum() == 3
    lengths = np.linalg.norm(found.normal[corner][0], axis=1)
    assert_allclose(lengths, 1.0)


def test_who_meets_whom():
    labels = np.zeros((6, 1, 1), np.int64)
    labels[1:3], labels[3:5] = 1, 2
    found = boundaries(labels, EDGE)
    assert found.voxel.tolist() == [0, 2, 4]
    assert found.parted.tolist() == [False, True, False]
    assert found.pair.tolist() == [[0, 1], [1, 2], [0, 2]]
    assert found.outer.tolist() == [True, False, True]
    assert found.inside.tolist() == [0.5, 1.0, 0.5]
