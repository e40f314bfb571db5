"""Segmented images from files; what does not fit is refused before it is read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import MAGIC_PREFIX
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.damaged import damaged, plain_size
from lithomech.files.pages import open_pages
from lithomech.numerics.memory import free_memory

FORMATS = ".tif, .tiff, .png, .npy, .raw"


def read_image(
    path: Path,
    needed: int,
    shape: Sequence[int] | None = None,
    dtype: str | None = None,
) -> NDArray[Any]:
    """Read labels; axes are z, y, x.

    Args:
        path: a stack of TIFF pages, a PNG, a numpy array, or raw bytes.
        needed: bytes per voxel that its reader will need.
        shape: voxels along z, y and x; of raw bytes only.
        dtype: numpy's name of the type of a voxel; of raw bytes only.

    Raises:
        InputError: with the file: it is none of these, or too large, or ends early.
    """
    kind = path.suffix.lower()
    try:
        if kind == ".raw":
            return _raw(path, needed, shape, dtype)
        if kind == ".npy":
            return _numpy(path, needed)
        if kind in {".tif", ".tiff", ".png"}:
            return _pages(path, needed)
    except InputError as error:
        raise error.located(file=str(path)) from None
    raise InputError(f"ends in {kind or 'nothing'}; allowed: {FORMATS}", file=str(path))


def check_memory(voxels: int, needed: int) -> None:
    """Refuse what does not fit, at so many bytes per voxel.

    Raises:
        InputError: with the estimate.
    """
    total, free = needed * voxels, free_memory()
    if free is not None and total > free:
        raise InputError(
            f"{voxels:.3g} voxels need about {total / 2**30:.1f} GiB; free: "
            f"{free / 2**30:.1f} GiB. Crop the image or coarsen it"
        )


def _numpy(path: Path, needed: int) -> NDArray[Any]:
    plain_size(path)
    with damaged(path, "is no numpy array of numbers"):
        with path.open("rb") as stream:
            if stream.read(len(MAGIC_PREFIX)) != MAGIC_PREFIX:
                raise InputError("is no numpy array; save it by numpy.save, one array per file")
        image = np.load(path, mmap_mode="r", allow_pickle=False)
    if image.dtype.kind not in "biuf":
        raise InputError(f"holds {image.dtype}; allowed: an array of numbers")
    check_memory(int(image.size), needed)
    return image


def _raw(
    path: Path, needed: int, shape: Sequence[int] | None, dtype: str | None
) -> NDArray[Any]:
    if shape is None or dtype is None:
        raise InputError("raw bytes need --shape and --dtype")
    try:
        kind = np.dtype(dtype)
    except TypeError:
        raise InputError(f"dtype {dtype!r} is not known; such as uint8, uint16") from None
    if kind.kind not in "biuf":
        raise InputError(f"dtype {dtype!r} is not a number; such as uint8, uint16")
    voxels = int(np.prod(shape))
    if min(shape, default=0) < 1:
        raise InputError(
            f"shape {', '.join(map(str, shape))}; allowed: 1 or more along each axis"
        )
    held = plain_size(path)
    if held != voxels * kind.itemsize:
        raise InputError(
            f"holds {held} bytes; {' x '.join(map(str, shape))} voxels of {kind} are "
            f"{voxels * kind.itemsize}"
        )
    check_memory(voxels, needed)
    return np.memmap(path, kind, "r", shape=tuple(shape))


def _pages(path: Path, needed: int) -> NDArray[Any]:
    """All pages of a picture as one stack."""
    with open_pages(path) as (picture, count):
        size = picture.size
        check_memory(count * size[0] * size[1], needed)
        pages = []
        for number in range(count):
            picture.seek(number)
            if picture.mode not in {"1", "L", "I", "F", "P", "I;16", "I;16B"}:
                raise InputError(f"is a colour picture ({picture.mode}); allowed: labels")
            if picture.size != size:
                raise InputError("its pages differ in size")
            pages.append(np.asarray(picture))
    return np.stack(pages) if len(pages) > 1 else pages[0]
