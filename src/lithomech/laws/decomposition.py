"""Electrochemical decomposition of the electrolyte."""

from lithomech.constants import F
from lithomech.units import M3PerMol, Pascal, Volt


def constrained_reduction_limit(U_0: Volt, K_c: Pascal, dV: M3PerMol) -> Volt:
    """Lowest stable potential of an electrolyte that cannot expand freely.

        U = U_0 - K_c dV / F

    Products that need more room have to compress their surroundings: the work K_c dV per
    lithium taken up delays the reaction. K_c is the modulus of the constraint, not the stack
    pressure, which shifts the limit by dV/F only, about 0.1 mV/MPa.

    Args:
        U_0: limit without constraint vs Li/Li+.
        K_c: effective modulus of the constraint.
        dV: growth of the solids per lithium taken up, without the lithium's own volume.

    References:
        Fitzhugh2019, in the linear form of small strain.
    """
    return U_0 - K_c * dV / F


def constrained_oxidation_limit(U_0: Volt, K_c: Pascal, dV: M3PerMol) -> Volt:
    """Highest stable potential of an electrolyte that cannot expand freely.

        U = U_0 + K_c dV / F

    Args:
        U_0: limit without constraint vs Li/Li+.
        K_c: effective modulus of the constraint.
        dV: growth of the solids per lithium given off; negative where they shrink.

    References:
        Fitzhugh2019, in the linear form of small strain.
    """
    return U_0 + K_c * dV / F
