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


def young_from_shear(G: Pascal, nu: Ratio) -> Pascal:
    """Young's modulus E = 2 G (1 + nu)."""
    return 2.0 * G * (1.0 + nu)


def young_from_bulk(K: Pascal, nu: Ratio) -> Pascal:
    """Young's modulus E = 3 K (1 - 2 nu)."""
    return 3.0 * K * (1.0 - 2.0 * nu)


def young_from_bulk_shear(K: Pascal, G: Pascal) -> Pascal:
    """Young's modulus E = 9 K G / (3 K + G)."""
    return 9.0 * K * G / (3.0 * K + G)


def poisson_from_shear(E: Pascal, G: Pascal) -> Ratio:
    """Poisson's ratio nu = E / (2 G) - 1.

    A difference of two like numbers: 1 % in E or G is 0.013 in a nu of 0.3.
    """
    return E / (2.0 * G) - 1.0


def poisson_from_bulk(E: Pascal, K: Pascal) -> Ratio:
    """Poisson's ratio nu = 1/2 - E / (6 K)."""
    return 0.5 - E / (6.0 * K)


def poisson_from_bulk_shear(K: Pascal, G: Pascal) -> Ratio:
    """Poisson's ratio nu = (3 K - 2 G) / (2 (3 K + G))."""
    return (3.0 * K - 2.0 * G) / (2.0 * (3.0 * K + G))


def bulk_from_young_shear(E: Pascal, G: Pascal) -> Pascal:
    """Bulk modulus K = E G / (3 (3 G - E)); E < 3 G, and near that E it is ill-conditioned."""
    return E * G / (3.0 * (3.0 * G - E))


def pugh_ratio(G: Pascal, K: Pascal) -> Ratio:
    """Pugh's ratio G / K: ductile below about 0.57, brittle above.

    A rule of thumb found on pure metals, not a criterion of fracture.

    References:
        Pugh1954.
    """
    return G / K
