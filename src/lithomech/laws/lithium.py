"""Lithium metal between void and short."""

import numpy as np

from lithomech.constants import F
from lithomech.units import (
    AmperePerM2,
    CoulombPerM2,
    M3PerMol,
    Metre,
    MetrePerSecond,
    OhmM2,
    Pascal,
    PascalRootMetre,
    PerSecond,
    Ratio,
    Second,
    SiemensPerM,
    Volt,
)


def critical_stripping_current(
    i_d: AmperePerM2, i_c1: AmperePerM2, P: Pascal, P_ref: Pascal, n: Ratio
) -> AmperePerM2:
    """Largest stripping current that transport to the interface sustains.

        i_c = i_d + i_c1 (P/P_ref)^n

    Args:
        i_d: diffusion of vacancies, whatever the pressure.
        i_c1: creep around voids at P_ref.
        P: stack pressure.
        P_ref: of the stored constants.
        n: apparent exponent of creep at an interface.

    References:
        Yan2022.
    """
    return i_d + i_c1 * (P / P_ref) ** n


def interface_recession(i: AmperePerM2, V_Li: M3PerMol) -> MetrePerSecond:
    """Thickness of lithium that a current density removes per time, V_Li i / F."""
    return V_Li * i / F


def lithium_contact(w: Metre, w_0: Metre) -> Ratio:
    """Contact left under voids of mean depth w: exp(-w/w_0)."""
    return np.exp(-w / w_0)


def covered_share(w: Metre, w_0: Metre) -> Ratio:
    """Share of a bare collector that lithium of mean thickness w covers, 1 - exp(-w/w_0).

    Islands that begin at random and grow in height and width until they meet.

    Args:
        w: thickness of the lithium if it were even.
        w_0: thickness at which all but 1/e is covered.

    References:
        Avrami1940.
    """
    return -np.expm1(-w / w_0)


def constriction_resistance(theta: Ratio, R_b: Metre, kappa: SiemensPerM) -> OhmM2:
    """Spreading resistance in the electrolyte over what contact is left, per cell area.

        R = pi R_b/(4 kappa) (1 - sqrt(theta))^(3/2)/sqrt(theta)

    Round contacts of radius a = R_b sqrt(theta) in the middle of tubes of radius R_b, from one
    side: a fit of the series for isothermal contacts, 4 % above it at theta = 0.25 and 17 % at
    0.5, where little is left of it.

    Args:
        theta: contact left.
        R_b: half the distance of the contacts.
        kappa: conductivity of the electrolyte.

    References:
        Cooper1969.
    """
    root = np.sqrt(theta)
    closed = 1.0 - root + 1e-12  # whole contact has a finite slope
    return (0.25 * np.pi * R_b / kappa) * (closed * np.sqrt(closed) / root)


def flaw_strength(K_IC: PascalRootMetre, a: Metre) -> Pascal:
    """Stress at which an edge flaw of depth a splits a solid, K_IC/(1.12 sqrt(pi a)).

    Args:
        K_IC: fracture toughness.
        a: depth of the flaw.

    References:
        Griffith1921; 1.12 is that of a free edge.
    """
    return K_IC / (1.12 * np.sqrt(np.pi * a))


def opening_share(nu: Ratio) -> Ratio:
    """Share of the stack pressure that opens a flaw full of lithium, (1 - 2 nu)/(1 - nu).

    Lithium in the flaw passes the stack pressure P on to its walls; the separator, held at its
    rim, presses them together with nu/(1 - nu) P.

    Args:
        nu: Poisson's ratio of the separator.
    """
    return (1.0 - 2.0 * nu) / (1.0 - nu)


def opening_stress(eta: Volt, P: Pascal, V_Li: M3PerMol, share: Ratio) -> Pascal:
    """Stress with which plating lithium opens a flaw, share P + F eta/V_Li.

    Args:
        eta: overpotential of plating, positive.
        P: stack pressure.
        V_Li: molar volume of lithium metal.
        share: of the stack pressure, see ``opening_share``.

    References:
        Porz2017.
    """
    return share * P + F * eta / V_Li


def pore_filling_rate(creep: PerSecond, n: Ratio) -> PerSecond:
    """Speed of a metal in a round pore that it fills one radius deep, over the radius.

        3^((n + 1)/2) creep/(2^n (n + 3))

    Flow of a power-law fluid (strain rate proportional to stress^n, no slip) along a tube as
    long as its radius, under the pressure at which ``creep`` is meant. n = 1 is Poiseuille's.

    Args:
        creep: strain rate in tension under the stress of the stored constants.
        n: exponent of the stress.

    References:
        Bird1987, section 4.2, for a shear stress of sigma/sqrt(3).
    """
    return 3.0 ** (0.5 * (n + 1.0)) * creep / (2.0**n * (n + 3.0))


def pore_crossing_time(L: Metre, a: Metre, rate: PerSecond, n: Ratio) -> Second:
    """Time in which a metal fills a pore of length L under the pressure of its constants.

        du/dt = rate/u^n,   t = ((1 + L/a)^(n + 1) - 1)/((n + 1) rate)

    u is the filled length over the radius, and one: the flow into the mouth of the pore resists
    as much as one radius of it. Under a pressure P the time is (P_ref/P)^n of it.

    Args:
        L: length of the pore.
        a: its radius.
        rate: see ``pore_filling_rate``.
        n: exponent of the stress.
    """
    return ((1.0 + L / a) ** (n + 1.0) - 1.0) / ((n + 1.0) * rate)


def pore_filling(z: Ratio, L: Metre, a: Metre, n: Ratio) -> Metre:
    """Depth to which metal has filled a pore after a share z of the time that it takes in all.

    Args:
        z: share of the time, of that at a constant pressure.
        L: length of the pore.
        a: its radius.
        n: exponent of the stress.
    """
    return a * ((1.0 + z * ((1.0 + L / a) ** (n + 1.0) - 1.0)) ** (1.0 / (n + 1.0)) - 1.0)


def plated_thickness(q: CoulombPerM2, V_Li: M3PerMol) -> Metre:
    """Thickness of the lithium that a charge per area plates, V_Li q / F; flat, without pores.

    Args:
        q: charge per area, positive plates.
        V_Li: molar volume of lithium metal.
    """
    return V_Li * q / F


def dendrite_shear_modulus(G_metal: Pascal, ratio: Ratio) -> Pascal:
    """Shear modulus above which an elastic separator keeps lithium flat, ratio * G_metal.

    Linear stability of a wavy interface, without yield, grains or flaws: lithium does
    penetrate electrolytes far stiffer than this.

    Args:
        G_metal: shear modulus of the metal.
        ratio: about 2 for a polymer of Poisson's ratio 0.33.

    References:
        MonroeNewman2005.
    """
    return ratio * G_metal
