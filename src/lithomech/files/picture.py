"""Grey pictures from files, refused before they are read where they are too large."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.pages import open_pages

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
    if path.suffix.lower() not in FORMATS:
        allowed = ", ".join(sorted(FORMATS))
        raise InputError(
            f"ends in {path.suffix or 'nothing'}; allowed: {allowed}", file=str(path)
        )
    with open_pages(path) as (picture, _):
        pixels = picture.width * picture.height
        if pixels > MOST_PIXELS:
            raise InputError(f"has {pixels} pixels; allowed: up to {MOST_PIXELS}")
        if picture.mode not in GREY:
            colours = np.asarray(picture.convert("RGB"), np.float64)
            return colours @ np.array(WEIGHTS)
        return np.asarray(picture, np.float64)
