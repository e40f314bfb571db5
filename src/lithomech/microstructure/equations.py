"""From a labelled image to the conductances of its faces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.image import check_memory
from lithomech.microstructure.labels import Image, first_labels, index_labels, listed
from lithomech.microstructure.spec import Conductors
from lithomech.numerics.connected import components, spanning
from lithomech.numerics.stencil import Faces
from lithomech.numerics.voxel_faces import join_voxels
from lithomech.numerics.voxel_grids import closed

BYTES: Final = {"alike": 32, "unlike": 56, "bodies": 76, "pellet": 45}  # per voxel, at most
MOST_KINDS: Final = 4097  # a table of the contacts between so many takes 130 MB


@dataclass(frozen=True)
class Problem:
    """Conduction along the first axis of an image.

    Attributes:
        kind: index into ``sigma`` of every voxel; 0 is all that does not conduct.
        sigma: conductivity of each label over the largest, 0 = none, shape (labels,).
        contact: conductance of a contact over that of a voxel, (labels, labels); inf = none.
        particle: number of the body of every voxel, or None.
        periodic: whether the sides are joined.
        ends: which labels lead to the first and to the last end, (2, labels).
        stretch: edges of a voxel over that along the first axis, (3,).
    """

    kind: NDArray[np.unsignedinteger[Any]]
    sigma: NDArray[np.float64]
    contact: NDArray[np.float64]
    particle: NDArray[np.int32] | None
    periodic: bool
    ends: NDArray[np.bool_]
    stretch: NDArray[np.float64]

    @property
    def alike(self) -> bool:
        """Whether all that conducts conducts alike, without contacts, in cubes."""
        return bool(
            np.all(np.isin(self.sigma, (0.0, 1.0)))
            and np.all(np.isinf(self.contact))
            and self.ends.all()
            and np.all(self.stretch == 1.0)
        )

    @property
    def solid(self) -> NDArray[np.uint8]:
        """Which voxels conduct."""
        if self.sigma.tolist() == [0.0, 1.0]:
            return self.kind.view(np.uint8)
        return (self.sigma > 0.0).astype(np.uint8)[self.kind]


def checked_image(image: NDArray[Any]) -> Image:
    """Return an image as whole labels in three dimensions.

    Raises:
        InputError: empty, of other dimensions, or holding what is no label.
    """
    if image.ndim not in {2, 3}:
        raise InputError(f"the image has {image.ndim} dimensions; allowed: 2 or 3")
    image = image[None] if image.ndim == 2 else image
    if image.size == 0:
        raise InputError(f"the image is empty: {' x '.join(map(str, image.shape))} voxels")
    if np.issubdtype(image.dtype, np.floating):
        image = _whole(image)
    if image.dtype == np.bool_:
        image = image.astype(np.uint8)
    if not np.issubdtype(image.dtype, np.integer):
        raise InputError(f"the image is of type {image.dtype}; allowed: whole labels")
    return image


def _whole(image: NDArray[Any]) -> Image:
    if not np.isfinite(image).all():
        raise InputError("the image holds values that are no numbers; allowed: whole labels")
    if np.any(image != np.round(image)):
        raise InputError("the image holds fractions; allowed: whole labels (segment it first)")
    return image.astype(np.int64)


def chosen_conductors(image: Image, spec: Conductors) -> dict[int, float]:
    """Conductivities by label; of two labels without any given, the larger one conducts.

    Raises:
        InputError: nothing to choose by.
    """
    if spec.conductivities:
        return dict(spec.conductivities)
    known = first_labels(image, 2)
    if len(known) != 2 and known != [1]:
        text = f"say which labels conduct; the image has {listed(image)}"
        raise InputError(text, key="conducting")
    return {known[-1]: 1.0}


def set_up(
    labels: Image,
    sigma: Mapping[int, float],
    spec: Conductors,
    axis: int,
    particles: NDArray[Any] | None,
) -> tuple[Problem, NDArray[np.int64]]:
    """The problem with its image turned so that current flows along the first axis.

    Returns:
        The problem, and the number of voxels of each of its kinds.

    Raises:
        InputError: a label that is not there, particles of another shape, or more than fits.
    """
    used = {
        "conducting": list(spec.conductivities),
        "contact": [label for pair in spec.contacts for label in pair],
        "ends": [label for end in spec.ends or () for label in end],
    }
    named = sorted({*sigma, *used["contact"], *used["ends"]})
    kinds = len(named) + 1
    if kinds > MOST_KINDS:
        raise InputError(
            f"{kinds - 1} labels are named; allowed: up to {MOST_KINDS - 1}, and any number "
            "of others that do not conduct",
            key="conducting",
        )
    index, counts = index_labels(labels, named, used)
    best = max(sigma.values())
    edges = np.array(spec.edges or (1.0, 1.0, 1.0))
    edges = np.concatenate([edges[[axis]], np.delete(edges, axis)])
    contact = np.full((kinds, kinds), np.inf)
    for (a, b), conductance in spec.contacts.items():
        one, other = named.index(a) + 1, named.index(b) + 1
        contact[[one, other], [other, one]] = conductance * edges[0] / best
    body = None
    if particles is not None:
        body = checked_image(particles)
        if body.shape != labels.shape:
            raise InputError(f"particles of shape {body.shape}; the image has {labels.shape}")
        limits = np.iinfo(np.int32)
        if body.min() < limits.min or body.max() > limits.max:
            raise InputError(f"particles are numbered beyond {limits.max}")
        body = np.ascontiguousarray(np.moveaxis(body, axis, 0), np.int32)
    turned = np.moveaxis(index, axis, 0)
    kind = np.require(turned, requirements=["C", "W"])  # one sort of array, compiled once
    values = np.array([0.0, *(sigma.get(label, 0.0) / best for label in named)])
    ends = np.ones((2, kinds), np.bool_)
    for end, labels_there in enumerate(spec.ends or ()):
        ends[end, 1:] = np.isin(named, labels_there)
    problem = Problem(kind, values, contact, body, spec.periodic, ends, edges / edges[0])
    sorts = {True: "bodies", False: "alike" if problem.alike else "unlike"}
    wider = 2 * (kind.itemsize - 1)  # an index of more than a byte, and its padded copy
    check_memory(labels.size, BYTES[sorts[body is not None]] + wider)
    return problem, counts


def padded(values: NDArray[Any], fill: float, *, periodic: bool) -> NDArray[Any]:
    """The array with one voxel more on every side; periodic sides hold the opposite ones."""
    out = np.full([n + 2 for n in values.shape], fill, values.dtype)
    out[1:-1, 1:-1, 1:-1] = values
    if periodic:
        out[:, 0], out[:, -1] = out[:, -2], out[:, 1]
        out[:, :, 0], out[:, :, -1] = out[:, :, -2], out[:, :, 1]
    return out


def connected(problem: Problem) -> NDArray[np.uint8]:
    """The voxels that are connected to both ends."""
    solid = problem.solid
    open_0 = open_1 = open_2 = np.zeros((0, 0, 0), np.bool_)
    if np.any(problem.contact == 0.0):
        faces = face_conductances(problem, solid)
        inner = np.s_[1:-1, 1:-1, 1:-1]
        open_0, open_1, open_2 = (np.ascontiguousarray(g[inner] > 0.0) for g in faces[:3])
    found = components(solid, open_0, open_1, open_2, problem.periodic)
    begin, finish = (problem.ends[e][problem.kind[layer]] for e, layer in enumerate((0, -1)))
    return spanning(solid, found, begin, finish)


def pieces(problem: Problem, kept: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Number of the connected piece of a particle that every kept voxel is in; -1 elsewhere."""
    body = problem.particle
    if body is None:
        raise ValueError("the image has no particles")
    opened = [np.zeros(kept.shape, np.bool_) for _ in range(3)]
    for axis, same in enumerate(opened):
        upper = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        lower = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        same[upper] = body[upper] == body[lower]
    label = components(kept, opened[0], opened[1], opened[2], False).reshape(kept.shape)
    first = (label.ravel() == np.arange(label.size)) & (kept.ravel() > 0)
    number = np.cumsum(first, dtype=np.int32) - 1  # a piece is labelled by its first voxel
    return np.where(kept > 0, number[label], np.int32(-1))


def face_conductances(problem: Problem, kept: NDArray[np.uint8]) -> Faces:
    """Conductances of the faces between kept voxels."""
    periodic = problem.periodic
    sigma = padded(
        problem.sigma[problem.kind].astype(np.float32) * kept, 0.0, periodic=periodic
    )
    kind = padded(problem.kind, 0, periodic=periodic)
    particle = np.zeros((0, 0, 0), np.int32)
    if problem.particle is not None:
        particle = padded(problem.particle, -1, periodic=periodic)
    faces = closed(sigma.shape)
    join_voxels(sigma, kind, particle, problem.contact, periodic, problem.stretch, faces)
    for end, layer in enumerate((1, -2)):
        faces.drain[layer] *= problem.ends[end][kind[layer]]
    return faces
