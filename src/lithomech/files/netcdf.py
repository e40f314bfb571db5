"""The netCDF files that results are: written with a checksum, read with suspicion.

What a file says of itself is not believed before it is checked: damaged files declare arrays of
gigabytes and groups that contain themselves.
"""

import hashlib
import mmap
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.files.damaged import damaged, plain_size

if TYPE_CHECKING:
    import h5py
    import xarray as xr

RESULT: Final = "result"  # what a file without a mark holds: those of a cell came first
MAX_DEPTH: Final = 4  # of groups
MAX_OBJECTS: Final = 20_000
MAX_EXPANSION: Final = 64  # bytes of arrays per byte of the file, which may be compressed
MAX_MEMORY: Final = 500_000_000  # bytes of arrays, where they are more than the file
MAX_TEXTS: Final = 1000  # entries of arrays of text

READ: Final = mmap.ACCESS_READ
_CHECKSUM: Final = "checksum"
_BEFORE: Final = b"lithomech checksum sha256 "
_HALVES: Final = (_BEFORE[:13], _BEFORE[13:])  # what is left of it if one byte of it changes
_UNSIGNED: Final = b"0" * 64
_SIGNED: Final = re.compile(_BEFORE + rb"(.{64})", re.DOTALL)
_NO_VARIABLE: Final = b"This is a netCDF dimension but not a netCDF variable"


@final
@dataclass(frozen=True)
class Group:
    """What a group of a file holds.

    Attributes:
        attributes: text and numbers.
        arrays: by name, coordinates among them.
        groups: by name, in the order of the file.
    """

    attributes: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    groups: dict[str, "Group"]


def write_tree(tree: "xr.DataTree", path: Path) -> None:
    """Write netCDF with a checksum; the file appears only when it is complete.

    It is made in memory: on a full disk HDF5 does not survive the closing of its file.
    """
    tree.attrs[_CHECKSUM] = (_BEFORE + _UNSIGNED).decode()
    content = bytearray(tree.to_netcdf(engine="h5netcdf"))
    place = content.rfind(_BEFORE + _UNSIGNED) + len(_BEFORE)
    content[place : place + len(_UNSIGNED)] = _digest(content, place)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def read_tree(path: Path | str, kind: str, newest: int) -> Group:
    """Read a saved result whole.

    Args:
        path: of the file.
        kind: what it has to be, the attribute ``kind`` of the file.
        newest: format that the caller can read.

    Raises:
        InputError: no such file, something else, damaged, or a newer format.
    """
    import h5py  # noqa: PLC0415 - slow to import

    path = Path(path)
    size = plain_size(path)
    with damaged(path, f"is no netCDF file, or a damaged one, where a {kind} is expected"):
        _check_sum(path)
        with h5py.File(path, "r") as file:
            tree = _Reader(size).group(file, 0)
        if "lithomech" not in tree.attributes or tree.attributes.get("kind", RESULT) != kind:
            raise InputError(f"is no {kind} of lithomech", file=str(path))
        format_ = int(tree.attributes["format"])
        if format_ > newest:
            raise InputError(
                f"has format {format_}; this version reads up to {newest}", file=str(path)
            )
    return tree


def _check_sum(path: Path) -> None:
    """Compare the checksum; files of earlier versions have none.

    Raises:
        InputError: the content is another one than was written.
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        found = None
        for found in _SIGNED.finditer(content):
            if _digest(content, found.start(1)) == found.group(1):
                return
        if found or any(content.find(half) >= 0 for half in _HALVES):
            raise InputError(
                "has been changed or damaged since it was written: its checksum does not fit; "
                "copy it again, or run it again"
            )


def _digest(content: mmap.mmap | bytearray, place: int) -> bytes:
    """SHA-256 of a content whose own checksum, which stands at a place, counts as zeros."""
    whole = hashlib.sha256()
    with memoryview(content) as view:
        whole.update(view[:place])
        whole.update(_UNSIGNED)
        whole.update(view[place + len(_UNSIGNED) :])
    return whole.hexdigest().encode()


@final
class _Reader:
    """Reads groups as long as they stay within what a file of this size can hold."""

    def __init__(self, size: int) -> None:
        self._bytes_left = max(size, min(MAX_EXPANSION * size, MAX_MEMORY))
        self._objects_left = MAX_OBJECTS
        self._seen: set[Any] = set()

    def group(self, group: "h5py.Group", depth: int) -> Group:
        """Read a group and all below it."""
        import h5py  # noqa: PLC0415

        arrays: dict[str, NDArray[Any]] = {}
        groups: dict[str, Group] = {}
        self._objects_left -= len(group) + 1
        if depth > MAX_DEPTH or self._objects_left < 0:
            raise InputError("has more or deeper groups than a result")
        for name in map(str, group):
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise InputError(f"has a link to elsewhere, {name[:40]!r}; allowed: none")
            item = group[name]
            self._first_time(item, name)
            if isinstance(item, h5py.Group):
                groups[name] = self.group(item, depth + 1)
            elif isinstance(item, h5py.Dataset) and not _only_dimension(item):
                arrays[name] = self._array(item, name)
        return Group(_attributes(group), arrays, groups)

    def _first_time(self, item: "h5py.HLObject", name: str) -> None:
        import h5py  # noqa: PLC0415

        about = h5py.h5o.get_info(item.id)  # pyright: ignore[reportAttributeAccessIssue]
        place = (about.fileno, about.addr)
        if place in self._seen:
            raise InputError(f"has the same object twice, the second time as {name[:40]!r}")
        self._seen.add(place)

    def _array(self, item: "h5py.Dataset", name: str) -> NDArray[Any]:
        """Read an array after a look at what it would take."""
        import h5py  # noqa: PLC0415

        text = h5py.check_string_dtype(item.dtype) is not None
        if not text and item.dtype.kind not in "iufb":
            raise InputError(f"{name[:40]!r} holds neither numbers nor text")
        if item.external or item.is_virtual:
            raise InputError(f"{name[:40]!r} lies in another file")
        chunk = int(np.prod(item.chunks or (1,), dtype=object)) * item.dtype.itemsize
        self._bytes_left -= item.nbytes
        stored = item.id.get_storage_size()
        odd = not text and item.chunks is None and item.nbytes != stored
        if chunk > MAX_MEMORY or self._bytes_left < 0 or odd or (item.nbytes and not stored):
            raise InputError(
                f"{name[:40]!r} declares {item.nbytes:.3g} bytes, more than the file holds"
            )
        return self._texts(item, name) if text else np.asarray(item[()])

    def _texts(self, item: "h5py.Dataset", name: str) -> NDArray[Any]:
        """Read an array of texts one by one: all may be the same large one."""
        count = int(item.size or 0)
        if item.ndim != 1 or count > MAX_TEXTS:
            raise InputError(
                f"{name[:40]!r} has {count} texts; allowed: a list of up to {MAX_TEXTS}"
            )
        found = []
        for index in range(count):
            found.append(item.asstr()[index])
            self._bytes_left -= len(found[-1])
            if self._bytes_left < 0:
                raise InputError(f"{name[:40]!r} has more text than the file holds")
        return np.array(found, dtype=str)


def _only_dimension(item: "h5py.Dataset") -> bool:
    """Whether a data set only names an axis."""
    name = _attributes(item).get("NAME", "")
    return str(name).startswith(_NO_VARIABLE.decode())


def _attributes(item: "h5py.HLObject") -> dict[str, Any]:
    """Attributes that are one text or one number."""
    import h5py  # noqa: PLC0415

    found: dict[str, Any] = {}
    for name in item.attrs:
        about = item.attrs.get_id(name)
        text = h5py.check_string_dtype(about.dtype) is not None
        if about.shape not in {(), (1,)} or not (text or about.dtype.kind in "iuf"):
            continue
        value = np.asarray(item.attrs[name]).reshape(-1)[0]
        found[name] = value.decode() if isinstance(value, bytes) else value
    return found
