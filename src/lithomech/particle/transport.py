"""Lithium in a cracked particle: how fast it comes in, and which grains it still reaches.

Within the layers of a grain lithium moves, across them hardly. An open crack stops what would
cross it. In a solid electrolyte lithium enters at the outside only; in a liquid also through
cracks that have reached the outside.

The answer to a step of the potential on the surface, in a domain of fixed properties, holds all
that small currents can ask: it is linear.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_matrix, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import cg

from lithomech.particle.boundaries import CORNERS, Boundaries
from lithomech.particle.grains import Polycrystal
from lithomech.particle.result import Moment

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

JOINED: Final = 0.01  # share of the area between two grains that must conduct
HOURGLASS: Final = 0.05  # stiffness of modes the centre of a voxel does not see
FIRST: Final = 0.05  # time step, in units of an edge's square over D_a
LONGEST: Final = 0.15  # step over the time that has passed
MOST: Final = 400  # steps
INNER: Final = 2000  # iterations of one stage
POINTS: Final = 80  # of the curve of discharge times
STALLED: Final = 1e-4  # growth in one step, over what is filled, at which no more will come
LEAST: Final = 1e-6  # share of the particle: what is filled less is not filled
TOLERANCE: Final = 1e-5
DIAGONAL: Final = 1.0 - 1.0 / np.sqrt(2.0)  # of the two-stage method of second order


class Uptake(NamedTuple):
    """Answer to a step on the surface.

    Attributes:
        time: times D_a over the square of a voxel's edge, with D_a along the layers, (k,).
        filled: share of the particle, (k,); the last is nan if the march did not converge.
    """

    time: Floats
    filled: Floats

    @property
    def half_time(self) -> float:
        """When it is half filled; inf if never; nan if the march did not converge."""
        if not self.filled[-1] >= 0.5:
            return np.inf if np.isfinite(self.filled[-1]) else np.nan
        return float(np.exp(np.interp(0.5, self.filled, np.log(self.time))))


def uptake(
    grains: Polycrystal,
    b: Boundaries,
    moment: Moment | None,
    ratio: float,
    *,
    wet: bool,
    bonded: bool = False,
) -> Uptake:
    """Fill a particle from its surface until it is full to 95 %.

    Args:
        grains: who owns which node.
        b: boundaries.
        moment: their openings and damage; none for whole grains.
        ratio: diffusivity along c over that along a.
        wet: whether a liquid enters the cracks.
        bonded: whether lithium enters all around, where the wall has parted too.
    """
    labels = grains.labels
    within = np.ones(labels.shape, bool)
    for corner in CORNERS:
        within &= np.roll(labels, [-c for c in corner], (0, 1, 2)) > 0
    passing = np.ones(b.per_width.shape) if moment is None else _transmission(b, moment)
    of_grain, between = _tensors(grains, b, ratio)
    through = np.ones_like(passing) if wet or bonded else passing
    entered = np.where(b.outer[:, None], through, 0.0)
    if wet and moment is not None:
        entered[_wetted(labels.shape, b, moment, ~within)] = 1.0
    link = _links(b, between, entered, labels)
    blocked = _blocked(b, between, passing)
    stiffness = _assembled(grains, b, passing, of_grain, blocked, within)
    solid = labels.ravel() > 0
    return _filled(stiffness[solid][:, solid], link[solid])


def isolated(b: Boundaries, moment: Moment, count: int) -> float:
    """Share of the grains, by number, that no path of joined grains leads to from outside.

    Args:
        b: boundaries.
        moment: their openings and damage.
        count: number of grains.
    """
    conduct = _transmission(b, moment)
    area = b.per_width.sum(axis=1)
    through = (conduct * b.per_width).sum(axis=1)
    inner = b.parted & ~b.outer
    key = np.where(inner[:, None], b.pair, 0)
    number = key @ np.array([count + 1, 1])
    total = np.bincount(number, area, (count + 1) ** 2)
    open_ = np.bincount(number, through, (count + 1) ** 2)
    joined = (open_ > JOINED * total).reshape(count + 1, count + 1)
    joined[0, :] = joined[:, 0] = False
    touched = np.unique(b.owners[b.outer & (conduct.min(axis=1) > 0.0)])
    joined[0, touched[touched > 0]] = True
    _, component = connected_components(csr_matrix(joined), directed=False)
    return float(np.mean(component[1:] != component[0]))


def _transmission(b: Boundaries, moment: Moment) -> Floats:
    """Share of lithium that crosses every plane: none where it is broken and open, (m, 3)."""
    gone = np.where(moment.openings > 0.0, moment.broken, 0.0)
    return np.where(b.per_width > 0.0, 1.0 - gone, 1.0)


def _wetted(shape: tuple[int, ...], b: Boundaries, moment: Moment, outside: Mask) -> Mask:
    """Planes that have cracked as far as the outside, (m, 3): what was wet once stays so.

    Walls of voids that cracks have reached as well.
    """
    planes = b.per_width > 0.0
    open_ = (moment.broken >= 1.0) & planes
    cracks = np.zeros(shape, bool)
    cracks.ravel()[b.voxel[open_.any(axis=1)]] = True
    joined = np.zeros(shape, np.int32)
    ndimage.label(cracks | outside, np.ones((3, 3, 3)), joined)
    reached = (joined == joined[0, 0, 0]).ravel()[b.voxel]
    return (open_ | (b.hollow[:, None] & planes)) & reached[:, None]


def _tensors(grains: Polycrystal, b: Boundaries, ratio: float) -> tuple[Floats, Floats]:
    """Diffusivity of each grain, and of each voxel with a boundary, over that along a."""
    squares = grains.axes[:, :, None] * grains.axes[:, None, :]
    of_grain = np.eye(3) + (ratio - 1.0) * squares
    none = np.zeros((1, 3, 3))
    every = np.concatenate([none, of_grain, none])  # a void, the owner -1, is the last
    solid = np.maximum((b.owners > 0).sum(axis=1), 1)
    return of_grain, every[b.owners].sum(axis=1) / solid[:, None, None]


def _blocked(b: Boundaries, between: Floats, passing: Floats) -> Floats:
    """Tensors of the voxels with a boundary, without what its planes stop."""
    for j in range(3):
        n = b.normal[:, j]
        across = np.einsum("mij,mj->mi", between, n)
        size = np.maximum(np.einsum("mi,mi->m", n, across), 1e-12)
        stopped = (1.0 - passing[:, j]) / size
        between = between - stopped[:, None, None] * across[:, :, None] * across[:, None, :]
    return between


def _links(
    b: Boundaries, between: Floats, entered: Floats, labels: NDArray[np.integer]
) -> Floats:
    """Conductance of every node to the surface, half a plane's width away, in voxel edges."""
    edge = np.cbrt(b.volume)
    corner = np.stack(np.unravel_index(b.voxel, labels.shape), axis=1)[:, None, :]
    corner = (corner + np.array(CORNERS)) % np.array(labels.shape)
    node = np.asarray(np.ravel_multi_index(tuple(np.moveaxis(corner, -1, 0)), labels.shape))
    link = np.zeros(labels.size)
    solid = b.owners > 0
    offset = np.array(CORNERS) - 0.5
    for j in range(3):
        n = b.normal[:, j]
        across = np.einsum("mi,mij,mj->m", n, between, n)
        g = 2.0 * across * (b.per_width[:, j] * edge) ** 2 * entered[:, j]
        side = offset @ n.T > 0.0
        for one in (side.T, ~side.T):
            there = one & solid
            share = g / np.maximum(there.sum(axis=1), 1)
            link += np.bincount(node[there], np.repeat(share, there.sum(axis=1)), labels.size)
    return link


def _assembled(
    grains: Polycrystal,
    b: Boundaries,
    passing: Floats,
    of_grain: Floats,
    between: Floats,
    within: Mask,
) -> csr_matrix:
    """Conduction between all nodes through the voxels within, in voxel edges.

    One gradient for each voxel, as in ``fft_elasticity``, and a little of what it does not see.
    """
    shape = grains.labels.shape
    where = np.flatnonzero(within.ravel())
    tensor = of_grain[grains.labels.ravel()[where].astype(np.int64) - 1]
    place = np.minimum(np.searchsorted(where, b.voxel), len(where) - 1)
    here = where[place] == b.voxel
    tensor[place[here]] = between[here]
    damping = np.full(len(where), HOURGLASS)
    damping[place[here]] *= passing[here].min(axis=1)
    signs = 2.0 * np.array(CORNERS) - 1.0
    seen = np.column_stack([np.full(8, np.sqrt(0.125)), signs / np.sqrt(8.0)])
    unseen = np.eye(8) - seen @ seen.T
    local = np.einsum("ci,mij,dj->mcd", 0.25 * signs, tensor, 0.25 * signs)
    local += (damping * np.einsum("mii->m", tensor) / 3.0)[:, None, None] * unseen
    corner = np.stack(np.unravel_index(where, shape), axis=1)[:, None, :] + np.array(CORNERS)
    node = np.ravel_multi_index(tuple(np.moveaxis(corner % np.array(shape), -1, 0)), shape)
    rows, columns = np.repeat(node, 8, axis=1).ravel(), np.tile(node, (1, 8)).ravel()
    size = int(np.prod(shape))
    return csr_matrix((local.ravel(), (rows, columns)), (size, size))


def _filled(stiffness: csr_matrix, link: Floats) -> Uptake:
    """March the step with growing steps of the two-stage diagonally implicit method."""
    inner = csr_matrix(stiffness + diags_array(link))
    base = inner.diagonal()
    c, dt, t = np.zeros(len(link)), FIRST, 0.0
    k_2, times, filled = link, [0.0], [0.0]
    while filled[-1] < 0.95 and len(times) < MOST:
        a = DIAGONAL * dt
        system = diags_array(np.ones(len(link))) + a * inner
        scale = diags_array(1.0 / (1.0 + a * base))
        k_1 = _stage(system, link - inner @ c, scale, k_2)
        k_2 = _stage(system, link - inner @ (c + (1.0 - DIAGONAL) * dt * k_1), scale, k_1)
        c = c + dt * ((1.0 - DIAGONAL) * k_1 + DIAGONAL * k_2)
        t += dt
        times.append(t)
        filled.append(float(c.mean()))
        dt = max(dt, LONGEST * t)
        if not filled[-1] - filled[-2] >= STALLED * filled[-1]:  # or it did not converge
            break
    return Uptake(np.array(times[1:]), np.array(filled[1:]))


def _stage(system: object, right: Floats, scale: object, near: Floats) -> Floats:
    """Rates of filling in one stage; ``near`` are those of the one before."""
    found, failed = cg(system, right, near, rtol=TOLERANCE, M=scale, maxiter=INNER)
    return np.full_like(found, np.nan) if failed else found


def discharge_times(answer: Uptake) -> tuple[Floats, Floats]:
    """How long a constant current lasts until the surface is full, from empty.

    The level s of the surface under a current I follows from the uptake m of a step: I t is the
    integral of s'(u) m(t - u). It is linear in I, so that one curve holds every current.

    Args:
        answer: of a step.

    Returns:
        Currents, in what fills the particle per unit of ``answer.time``, and the times; none
        where nothing comes in or the march did not converge.
    """
    if not answer.filled[-1] > LEAST:
        return np.zeros(0), np.zeros(0)
    start = 1e-3 * answer.time[0]
    times = np.geomspace(start, answer.time[-1], POINTS)
    known = np.concatenate([[0.0], answer.time])
    filled = np.concatenate([[0.0], answer.filled])
    fine = np.concatenate([[0.0], np.geomspace(start, answer.time[-1], 20 * POINTS)])
    root = np.sqrt(fine)
    m = np.interp(root, np.sqrt(known), filled)  # straight in the root of time at the start
    total = np.concatenate([[0.0], np.cumsum(0.5 * (m[1:] + m[:-1]) * np.diff(fine))])
    edges = np.concatenate([[0.0], times])
    slopes = np.zeros(POINTS)
    for k, t in enumerate(times):
        weight = -np.diff(np.interp(t - edges[: k + 2], fine, total))
        slopes[k] = (t - weight[:k] @ slopes[:k]) / weight[k]
    level = np.cumsum(slopes * np.diff(edges))
    return 1.0 / level, times
