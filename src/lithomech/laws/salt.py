"""Salt in an electrolyte in which both ions move: gradient, limit and overpotential.

One salt of two ions of one charge each, of which lithium alone reacts at the electrodes: in the
steady state the anions stand still and lithium carries all current. ``t_plus`` is the share of
lithium in the current of an even solution, against the polymer.
"""

import numpy as np

from lithomech.constants import F, R
from lithomech.units import (
    AmperePerM2,
    Kelvin,
    M2PerSecond,
    Metre,
    MolPerM3,
    Ratio,
    Second,
    Volt,
)


def salt_difference(i: AmperePerM2, L: Metre, t_plus: Ratio, D: M2PerSecond) -> MolPerM3:
    """Salt that a steady current lets differ across a layer, (1 - t_+) i L/(F D).

    Anions stand still: what the field drives to one side, -(1 - t_+) i/F, diffuses back.

    Args:
        i: current density through the layer.
        L: its thickness.
        t_plus: transference number of lithium.
        D: diffusivity of the salt.

    References:
        NewmanBalsara2021, concentrated binary electrolyte at steady state.
    """
    return (1.0 - t_plus) * i * L / (F * D)


def salt_limiting_current(
    c_0: MolPerM3, L: Metre, t_plus: Ratio, D: M2PerSecond
) -> AmperePerM2:
    """Steady current that empties the salt at one side, i_lim = 2 F D c_0/((1 - t_+) L).

    The profile is straight and its mean stays c_0: 0 at one side, 2 c_0 at the other.

    Args:
        c_0: concentration as made.
        L: thickness between two electrodes that are flat.
        t_plus: transference number of lithium.
        D: diffusivity of the salt.

    References:
        NewmanBalsara2021. A dilute salt has D = 2 D_+ D_-/(D_+ + D_-): 4 F D_+ c_0/L.
    """
    return 2.0 * F * D * c_0 / ((1.0 - t_plus) * L)


def salt_rise_time(L: Metre, D: M2PerSecond) -> Second:
    """Time constant of the slowest change between two flat electrodes, L^2/(pi^2 D).

    Args:
        L: thickness between them.
        D: diffusivity of the salt.
    """
    return L * L / (np.pi * np.pi * D)


def concentration_overpotential(
    c_a: MolPerM3, c_b: MolPerM3, t_plus: Ratio, chi_T: Ratio, T: Kelvin
) -> Volt:
    """Voltage of lithium at two concentrations, (2RT/F)(1 - t_+) chi_T ln(c_a/c_b).

    Without current that of a concentration cell; under current the ohmic drop adds.

    Args:
        c_a: at the electrode that is positive where it has more.
        c_b: at the other.
        t_plus: transference number of lithium.
        chi_T: thermodynamic factor 1 + d ln f/d ln m; 1 of an ideal solution.
        T: temperature.

    References:
        NewmanBalsara2021.
    """
    return 2.0 * R * T / F * (1.0 - t_plus) * chi_T * np.log(c_a / c_b)
