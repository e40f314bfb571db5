"""Grains as a network: who is connected through whom, and what their contacts conduct."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components
from scipy.sparse.linalg import splu

from lithomech.laws.contact import contact_conductance
from lithomech.microstructure.grains import Floats, Mixture
from lithomech.microstructure.pack import Pellet

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """Conduction from grain to grain along the axis of pressing of a periodic box.

    Attributes:
        conductivity: effective [S/m]; 0 where nothing spans.
        spanning: which grains belong to a cluster that spans, (grains,).
        current: of each contact at 1 V/m, from the first to the second grain [A].
    """

    conductivity: float
    spanning: Mask
    current: Floats


def spanning_grains(pellet: Pellet, joined: Mask, kept: Mask) -> Mask:
    """Grains of clusters that meet themselves again on the other side of the box.

    Args:
        pellet: grains at rest.
        joined: which contacts connect, (contacts,).
        kept: which grains may belong, (grains,).
    """
    n = pellet.radii.size
    used = joined & kept[pellet.pairs].all(axis=1)
    pairs, rise = pellet.pairs[used], pellet.branch[used, 0]
    graph = csc_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, cluster = connected_components(graph, directed=False)
    step = {}
    for (i, j), dz in zip(pairs.tolist(), rise.tolist(), strict=True):
        step[i, j], step[j, i] = dz, -dz  # height of i above j
    height = np.zeros(n)
    both = (graph + graph.T).tocsr()
    firsts, sizes = np.unique(cluster, return_index=True, return_counts=True)[1:]
    for first in firsts[sizes > 1]:
        order, before = breadth_first_order(both, first, directed=False)
        for i in order[1:]:
            height[i] = height[before[i]] + step[int(i), int(before[i])]
    around = np.abs(height[pairs[:, 0]] - height[pairs[:, 1]] - rise) > 0.5 * pellet.box[0]
    through = np.zeros(cluster.max() + 1, np.bool_)
    through[cluster[pairs[around, 0]]] = True
    return through[cluster] & kept


def electron_network(pellet: Pellet, mixture: Mixture) -> Network:
    """Electrons from grain to grain: each contact is a constriction and a film in series.

    Grains are equipotential but for the constriction, which holds for contacts that are small
    against them. Contacts without force do not conduct.
    """
    sigma = np.array([sort.sigma for sort in mixture.sorts])[pellet.sorts]
    film = np.array([sort.film for sort in mixture.sorts])[pellet.sorts]
    joined = pellet.force > 0.0
    spanning = spanning_grains(pellet, joined, sigma > 0.0)
    used = joined & spanning[pellet.pairs].all(axis=1)
    current = np.zeros(len(pellet.pairs))
    if not used.any():
        return Network(0.0, spanning, current)
    i, j = pellet.pairs[used].T
    g = contact_conductance(
        sigma[i], sigma[j], pellet.contact_radius[used], np.maximum(film[i], film[j])
    )
    rise = pellet.branch[used, 0]
    passed = _solve(i, j, np.asarray(g), rise, pellet.radii.size)
    current[used] = passed
    return Network(float(np.sum(passed * rise) / np.prod(pellet.box)), spanning, current)


def _solve(
    i: NDArray[np.int32], j: NDArray[np.int32], g: Floats, rise: Floats, n: int
) -> Floats:
    """Current from i to j of each contact in a potential that rises by 1 V/m along the axis."""
    drive = g * rise  # of that potential alone
    load = np.bincount(j, drive, n) - np.bincount(i, drive, n)
    rows = np.concatenate([i, j, i, j])
    columns = np.concatenate([j, i, i, j])
    matrix = coo_matrix((np.concatenate([-g, -g, g, g]), (rows, columns)), shape=(n, n))
    matrix = matrix.tocsc()
    free = matrix.diagonal() > 0.0
    _, cluster = connected_components(matrix, directed=False)
    free[np.unique(cluster, return_index=True)[1]] = False  # one grain of each is at 0 V
    index = np.flatnonzero(free)
    potential = np.zeros(n)
    if index.size:
        potential[index] = splu(matrix[index][:, index]).solve(load[index])
    return g * (potential[i] - potential[j] + rise)
