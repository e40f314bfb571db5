"""Isotropic elasticity."""

from lithomech.units import Pascal, PascalPerMetre, Ratio


def shear_modulus(E: Pascal, nu: Ratio) -> Pascal:
    """Shear modulus G = E / (2 (1 + nu))."""
    return E / (2.0 * (1.0 + nu))


def bulk_modulus(E: Pascal, nu: Ratio) -> Pascal:
    """Bulk modulus K = E / (3 (1 - 2 nu))."""
    return E / (3.0 * (1.0 - 2.0 * nu))


def uniaxial_modulus(K: Pascal, G: Pascal) -> Pascal:
    """Stiffness of a laterally clamped layer, M = K + 4 G / 3."""
    return K + 4.0 * G / 3.0


def contact_modulus(E: Pascal, nu: Ratio, E_2: Pascal, nu_2: Ratio) -> Pascal:
    """Effective modulus of two bodies in contact.

        1/E* = (1 - nu^2)/E + (1 - nu_2^2)/E_2

    References:
        Johnson1985, chapter 4.
    """
    return 1.0 / ((1.0 - nu**2) / E + (1.0 - nu_2**2) / E_2)


def series_stiffness(k: PascalPerMetre, k_2: PascalPerMetre) -> PascalPerMetre:
    """Stiffness of two springs in series, k k_2 / (k + k_2)."""
    return k * k_2 / (k + k_2)
