"""Neware binaries, by way of the extra package that knows them."""

import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from lithomech.errors import InputError
from lithomech.observe.readers.dialects import Dialect
from lithomech.observe.readers.series import series_of, table_in_memory
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TimeSeries

MOST_MEMBERS: Final = 10_000
MOST_MEMBER: Final = 512 << 20  # bytes when unpacked
MOST_TOTAL: Final = 2 << 30
MOST_RATIO: Final = 200  # of a member that is not small
SMALL: Final = 10 << 20

DIALECT: Final = Dialect("Neware binary")


def read_neware(path: Path, mapping: Mapping) -> TimeSeries:
    """Read a .nda or .ndax file: all its columns, auxiliary channels as well.

    Raises:
        InputError: with the file: the extra is not installed, the archive is hostile, or the
            file is of no version that is known.
    """
    try:
        if path.suffix.lower() == ".ndax":
            check_archive(path)
        read = _reader()
        try:
            frame = read(str(path))
            cells = [frame[name].to_numpy() for name in frame.columns]
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            raise InputError(f"is no Neware file that can be read: {said}") from None
        return series_of(table_in_memory(path, frame.columns, cells, DIALECT, mapping), mapping)
    except InputError as error:
        raise error.located(file=str(path)) from None


def check_archive(path: Path) -> None:
    """Refuse a zip file that would unpack to more than a test can be.

    Raises:
        InputError: it is none, or it is hostile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"is no zip archive: {error}") from None
    if len(members) > MOST_MEMBERS:
        raise InputError(f"holds {len(members)} files; allowed: up to {MOST_MEMBERS}")
    total = sum(member.file_size for member in members)
    for member in members:
        packed = max(member.compress_size, 1)
        if member.file_size > MOST_MEMBER or (
            member.file_size > SMALL and member.file_size > MOST_RATIO * packed
        ):
            raise InputError(
                f"{member.filename[:40]!r} would unpack from {packed} to {member.file_size} "
                "bytes: this is no measurement"
            )
        if member.filename.startswith(("/", "\\")) or ".." in Path(member.filename).parts:
            raise InputError(f"{member.filename[:40]!r} points outside the archive")
    if total > MOST_TOTAL:
        raise InputError(f"would unpack to {total} bytes; allowed: up to {MOST_TOTAL}")


def _reader() -> Callable[[str], Any]:
    try:
        return import_module("fastnda").read
    except ImportError:
        raise InputError(
            "reading it needs the extra package: pip install 'lithomech[neware]'"
        ) from None
