"""Lithium content of a host: its charge, its volume, and the stress between both."""

from lithomech.constants import F
from lithomech.units import (
    CoulombPerKilogram,
    CoulombPerM3,
    KilogramPerM3,
    KilogramPerMol,
    M3PerMol,
    Pascal,
    Ratio,
    Volt,
)


def stress_shifted_potential(U_0: Volt, sigma_h: Pascal, Omega: M3PerMol) -> Volt:
    """Equilibrium potential of an insertion host under stress.

        U = U_0 + Omega sigma_h / F

    Tension is positive: compression lowers U and makes insertion harder. Holds for small
    strain and an Omega that does not depend on stress. Lithium metal: Omega = V_Li.

    Args:
        U_0: stress-free potential vs Li/Li+.
        sigma_h: hydrostatic stress, tr(sigma)/3.
        Omega: partial molar volume of lithium in the host, dV_m/dx.

    References:
        LarcheCahn1973; Koerver2018 (measured on indium: 0.122 mV/MPa).
    """
    return U_0 + Omega * sigma_h / F


def lattice_mismatch_stress(G: Pascal, eps_ca: Ratio, chi: Ratio) -> Pascal:
    """Stress between grains of unlike orientation.

        sigma = chi G eps_ca

    Args:
        G: shear modulus of the active material.
        eps_ca: difference of the strains along c and a since the material was made.
        chi: stress where grains meet over that of the mismatch; 0 for one grain.
    """
    return chi * G * eps_ca


def concentration_gradient_stress(
    E: Pascal, nu: Ratio, eps_slope: Ratio, dx: Ratio, chi: Ratio
) -> Pascal:
    """Tangential stress from a difference in lithium content across a particle.

        sigma = chi E eps_slope dx / (3 (1 - nu))

    Args:
        E: Young's modulus.
        nu: Poisson's ratio.
        eps_slope: slope of the volume strain, d eps_v / dx = Omega c_max.
        dx: difference of surface and mean stoichiometry.
        chi: geometry factor.

    References:
        ChengVerbrugge2009.
    """
    return chi * E * eps_slope * dx / (3.0 * (1.0 - nu))


def reaction_capacity(n_e: Ratio, M: KilogramPerMol) -> CoulombPerKilogram:
    """Charge of a reaction per mass, n_e F / M.

    Args:
        n_e: electrons per formula unit.
        M: molar mass of the formula unit that the mass counts, with or without lithium.
    """
    return n_e * F / M


def volumetric_capacity(Q: CoulombPerKilogram, rho: KilogramPerM3) -> CoulombPerM3:
    """Charge per volume, Q rho; both of the same state, lithiated or not.

    Args:
        Q: charge per mass.
        rho: density without pores, in the same state.
    """
    return Q * rho


def reaction_volume_change(V_after: M3PerMol, V_before: M3PerMol) -> Ratio:
    """Volume change of a reaction over the volume before, V_after/V_before - 1.

    Args:
        V_after: volume of the products per formula unit that reacts.
        V_before: volume of that formula unit.
    """
    return V_after / V_before - 1.0
