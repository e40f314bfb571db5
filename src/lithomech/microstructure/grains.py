"""The grains of a composite: how many, how large, how stiff."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.laws.elasticity import contact_modulus
from lithomech.materials.load import load_material
from lithomech.materials.material import Material
from lithomech.microstructure.spec import Powder, SizeDistribution, Structure

Floats = NDArray[np.float64]
MOST_GRAINS: Final = 100_000
FEWEST_ACTIVE: Final = 8
HARDNESS: Final = 3.0  # contact yield pressure over yield strength, full plasticity (Tabor)
DECILE: Final = 1.282  # standard deviations from the median to the tenth percentile
WIDEST: Final = 2.0  # standard deviations of the size that are drawn
PACKED: Final = 0.8  # share of the box that grains are counted for, before they are pressed


@dataclass(frozen=True)
class Sort:
    """Grains of one powder.

    Attributes:
        name: of the material.
        share: of the solid volume.
        E: Young's modulus [Pa].
        nu: Poisson's ratio.
        p_y: contact yield pressure [Pa]; inf = elastic.
        welds: whether what flows stays whole with the grain that it flowed onto.
        sigma: electronic conductivity [S/m]; 0 = none.
        film: resistance of a contact with a grain that conducts [ohm m2].
        active: whether it stores lithium.
    """

    name: str
    share: float
    E: float
    nu: float
    p_y: float
    welds: bool
    sigma: float
    film: float
    active: bool


@dataclass(frozen=True)
class Mixture:
    """A structure with its materials resolved.

    Attributes:
        sorts: active materials, then the electrolyte, then additives.
        electrolyte: index of the electrolyte in ``sorts``.
        kappa: conductivity of the dense electrolyte [S/m].
        density: of the solids [kg/m3].
    """

    sorts: tuple[Sort, ...]
    electrolyte: int
    kappa: float
    density: float

    @property
    def active(self) -> NDArray[np.bool_]:
        """Which sorts store lithium."""
        return np.array([sort.active for sort in self.sorts])


def resolve(structure: Structure) -> Mixture:
    """Look up the materials.

    Raises:
        InputError: a material is unknown or lacks what pressing needs.
    """
    powders = structure.composition.powders
    n_active = len(structure.composition.active)
    keys = [f"composition.active[{i}]" for i in range(n_active)]
    keys += ["composition.electrolyte"]
    keys += [f"composition.additives[{i}]" for i in range(len(powders) - n_active - 1)]
    found = []
    beside = [structure.folder / "materials"] if structure.origin is not None else []
    for key, powder in zip(keys, powders, strict=True):
        try:
            found.append(load_material(powder.material, structure.materials, beside))
        except InputError as error:
            raise structure.locate(error.located(key=f"{key}.material")) from None
    T = structure.temperature
    try:
        volumes = np.array(
            [p.weight / m.value("density", T) for p, m in zip(powders, found, strict=True)]
        )
        density = 1.0 / float(volumes.sum())
        shares = volumes / volumes.sum()
        sorts = [
            _sort(material, float(share), T, i < n_active, i == n_active)
            for i, (material, share) in enumerate(zip(found, shares, strict=True))
        ]
        kappa = float(found[n_active].value("ionic_conductivity", T))
    except InputError as error:
        raise structure.locate(error) from None
    return Mixture(tuple(sorts), n_active, kappa, density)


def _sort(material: Material, share: float, T: float, active: bool, glue: bool) -> Sort:
    strength = np.inf
    if material.has("matrix_strength"):
        strength = HARDNESS * material.value("matrix_strength", T)
    elif material.has("hardness"):
        strength = material.value("hardness", T)
    conducts = not glue and material.has("electronic_conductivity")
    return Sort(
        material.name,
        share,
        float(material.value("youngs_modulus", T)),
        float(material.value("poisson_ratio", T)),
        float(strength),
        glue and material.has("matrix_strength"),
        float(material.value("electronic_conductivity", T)) if conducts else 0.0,
        float(material.value("contact_resistance", T))
        if material.has("contact_resistance")
        else 0.0,
        active,
    )


def mean_diameter(powder: Powder) -> float:
    """Median diameter by volume [m]."""
    size = powder.diameter
    return size.d50 if isinstance(size, SizeDistribution) else size


def contact_constants(mixture: Mixture) -> tuple[Floats, Floats]:
    """Contact modulus and yield pressure [Pa] of each pair of sorts.

    Shape (sorts, sorts + 1): the last column is a sort against a rigid plate.
    """
    sorts = mixture.sorts
    E_star = np.array(
        [
            [*(contact_modulus(a.E, a.nu, b.E, b.nu) for b in sorts), a.E / (1.0 - a.nu**2)]
            for a in sorts
        ]
    )
    p_y = np.array([[*(min(a.p_y, b.p_y) for b in sorts), a.p_y] for a in sorts])
    return E_star, p_y


def welding(mixture: Mixture) -> NDArray[np.bool_]:
    """Which pairs of sorts weld: an electrolyte that flows, with all but the plate.

    Shape (sorts, sorts + 1): the last column is a sort against a rigid plate.
    """
    own = np.array([sort.welds for sort in mixture.sorts])
    return np.column_stack([own[:, None] | own, np.zeros(own.size, np.bool_)])


def draw(
    structure: Structure, mixture: Mixture, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.int64]]:
    """Radii [m] and sorts of the grains in the box, largest first.

    Numbers follow the composition; radii are scaled slightly so that it is met exactly.

    Raises:
        InputError: the box is too small for its grains, or holds too many.
    """
    volume = PACKED * structure.box**3
    radii, sorts = [], []
    for index, (powder, sort) in enumerate(
        zip(structure.composition.powders, mixture.sorts, strict=True)
    ):
        if powder.weight == 0.0:
            continue
        wanted = sort.share * volume
        expected = wanted / (np.pi / 6.0 * mean_diameter(powder) ** 3)
        if expected > MOST_GRAINS:
            raise structure.locate(
                InputError(
                    f"{structure.box * 1e6:g} um hold {expected:.2g} grains of {sort.name}; "
                    f"allowed: up to {MOST_GRAINS}",
                    key="box",
                )
            )
        r = _radii(powder, wanted, rng)
        _check_room(structure, sort, r)
        radii.append(r * (wanted / (4.0 / 3.0 * np.pi * np.sum(r**3))) ** (1.0 / 3.0))
        sorts.append(np.full(r.size, index, np.int64))
    all_radii, all_sorts = np.concatenate(radii), np.concatenate(sorts)
    order = np.argsort(-all_radii, kind="stable")
    return all_radii[order], all_sorts[order]


def _radii(powder: Powder, volume: float, rng: np.random.Generator) -> Floats:
    """Radii of about this volume; a log-normal distribution where percentiles are given."""
    size = powder.diameter
    if not isinstance(size, SizeDistribution):
        count = round(volume / (np.pi / 6.0 * size**3))
        return np.full(max(count, 1), 0.5 * size)
    spread = np.log(size.d90 / size.d10) / (2.0 * DECILE)
    # by number the median is smaller than by volume (Hatch and Choate)
    median = size.d50 * np.exp(-3.0 * spread**2)
    low, high = size.d50 * np.exp(-WIDEST * spread), size.d50 * np.exp(WIDEST * spread)
    found, total = [], 0.0
    while total < volume:
        d = float(median * np.exp(spread * rng.standard_normal()))
        if low <= d <= high:
            found.append(0.5 * d)
            total += np.pi / 6.0 * d**3
    return np.array(found)


def _check_room(structure: Structure, sort: Sort, r: Floats) -> None:
    largest = 2.0 * float(r.max())
    if structure.box < 3.0 * largest:
        raise structure.locate(
            InputError(
                f"{structure.box * 1e6:g} um; allowed: at least three of the largest grains, "
                f"{3e6 * largest:g} um",
                key="box",
            )
        )
    if sort.active and r.size < FEWEST_ACTIVE:
        raise structure.locate(
            InputError(
                f"{structure.box * 1e6:g} um hold {r.size} grains of {sort.name}; allowed: at "
                f"least {FEWEST_ACTIVE}",
                key="box",
            )
        )
