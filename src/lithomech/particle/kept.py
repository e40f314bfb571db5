"""A march that is kept in a file after every cycle, so that it can be gone on with."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final, final
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from lithomech.files.atomic import replacing
from lithomech.materials.load import canonical
from lithomech.particle.march import March
from lithomech.particle.spec import Particle, to_input
from lithomech.version import __version__

OF: Final = "of"  # name of the array that says whose march it is


def digest(particle: Particle, march: March) -> str:
    """SHA-256 of all that the march depends on: version, input, materials and grains."""
    found = march.found
    materials = [canonical(m) for m in (found.active, found.around) if m is not None]
    told = [__version__, to_input(particle), materials]
    whole = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
    whole.update(march.body.grains.labels.tobytes())
    return whole.hexdigest()


@final
class Kept:
    """A file of arrays for one march."""

    def __init__(self, path: Path, of: str) -> None:
        """Know where it is, and whose."""
        self.path, self.of = path, of

    def write(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Write arrays in the place of what was there."""
        with replacing(self.path) as temporary, temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays, **{OF: np.array(self.of)})

    def read(self) -> dict[str, NDArray[Any]] | None:
        """The arrays; None if there are none, or those of another march."""
        try:
            with ZipFile(self.path) as archive:
                size = sum(part.file_size for part in archive.infolist())
            if size > self.path.stat().st_size:  # they are written as they are
                return None
            with np.load(self.path, allow_pickle=False) as found:
                arrays = dict(found)
        except (FileNotFoundError, BadZipFile, ValueError):
            return None
        return arrays if str(arrays.pop(OF, "")) == self.of else None
