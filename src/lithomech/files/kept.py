"""Arrays kept in a file so that long work can go on from them, marked with what they are of."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.files.damaged import damaged, plain_size

MARK: Final = "mark"  # name of the array that says what the others are of


def digest(data: object) -> str:
    """SHA-256 of the canonical JSON of plain data."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def write(path: Path, mark: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays in the place of what was there.

    Args:
        path: of the file; its folder is made if needed.
        mark: what they are of, see ``digest``.
        arrays: by name; ``mark`` is none of them.
    """
    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays, **{MARK: np.array(mark)})


def read(path: Path, mark: str) -> dict[str, NDArray[Any]] | None:
    """The arrays; None if there are none, they are of something else, or the file is broken."""
    try:
        with damaged(path):
            size = plain_size(path)
            with ZipFile(path) as archive:
                held = sum(part.file_size for part in archive.infolist())
            if held > size:  # they are written as they are
                return None
            with np.load(path, allow_pickle=False) as found:
                arrays = dict(found)
    except InputError:
        return None
    return arrays if str(arrays.pop(MARK, "")) == mark else None
