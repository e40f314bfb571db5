"""Voids in a particle: drawn where grains meet, or shut in by the grains of an image."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from lithomech.errors import InputError
from lithomech.particle.spec import Voids

Floats = NDArray[np.float64]

VOID: Final = -1  # owner of a node in a void
NEAR: Final = 12  # points around a place that tell how many grains meet there
APART: Final = 2.2  # radii between the centres of two voids, at least


def shut_in(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the zeros that do not reach the corner of the block to voids."""
    zeros = np.zeros(labels.shape, np.int32)
    ndimage.label(labels == 0, output=zeros)
    inside = (zeros > 0) & (zeros != zeros[0, 0, 0])
    return np.where(inside, np.int32(VOID), labels)


def centres(
    cloud: Floats, grain: NDArray[np.intp], voids: Voids, diameter: float, seed: int
) -> tuple[Floats, float]:
    """Places of round voids in a ball of radius one, and their radius.

    Args:
        cloud: points anywhere in the ball, (k, dimensions).
        grain: of each point.
        voids: what is declared.
        diameter: of the particle [m].
        seed: of ties.

    Raises:
        InputError: they find no room.
    """
    dimensions = cloud.shape[1]
    count = max(1, round(voids.porosity * (diameter / voids.diameter) ** dimensions))
    radius = (voids.porosity / count) ** (1.0 / dimensions)
    _, near = KDTree(cloud).query(cloud, NEAR)
    around = np.sort(grain[near], axis=1)
    meeting = (around[:, 1:] != around[:, :-1]).sum(axis=1)
    inside = np.linalg.norm(cloud, axis=1) < 1.0 - APART * radius
    chance = np.random.default_rng((seed, 1)).random(len(cloud))
    chosen: list[Floats] = []
    for i in np.lexsort((chance, -meeting)):
        away = [float(np.linalg.norm(cloud[i] - one)) for one in chosen]
        if inside[i] and min(away, default=np.inf) > APART * radius:
            chosen.append(cloud[i])
            if len(chosen) == count:
                return np.array(chosen), radius
    raise InputError(
        f"{len(chosen)} of {count} voids of {radius * diameter * 1e9:.3g} nm find room apart "
        "from one another and from the outside",
        key="voids",
    )


def in_voids(points: Floats, places: Floats, radius: float) -> NDArray[np.bool_]:
    """Whether each point lies in a void."""
    away = np.asarray(KDTree(places).query(points)[0], np.float64)
    return np.less(away, radius)
