"""What contacts between grains carry, and what that does to active grains."""

import numpy as np
from numpy.typing import NDArray

from lithomech.laws.contact import splitting_tension
from lithomech.microstructure.grains import Floats
from lithomech.microstructure.pack import Pellet


def mechanical_contact(pellet: Pellet, active: NDArray[np.bool_], electrolyte: int) -> float:
    """Area of the contacts of active grains with electrolyte under force [m2]."""
    across = _across(pellet, active, electrolyte)
    return float(np.pi * np.sum(pellet.contact_radius[across] ** 2))


def bearing_contacts(pellet: Pellet, active: NDArray[np.bool_], electrolyte: int) -> float:
    """Contacts with electrolyte that bear the load of an active grain, (sum F)^2/sum F^2.

    As many equal contacts would spread the load as evenly; 0 without any under force.
    """
    force = pellet.force[_across(pellet, active, electrolyte)]
    square = float(np.sum(force**2)) * int(active.sum())
    return float(np.sum(force)) ** 2 / square if square > 0.0 else 0.0


def _across(pellet: Pellet, active: NDArray[np.bool_], electrolyte: int) -> NDArray[np.bool_]:
    """The pairs of an active grain and one of electrolyte."""
    i, j = pellet.pairs.T
    glue = pellet.sorts == electrolyte
    return (active[i] & glue[j]) | (active[j] & glue[i])


def carried_by(pellet: Pellet, active: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean pressure in active grains [Pa], and the stress they carry along the axis [Pa].

    The stress of a grain is the sum of force times arm over its volume.
    """
    i, j = pellet.pairs.T
    length = np.linalg.norm(pellet.branch, axis=1)
    normal = pellet.branch / length[:, None]
    deep = 0.5 * pellet.overlap
    pressure = axial = 0.0
    along = pellet.force * normal[:, 0] + pellet.pull[:, 0]
    for grain in (i, j):
        arm = (pellet.radii[grain] - deep) * active[grain]
        pressure += float(np.sum(pellet.force * arm)) / 3.0
        axial += float(np.sum(along * normal[:, 0] * arm))
    volume = 4.0 / 3.0 * np.pi * float(np.sum(pellet.radii[active] ** 3))
    return pressure / volume, axial / float(np.prod(pellet.box))


def point_loads(pellet: Pellet, active: NDArray[np.bool_]) -> Floats:
    """Tension inside each active grain by its heaviest contact with another one [Pa], (n,).

    As if that force pressed from two sides. None where no other active grain touches.
    """
    touching = active[pellet.pairs].all(axis=1)
    heaviest = np.zeros(pellet.radii.size)
    for grain in pellet.pairs[touching].T:
        np.maximum.at(heaviest, grain, pellet.force[touching])
    return np.asarray(splitting_tension(heaviest[active], pellet.radii[active]))


def force_lines(pellet: Pellet) -> Floats:
    """Centres of both grains of each contact under force, and the force."""
    on = pellet.force > 0.0
    second = pellet.centres[pellet.pairs[on, 1]]
    return np.column_stack([second + pellet.branch[on], second, pellet.force[on]])
