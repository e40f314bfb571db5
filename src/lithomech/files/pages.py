"""Pictures from outside, opened after a look at what they declare."""

import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image

from lithomech.errors import InputError
from lithomech.files.damaged import damaged, plain_size

KINDS: Final = ("TIFF", "PNG", "BMP")  # Pillow knows more, and runs programs for some
MAX_PAGES: Final = 5000
PIXELS_PER_BYTE: Final = 2000  # what compression can make of almost nothing
FEW: Final = 1_000_000  # pixels that any file may declare


@contextmanager
def open_pages(path: Path) -> Iterator[tuple[Image.Image, int]]:
    """Yield a picture and the number of its pages, none of which is read yet.

    Raises:
        InputError: with the file: it is no picture, or declares more than it can hold.
    """
    size = plain_size(path)
    message = "is no picture that can be read"
    with damaged(path, message), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of tags and large pictures
        with path.open("rb") as stream:
            pages = _pages(stream)
            stream.seek(0)
            with Image.open(stream, formats=KINDS) as picture:
                pixels = pages * picture.width * picture.height
                if pixels > max(PIXELS_PER_BYTE * size, FEW):
                    raise InputError(
                        f"declares {pixels:.3g} pixels, more than its {size} bytes can hold"
                    )
                yield picture, pages


def _pages(stream: BinaryIO) -> int:
    """Number of pages; of a TIFF by the chain of its directories, which may be a circle.

    Raises:
        InputError: too many, or a chain that does not end.
    """
    order = {b"II": "<", b"MM": ">"}.get(stream.read(2))
    if order is None:
        return 1
    big = struct.unpack(f"{order}H", _exactly(stream, 2))[0] == 43
    count, entry, offset = ("Q", 20, "Q") if big else ("H", 12, "I")
    stream.seek(8 if big else 4)
    seen: set[int] = set()
    while place := _number(stream, order + offset):
        if place in seen or len(seen) == MAX_PAGES:
            why = "its pages form a circle" if place in seen else f"more than {MAX_PAGES} pages"
            raise InputError(f"{why}; allowed: a stack of up to {MAX_PAGES} pages")
        seen.add(place)
        stream.seek(place)
        entries = _number(stream, order + count)
        stream.seek(entry * entries, os.SEEK_CUR)
    return len(seen)


def _number(stream: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, _exactly(stream, struct.calcsize(form)))[0])


def _exactly(stream: BinaryIO, count: int) -> bytes:
    content = stream.read(count)
    if len(content) < count:
        raise InputError("ends before its last page")
    return content
