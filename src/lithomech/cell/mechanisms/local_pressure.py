"""One pressure at the wall of a particle: its gap and its cracks are springs in series.

What a particle contracts by is shared by the gap, by the cracks and by the strain of what
surrounds it, and all three carry the same pressure (docs/theory/contact.md):

    p = p_f + softplus(K_c (misfit + a_0 exp(-p/p_c)/3 - irreversible) + ... - p_f)
"""

from typing import Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import Number
from lithomech.laws import fracture
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus, value_of

LITTLE: Final = 1e-30  # cracks over their stiffness that count as none
ROUNDS: Final = 4  # from the closed form for a sharp wall; ``followed`` adds to them

_pressed_cracks = kernel(fracture.pressed_cracks)


class Series(NamedTuple):
    """A wall and the cracks behind it; pressures in Pa, the first three numbers or duals."""

    solid: Number  # pressure of a wall that never parts around a particle without cracks
    cracks: Number  # what its cracks would add if no pressure shut them
    floor: Number  # pressure at which the wall parts
    closing: float  # pressure that shuts cracks to 1/e
    width: float  # of the kink where the wall parts


@kernel
def bearing(s: Series, p: float) -> tuple[float, float]:
    """Return how much of a strain the wall bears, and what cracks take of its pressure."""
    left = _pressed_cracks(value_of(s.cracks), p, s.closing)
    trial = value_of(s.solid) + left - value_of(s.floor)
    closed = 0.5 + 0.5 * np.tanh(trial / (2.0 * s.width))
    return closed, closed * left / s.closing + 1.0


@kernel
def followed(s: Series, p: float) -> Number:
    """Pressure as a dual, from a value near the root: one Newton round on duals."""
    trial = s.solid + _pressed_cracks(s.cracks, p, s.closing) - s.floor
    return (softplus(trial, s.width) + s.floor - p) / bearing(s, p)[1] + p


@kernel
def local_pressure(s: Series) -> Number:
    """Pressure at the wall of values.

    Lambert's function gives the root for a sharp wall; Newton for the rounded one is monotone
    from its second round on, as what it solves is concave.
    """
    above = s.solid - s.floor
    beside = _pressed_cracks(s.cracks, s.floor, s.closing)
    share = softplus(np.log(beside / s.closing + LITTLE) - above / s.closing, 1.0)
    lambert = share * (1.0 - np.log1p(share) / (2.0 + share))
    p = softplus(above + s.closing * lambert, s.width)
    p = p + s.floor
    for _ in range(ROUNDS):
        p = np.maximum(followed(s, p), s.floor)
    return p
