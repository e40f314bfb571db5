"""Contact between active material and solid electrolyte."""

import numpy as np

from lithomech.units import Metre, Newton, OhmM2, Pascal, Ratio, Siemens, SiemensPerM


def made_coverage(P_fab: Pascal, Y_0: Pascal) -> Ratio:
    """Contact that pressing makes before it saturates: P_fab / (3 Y_0).

    The hardness of the electrolyte is about three times its strength Y_0. The caller
    limits the value to 1: 0.4-0.5 for a sulfide at 370 MPa, 0.03 for LLZO.

    References:
        BowdenTabor1950.
    """
    return P_fab / (3.0 * Y_0)


def residual_pressure(P_fab: Pascal, P_0: Pascal, T_share: Ratio, k_p: Ratio) -> Pascal:
    """Contact pressure locked in by pressing and release, before it is limited to >= 0.

        p_r = k_p P_fab - T (P_fab - P_0)

    Args:
        P_fab: fabrication pressure.
        P_0: stack pressure after assembly.
        T_share: mean particle pressure per stack pressure (``transmission``).
        k_p: mean pressure per axial pressure while the electrolyte flows, about 0.8.
    """
    return k_p * P_fab - T_share * (P_fab - P_0)


def collector_resistance(R_c: OhmM2, P: Pascal, P_ref: Pascal, n: Ratio) -> OhmM2:
    """Resistance of the contact between a current collector and what is pressed on it.

        R = R_c (P_ref/P)^n

    Rough surfaces whose tops flow under load: n = 0.95. It vanishes under high pressure.

    Args:
        R_c: resistance at P_ref.
        P: stack pressure, above 0.
        P_ref: stack pressure that R_c belongs to.
        n: exponent.

    References:
        Cooper1969 (thermal contacts between metals; currents spread by the same equation).
    """
    return R_c * (P_ref / P) ** n


def network_pressure(P: Pascal, eps_v: Ratio, eps_n: Ratio) -> Pascal:
    """Stack pressure under which active grains as made press on each other as shrunk ones do.

        P / (1 + max(-eps_v, 0)/eps_n)

    Shrinking grains hand the load over to the electrolyte, whatever the load; grains that
    swell are taken as made.

    Args:
        P: stack pressure.
        eps_v: change of their volume from as made.
        eps_n: shrinkage that halves the pressure among them, about 0.04.

    References:
        Pressed grains that shrink, see docs/theory/composites.md.
    """
    return P / (1.0 + np.maximum(-eps_v, 0.0) / eps_n)


def resting_pressure(P: Pascal, xi: Ratio) -> Pascal:
    """Mean pressure on a particle that rests on two caps of an open wall, xi P / 3.

    The caps carry its share of the axial load, nothing carries it sideways.

    Args:
        P: stack pressure.
        xi: share of the axial load that the active material carries.
    """
    return xi * P / 3.0


def opening_number(
    gap: Ratio, E_star: Pascal, P: Pascal, P_adh: Pascal, xi: Ratio, z: Ratio
) -> Ratio:
    """Gap against the flattening under load: Pi = sqrt(2/z) gap E* / (xi (P + P_adh)).

    Of z contacts each bears 2/z of what a cap of two does.

    Args:
        gap: gap between particle and cavity over the particle radius.
        E_star: effective contact modulus.
        P: stack pressure.
        P_adh: adhesion, as a pressure; keeps the contact finite at P = 0.
        xi: share of the axial load that the active material carries.
        z: number of contacts that bear it.
    """
    return np.sqrt(2.0 / z) * gap * E_star / (xi * (P + P_adh))


def contact_fraction(Pi: Ratio) -> Ratio:
    """Contact left of a sphere that rests on a few caps in a cavity that is too large for it.

        theta = (1 + (Pi/0.833)^0.7)^-0.952

    1 when closed; 0.885 Pi^(-2/3) (Hertz) when wide open. For two caps within 3 % of a
    unilateral contact solution for Pi between 0.1 and 1e4.

    References:
        Johnson1985 (Hertz limit); fit to a numerical solution, see docs/theory/contact.md.
    """
    return (1.0 + (Pi / 0.833) ** 0.7) ** -0.952


def contact_conductance(
    sigma: SiemensPerM, sigma_2: SiemensPerM, a: Metre, rho_f: OhmM2
) -> Siemens:
    """Conductance of a round contact of two grains with a film between them.

        1/G = (1/sigma + 1/sigma_2)/(4 a) + rho_f/(pi a^2)

    The spreading resistance of both sides, for a contact that is small against the grains, and
    the film. Without film G grows as the radius (force^(1/3) of an elastic contact), with a
    film as the area (force^(2/3)).

    Args:
        sigma: conductivity of one grain.
        sigma_2: of the other.
        a: radius of the contact.
        rho_f: resistance of the film for a unit of area.

    References:
        Holm1967; BatchelorOBrien1977.
    """
    return 1.0 / ((1.0 / sigma + 1.0 / sigma_2) / (4.0 * a) + rho_f / (np.pi * a**2))


def splitting_tension(F: Newton, R_p: Metre) -> Pascal:
    """Tension in the middle of a sphere between two points: 0.9 F/(2 R_p)^2.

    What splits a brittle grain; nearly independent of how wide the contact is.

    Args:
        F: force.
        R_p: particle radius.

    References:
        Hiramatsu1966.
    """
    return 0.225 * F / (R_p * R_p)


def pressed_share(P: Pascal, P_c: Pascal) -> Ratio:
    """Contact of a metal that flows into the roughness of a hard solid, 1 - exp(-P/P_c).

    Args:
        P: largest pressure that has acted.
        P_c: pressure that leaves 1/e without contact.
    """
    return -np.expm1(-P / P_c)
