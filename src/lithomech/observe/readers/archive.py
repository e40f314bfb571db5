"""Archives of measurements, refused where they would unpack to more than a test can be."""

import zipfile
from pathlib import Path
from typing import Final

from lithomech.errors import InputError
from lithomech.files.damaged import damaged

MOST_MEMBERS: Final = 10_000
MOST_MEMBER: Final = 512 << 20  # bytes when unpacked
MOST_TOTAL: Final = 2 << 30
MOST_RATIO: Final = 200  # of a member that is not small
SMALL: Final = 10 << 20


def check_archive(path: Path) -> None:
    """Refuse a zip file that would unpack to more than a test can be.

    Raises:
        InputError: it is none, or it is hostile.
    """
    with damaged(path, "is no zip archive"), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
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
