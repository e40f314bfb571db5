"""Grey pictures from files, refused before they are read where they are too large."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from lithomech.errors import InputError
from lithomech.files.arguments import path_of

MOST_PIXELS: Final = 400_000_000
FORMATS: Final = {".tif", ".tiff", ".png", ".bmp"}
GREY: Final = {"1", "L", "I", "F", "P", "I;16", "I;16B"}
WEIGHTS: Final = (0.299, 0.587, 0.114)  # of red, green and blue in what the eye calls bright


def read_grey(path: str | Path) -> NDArray[np.float64]:
    """Read a picture; colours become grey.

    Raises:
        InputError: with the file: it is no picture, or too large.

    Examples:
        >>> import lithomech as lm
        >>> lm.read_grey("measured/section.png").ndim
        2
    """
    path = path_of(path)
    if not path.is_file():
        raise InputError("there is no such file", file=str(path))
    if path.suffix.lower() not in FORMATS:
        allowed = ", ".join(sorted(FORMATS))
        raise InputError(
            f"ends in {path.suffix or 'nothing'}; allowed: {allowed}", file=str(path)
        )
    try:
        with Image.open(path) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS:
                raise InputError(
                    f"has {pixels} pixels; allowed: up to {MOST_PIXELS}", file=str(path)
                )
            if picture.mode not in GREY:
                colours = np.asarray(picture.convert("RGB"), np.float64)
                return colours @ np.array(WEIGHTS)
            return np.asarray(picture, np.float64)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"is no picture that can be read: {error}", file=str(path)) from None
    except Image.DecompressionBombError:
        raise InputError("is too large a picture", file=str(path)) from None
