"""Diffusion through two layers in series that nothing leaves, as modes that relax on their own.

A layer holds ``capacity`` per concentration and passes ``conductance`` per gradient. A source
of unit strength stands at the outer face of the first layer. The sink is spread evenly over the
second one, or stands at the other face of the first if there is no second.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

Floats = NDArray[np.float64]
CELLS = 200  # in each layer


class Slab(NamedTuple):
    """A layer; of thickness 0 it is not there."""

    thickness: float
    capacity: float  # content per volume and concentration
    conductance: float  # flux per gradient of the concentration


class Modes(NamedTuple):
    """Concentrations at the places asked for, under a source of unit strength.

    Mode k rises at ``drive[k] - rates[k]`` times itself; place p is at the sum of the modes
    times ``shapes[p]`` and of ``instant[p]``, which stands for all faster modes.
    """

    rates: Floats  # (modes,) 1/s
    drive: Floats  # (modes,)
    shapes: Floats  # (places, modes)
    instant: Floats  # (places,)
    steady: Floats  # (places,) after a long time


def relaxing_modes(first: Slab, second: Slab, count: int) -> Modes:
    """Return the modes that count most at the outer face of the first layer.

    Places: outer face of the first layer, and the mean of the second; where there is no second
    layer, the other face of the first.

    Args:
        first: with the source at its outer face.
        second: over which the sink is spread.
        count: of modes.
    """
    width, capacity, conductance = _cells(first, second)
    links = 2.0 / (width[:-1] / conductance[:-1] + width[1:] / conductance[1:])
    source = _source(width, second)
    content = width * capacity
    root = np.sqrt(content)
    across = np.append(links, 0.0) + np.insert(links, 0, 0.0)
    values, vectors = eigh_tridiagonal(across / content, -links / (root[:-1] * root[1:]))
    profiles = vectors[:, 1:] / root[:, None]  # without the mean, which nothing changes
    rates, drive = values[1:], profiles.T @ source
    at, half = _places(width, conductance, second)
    shapes = at @ profiles
    steady = at @ _steady(links, content, source) + half
    kept = np.sort(np.argsort(-np.abs(shapes[0] * drive / rates))[:count])
    instant = steady - shapes[:, kept] @ (drive[kept] / rates[kept])
    return Modes(rates[kept], drive[kept], shapes[:, kept], instant, steady)


def _cells(first: Slab, second: Slab) -> tuple[Floats, Floats, Floats]:
    """Width, capacity and conductance of each cell."""
    layers = [layer for layer in (first, second) if layer.thickness > 0.0]
    columns = [(layer.thickness / CELLS, layer.capacity, layer.conductance) for layer in layers]
    width, capacity, conductance = np.repeat(np.array(columns).T, CELLS, axis=1)
    return width, capacity, conductance


def _source(width: Floats, second: Slab) -> Floats:
    """What enters each cell per unit strength; the sum is 0."""
    source = np.zeros(width.size)
    source[0] = 1.0
    if second.thickness > 0.0:
        source[CELLS:] = -1.0 / CELLS
    else:
        source[-1] = -1.0
    return source


def _places(width: Floats, conductance: Floats, second: Slab) -> tuple[Floats, Floats]:
    """Weights of the cells at each place, and what half a cell under the source adds."""
    n = width.size
    at, half = np.zeros((2, n)), np.zeros(2)
    at[0, 0], half[0] = 1.0, 0.5 * width[0] / conductance[0]
    if second.thickness > 0.0:
        at[1, CELLS:] = 1.0 / CELLS
    else:
        at[1, -1], half[1] = 1.0, -half[0]
    return at, half


def _steady(links: Floats, content: Floats, source: Floats) -> Floats:
    """Concentrations after a long time, with the content of no source."""
    flux = np.cumsum(source)[:-1]  # through each link
    profile = np.append(0.0, -np.cumsum(flux / links))
    return profile - profile @ content / content.sum()
