"""The folders that commands write: not where something else stands, and never half of one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lithomech.errors import InputError


def check_folder(folder: Path, is_ours: Callable[[Path], bool], what: str) -> None:
    """Refuse a folder that holds anything but an earlier output of this kind.

    Args:
        folder: Where the output is to go; may be missing or empty.
        is_ours: Whether a folder that is not empty holds such an output.
        what: Words for it.

    Raises:
        InputError: If something else stands there.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("this is a file; --out wants a folder", file=str(folder))
    if folder.exists() and any(folder.iterdir()) and not is_ours(folder):
        raise InputError(
            f"this folder holds something other than {what}; choose another --out",
            file=str(folder),
        )


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield a hidden folder; what is made in it moves to ``folder`` if all goes well.

    An error on the way leaves an earlier output as it was.

    Args:
        folder: Is made if needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".partial-", dir=folder) as name:
        staged = Path(name)
        yield staged
        for made in sorted(staged.rglob("*.*")):
            place = folder / made.relative_to(staged)
            place.parent.mkdir(exist_ok=True)
            made.replace(place)
