"""The folders that commands write: no place of something else; old or new, never mixed.

An output is made in a hidden folder beside its place, together with links to what stays there,
and takes the place in two renames: out with the old folder, in with the new one. What a killed
process leaves behind is put right when the folder is used next.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from lithomech.errors import InputError

PARTIAL: Final = "partial-"  # hidden folders of outputs in the making
NEW, OLD = "new", "old"  # in such a folder
FORGOTTEN: Final = 86400.0  # s; after that a folder in the making has no process any more


def visible(folder: Path) -> set[str]:
    """Names in a folder without hidden ones, such as those of outputs in the making."""
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def check_folder(folder: Path, is_ours: Callable[[Path], bool], what: str) -> None:
    """Refuse a folder that holds anything but an earlier output of this kind.

    Args:
        folder: Where the output is to go; may be missing or empty.
        is_ours: Whether a folder that is not empty holds such an output.
        what: Words for it.

    Raises:
        InputError: If something else stands there.
    """
    recover(folder)
    if folder.exists() and not folder.is_dir():
        raise InputError("this is a file; --out needs a folder", file=str(folder))
    if folder.exists() and visible(folder) and not is_ours(folder):
        raise InputError(
            f"this folder holds something other than {what}; choose another --out",
            file=str(folder),
        )


def recover(folder: Path) -> None:
    """Put right what a process that was killed while it wrote a folder has left.

    Between the two renames the folder is missing: the old one comes back. After them the old
    one goes.
    """
    place = folder.resolve()
    if not place.parent.is_dir():
        return
    for partial in place.parent.glob(f".{_escaped(place.name)}.{PARTIAL}*"):
        moved, pending = (partial / OLD).is_dir(), (partial / NEW).is_dir()
        if moved and not place.exists():
            (partial / OLD).rename(place)
        if (moved and not pending) or time.time() - partial.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def staging(folder: Path, stale: Sequence[str] = ()) -> Iterator[Path]:
    """Yield a hidden folder; what is made in it moves to ``folder`` if all goes well.

    An error on the way leaves an earlier output as it was. Other files in the folder stay.

    Args:
        folder: Is made if needed.
        stale: Patterns of files that do not stay, such as ``figures/*.png``: those of an
            earlier output.

    Raises:
        InputError: If a folder stands in the place of a file, or the reverse.
    """
    recover(folder)
    place = folder.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    movable = _is_movable(place)
    if not movable:
        place.mkdir(exist_ok=True)
    prefix, home = (f".{place.name}.", place.parent) if movable else (".", place)
    partial = Path(mkdtemp(prefix=f"{prefix}{PARTIAL}", dir=home))
    try:
        new = partial / NEW
        new.mkdir()
        yield new
        _check_places(new, place, folder)
        if movable:
            _exchange(new, place, stale)
        else:
            _move_files(new, place, stale)
    finally:
        if (partial / OLD).is_dir() and not place.exists():
            (partial / OLD).rename(place)
        shutil.rmtree(partial, ignore_errors=True)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in name)


def _is_movable(place: Path) -> bool:
    """Whether a folder can be replaced as a whole: no mount, and nobody stands in it."""
    writable = os.access(place.parent, os.W_OK) and place != place.parent
    return writable and not place.is_mount() and not Path.cwd().is_relative_to(place)


def _check_places(new: Path, place: Path, folder: Path) -> None:
    for made in sorted(new.rglob("*")):
        there = place / made.relative_to(new)
        if there.exists() and there.is_dir() != made.is_dir():
            kind = "a folder" if there.is_dir() else "a file"
            shown = folder / made.relative_to(new)
            raise InputError(f"{kind} is in the way; move it elsewhere", file=str(shown))


def _exchange(new: Path, place: Path, stale: Sequence[str]) -> None:
    """Put a new folder in the place of an old one."""
    if not place.exists():
        new.rename(place)
        return
    _carry_over(place, new, stale)
    place.rename(new.with_name(OLD))
    new.rename(place)


def _carry_over(place: Path, new: Path, stale: Sequence[str]) -> None:
    """Link what stays from the old folder into the new one."""
    shutil.copymode(place, new)
    going = {path for pattern in stale for path in place.glob(pattern)}
    for there in sorted(place.rglob("*")):
        made = new / there.relative_to(place)
        if there in going or os.path.lexists(made) or _is_partial(there.relative_to(place)):
            continue
        if there.is_symlink():
            made.symlink_to(there.readlink())
        elif there.is_dir():
            made.mkdir()
            shutil.copymode(there, made)
        else:
            _link(there, made)


def _is_partial(path: Path) -> bool:
    return path.parts[0].startswith(f".{PARTIAL}")


def _link(there: Path, made: Path) -> None:
    try:
        made.hardlink_to(there)
    except OSError:  # a file system without links
        shutil.copy2(there, made)


def _move_files(new: Path, place: Path, stale: Sequence[str]) -> None:
    """Move file by file, where the folder itself cannot be moved."""
    going = {path for pattern in stale for path in place.glob(pattern)}
    for made in sorted(new.rglob("*")):
        there = place / made.relative_to(new)
        if made.is_dir():
            there.mkdir(exist_ok=True)
        else:
            made.replace(there)
            going.discard(there)
    for left in going:
        left.unlink()
