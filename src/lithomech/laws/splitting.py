"""A particle that swells splits the electrolyte around it, and what the cracks block."""

import numpy as np

from lithomech.units import Metre, Pascal, PascalRootMetre, Ratio


def elastic_tension(dp: Pascal, vf: Ratio) -> Pascal:
    """Hoop tension, above the outer pressure, at the wall of an elastic shell.

        sigma = dp (1 + 2 vf)/(2 (1 - vf))

    Args:
        dp: pressure at the wall above that outside the shell.
        vf: share of the particle in the sphere that the shell ends with.

    References:
        Hill1950, chapter 5; Lame's solution.
    """
    return dp * (1.0 + 2.0 * vf) / (2.0 * (1.0 - vf))


def yielded_excess(vf: Ratio, vf_Y: Ratio, sigma_Y: Pascal) -> Pascal:
    """Wall pressure above the outer one when a shell has yielded out to a share vf_Y.

        dp = (2/3) sigma_Y (1 - vf_Y + ln(vf_Y/vf))

    Args:
        vf: share of the particle in the sphere that the shell ends with.
        vf_Y: share of particle and yielded shell in it, from vf to 1.
        sigma_Y: yield strength.

    References:
        Hill1950, chapter 5.
    """
    return 2.0 / 3.0 * sigma_Y * (1.0 - vf_Y + np.log(vf_Y / vf))


def yielded_tension(vf_Y: Ratio, sigma_Y: Pascal) -> Pascal:
    """Largest hoop tension, above the outer pressure, in a shell that yielded out to vf_Y.

        sigma = sigma_Y (1 + 2 vf_Y)/3,   where yielding ends

    References:
        Hill1950, chapter 5.
    """
    return sigma_Y * (1.0 + 2.0 * vf_Y) / 3.0


def weibull_share(sigma_t: Pascal, sigma_W: Pascal, m: Ratio) -> Ratio:
    """Share of equal pieces that a tension breaks, 1 - exp(-(sigma_t/sigma_W)^m).

    Args:
        sigma_t: tension; none where it is negative.
        sigma_W: strength that 63 % of the pieces do not have.
        m: modulus.

    References:
        Weibull1951.
    """
    return -np.expm1(-(np.maximum(sigma_t / sigma_W, 0.0) ** m))


def wedged_threshold(p: Pascal, P: Pascal, K_IC: PascalRootMetre, r_c: Metre) -> Ratio:
    """Pressure and toughness that hold a wedged crack of radius c, over the pressure p.

        f = (P + sqrt(pi) K_IC/(2 sqrt(r_c)))/p

    It is at rest where 1 - sqrt(1 - (R_p/r_c)^2) = f, see ``wedged_reach``.

    Args:
        p: pressure of the particle on its wall.
        P: pressure that closes the crack, from outside.
        K_IC: toughness.
        r_c: radius of the crack.
    """
    return (P + 0.5 * np.sqrt(np.pi) * K_IC / np.sqrt(r_c)) / p


def wedged_reach(f: Ratio) -> Ratio:
    """Radius of a crack over that of the particle that wedges it, 1/sqrt(f (2 - f)).

    1 from f = 1 on. A penny-shaped crack about the particle's equator: p presses on it within
    R_p and the outer pressure P closes all of it,

        K = 2 sqrt(r_c/pi) (p (1 - sqrt(1 - (R_p/r_c)^2)) - P) = K_IC

    Args:
        f: of ``wedged_threshold``.

    References:
        Sneddon1946.
    """
    f = np.minimum(f, 1.0)
    return 1.0 / np.sqrt(f * (2.0 - f))


def cracks_resistivity(vf: Ratio, reach: Ratio) -> Ratio:
    """What aligned cracks about spheres add to the resistivity across them, over its own.

        (8/3) N (r_c^3 - R_p^3) = (2/pi) vf (reach^3 - 1)

    N cracks per volume do not disturb one another; the spheres themselves are in the
    resistivity already.

    Args:
        vf: volume fraction of the spheres whose electrolyte is split.
        reach: radius of a crack over that of its sphere.

    References:
        Fricke1924: flat spheroids that do not conduct.
    """
    return 2.0 / np.pi * vf * (reach**3 - 1.0)
