"""Conduction between voxels: the matrix assembled and factorised, in double precision."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve


def faces(sigma, apart, contact, periodic, stretch):
    """Numbers of the two voxels of every face that conducts, and its conductance."""
    number = np.arange(sigma.size).reshape(sigma.shape)
    one, other, g = [], [], []
    for axis in range(3):
        shift = [(slice(1, None), slice(None, -1))]
        if periodic and axis:
            shift.append((slice(0, 1), slice(-1, None)))
        for here, there in shift:
            a, b = [slice(None)] * 3, [slice(None)] * 3
            a[axis], b[axis] = here, there
            a, b = tuple(a), tuple(b)
            both = (sigma[a] > 0) & (sigma[b] > 0)
            resistance = 0.5 / sigma[a][both] + 0.5 / sigma[b][both]
            if apart is not None:
                resistance = resistance + (apart[a][both] != apart[b][both]) / contact
            one.append(number[a][both])
            other.append(number[b][both])
            g.append((stretch[0] / stretch[axis]) ** 2 / resistance)  # area over length
    return map(np.concatenate, (one, other, g))


def conductance(sigma, apart=None, contact=np.inf, periodic=False, stretch=(1.0, 1.0, 1.0)):
    """Relative conductivity along the first axis; half a voxel to either end.

    Args:
        sigma: conductivity of every voxel, 0 = none.
        apart: number of the body of every voxel; contacts lie between unlike ones.
        contact: conductance of such a face.
        periodic: joins the other sides.
        stretch: edges of a voxel along the three axes.
    """
    n = sigma.shape
    one, other, g = faces(sigma, apart, contact, periodic, stretch)
    links = coo_matrix((g, (one, other)), shape=(sigma.size,) * 2)
    label = connected_components(links + links.T, directed=False)[1].reshape(n)
    first = np.unique(label[0][sigma[0] > 0])
    last = np.unique(label[-1][sigma[-1] > 0])
    kept = np.isin(label, np.intersect1d(first, last)) & (sigma > 0)
    if not kept.any():
        return 0.0
    inside = kept.ravel()[one] & kept.ravel()[other]
    one, other, g = one[inside], other[inside], g[inside]
    place = np.cumsum(kept.ravel()) - 1
    size = int(kept.sum())
    ends = np.zeros(n)
    ends[0] += 2.0 * sigma[0]
    source = np.where(kept, ends, 0.0)[kept]
    ends[-1] += 2.0 * sigma[-1]
    drain = ends[kept]
    i, j = place[one], place[other]
    a = coo_matrix((-g, (i, j)), shape=(size, size))
    a = a + a.T
    diagonal = -np.asarray(a.sum(axis=1)).ravel() + drain
    a = a + coo_matrix((diagonal, (np.arange(size),) * 2), shape=(size, size))
    x = spsolve(a.tocsc(), source)
    current = float(np.sum(source * (1.0 - x)))
    return current * n[0] / (n[1] * n[2])
