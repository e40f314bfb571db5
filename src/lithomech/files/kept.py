"""Arrays kept in a file so that long work can go on from them, marked with what they are of."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from lithomech.files.atomic import replacing

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
        with ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > path.stat().st_size:  # they are written as they are
            return None
        with np.load(path, allow_pickle=False) as found:
            arrays = dict(found)
    except (OSError, EOFError, ValueError, BadZipFile):
        return None
    return arrays if str(arrays.pop(MARK, "")) == mark else None
