"""Whether the stiffness of a separator holds back the crests of a metal being plated."""

from lithomech.units import Pascal, Ratio


def crest_stress(
    G_s: Pascal, G_metal: Pascal, nu_s: Ratio, nu_metal: Ratio, v_ion: Ratio
) -> Pascal:
    """Stress that holds crests back, per slope of the crests; negative lets them grow.

    Two elastic half spaces are bonded along a wavy interface of small amplitude A and wave
    number k: plane strain, the same displacement on both sides, shear in balance. At a crest
    the energy of an electron is higher, per charge, by

        V_metal k A/2 {(1 - v_ion)(p_metal + p_s) - (1 + v_ion)(t_metal - t_s)}

    with p pressures and t deviatoric stresses across the interface; this is the curly bracket
    over k A. Surface tension, gamma k (1 + v_ion) more, is left out: it stops waves below a
    micrometre only.

    Args:
        G_s: shear modulus of the separator.
        G_metal: shear modulus of the metal.
        nu_s: Poisson's ratio of the separator.
        nu_metal: Poisson's ratio of the metal.
        v_ion: volume of the ion in the separator over that of the atom in the metal.

    References:
        MonroeNewman2005, AhmadViswanathan2017.
    """
    a_s, a_m = G_s / (3.0 - 4.0 * nu_s), G_metal / (3.0 - 4.0 * nu_metal)
    # along the interface, over that across it, at which the shear of both sides is in balance
    u = ((1.0 - 2.0 * nu_metal) * a_m - (1.0 - 2.0 * nu_s) * a_s) / (
        2.0 * ((1.0 - nu_s) * a_s + (1.0 - nu_metal) * a_m)
    )
    p_s = 4.0 / 3.0 * a_s * (1.0 + nu_s) * (1.0 - u)
    p_m = -4.0 / 3.0 * a_m * (1.0 + nu_metal) * (1.0 + u)
    t_s = p_s - 2.0 * a_s * (2.0 * (1.0 - nu_s) + (1.0 - 2.0 * nu_s) * u)
    t_m = p_m + 2.0 * a_m * (2.0 * (1.0 - nu_metal) - (1.0 - 2.0 * nu_metal) * u)
    return (1.0 - v_ion) * (p_m + p_s) - (1.0 + v_ion) * (t_m - t_s)
