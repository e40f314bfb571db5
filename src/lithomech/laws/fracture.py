"""Cracking of secondary particles at cell scale."""

from lithomech.units import PerSecond, Ratio


def damage_rate(k_d: Ratio, overload: Ratio, m: Ratio, x_rate: PerSecond) -> PerSecond:
    """Rate at which an undamaged particle loses grain boundaries.

        rate = k_d overload^m |dx/dt|;   d damage/dt = (1 - damage) rate

    Args:
        k_d: damage per change of stoichiometry at overload 1.
        overload: positive part of stress / strength - 1.
        m: exponent.
        x_rate: absolute rate of change of the mean stoichiometry.
    """
    return k_d * overload**m * x_rate


def residual_opening_rate(k_r: Ratio, d: Ratio, x_rate: PerSecond) -> PerSecond:
    """Rate at which damaged boundaries are wedged open, k_r d |dx/dt|.

    The residual opening saturates: dA_res/dt = rate (1 - A_res/A_limit).
    """
    return k_r * d * x_rate


def crack_area_fraction(
    d: Ratio, A_shut: Ratio, k_open: Ratio, contraction: Ratio, A_res: Ratio
) -> Ratio:
    """Area (and volume) fraction of cracks in a section.

        A = d (A_shut + k_open contraction) + A_res

    Args:
        d: damage, irreversible, 0 to 1.
        A_shut: crack fraction of a fully damaged particle at its size as made.
        k_open: share of the volume contraction that opens as cracks.
        contraction: volume contraction since made, >= 0.
        A_res: residual opening, grown over cycles.

    References:
        Delesse1847 (area fraction = volume fraction); Song2021, section 4.1, for the closing.
    """
    return d * (A_shut + k_open * contraction) + A_res


def damaged_diffusivity_factor(d: Ratio, chi_D: Ratio) -> Ratio:
    """Share of the diffusivity left when cracks cut paths: 1 - chi_D d."""
    return 1.0 - chi_D * d
