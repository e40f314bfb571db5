"""Charge transfer at an interface."""

import numpy as np

from lithomech.constants import F, R
from lithomech.units import AmperePerM2, Kelvin, OhmM2, Ratio, Volt


def butler_volmer(i_0: AmperePerM2, eta: Volt, T: Kelvin, alpha: Ratio = 0.5) -> AmperePerM2:
    """Butler-Volmer current density; positive current leaves the solid (oxidation).

        i = i_0 (exp(alpha F eta / R T) - exp(-(1 - alpha) F eta / R T))

    Args:
        i_0: exchange current density.
        eta: overpotential, phi_solid - phi_electrolyte - U.
        T: temperature.
        alpha: anodic transfer coefficient.
    """
    f = F / (R * T)
    return i_0 * (np.exp(alpha * f * eta) - np.exp(-(1.0 - alpha) * f * eta))


def charge_transfer_overpotential(i: AmperePerM2, i_0: AmperePerM2, T: Kelvin) -> Volt:
    """Overpotential that drives i across a symmetric (alpha = 1/2) interface.

        eta = (2 R T / F) arcsinh(i / (2 i_0))

    The inverse of ``butler_volmer``; this form never overflows.
    """
    return 2.0 * R * T / F * np.arcsinh(i / (2.0 * i_0))


def charge_transfer_resistance(i: AmperePerM2, i_0: AmperePerM2, T: Kelvin) -> OhmM2:
    """Slope of the charge-transfer overpotential in the current density.

    r = (2 R T / F) (i^2 + 4 i_0^2)^(-1/2)
    """
    return 2.0 * R * T / F / np.sqrt(i * i + 4.0 * i_0 * i_0)


def exchange_current_density(i_00: AmperePerM2, x: Ratio) -> AmperePerM2:
    """Exchange current density of an insertion host, equal to i_00 at half filling.

    i_0 = 2 i_00 sqrt(x (1 - x))
    """
    return 2.0 * i_00 * np.sqrt(x * (1.0 - x))


def dilute_solution_shift(share: Ratio, T: Kelvin) -> Volt:
    """Rise of the rest potential of a host with less than it dissolves, -(R T/F) ln(share).

    Args:
        share: concentration over the solubility, at which the compound has its potential too.
        T: temperature.
    """
    return -(R * T / F) * np.log(share)
