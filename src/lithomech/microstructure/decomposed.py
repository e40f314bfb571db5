"""Where a pressed composite opens when electrolyte around active grains has shrunk.

A cell knows how much contact decomposition has cost, not where. In the pressed composite the
places that bear force hold longest: the surface of active grains opens from the places that are
farthest from any contact under force, in units of the contact's own size.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.microstructure.result import EffectiveProperties

Floats = NDArray[np.float64]
VOID = 0
SAMPLES = 24  # along the line between two grains, to find where they meet


class Opened(NamedTuple):
    """A composite with voids at the surface of its active grains.

    Attributes:
        labels: of the voxels, opened ones 0.
        surface: voxels of electrolyte that touched active grains.
        opened: how many of them are void.
    """

    labels: NDArray[np.uint8]
    surface: int
    opened: int


def open_surface(pressed: "EffectiveProperties", kept: float) -> Opened:
    """Open the surface of active grains until a share of its contact is left.

    Args:
        pressed: with its voxels and the forces between its grains.
        kept: contact that is left of that as pressed, 0 to 1.

    Raises:
        InputError: the share is none, or nothing bears force on active grains.
    """
    if not 0.0 <= kept <= 1.0:
        raise InputError(f"{kept:g} of the contact is left; allowed: 0 to 1", key="kept")
    labels = np.array(pressed.labels)
    actives = len(pressed.input["composition"]["active"])
    is_active = (labels > 0) & (labels <= actives)
    glue = labels == actives + 1
    touched = np.argwhere(glue & _beside(is_active))
    points, size = _contacts(pressed, is_active, glue)
    if not len(points):
        raise InputError("no contact of an active grain bears force", key="pressed")
    far = _distance((touched + 0.5) * pressed.spacing, points, size, pressed)
    count = round((1.0 - kept) * len(touched))
    going = touched[np.argsort(-far, kind="stable")[:count]]
    labels[tuple(going.T)] = VOID
    return Opened(labels, len(touched), count)


def _beside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voxels with a neighbour in the mask; the block repeats."""
    near = np.zeros_like(mask)
    for axis in range(mask.ndim):
        for step in (-1, 1):
            near |= np.roll(mask, step, axis)
    return near


def _contacts(
    pressed: "EffectiveProperties", is_active: NDArray[np.bool_], glue: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Places where electrolyte presses on active grains [m], and radii like F^(1/3)."""
    along = np.linspace(0.0, 1.0, SAMPLES)
    first, second, force = np.split(pressed.forces, (3, 6), axis=1)
    places = first[:, None] + along[:, None] * (second - first)[:, None]
    voxel = np.floor(places / pressed.spacing).astype(np.intp) % np.array(is_active.shape)
    at = tuple(np.moveaxis(voxel, -1, 0))
    active, soft = is_active[at], glue[at]
    meets = active.any(axis=1) & soft.any(axis=1)
    # they meet where the line leaves the active grain
    edge = np.where(active[:, 0], active.sum(axis=1) - 1, (~active).sum(axis=1))
    edge = np.clip(edge, 0, SAMPLES - 1)
    return places[np.flatnonzero(meets), edge[meets]], np.cbrt(force[meets, 0])


def _distance(
    places: Floats, points: Floats, size: Floats, pressed: "EffectiveProperties"
) -> Floats:
    """Distance to the nearest contact over its size, of each place."""
    box = pressed.spacing * np.array(pressed.labels.shape)
    tree = KDTree(points % box, boxsize=box)
    distance, which = tree.query(places % box, k=min(8, len(points)))
    distance, which = np.atleast_2d(distance.T).T, np.atleast_2d(which.T).T
    return np.min(distance / size[which], axis=1)
