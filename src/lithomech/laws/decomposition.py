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
    SiemensPerM,
    Volt,
)

THICKEST = 100.0  # decay lengths; a film of so many lets nothing through


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


def film_resistance(
    q: CoulombPerM2, R_0: OhmM2, r_q: OhmM4PerCoulomb, q_c: CoulombPerM2
) -> OhmM2:
    """Resistance that electrons meet on their way to electrolyte that is still whole.

        R = R_0 + r_q q_c (exp(q/q_c) - 1)

    Ohm's law while the film is thin, q << q_c; beyond, e-fold more with every q_c, as where
    electrons have to tunnel.

    Args:
        q: charge passed, per area.
        R_0: resistance of the reaction without film, coatings included.
        r_q: growth of the resistance per charge, of a thin film.
        q_c: charge of a film of the decay length; any large number where Ohm's law holds.

    References:
        Cabrera1949, for tunnelling.
    """
    return R_0 + r_q * q_c * np.expm1(np.minimum(q / q_c, THICKEST))


def film_resistance_slope(
    q: CoulombPerM2, r_q: OhmM4PerCoulomb, q_c: CoulombPerM2
) -> OhmM4PerCoulomb:
    """Growth of ``film_resistance`` per charge; arguments as there.

    R' = r_q exp(q/q_c)
    """
    return r_q * np.exp(np.minimum(q / q_c, THICKEST))


def film_current(eta: Volt, q: CoulombPerM2, q_max: CoulombPerM2, R: OhmM2) -> AmperePerM2:
    """Current density of a decomposition that electrons have to reach through its own film.

        j = eta (1 - q/q_max) / R

    Once the film outweighs the reaction it grows with the square root of time (Wagner), and
    beyond the decay length with its logarithm. Products that conduct electrons never get in
    the way: then the reaction alone limits until the electrolyte is used up.

    Args:
        eta: how far the potential lies outside the window, 0 or more.
        q: charge passed, per area.
        q_max: charge that the electrolyte within reach can give.
        R: see ``film_resistance``.

    References:
        Wenzel2016, for the square root; Cabrera1949, for the logarithm.
    """
    return eta * (1.0 - q / q_max) / R
