"""Strength and final opening of every boundary: between grains, in them, and around them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.laws.fracture import bond_share, final_opening, largest_band, misoriented_energy
from lithomech.materials.material import Material
from lithomech.particle.boundaries import Boundaries
from lithomech.particle.grains import Polycrystal
from lithomech.particle.spec import Particle
from lithomech.particle.substances import BOND, CRACKING, THROUGH, Materials

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

UNBROKEN: Final = 1e30  # strength [Pa] of what does not open
TURNED: Final = ("high_misorientation", THROUGH[1], CRACKING[1])
SCATTER: Final = "boundary_weibull_modulus"
PRESSED: Final = ("bonding_pressure", "bonding_exponent")
MIX: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def cohesion(
    b: Boundaries, grains: Polycrystal, found: Materials, particle: Particle
) -> tuple[Floats, Floats]:
    """Strength [Pa] and final opening [m] of every voxel, endless where it cannot open.

    Boundaries differ in strength as flaws of different size make them: their energy goes with
    its square, so that the size of the zone where they open is the same for all.

    Args:
        b: boundaries, m voxels.
        grains: that they lie between.
        found: materials.
        particle: what is declared.

    Returns:
        Both of shape (m,).

    References:
        Weibull1951.
    """
    strength, final = np.full(len(b.voxel), UNBROKEN), np.ones(len(b.voxel))
    within = inside_one(b, grains)

    def put(where: Mask, sigma_c: float, G_c: float, relative: Floats | float = 1.0) -> None:
        strength[where] = sigma_c * relative
        final[where] = float(final_opening(G_c, sigma_c)) * relative

    active, around = found.active, found.around
    if particle.grains.cracking:
        where = b.parted & ~within
        relative = np.ones(int(where.sum()))
        if active.has(SCATTER):
            chance = chances(grain_pairs(b, grains)[where], particle.seed)
            relative = (-np.log(chance)) ** (1.0 / float(active.value(SCATTER)))
        sigma_c, G_c = (float(active.value(name)) for name in CRACKING)
        if active.has(TURNED[0]):
            relative = relative * _tougher(turned(b, grains)[where], active)
        put(where, sigma_c, G_c, relative)
        if within.any():
            sigma_c, G_c = (float(active.value(name)) for name in THROUGH)
            put(within, sigma_c, G_c)
    if around is not None and around.has(BOND[0]):
        share = bonded(found, particle)
        sigma_c, G_c = (float(around.value(name)) for name in BOND)
        put(b.outer, sigma_c * share**0.5, G_c * share)
    return strength, final


def turned(b: Boundaries, grains: Polycrystal) -> Floats:
    """Angle between the c axes of the grains that meet in each voxel [rad], (m,)."""
    one, other = (grains.axes[np.maximum(n, 1) - 1] for n in b.pair.T)
    return np.arccos(np.minimum(np.abs(np.einsum("mi,mi->m", one, other)), 1.0))


def _tougher(angle: Floats, active: Material) -> Floats:
    """Strength over that of a boundary at a high angle, with flaws as large."""
    high, G_x, G_b = (float(active.value(name)) for name in TURNED)
    return np.sqrt(misoriented_energy(G_x, G_b, np.minimum(angle / high, 1.0)) / G_b)


def bonded(found: Materials, particle: Particle) -> float:
    """Energy of the bond over that of a fully pressed one."""
    around, electrolyte = found.around, particle.electrolyte
    if around is None or electrolyte is None or not around.has(PRESSED[0]):
        return 1.0
    P_full, n = (float(around.value(name)) for name in PRESSED)
    return float(bond_share(electrolyte.fabrication_pressure, P_full, n))


def inside_one(b: Boundaries, grains: Polycrystal) -> Mask:
    """Voxels in which pieces of one grain meet, and nothing else, (m,)."""
    if grains.grain is None:
        return np.zeros(len(b.voxel), bool)
    pair = grain_pairs(b, grains)
    return b.parted & ~b.outer & np.equal(pair[:, 0], pair[:, 1])


def grain_pairs(b: Boundaries, grains: Polycrystal) -> NDArray[np.int64]:
    """Lowest and highest number of the grains that meet in each voxel, (m, 2)."""
    number = np.arange(len(grains.axes)) if grains.grain is None else grains.grain
    grain = number[np.maximum(b.owners, 1) - 1]
    highest = np.where(b.owners > 0, grain, -1).max(axis=1)
    lowest = np.where(b.owners > 0, grain, len(grains.axes)).min(axis=1)
    return np.stack([lowest, highest], axis=1).astype(np.int64)


def chances(pair: NDArray[np.int64], seed: int) -> Floats:
    """Chance in (0, 1) of every pair of grains, whatever the voxels (splitmix64)."""
    with np.errstate(over="ignore"):
        bits = np.full(len(pair), seed, np.uint64)
        for number in pair.T:
            bits = (bits ^ number.astype(np.uint64)) + np.uint64(MIX[0])
            for shift, factor in ((30, MIX[1]), (27, MIX[2])):
                bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
            bits ^= bits >> np.uint64(31)
    return (bits.astype(np.float64) + 0.5) / 2.0**64


def check_voxel(particle: Particle, found: Materials) -> None:
    """Refuse voxels over which a crack cannot be smeared.

    Raises:
        InputError: with the widest that are allowed.
    """
    active, around = found.active, found.around
    E = found.youngs_modulus
    bands = []
    if particle.grains.cracking and not particle.grains.one:
        bands.append((active, CRACKING, E))
    if particle.grains.pieces:
        bands.append((active, THROUGH, E))
    if around is not None and around.has(BOND[0]):
        bands.append((around, BOND, float(around.value("youngs_modulus"))))
    for material, names, E in bands:
        sigma_c, G_c = (float(material.value(name)) for name in names)
        widest = float(largest_band(E, G_c, sigma_c))
        if particle.voxel > widest:
            what = names[1].split("_")[0]
            raise particle.locate(
                InputError(
                    f"voxels of {particle.voxel * 1e9:.3g} nm; allowed: up to "
                    f"{widest * 1e9:.3g} nm, 2 E G_c/sigma_c^2 of the {what} of "
                    f"{material.name}: a wider one cannot crack without the mesh having a say",
                    key="voxel_size",
                )
            )
