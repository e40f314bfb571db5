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
    """Rate at which damaged boundaries stay wedged open, k_r d |dx/dt|.

    The residual opening A_res saturates at A_open: dA_res/dt = rate (1 - A_res/A_open).
    """
    return k_r * d * x_rate


def crack_area_fraction(d: Ratio, A_open: Ratio, opening: Ratio, A_res: Ratio) -> Ratio:
    """Area (and volume) fraction of cracks in a section.

        A = d A_open opening(x) + A_res

    Args:
        d: damage, irreversible, 0 to 1.
        A_open: crack fraction of a fully damaged particle when fully contracted.
        opening: 0 as made, 1 at the largest contraction.
        A_res: residual opening.

    References:
        Delesse1847 (area fraction = volume fraction); form of physics.md section 4.
    """
    return d * A_open * opening + A_res


def damaged_diffusivity_factor(d: Ratio, chi_D: Ratio) -> Ratio:
    """Share of the diffusivity left when cracks cut paths: 1 - chi_D d."""
    return 1.0 - chi_D * d
