"""A decomposition reaction at one contact, implicit in time, on dual numbers."""

import numpy as np

from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus

ONSET_WIDTH = 5e-3  # V, over which a reaction sets in at its limit


@kernel
def film_rate(eta, theta, resistance, growth, exhaustion, q_0, h):
    """Rate at which a reaction passes charge, on contact area as made, after a step h.

    The implicit step of ``laws.decomposition.film_current`` is quadratic in the charge.

    Args:
        eta: potential beyond the limit, positive outside the window (dual).
        theta: share of the contact that is left (dual or number).
        resistance: without film; growth: per charge; exhaustion: charge that there is.
        q_0: history of the charge.
        h: implicit time step; 0 gives the rate at q_0.
    """
    drive = theta * softplus(eta, ONSET_WIDTH)
    b = resistance + growth * q_0 + drive * (h / exhaustion)
    forced = drive * (1.0 - q_0 / exhaustion)
    root = np.sqrt(b * b + forced * (4.0 * growth * h))
    return 2.0 * forced / (b + root)
