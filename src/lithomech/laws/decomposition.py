"""A solid electrolyte outside its stability window: where it starts, and how its film grows."""

import numpy as np

from lithomech.constants import F
from lithomech.units import (
    AmperePerM2,
    CoulombPerM2,
    M3PerMol,
    Metre,
    OhmM2,
    OhmM4PerCoulomb,
    Pascal,
    Second,
    SiemensPerM,
    Volt,
)


def constrained_reduction_limit(U_0: Volt, K_c: Pascal, dV: M3PerMol) -> Volt:
    """Lowest stable potential of an electrolyte inside a stiff surrounding.

        U = U_0 - K_c dV / F

    Each electron taken up makes the solids grow by dV, against the work K_c dV. Reduction has
    to be driven by that much more: its limit falls. First order in the amount decomposed,
    so it says when decomposition starts.

    Args:
        U_0: stress-free potential vs Li/Li+.
        K_c: effective modulus of the constraint, GPa; never the stack pressure, MPa.
        dV: growth of the solids per electron of the decomposition; lithium outside is free.

    References:
        Fitzhugh2019.
    """
    return U_0 - K_c * dV / F


def constrained_oxidation_limit(U_0: Volt, K_c: Pascal, dV: M3PerMol) -> Volt:
    """Highest stable potential of an electrolyte inside a stiff surrounding.

        U = U_0 + K_c dV / F

    The mirror image of ``constrained_reduction_limit``: where the products of oxidation take
    more room than the electrolyte (dV > 0) the limit rises, where they shrink it falls.

    Args:
        U_0: stress-free potential vs Li/Li+.
        K_c: effective modulus of the constraint, GPa; never the stack pressure, MPa.
        dV: growth of the solids per electron of the decomposition; lithium outside is free.

    References:
        Fitzhugh2019.
    """
    return U_0 + K_c * dV / F


def film_thickness(q: CoulombPerM2, V_f: M3PerMol) -> Metre:
    """Thickness of the film of decomposition products.

        L = q V_f / F

    Args:
        q: charge that decomposition has passed, per area.
        V_f: volume of the products per electron.
    """
    return q * V_f / F


def film_resistance_growth(V_f: M3PerMol, sigma: SiemensPerM) -> OhmM4PerCoulomb:
    """Resistance that a film of decomposition products adds per charge and area.

        r_q = V_f / (F sigma)

    Args:
        V_f: volume of the products per electron.
        sigma: electronic conductivity of the products.
    """
    return V_f / (F * sigma)


def film_current(
    eta: Volt,
    q: CoulombPerM2,
    q_max: CoulombPerM2,
    R_0: OhmM2,
    r_q: OhmM4PerCoulomb,
    h: Second,
) -> AmperePerM2:
    """Current density of a decomposition that electrons have to reach through its own film.

        j = eta (1 - q'/q_max) / (R_0 + r_q q'),   q' = q + h j

    the positive root of a quadratic; with h = 0 the current at the charge q. Once r_q q
    outweighs R_0 the film grows with the square root of time (Wagner). Products that conduct
    electrons (r_q = 0) never get in the way: then R_0 alone limits until the electrolyte is
    used up.

    Args:
        eta: how far the potential lies outside the window, 0 or more.
        q: charge passed before, per area.
        q_max: charge that the electrolyte within reach can give.
        R_0: resistance of the reaction without film, coatings included.
        r_q: growth of the resistance per charge.
        h: time over which j is constant, as in an implicit step.

    References:
        Wenzel2016, for the square root.
    """
    b = R_0 + r_q * q + eta * (h / q_max)
    forced = eta * (1.0 - q / q_max)
    root = np.sqrt(b * b + forced * (4.0 * r_q * h))
    return 2.0 * forced / (b + root)
