"""All elastic constants of an isotropic material from any two of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from lithomech.errors import MaterialError
from lithomech.laws import elasticity
from lithomech.materials.material import Material

PROPERTIES: Final[dict[str, str]] = {
    "E": "youngs_modulus",
    "nu": "poisson_ratio",
    "G": "shear_modulus",
    "K": "bulk_modulus",
}
_LIMITS: Final = {"E": (0.0, inf), "nu": (-1.0, 0.5), "G": (0.0, inf), "K": (0.0, inf)}
# What a pair says of the other constants, the pair that counts first.
_Pairs = dict[tuple[str, str], Callable[..., Any]]
_YOUNG: Final[_Pairs] = {
    ("G", "nu"): elasticity.young_from_shear,
    ("K", "nu"): elasticity.young_from_bulk,
    ("K", "G"): elasticity.young_from_bulk_shear,
}
_POISSON: Final[_Pairs] = {
    ("E", "G"): elasticity.poisson_from_shear,
    ("E", "K"): elasticity.poisson_from_bulk,
    ("K", "G"): elasticity.poisson_from_bulk_shear,
}


@dataclass(frozen=True)
class Elastic:
    """The four constants of an isotropic material.

    Attributes:
        E: Young's modulus [Pa].
        nu: Poisson's ratio.
        G: shear modulus [Pa].
        K: bulk modulus [Pa].
        derived: the names of those that were calculated from the others.
        inconsistency: largest relative difference between Young's modulus as given and from a
            pair of the others (between pairs where it is not given); 0 for two constants.
    """

    E: float
    nu: float
    G: float
    K: float
    derived: tuple[str, ...]
    inconsistency: float


def complete(
    E: float | None = None,
    nu: float | None = None,
    G: float | None = None,
    K: float | None = None,
) -> Elastic:
    """Return all four constants; what is given stays as it is, also where it disagrees.

    Of three or four given constants E counts before G and K, and nu before both: the missing
    ones follow from the first two.

    Args:
        E: Young's modulus [Pa].
        nu: Poisson's ratio.
        G: shear modulus [Pa].
        K: bulk modulus [Pa].

    Raises:
        MaterialError: fewer than two are given, or no stable isotropic material has them.

    References:
        Hill1950, chapter 1.
    """
    named = {"E": E, "nu": nu, "G": G, "K": K}
    constants = {name: value for name, value in named.items() if value is not None}
    if len(constants) < 2:
        raise MaterialError(
            f"two of E, nu, G and K are needed, got {', '.join(constants) or 'none'}"
        )
    _check(constants)
    young = list(_young(constants))
    E = young[0]
    nu = constants["nu"] if "nu" in constants else next(_of_pairs(_POISSON, constants))
    full = {"E": E, "nu": nu, "G": elasticity.shear_modulus(E, nu)}
    _check(full)  # before the bulk modulus, which has a pole at nu = 1/2
    full["K"] = elasticity.bulk_modulus(E, nu)
    full |= constants
    derived = tuple(name for name in full if name not in constants)
    return Elastic(**full, derived=derived, inconsistency=max(abs(e / E - 1.0) for e in young))


def elastic_constants(material: Material, ref: str = "") -> Elastic:
    """Return the four constants of a material, from what its file has.

    Args:
        material: as loaded.
        ref: key of the only work to take values from; "" takes the preferred ones, which may
            come from several samples: `inconsistency` then shows.

    Raises:
        MaterialError: the file has fewer than two of them, or they cannot belong together.
    """
    constants = {}
    for symbol, name in PROPERTIES.items():
        preferred = material.properties.get(name)
        entries = (preferred, *preferred.others) if preferred is not None else ()
        for entry in entries:
            if entry.value is not None and ref in {"", entry.source.ref}:
                constants[symbol] = entry.value
                break
    try:
        return complete(**constants)
    except MaterialError as error:
        raise error.located(key=material.name) from None


def _young(constants: dict[str, float]) -> Iterator[float]:
    """Young's modulus as given, then from every pair of the others."""
    if "E" in constants:
        yield constants["E"]
    yield from _of_pairs(_YOUNG, constants)


def _of_pairs(laws: _Pairs, constants: dict[str, float]) -> Iterator[float]:
    for pair, law in laws.items():
        if constants.keys() >= set(pair):
            yield law(*(constants[name] for name in pair))


def _check(constants: dict[str, float]) -> None:
    for name, value in constants.items():
        low, high = _LIMITS[name]
        if not low < value < high:
            limits = f"between {low:g} and {high:g}"
            raise MaterialError(f"{name} = {value:g} is impossible: it is {limits}")
