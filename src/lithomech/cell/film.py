"""A decomposition reaction at one contact, implicit in time, on dual numbers."""

import numpy as np

from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus

ONSET_WIDTH = 5e-3  # V, over which a reaction sets in at its limit


@kernel
def film_rate(reaction, phi, theta, q_0, h):
    """Rate at which a reaction passes charge, on contact area as made, after a step h.

    The implicit step of ``laws.decomposition.film_current`` is quadratic in the charge.

    Args:
        reaction: REACTION.
        phi: potential of the solid less that of the electrolyte (dual).
        theta: share of the contact that is left (dual or number).
        q_0: history of the charge.
        h: implicit time step; 0 gives the rate at q_0.
    """
    beyond = softplus((phi - reaction.limit) * reaction.sign, ONSET_WIDTH)
    drive = theta * beyond
    resistance = reaction.resistance + reaction.growth * q_0
    b = resistance + drive * (h / reaction.exhaustion)
    forced = drive * (1.0 - q_0 / reaction.exhaustion)
    root = np.sqrt(b * b + forced * (4.0 * reaction.growth * h))
    return 2.0 * forced / (b + root)
