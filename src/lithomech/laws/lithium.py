"""Lithium metal between void and short."""

import numpy as np

from lithomech.constants import F
from lithomech.units import (
    AmperePerM2,
    CoulombPerM2,
    M3PerMol,
    Metre,
    MetrePerSecond,
    Pascal,
    Ratio,
    Second,
)


def critical_stripping_current(
    i_d: AmperePerM2, i_c1: AmperePerM2, P: Pascal, P_ref: Pascal, n: Ratio
) -> AmperePerM2:
    """Largest stripping current that transport to the interface sustains.

        i_c = i_d + i_c1 (P/P_ref)^n

    Args:
        i_d: pressure-independent path.
        i_c1: creep path at P_ref.
        P: stack pressure.
        P_ref: 1 MPa for the stored constants.
        n: creep exponent of lithium.

    References:
        Kasemchainan2019 calibrates i_d and i_c1 (3 and 7 MPa); Masias2019 gives n.
    """
    return i_d + i_c1 * (P / P_ref) ** n


def interface_recession(i: AmperePerM2, V_Li: M3PerMol) -> MetrePerSecond:
    """Thickness of lithium that a current density removes per time, V_Li i / F."""
    return V_Li * i / F


def lithium_contact(w: Metre, w_0: Metre) -> Ratio:
    """Contact left under voids of mean depth w: exp(-w/w_0)."""
    return np.exp(-w / w_0)


def creep_short_time(
    t_0: Second, P: Pascal, P_short: Pascal, L: Metre, L_short: Metre, n: Ratio
) -> Second:
    """Time until lithium creeps through a porous separator.

        t = t_0 (P_short/P)^n (L/L_short)^(n + 1)

    Args:
        t_0: time seen at P_short and thickness L_short; a property of that pellet.
        P: stack pressure.
        P_short: pressure of the calibration.
        L: separator thickness.
        L_short: thickness of the calibration.
        n: creep exponent of lithium.

    References:
        Doux2020 calibrates t_0; Masias2019 gives n.
    """
    return t_0 * (P_short / P) ** n * (L / L_short) ** (n + 1.0)


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
