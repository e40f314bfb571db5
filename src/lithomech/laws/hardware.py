"""What holds a stack pressure: rods in tension, plates in bending."""

import numpy as np

from lithomech.units import Metre, Pascal, Ratio

TERMS = range(1, 24, 2)  # of the series of Levy; they fall with the fifth and third power


def rod_section(P: Pascal, sigma_a: Pascal) -> Ratio:
    """Section of all rods over the area that they hold under pressure: P/sigma_a.

    Args:
        P: stack pressure.
        sigma_a: allowed stress.
    """
    return P / sigma_a


def plate_deflection(r: Ratio) -> Ratio:
    """Deflection in the middle of a plate that lies on its edges, over P a^4/D.

        4/pi^5 sum_m (-1)^((m-1)/2)/m^5 (1 - (alpha tanh alpha + 2)/(2 cosh alpha)),
        alpha = m pi r/2, m = 1, 3, 5 ...

    Args:
        r: long side of the plate over its short side a.

    References:
        Timoshenko1959.
    """
    total = 0.0 * r
    for k, m in enumerate(TERMS):
        alpha = 0.5 * np.pi * m * r
        bent = (alpha * np.tanh(alpha) + 2.0) * _sech(alpha) / 2.0
        total = total + (-1.0) ** k / m**5 * (1.0 - bent)
    return 4.0 / np.pi**5 * total


def plate_moment(r: Ratio, nu: Ratio) -> Ratio:
    """Bending moment in the middle of a plate that lies on its edges, over P a^2.

        4/pi^3 sum_m (-1)^((m-1)/2)/m^3 (1 - ((1 - nu) alpha tanh alpha + 2)/(2 cosh alpha))

    ``alpha`` as for the deflection; per length, along the short side a, where it is largest.

    Args:
        r: long side of the plate over its short side a.
        nu: Poisson's ratio.

    References:
        Timoshenko1959.
    """
    total = 0.0 * r
    for k, m in enumerate(TERMS):
        alpha = 0.5 * np.pi * m * r
        bent = ((1.0 - nu) * alpha * np.tanh(alpha) + 2.0) * _sech(alpha) / 2.0
        total = total + (-1.0) ** k / m**3 * (1.0 - bent)
    return 4.0 / np.pi**3 * total


def plate_thickness_for_strength(P: Pascal, a: Metre, m_b: Ratio, sigma_a: Pascal) -> Metre:
    """Thickness at which a plate bears a pressure: a sqrt(6 m_b P/sigma_a).

    Args:
        P: stack pressure.
        a: its short side.
        m_b: see ``plate_moment``.
        sigma_a: allowed stress.
    """
    return a * np.sqrt(6.0 * m_b * P / sigma_a)


def plate_thickness_for_stiffness(
    P: Pascal, a: Metre, w_b: Ratio, E: Pascal, nu: Ratio, w_a: Metre
) -> Metre:
    """Thickness at which a plate bends by w_a: (12 (1 - nu^2) w_b P a^4/(E w_a))^(1/3).

    Args:
        P: stack pressure.
        a: its short side.
        w_b: see ``plate_deflection``.
        E: Young's modulus.
        nu: Poisson's ratio.
        w_a: allowed deflection.
    """
    return a * np.cbrt(12.0 * (1.0 - nu**2) * w_b * P * a / (E * w_a))


def _sech(alpha: Ratio) -> Ratio:
    """1/cosh without overflow."""
    decay = np.exp(-alpha)
    return 2.0 * decay / (1.0 + decay * decay)
