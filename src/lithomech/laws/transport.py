"""How ions, electrons and lithium move."""

import numpy as np

from lithomech.constants import F, R
from lithomech.units import (
    AmperePerM2,
    JoulePerMol,
    Kelvin,
    M2PerSecond,
    Metre,
    MolPerM3,
    OhmM2,
    PerSecond,
    Ratio,
    RootSecondM2PerCoulomb,
    Second,
    SiemensPerM,
)


def arrhenius_factor(E_a: JoulePerMol, T: Kelvin, T_ref: Kelvin) -> Ratio:
    """Thermal activation relative to a reference temperature.

    f = exp(-E_a/R (1/T - 1/T_ref))
    """
    return np.exp(-E_a / R * (1.0 / T - 1.0 / T_ref))


def effective_conductivity(sigma_0: SiemensPerM, vf: Ratio, tau2: Ratio) -> SiemensPerM:
    """Conductivity of one phase of a porous composite.

        sigma = sigma_0 vf / tau2

    Args:
        sigma_0: conductivity of the dense phase.
        vf: volume fraction of the phase, of the total volume with pores.
        tau2: tortuosity factor (tau^2 of Song et al. 2021).

    References:
        Song et al. 2021, section 5.2 (definition used for its Table 3).
    """
    return sigma_0 * vf / tau2


def bruggeman_tortuosity_factor(vf: Ratio, b: Ratio) -> Ratio:
    """Tortuosity factor of Bruggeman's sigma = sigma_0 vf^b, that is vf^(1 - b)."""
    return vf ** (1.0 - b)


def percolating_conductivity(
    sigma_0: SiemensPerM, vf: Ratio, vf_c: Ratio, k_p: Ratio, spread_c: Ratio
) -> SiemensPerM:
    """Conductivity of a phase of particles that conduct where they meet, among insulators.

        sigma = sigma_0 [spread_c ln(1 + exp((vf - vf_c)/spread_c))/(1 - vf_c)]^k_p

    General effective medium of a conductor and an insulator; the logarithm rounds the threshold
    as a spread of it over the volume does, and is vf - vf_c well above.

    Args:
        sigma_0: conductivity of the dense phase.
        vf: volume fraction of the phase.
        vf_c: volume fraction where paths begin, the threshold.
        k_p: exponent of the distance from the threshold.
        spread_c: width of the threshold.

    References:
        McLachlan1990.
    """
    beyond = spread_c * np.logaddexp(0.0, (vf - vf_c) / spread_c)
    return sigma_0 * (beyond / (1.0 - vf_c)) ** k_p


def fibre_threshold(aspect: Ratio) -> Ratio:
    """Volume fraction where straight fibres without direction begin to touch all through.

        vf_c = 0.7/aspect

    Long fibres of which each meets 1.4 others; a sphere is no fibre.

    Args:
        aspect: length over thickness, well above 1.

    References:
        Balberg1984.
    """
    return 0.7 / aspect


def stoichiometry_rate(i: AmperePerM2, R_p: Metre, c_max: MolPerM3) -> PerSecond:
    """Change of a sphere's mean stoichiometry; i positive leaves the solid.

    dx/dt = -3 i / (R_p F c_max)
    """
    return -3.0 * i / (R_p * F * c_max)


def contact_depletion(
    i: AmperePerM2, R_p: Metre, D: M2PerSecond, c_max: MolPerM3, theta: Ratio, z: Ratio
) -> Ratio:
    """Stoichiometry missing at the contact caps of a partly contacted sphere.

        dx = (pi/2) i R_p/(F D c_max) theta^-1/2 z^-1/2 (1 - sqrt(theta))^3/2

    Lithium spreads from z contact caps into the whole sphere; zero when theta = 1.
    Quasi-steady, for times above (cap radius)^2/D.

    Args:
        i: current density on the whole surface, positive leaves the solid.
        R_p: particle radius.
        D: diffusivity of lithium in the particle.
        c_max: lithium concentration at x = 1.
        theta: contact left of the as-made contact.
        z: number of contact caps.

    References:
        Flux-tube constriction; derived for this package, see docs/theory/contact.md.
    """
    root = np.sqrt(theta)
    spread = (1.0 - root) * np.sqrt((1.0 - root) / z) / root
    return 0.5 * np.pi * i * R_p / (F * D * c_max) * spread


def depletion_share(s: PerSecond, R_p: Metre, D: M2PerSecond, theta: Ratio, z: Ratio) -> Ratio:
    """Share of the contact depletion that a sinusoid s = i omega builds up.

        share = 1/(1 + (pi/2) sqrt(s R_p^2 theta/(D z)) sqrt(1 - sqrt(theta))/(1 + sqrt(theta)))

    Resistor and Warburg element in parallel: 1 when slow; when fast, lithium diffuses straight
    below the caps and the particle's Warburg coefficient is that of the contact area, 1/theta
    of that of the whole surface.

    Args:
        s: i omega.
        R_p: particle radius.
        D: diffusivity of lithium in the particle.
        theta: contact left of the as-made contact.
        z: number of contact caps.

    References:
        Interpolation between both limits, derived for this package.
    """
    root = np.sqrt(theta)
    reach = np.sqrt(s * R_p * R_p / D) * np.sqrt(theta / z)
    return 1.0 / (1.0 + 0.5 * np.pi * reach * np.sqrt(1.0 - root) / (1.0 + root))


def tortuosity_factor(sigma_0: SiemensPerM, vf: Ratio, sigma: SiemensPerM) -> Ratio:
    """Tortuosity factor of a measured conductivity, the inverse of ``effective_conductivity``.

        tau2 = sigma_0 vf / sigma

    Args:
        sigma_0: conductivity of the dense phase.
        vf: volume fraction of the phase, of the total volume with pores.
        sigma: measured conductivity of the composite.

    References:
        Song2021, section 5.2.
    """
    return sigma_0 * vf / sigma


def implied_solid_fraction(
    sigma_0: SiemensPerM, vf_solid: Ratio, sigma: SiemensPerM, tau2: Ratio
) -> Ratio:
    """Solid fraction with which a published tortuosity factor and conductivity agree.

        g = tau2 sigma / (sigma_0 vf_solid)

    Args:
        sigma_0: conductivity of the dense phase.
        vf_solid: volume fraction of the phase, of the solids without pores.
        sigma: measured conductivity of the composite.
        tau2: tortuosity factor that is published beside it.

    References:
        Song2021, Table 3: vf there is g vf_solid, and g is not printed.
    """
    return tau2 * sigma / (sigma_0 * vf_solid)


def sand_time(i: AmperePerM2, D: M2PerSecond, c_max: MolPerM3, dx: Ratio) -> Second:
    """Time until a constant current has changed the stoichiometry at the surface by dx.

        t = (pi/4) D (F c_max dx/i)^2

    Semi-infinite diffusion into a flat surface: while sqrt(D t) is small against the particle.
    The slope of log t against log i is then -2; where all lithium is used it is -1.

    Args:
        i: current density, positive leaves the solid.
        D: diffusivity of lithium in the particle.
        c_max: lithium concentration at x = 1.
        dx: change of the stoichiometry at the surface.

    References:
        Sand1901.
    """
    return 0.25 * np.pi * D * (F * c_max * dx / i) ** 2


def two_rail_resistance(R_i: OhmM2, R_e: OhmM2, R_ct: OhmM2) -> OhmM2:
    """Resistance of a porous electrode, ions in at one side and electrons out at the other.

        R = R_i R_e/(R_i + R_e) [1 + (2 + (R_e/R_i + R_i/R_e) cosh nu)/(nu sinh nu)],
        nu^2 = (R_i + R_e)/R_ct

    Linear kinetics, everything uniform. R_e -> 0 gives sqrt(R_i R_ct) coth sqrt(R_i/R_ct).

    Args:
        R_i: of the ions across the whole electrode, for a unit of its area.
        R_e: of the electrons, likewise.
        R_ct: of the reaction on all its surface, for a unit of its area.

    References:
        EulerNonnenmacher1960.
    """
    nu = np.sqrt((R_i + R_e) / R_ct)
    spread = 2.0 / (nu * np.sinh(nu)) + (R_e / R_i + R_i / R_e) / (nu * np.tanh(nu))
    return R_i * R_e / (R_i + R_e) * (1.0 + spread)


def depletion_per_half_integral(c_sol: MolPerM3, D: M2PerSecond) -> RootSecondM2PerCoulomb:
    """Share of a solubility that a current takes from a surface, 1/(F c_sol sqrt(D)).

    It multiplies the half integral of the current density over time, which is 2 i sqrt(t/pi)
    under a constant one: all is gone after t = pi D (F c_sol/(2 i))^2 (Sand).

    Args:
        c_sol: concentration of a half-infinite solid at rest.
        D: diffusivity in it.

    References:
        Sand1901.
    """
    return 1.0 / (F * c_sol * np.sqrt(D))
