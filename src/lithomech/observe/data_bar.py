"""The strips that microscopes write under or above a picture: magnification, scale, date."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SAME: Final = 0.012  # of the range of greys: neighbours that differ by less are alike
FLAT: Final = 0.6  # of a row's neighbours that are alike in a bar, letters included
NOISY: Final = 0.45  # of a picture's neighbours that are alike: below it flat rows stand out
GROUND: Final = 0.4  # of a row that has the grey of the bar
LINE: Final = 0.9  # of a row across a bar that has the grey of its letters
STEP: Final = 0.3  # by which that share falls beside the bar
LETTERS: Final = 0.003  # of a bar that has the opposite grey
BETWEEN: Final = 0.25  # most of a bar that has neither grey: blurred edges of letters
MOSTLY: Final = 0.6  # of the rows of a bar that look like it; letters and lines need not
EDGE: Final = 3  # rows
THINNEST: Final = 8  # rows
THICKEST: Final = 0.3  # of the picture


class Bars(NamedTuple):
    """Rows of a picture between its data bars: first, and one past the last."""

    first: int
    end: int


def without_bars(picture: Floats) -> Bars:
    """Return the rows that are left without a data bar at the top or at the bottom.

    A bar is a strip of flat rows across a picture that has noise; or, where a picture has none,
    a strip of nothing but black and white with a straight edge.

    Args:
        picture: grey values, shape (rows, columns).
    """
    rows = picture.shape[0]
    low, high = np.percentile(picture, [0.1, 99.9])
    if not high > low:
        return Bars(0, rows)
    grey = (picture - low) / (high - low)
    bottom = _thickness(grey[::-1])
    top = _thickness(grey)
    return Bars(top, rows - bottom)


def _thickness(grey: Floats) -> int:
    """Rows of the bar that a picture begins with; 0 if it has none."""
    most = int(THICKEST * grey.shape[0])
    flat = np.mean(np.abs(np.diff(grey, axis=1)) < SAME, axis=1)
    if np.median(flat[most:]) < NOISY:
        return _run(flat[:most] > FLAT)
    ground = 0.0 if np.median(grey[:THINNEST]) < 0.5 else 1.0
    share, ink = (np.mean(np.abs(grey - g) < SAME, axis=1) for g in (ground, 1.0 - ground))
    size = _run((share[:most] > GROUND) | (ink[:most] > LINE))
    if not size:
        return 0
    letters = float(np.mean(ink[:size]))
    between = 1.0 - letters - float(np.mean(share[:size]))
    beside = share[size : size + THINNEST]
    edge = float(np.mean(share[size - EDGE : size]) - np.mean(beside))
    return size if letters > LETTERS and between < BETWEEN and edge > STEP else 0


def _run(like: Mask) -> int:
    """Rows up to the last one that looks like a bar, if most of them do; 0 if it is no bar."""
    size = like.size - int(np.argmax(like[::-1])) if like.any() else 0
    is_bar = THINNEST <= size < like.size and like[:size].mean() > MOSTLY and like[:EDGE].any()
    return size if is_bar else 0
