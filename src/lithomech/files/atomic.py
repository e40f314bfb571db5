"""Writing files so that a reader never meets half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lithomech.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; it takes the place of ``path`` if all goes well.

    Args:
        path: The file to write; its folder is made if needed.

    Yields:
        The path to write to. After an error it is removed and ``path`` stays as it was.

    Raises:
        InputError: a folder, a device or a pipe stands there: it would be replaced.
    """
    if path.is_dir():
        raise InputError("this is a folder; name a file", file=str(path))
    if path.exists() and not path.is_file():
        raise InputError("this is no file on a disk; name one", file=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.filename == str(temporary):  # nobody knows that name
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
