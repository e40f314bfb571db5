"""What a quantity gains over a stretch, from slopes that are known at a few places."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Slope(NamedTuple):
    """Change per unit of the independent variable at one place."""

    at: float
    value: Floats


def gain(slopes: Sequence[Slope], start: float, end: float) -> Floats:
    """Integrate the polynomial through the slopes from ``start`` to ``end``.

    It is constant for one slope, a line for two and a parabola for three. The result is linear
    in the slopes, with weights that sum to the length of the stretch: what every slope
    conserves, the gain conserves.

    Args:
        slopes: at places that differ, three at most.
        start: of the stretch, anywhere.
        end: of the stretch.
    """
    half, middle = 0.5 * (end - start), 0.5 * (start + end)
    nodes = middle + half * np.array([-1.0, 1.0]) / np.sqrt(3.0)  # exact for a parabola
    total = np.zeros_like(slopes[0].value)
    for one in slopes:
        others = [other.at for other in slopes if other is not one]
        basis = np.prod([(nodes - at) / (one.at - at) for at in others], axis=0)
        total += half * float(np.sum(basis * np.ones(2))) * one.value
    return total
