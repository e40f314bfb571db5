"""Cracking of secondary particles at cell scale, and of the separator at its rim."""

import numpy as np

from lithomech.units import (
    JoulePerM2,
    Metre,
    Pascal,
    PascalPerMetre,
    PerSecond,
    Ratio,
)


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


def pressed_cracks(a_0: Ratio, p: Pascal, p_c: Pascal) -> Ratio:
    """Volume fraction of cracks under pressure, a_0 exp(-p/p_c).

    It minimises p_c (a ln(a/a_0) - a + a_0) + p a, the energy per volume of particle: cracks
    are one more spring between the contraction and the pressure at the wall.

    Args:
        a_0: without pressure, as a section out of the cell shows them.
        p: pressure at the wall.
        p_c: pressure that shuts them to 1/e.
    """
    return a_0 * np.exp(-p / p_c)


def pressure_on_lithium(p: Pascal, p_c: Pascal, k_open: Ratio) -> Pascal:
    """What lithium has to work against, where cracks take a share of its volume.

        p - k_open p_c (1 - exp(-p/p_c))

    The derivative of the energy at constant damage, over d eps_v: the second term is the
    change of the energy of ``pressed_cracks`` with a_0. Without it potential and thickness
    break Maxwell's relation.

    Args:
        p: pressure at the wall.
        p_c: pressure that shuts cracks to 1/e.
        k_open: share of a change of volume that opens as cracks, - d a_0/d eps_v at present.
    """
    return p - k_open * p_c * (1.0 - np.exp(-p / p_c))


def isolation_rate(k_N: Ratio, x_rate: PerSecond) -> PerSecond:
    """Rate at which working cuts off grains that are still connected, k_N |dx/dt|.

        rate = k_N |dx/dt|;   dN/dt = (1 - N) rate

    Args:
        k_N: share per change of stoichiometry: by open cracks, by loads at contacts.
        x_rate: absolute rate of change of the mean stoichiometry.
    """
    return k_N * x_rate


def inner_share(d_g: Metre, r_p: Metre) -> Ratio:
    """Share of the grains that do not touch the surface of their particle, (1 - 0.8 d_g/r_p)^3.

    What touches the electrolyte is not cut off, whatever parts behind it. The outermost layer
    of Voronoi grains is 0.8 of a diameter thick, as counting them says.

    Args:
        d_g: diameter of the grains: (r_p / (d_g/2))^3 of them fill the particle.
        r_p: radius of the particle.
    """
    return np.maximum(1.0 - 0.8 * d_g / r_p, 0.0) ** 3


def enclosed_share(b: Ratio, faces: Ratio) -> Ratio:
    """Share of the grains all of whose boundaries have parted, b^faces.

    Args:
        b: share of the boundaries that have parted, here or there alike.
        faces: boundaries of a grain.
    """
    return b**faces


def damaged_diffusivity_factor(d: Ratio, chi_D: Ratio) -> Ratio:
    """Share of the diffusivity left when cracks cut paths: 1 - chi_D d."""
    return 1.0 - chi_D * d


def final_opening(G_c: JoulePerM2, sigma_c: Pascal) -> Metre:
    """Opening at which a boundary carries nothing any more, 2 G_c / sigma_c.

    Args:
        G_c: energy that a unit area of boundary takes to part.
        sigma_c: its strength; the traction falls linearly from there.

    References:
        Hillerborg1976.
    """
    return 2.0 * G_c / sigma_c


def cohesive_stiffness(sigma_c: Pascal, w_f: Metre, w_max: Metre) -> PascalPerMetre:
    """Traction over opening of a boundary that was once open by w_max.

        k = sigma_c (1 - w_max/w_f) / w_max,   and none beyond w_f

    Unloading goes to the origin: sigma_c w_max / 2 per area is gone.

    Args:
        sigma_c: strength.
        w_f: final opening.
        w_max: largest effective opening so far, > 0.

    References:
        Hillerborg1976.
    """
    return sigma_c * np.maximum(1.0 - w_max / w_f, 0.0) / w_max


def effective_opening(w_n: Metre, w_t: Metre, share_t: Ratio) -> Metre:
    """Opening that counts where a boundary slides as it opens, sqrt(w_n^2 + share_t^2 w_t^2).

    Args:
        w_n: normal opening, >= 0.
        w_t: sliding.
        share_t: weight of sliding.

    References:
        Camacho1996.
    """
    return np.sqrt(w_n * w_n + share_t * share_t * w_t * w_t)


def misoriented_energy(G_x: JoulePerM2, G_b: JoulePerM2, t: Ratio) -> JoulePerM2:
    """Energy to part a boundary between grains that are turned by little.

        G = G_x - (G_x - G_b) t (1 - ln t)

    What dislocations of a low-angle boundary store need not be paid when it parts.

    Args:
        G_x: of a crystal.
        G_b: of a boundary at a high angle.
        t: angle over that from which it is high, 0 to 1.

    References:
        Read1950.
    """
    return G_x - (G_x - G_b) * t * (1.0 - np.log(np.maximum(t, 1e-12)))


def bond_share(P: Pascal, P_full: Pascal, n: Ratio) -> Ratio:
    """Energy to part a pressed bond over that to part the electrolyte itself, (P/P_full)^n.

    At most 1: beyond P_full the crack runs in the electrolyte.

    Args:
        P: pressure that pressed them together.
        P_full: at which the bond is as tough as the electrolyte.
        n: exponent.

    References:
        Liao2025.
    """
    return np.minimum((P / P_full) ** n, 1.0)


def largest_band(E: Pascal, G_c: JoulePerM2, sigma_c: Pascal) -> Metre:
    """Widest element over which a crack may be smeared, 2 E G_c / sigma_c^2.

    A wider one holds more elastic energy at its strength than the crack can take: what it
    dissipates would depend on the mesh.

    References:
        Bazant1983.
    """
    return 2.0 * E * G_c / sigma_c**2


def rim_share(nu: Ratio) -> Ratio:
    """Radial tension at the rim of a pressed area, per pressure: (1 - 2 nu)/2.

    An even pressure on a round area of a thick elastic solid: on the free surface beside it the
    radial stress is (1 - 2 nu) P a^2/(2 r^2), the hoop stress as much in compression; under the
    area both are compression, (1 + 2 nu) P/2.

    Args:
        nu: Poisson's ratio of the solid.

    References:
        Johnson1985, section 3.4. Cracks that began at the rim of a contact: Tippens2019.
    """
    return 0.5 * (1.0 - 2.0 * nu)
