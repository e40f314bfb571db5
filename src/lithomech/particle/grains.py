"""Voronoi grains in a sphere: which voxel belongs to which, and where its c axis points."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import center_of_mass
from scipy.spatial import KDTree

from lithomech.errors import InputError
from lithomech.files.image import check_memory, read_image
from lithomech.particle.pieces import in_pieces, nearest, relaxed
from lithomech.particle.spec import BYTES, LEAST_VOXELS, Particle, Voids, roomy
from lithomech.particle.voids import VOID, centres, in_voids, shut_in

Floats = NDArray[np.float64]

ROD: Final = 4.0  # length of a rod over its width
CLOUD: Final = 200  # points for each grain to lay it out with
MOST: Final = 60_000  # grains of an image
CANDIDATES: Final = 60  # seeds that may be nearest in another measure


@final
@dataclass(frozen=True)
class Polycrystal:
    """A block with a particle in its middle.

    Attributes:
        labels: owner of each node, 0 around the particle, -1 in its voids, grains from 1, shape
            (n, n, n), or (1, n, n) in two dimensions.
        axes: c axis of each owner, unit vectors along the array axes, shape (owners, 3).
        voxel: edge of a voxel [m].
        grain: that each owner is a piece of, numbers from 0; none where owners are whole.
    """

    labels: NDArray[np.int32]
    axes: Floats
    voxel: float
    grain: NDArray[np.intp] | None = None

    @property
    def count(self) -> int:
        """Number of grains."""
        return len(self.axes) if self.grain is None else len(np.unique(self.grain))


class _Ball(NamedTuple):
    """Points anywhere in it, in its own radii; diameter of grains over its own.

    Rods: length over width, and misorientation.

    Grains are laid out with the points: they do not depend on the voxels.
    """

    cloud: Floats
    ratio: float
    rod: float = ROD
    apart: float | None = None

    @property
    def dimensions(self) -> int:
        """Two or three."""
        return self.cloud.shape[1]


class _Layout(NamedTuple):
    """Which grain each of some points belongs to, and the c axes of the grains."""

    owner: Callable[[Floats], NDArray[np.intp]]
    axes: Floats


def polycrystal(particle: Particle) -> Polycrystal:
    """Fill a particle with grains, or read them.

    Args:
        particle: what is declared; the same seed gives the same grains.

    Raises:
        InputError: the image is none, or its grains are not.
    """
    chance = np.random.default_rng(particle.seed)
    if particle.image is not None:
        try:
            return _from_image(read_image(particle.image, BYTES), particle, chance)
        except InputError as error:
            raise particle.locate(error.located(key="grains.image")) from None
    shape = particle.shape
    radius = 0.5 * particle.diameter / particle.voxel / shape[-1]  # in edges of the block
    axes = [(np.arange(n) + 0.5) / n - 0.5 for n in shape[-particle.dimensions :]]
    place = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(*shape, -1)
    inside = np.einsum("...i,...i", place, place) < radius**2
    how = {"random": _equiaxed, "textured": _rods, "single_crystal": _single}
    ratio = 1.0 if particle.grains.one else particle.grains.diameter / particle.diameter
    cloud = _cloud(ratio, particle.dimensions, chance)
    given = particle.grains
    rod = ROD if given.length is None else max(1.0, given.length / given.diameter)
    layout = how[given.orientation](_Ball(cloud, ratio, rod, given.misorientation), chance)
    nodes = place[inside] / radius
    owner = layout.owner(nodes)
    grain_of = np.arange(len(layout.axes))
    if particle.grains.pieces:
        cloud = _cloud_of(particle, particle.grains.pieces)
        owner, grain_of = in_pieces(nodes, owner, cloud, layout.owner(cloud), CLOUD)
    if particle.voids is not None:
        owner[_empty(nodes, layout, particle, particle.voids)] = VOID
    # without gaps: owners without a voxel are dropped
    used, number = np.unique(owner, return_inverse=True)
    labels = np.zeros(shape, np.int32)
    labels[inside] = np.concatenate([used[used < 0], 1 + np.arange((used >= 0).sum())])[number]
    grain_of = grain_of[used[used >= 0]]
    cut = grain_of if particle.grains.pieces else None
    return Polycrystal(labels, layout.axes[grain_of], particle.voxel, cut)


def _cloud(ratio: float, dimensions: int, chance: np.random.Generator) -> Floats:
    return _inside(round(CLOUD * ratio**-dimensions), dimensions, chance)


def _cloud_of(particle: Particle, diameter: float) -> Floats:
    """Points that resolve something of a diameter, and leave the grains as they are."""
    chance = np.random.default_rng((particle.seed, 1))
    return _cloud(diameter / particle.diameter, particle.dimensions, chance)


def _empty(
    nodes: Floats, layout: _Layout, particle: Particle, voids: Voids
) -> NDArray[np.bool_]:
    """Nodes in voids."""
    cloud = _cloud_of(particle, voids.diameter)
    grain = layout.owner(cloud)
    try:
        found = centres(cloud, grain, voids, particle.diameter, particle.seed)
    except InputError as error:
        raise particle.locate(error) from None
    return in_voids(nodes, *found)


def _from_image(
    image: NDArray[Any], particle: Particle, chance: np.random.Generator
) -> Polycrystal:
    """Grains of labelled voxels in the middle of a block with a margin.

    Raises:
        InputError: what is wrong with the image.
    """
    stack = image if image.ndim == 3 else image[None]
    numbers = np.unique(stack)
    whole = stack.ndim == 3 and np.issubdtype(stack.dtype, np.integer)
    if not whole or not 0 < len(numbers[1:]) <= MOST:
        raise InputError(
            f"{image.ndim} dimensions of {image.dtype}, {len(numbers)} numbers; allowed: 2 or "
            f"3 dimensions of whole numbers, 0 around the particle and up to {MOST} grains"
        )
    if numbers[0] != 0:
        raise InputError(
            f"holds no 0, which lies around the particle, but {numbers[0]} to {numbers[-1]}"
        )
    found = [np.flatnonzero((stack > 0).any(axis=tuple({0, 1, 2} - {a}))) for a in range(3)]
    stack = stack[tuple(slice(f[0], f[-1] + 1) for f in found)]
    flat = stack.shape[0] == 1
    shape = [1 if flat and a == 0 else roomy(n) for a, n in enumerate(stack.shape)]
    check_memory(math.prod(shape), BYTES)
    before = [(m - n) // 2 for m, n in zip(shape, stack.shape, strict=True)]
    labels = np.zeros(shape, np.int32)
    place = tuple(slice(b, b + n) for b, n in zip(before, stack.shape, strict=True))
    labels[place] = np.searchsorted(numbers, stack)
    labels = shut_in(labels)
    count = len(numbers) - 1
    _check_across(int((labels > 0).sum()) / count, 2 if flat else 3)
    axes = directions(count, chance)
    if particle.grains.textured:
        middle = np.array(center_of_mass(labels > 0))
        outward = np.array(center_of_mass(labels > 0, labels, range(1, count + 1))) - middle
        axes = _textured(outward, particle.grains.misorientation, chance)
    return Polycrystal(labels, axes, particle.voxel)


def _check_across(voxels: float, dimensions: int) -> None:
    """Refuse grains that so many voxels on average do not resolve."""
    across = 2.0 * (voxels / np.pi) ** 0.5
    if dimensions == 3:
        across = (6.0 * voxels / np.pi) ** (1.0 / 3.0)
    if across < LEAST_VOXELS:
        raise InputError(
            f"{across:.2g} voxels across a grain on average; allowed: {LEAST_VOXELS} or more"
        )


def lagging(grains: Polycrystal) -> Floats:
    """Square of the cosine between c axis and radius less its mean, (owners,)."""
    numbers = range(1, 1 + len(grains.axes))
    middle = np.array(center_of_mass(grains.labels > 0))
    outward = np.array(center_of_mass(grains.labels > 0, grains.labels, numbers)) - middle
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-12)
    square = np.einsum("gi,gi->g", outward, grains.axes) ** 2
    size = np.bincount(grains.labels[grains.labels > 0], minlength=1 + len(square))[1:]
    return square - float(square @ size) / float(size.sum())


def _inside(count: int, dimensions: int, chance: np.random.Generator) -> Floats:
    """Points anywhere in a ball of radius one."""
    directions = chance.standard_normal((count, dimensions))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions * chance.random((count, 1)) ** (1.0 / dimensions)


def directions(count: int, chance: np.random.Generator) -> Floats:
    """Unit vectors in any direction, (count, 3)."""
    vectors = chance.standard_normal((count, 3))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _equiaxed(ball: _Ball, chance: np.random.Generator) -> _Layout:
    """Centroidal Voronoi grains with c axes in any direction."""
    count = max(1, round(ball.ratio**-ball.dimensions))
    seeds = relaxed(ball.cloud, count)
    return _Layout(lambda points: nearest(points, seeds), directions(count, chance))


def _rods(ball: _Ball, chance: np.random.Generator) -> _Layout:
    """Rods along the radius with c axes across it: lithium moves outward in every one.

    Voronoi cells whose seeds measure distances along the radius shorter, so that they grow that
    way; around the middle, where there is no radius, they are as long as wide.
    """
    count = max(4, round(ball.ratio**-ball.dimensions / ball.rod))

    def owner(points: Floats, seeds: Floats) -> NDArray[np.intp]:
        return _nearest_along_radius(points, seeds, 2.0 * ball.ratio, ball.rod)

    seeds = relaxed(ball.cloud, count, owner)
    outward = np.zeros((count, 3))
    outward[:, -ball.dimensions :] = seeds
    axes = _textured(outward, ball.apart, chance)
    return _Layout(lambda points: owner(points, seeds), axes)


def _textured(outward: Floats, apart: float | None, chance: np.random.Generator) -> Floats:
    """C axes across the radius: in any direction, or along the circumference.

    The circumference is that of the section across the first axis, which pictures show.
    """
    turn = directions(len(outward), chance)
    if apart is None:
        return _across(outward, turn)
    along = _across(np.array([[1.0, 0.0, 0.0]]), outward)
    angle = 0.5 * apart * np.sqrt(chance.random((len(outward), 1)))
    return np.cos(angle) * along + np.sin(angle) * _across(along, turn)


def _across(outward: Floats, directions: Floats) -> Floats:
    """Unit vectors across the radius, turned about it by chance."""
    across = np.cross(outward, directions)
    return across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)


def _nearest_along_radius(
    points: Floats, seeds: Floats, width: float, rod: float
) -> NDArray[np.intp]:
    """The seed that is nearest to each point, in its own measure."""
    near = min(len(seeds), CANDIDATES)
    _, which = KDTree(seeds).query(points, near)
    far = np.linalg.norm(seeds, axis=1)
    outward = seeds / np.maximum(far, 1e-12)[:, None]
    longer = 1.0 + (rod - 1.0) * np.clip(far / (rod * width), 0.0, 1.0)
    best = np.full(len(points), np.inf)
    grain = np.zeros(len(points), np.intp)
    for one in which.reshape(len(points), near).T:
        away = points - seeds[one]
        along = np.einsum("pi,pi->p", away, outward[one])
        square = np.einsum("pi,pi->p", away, away) - along**2 * (1.0 - longer[one] ** -2.0)
        closer = square < best
        grain[closer], best[closer] = one[closer], square[closer]
    return grain


def _single(_ball: _Ball, chance: np.random.Generator) -> _Layout:
    """One grain."""
    return _Layout(lambda points: np.zeros(len(points), np.intp), directions(1, chance))
