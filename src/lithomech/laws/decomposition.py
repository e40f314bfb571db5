"""Stability window of a solid electrolyte that is not free to expand."""

from lithomech.constants import F
from lithomech.units import M3PerMol, Pascal, Volt


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
