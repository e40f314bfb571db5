"""A solid electrolyte outside its stability window: where it starts, and how its film grows."""

import numpy as np

from lithomech.constants import F
from lithomech.units import (
    CoulombPerM2,
    M3PerMol,
    Metre,
    OhmM2,
    OhmM4PerCoulomb,
    Pascal,
    SiemensPerM,
    Volt,
)

PASSIVE = 300.0  # q/q_c at which nothing passes any more


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
    """Resistance that a thin film of decomposition products adds per charge and area.

        r_q = V_f / (F sigma)

    Args:
        V_f: volume of the products per electron.
        sigma: electronic conductivity of the products while they are thin.
    """
    return V_f / (F * sigma)


def film_resistance(
    q: CoulombPerM2, q_c: CoulombPerM2, R_0: OhmM2, r_q: OhmM4PerCoulomb
) -> OhmM2:
    """Resistance to the electrons that decomposition needs, through its own film.

        R = R_0 + r_q q_c (exp(q/q_c) - 1)

    A thin film grows with the square root of time (Wagner). Beyond the charge q_c, of some nm,
    electrons get through ever more rarely and it grows with the logarithm of time.

    Args:
        q: charge that decomposition has passed, per area.
        q_c: charge of a film that passivates.
        R_0: resistance of the reaction without film, coatings included.
        r_q: growth of the resistance per charge while the film is thin.

    References:
        Wenzel2016, for the square root.
    """
    return R_0 + r_q * q_c * (np.exp(np.minimum(q / q_c, PASSIVE)) - 1.0)


def film_resistance_slope(
    q: CoulombPerM2, q_c: CoulombPerM2, r_q: OhmM4PerCoulomb
) -> OhmM4PerCoulomb:
    """Slope of ``film_resistance`` in the charge, r_q exp(q/q_c).

    Args:
        q: charge that decomposition has passed, per area.
        q_c: charge of a film that passivates.
        r_q: growth of the resistance per charge while the film is thin.
    """
    return r_q * np.exp(np.minimum(q / q_c, PASSIVE))
