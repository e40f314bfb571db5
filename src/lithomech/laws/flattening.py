"""Contact between a rough metal and a soft solid: how far pressure and time have flattened it.

The contact is tanh(s) of the nominal area; the flattening s is a sum of what the polymer
gives way and what the metal flows.
"""

import numpy as np

from lithomech.units import Pascal, PerSecond, Ratio

RANDOM_SURFACE = np.sqrt(8.0 / np.pi)  # contact per P/(E* slope), of a random rough surface
CONSTRAINT = 3.0  # pressure on an asperity over the stress in it
REPRESENTATIVE = 0.2  # strain of a flattened asperity over its slope


def elastic_flattening(P: Pascal, E: Pascal, nu: Ratio, slope: Ratio) -> Ratio:
    """Flattening by a solid that gives way, sqrt(8/pi) P (1 - nu^2)/(E slope).

    Contact tanh(s) has the slope of the full theory at little contact, and is within 0.04 of
    its error function elsewhere.

    Args:
        P: nominal pressure.
        E: Young's modulus of the softer solid; relaxed or not, as the time asks for.
        nu: its Poisson's ratio.
        slope: root mean square of the slope of the rough surface.

    References:
        Persson2001, erf(sqrt(2) P/(E* slope)).
    """
    return RANDOM_SURFACE * P * (1.0 - nu * nu) / (E * slope)


def flattened_contact(flattening: Ratio) -> Ratio:
    """Contact per nominal area, tanh(flattening).

    Args:
        flattening: sum of what both sides have given way.
    """
    return np.tanh(flattening)


def flow_rate(P: Pascal, theta: Ratio, rate_0: PerSecond, P_ref: Pascal, n: Ratio) -> PerSecond:
    """Rate of flattening by a metal that creeps, rate_0 (1 - theta) (P/(3 theta P_ref))^n.

    Args:
        P: nominal pressure; an asperity bears P/theta, a third of which shears it.
        theta: contact at present.
        rate_0: rate of flattening under a stress P_ref, see ``flow_scale``.
        P_ref: of the stored constants.
        n: exponent of the stress.

    References:
        Johnson1985, chapter 6: hardness is 3 yield stresses.
    """
    return rate_0 * (1.0 - theta) * (P / (CONSTRAINT * theta * P_ref)) ** n


def flow_scale(creep: PerSecond, slope: Ratio) -> PerSecond:
    """Rate of flattening at a creep rate: asperities are flat at a strain of 0.2 slope.

    Args:
        creep: strain rate of the metal under the stress of the stored constants.
        slope: root mean square of the slope of the rough surface.

    References:
        Johnson1985, chapter 6.
    """
    return creep / (REPRESENTATIVE * slope)
