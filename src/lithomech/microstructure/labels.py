"""Labels of an image, of which there may be any number: which matter, and where they lie."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError

Image = NDArray[np.integer[Any]]
SHOWN: Final = 12  # labels that a message lists


def index_labels(
    image: Image, named: Sequence[int], used: Mapping[str, Collection[int]]
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.int64]]:
    """Return the index of each voxel's label, and how many voxels have each index.

    Args:
        image: whole labels, shape (z, y, x).
        named: labels that matter, increasing; the n-th has index n + 1, all others index 0.
        used: labels that must be in the image, among those named, by the key that names them.

    Raises:
        InputError: such a label is not in the image.
    """
    kind = _indices(image, named)
    counts = np.zeros(len(named) + 1, np.int64)
    for (
        layer
    ) in kind:  # layer by layer: counting all of a large image takes eight times its size
        counts += np.bincount(layer.ravel(), minlength=counts.size)
    there = {label for label, count in zip(named, counts[1:], strict=True) if count}
    for key, labels in used.items():
        for label in labels:
            if label not in there:
                text = f"label {label} is not in the image; the image has {listed(image)}"
                raise InputError(text, key=key)
    return kind, counts


def first_labels(image: Image, most: int) -> list[int]:
    """Return the labels of an image in increasing order; of more than ``most``, some of them.

    Args:
        image: whole labels, shape (z, y, x).
        most: one more than these may be returned; then there are more than ``most``.
    """
    found: set[int] = set()
    for layer in image:
        found.update(np.unique(layer).tolist())
        if len(found) > most:
            break
    return sorted(found)[: most + 1]


def listed(image: Image) -> str:
    """Return the labels of an image in words; of many, the first ones."""
    found = first_labels(image, SHOWN)
    return ", ".join(map(str, found[:SHOWN])) + (", ..." if len(found) > SHOWN else "")


def _indices(image: Image, named: Sequence[int]) -> NDArray[np.unsignedinteger[Any]]:
    plain = list(named) == list(range(1, len(named) + 1))
    if image.dtype == np.uint8 and plain and image.max(initial=0) <= len(named):
        return image.view(np.uint8)  # such an image is its own index
    out = np.empty(image.shape, np.min_scalar_type(len(named)))
    known = np.array(named, np.int64)
    for layer, indices in zip(image, out, strict=True):
        place = np.minimum(np.searchsorted(known, layer), len(named) - 1)
        indices[:] = np.where(known[place] == layer, place + 1, 0)
    return out
