"""Yield of the electrolyte shell around a swelling particle (Hill's cavity, Gurson's pores)."""

import numpy as np

from lithomech.units import Pascal, Ratio


def shell_excess_pressure(zeta: Ratio, sigma_Y: Pascal) -> Pascal:
    """Wall pressure when the shell has yielded out to zeta = (c/R)^3 >= 1.

        dp = (2/3) sigma_Y (1 + ln zeta)

    References:
        Hill1950, chapter 5.
    """
    return 2.0 / 3.0 * sigma_Y * (1.0 + np.log(zeta))


def shell_wall_strain(zeta: Ratio, sigma_Y: Pascal, E: Pascal, nu: Ratio) -> Ratio:
    """Wall displacement over radius when the shell has yielded out to zeta = (c/R)^3 >= 1.

        u/R = (sigma_Y/E) ((1 - nu) zeta - (2/3)(1 - 2 nu)(1 + ln zeta))

    References:
        Hill1950, chapter 5.
    """
    elastic = 2.0 / 3.0 * (1.0 - 2.0 * nu) * (1.0 + np.log(zeta))
    return sigma_Y / E * ((1.0 - nu) * zeta - elastic)


def far_field_strain(zeta: Ratio, sigma_Y: Pascal, G: Pascal) -> Ratio:
    """Displacement strength u r^2/R^3 that the yielded shell passes on to the layer.

    S = sigma_Y zeta / (6 G)
    """
    return sigma_Y * zeta / (6.0 * G)


def pore_attenuation(u: Ratio, u_Y: Ratio, b: Ratio) -> Ratio:
    """Factor by which a compacting shell weakens what it passes on.

        f = (u/u_Y)^-b   for u >= u_Y

    Args:
        u: wall displacement over radius.
        u_Y: its value at first yield, sigma_Y / (6 G).
        b: compaction per shear of the porous electrolyte (``gurson_compaction``).
    """
    return (u / u_Y) ** -b


def gurson_compaction(vf: Ratio, Y_0: Pascal, p: Pascal) -> Ratio:
    """Volume lost per shear of a porous plastic solid at mean pressure p; the caller limits b.

        b = (vf Y_0 / q) sinh(3 p/(2 Y_0)),   q from Gurson's yield surface

    Args:
        vf: porosity.
        Y_0: strength of the dense matrix.
        p: mean pressure.

    References:
        Gurson1977.
    """
    s = 1.5 * p / Y_0
    q2 = 1.0 + vf**2 - 2.0 * vf * np.cosh(s)
    return vf * np.sinh(s) / np.sqrt(q2)
