"""Files with bytes changed at random, and whether reading them is data or one line."""

import gzip
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lithomech.cell.readout.load import load_result
from lithomech.errors import InputError
from lithomech.files import kept
from lithomech.files.image import read_image
from lithomech.files.picture import read_grey
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.hits import read_hits

DATA = Path(__file__).parents[1] / "data"
LONGEST = 5.0  # s of processor
MOST_MEMORY = 1e9  # bytes
MARK = "some grains"


def files_to_change(folder: Path) -> dict[Path, Callable[[Path], Any]]:
    """One file of each kind, with what reads it."""
    old = folder / "old.nc"
    old.write_bytes(gzip.decompress((DATA / "format_1.nc.gz").read_bytes()))
    load_result(old).save(folder / "result.nc")
    kept.write(folder / "pieces.npz", MARK, {"a": np.arange(200.0), "b": np.eye(9, dtype=int)})
    np.save(folder / "labels.npy", np.arange(4096, dtype=np.uint8).reshape(16, 16, 16) % 3)
    with zipfile.ZipFile(folder / "test.ndax", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.ndc", bytes(range(256)) * 20)
    for name in ("section.tif", "section.png", "hits.pridb"):
        (folder / name).write_bytes((DATA / name).read_bytes())
    return {
        folder / "result.nc": load_result,
        old: load_result,
        folder / "pieces.npz": lambda path: kept.read(path, MARK),
        folder / "labels.npy": lambda path: np.array(read_image(path, 8)).sum(),
        folder / "section.tif": lambda path: read_image(path, 8),
        folder / "section.png": read_grey,
        folder / "hits.pridb": read_hits,
        folder / "test.ndax": read_series,
    }


def neware(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the extra package: it unpacks all, and fails as it likes."""

    class PanicException(BaseException):
        pass

    def read(path: str) -> Any:
        with zipfile.ZipFile(path) as archive:
            content = archive.read("data.ndc")
        raise PanicException(f"cannot make sense of\n{len(content)} bytes")

    module = ModuleType("fastnda")
    module.read = read  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "fastnda", module)


def changed(content: bytes, draw: Random, count: int) -> Iterator[bytes]:
    """The content with one byte or sixty at random, or cut off."""
    for number in range(count):
        if number % 6 == 5:
            yield content[: draw.randrange(len(content))]
            continue
        bytes_ = bytearray(content)
        for _ in range(draw.choice([1, 60])):
            bytes_[draw.randrange(len(bytes_))] ^= draw.randrange(1, 256)
        yield bytes(bytes_)


def outcome(path: Path, read: Callable[[Path], Any]) -> str:
    """ "read", or the line that says what is wrong; anything else is an error of the test."""
    began, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read(path)
        stated = "read"
    except InputError as error:
        stated = str(error)
        assert "\n" not in stated, stated
        assert str(path) in stated, stated
    assert time.process_time() - began < LONGEST
    scale = 1 if sys.platform == "darwin" else 1024
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most  # of the whole process
    assert grown * scale < MOST_MEMORY
    return stated
