"""Yield: around a swelling particle (Hill, Gurson), under a die, and in a tensile test."""

import numpy as np

from lithomech.units import Pascal, PerSecond, Ratio, Second


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


def pressing_pressure(vf: Ratio, Y_0: Pascal) -> Pascal:
    """Axial pressure at which a powder in a die has been pressed to the porosity vf.

        P = (2/3) Y_0 (s + vf sinh s),   cosh s = (sqrt(2 (1 + vf^2)) - 1)/vf

    Gurson's rigid-plastic solid, uniaxial strain, no friction at the wall, no hardening:
    pores that are closed and few. Zero at vf = 1, infinite at vf = 0.

    Args:
        vf: porosity.
        Y_0: strength of the dense matrix.

    References:
        Gurson1977; derived for this package, see docs/theory/plasticity.md.
    """
    cosh = (np.sqrt(2.0 * (1.0 + vf**2)) - 1.0) / vf
    return 2.0 / 3.0 * Y_0 * (np.arccosh(cosh) + vf * np.sqrt(cosh**2 - 1.0))


def brittle_stress(eps: Ratio, E: Pascal, sigma_f: Pascal) -> Pascal:
    """Stress of an elastic-brittle bar: E eps, and zero once it would exceed sigma_f.

    Monotonic loading, tension positive; compression stays elastic.

    Args:
        eps: uniaxial strain.
        E: Young's modulus.
        sigma_f: tensile strength.
    """
    stress = E * eps
    return np.where(stress <= sigma_f, stress, 0.0 * stress)


def hardening_stress(eps: Ratio, E: Pascal, sigma_Y: Pascal, H: Pascal) -> Pascal:
    """Stress of an elastic-plastic bar with linear hardening; H = 0: perfectly plastic.

        sigma = E eps                                       up to sigma_Y
        sigma = sigma_Y + E H/(E + H) (eps - sigma_Y/E)     beyond

    Monotonic tension, small strain.

    Args:
        eps: uniaxial strain.
        E: Young's modulus.
        sigma_Y: yield strength.
        H: stress per plastic strain, >= 0.

    References:
        Hill1950, chapter 1.
    """
    return np.minimum(E * eps, sigma_Y + E * H / (E + H) * (eps - sigma_Y / E))


def steady_flow_stress(
    eps_rate: PerSecond, rate_1: PerSecond, sigma_1: Pascal, n: Ratio
) -> Pascal:
    """Stress at which a creeping metal flows steadily (Norton).

        sigma_s = sigma_1 (eps_rate/rate_1)^(1/n),   from rate = rate_1 (sigma/sigma_1)^n

    Args:
        eps_rate: uniaxial strain rate, >= 0.
        rate_1: creep rate at sigma_1.
        sigma_1: 1 MPa for the stored constants.
        n: creep exponent of lithium.

    References:
        Masias2019 (lithium).
    """
    return sigma_1 * (eps_rate / rate_1) ** (1.0 / n)


def maxwell_stress(eps: Ratio, E: Pascal, sigma_s: Pascal) -> Pascal:
    """Stress of a viscoelastic bar that is drawn at a constant rate.

        sigma = sigma_s (1 - exp(-E eps/sigma_s))

    Exact for a spring and a linear dashpot in series, sigma_s = viscosity times rate. With
    sigma_s of a power law (``steady_flow_stress``) both ends are right, not the bend.

    Args:
        eps: uniaxial strain, >= 0.
        E: Young's modulus.
        sigma_s: stress of steady flow at this rate.
    """
    return sigma_s * (1.0 - np.exp(-E * eps / sigma_s))


def stack_creep(P_lost: Pascal, P: Pascal, c: Ratio, t_0: Second, h: Second) -> Pascal:
    """Stack pressure that a fixture has lost by creep, after a step.

        dP_lost/dt = (c P/t_0) exp(-P_lost/(c P)),   at constant P  P_lost = c P ln(1 + t/t_0)

    Primary creep with strain hardening: what has crept slows down what follows, and a higher
    pressure starts it anew. The step is implicit: P_lost + c P v with v exp(v) =
    (h/t_0) exp(-P_lost/(c P)), one root v >= 0 (Lambert's function).

    Args:
        P_lost: what was lost before.
        P: stack pressure, above 0.
        c: share of the pressure that is lost per e-fold of time.
        t_0: time after which it falls with the logarithm of time.
        h: time step, over which the rate is that of its end.
    """
    kept = c * P
    left = h / t_0 * np.exp(-P_lost / kept)
    v = np.log1p(left)
    v = v * (1.0 - np.log1p(v) / (2.0 + v))  # within 1 %
    for _ in range(2):
        grown = np.exp(v)
        off = v * grown - left
        v = v - off / (grown * (1.0 + v) - off * (2.0 + v) / (2.0 + 2.0 * v))
    return P_lost + kept * v
