"""Files that are not what they should be: one line, whatever another library makes of them."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lithomech.errors import InputError

MAX_REASON: Final = 160  # characters of another library's message
_OUR_OWN: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)


@contextmanager
def damaged(path: Path | str, message: str = "is damaged") -> Iterator[None]:
    """Turn whatever goes wrong while a file is taken apart into one line about it.

    Libraries in other languages raise outside of Exception as well.

    Args:
        path: of the file.
        message: what it is then, before the reason.

    Raises:
        InputError: with the file.
    """
    try:
        yield
    except InputError as error:
        raise error.located(file=str(path)) from None
    except _OUR_OWN:
        raise
    except FileNotFoundError:
        raise InputError("there is no such file", file=str(path)) from None
    except PermissionError:
        raise InputError("cannot be read: permission denied", file=str(path)) from None
    except BaseException as error:
        raise InputError(f"{message}: {_reason(error)}", file=str(path)) from None


def plain_size(path: Path) -> int:
    """Size of a plain file [bytes]; a pipe is not opened, as it might wait for ever.

    Raises:
        InputError: there is none, it is empty, or it is something else.
    """
    with damaged(path):
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise InputError("this is a folder; name a file")
        if not stat.S_ISREG(found.st_mode):
            raise InputError("this is a pipe or a device and no file; copy it to a file first")
        if found.st_size == 0:
            raise InputError("the file is empty")
        return found.st_size


def _reason(error: BaseException) -> str:
    words = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return " ".join(words.split())[:MAX_REASON] or type(error).__name__
