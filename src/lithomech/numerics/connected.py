"""Which voxels are connected to both ends: union-find over faces that conduct."""

import numpy as np

from lithomech.numerics.compiled import entry, kernel


@kernel
def _root(parent, v):
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return v


@kernel
def _join(parent, a, b):
    a, b = _root(parent, a), _root(parent, b)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@entry
def components(solid, open_0, open_1, open_2, periodic):
    """Label voxels by the lowest voxel they are connected to.

    Args:
        solid: which voxels conduct, shape (n_0, n_1, n_2), contiguous.
        open_0: whether the face below each voxel along axis 0 conducts, same shape, or of size
            zero where every face between conducting voxels does; open_1, open_2 likewise.
        periodic: whether the sides (axes 1 and 2) are joined to the opposite ones.

    Returns:
        Label of every voxel, flat; voxels that do not conduct keep their own.
    """
    n_0, n_1, n_2 = solid.shape
    row = n_2
    layer = n_1 * n_2
    parent = np.arange(n_0 * layer).astype(np.int32)
    every = open_0.size == 0
    for i in range(n_0):
        for j in range(n_1):
            start = i * layer + j * row
            joined_1, joined_0 = False, False  # whether the voxel before has joined, same runs
            for k in range(n_2):
                v = start + k
                if not solid[i, j, k]:
                    joined_1, joined_0 = False, False
                    continue
                run = k > 0 and solid[i, j, k - 1] and (every or open_2[i, j, k])
                if run:
                    parent[v] = parent[v - 1]
                below = j > 0 and solid[i, j - 1, k] and (every or open_1[i, j, k])
                if below:
                    same = run and joined_1 and (every or open_2[i, j - 1, k])
                    if not same:
                        _join(parent, v, v - row)
                under = i > 0 and solid[i - 1, j, k] and (every or open_0[i, j, k])
                if under:
                    same = run and joined_0 and (every or open_2[i - 1, j, k])
                    if not same:
                        _join(parent, v, v - layer)
                joined_1, joined_0 = below, under
    if periodic:
        for i in range(n_0):
            for j in range(n_1):
                if solid[i, j, 0] and solid[i, j, n_2 - 1] and (every or open_2[i, j, 0]):
                    v = i * layer + j * row
                    _join(parent, v, v + n_2 - 1)
            for k in range(n_2):
                if solid[i, 0, k] and solid[i, n_1 - 1, k] and (every or open_1[i, 0, k]):
                    v = i * layer + k
                    _join(parent, v, v + (n_1 - 1) * row)
    for v in range(parent.size):
        parent[v] = parent[parent[v]] if parent[v] != v else v
        parent[v] = _root(parent, v)
    return parent


@entry
def spanning(solid, label, begin, finish):
    """Keep the voxels whose component reaches both ends of axis 0.

    Args:
        solid: which voxels conduct, shape (n_0, n_1, n_2).
        label: of ``components``.
        begin: which voxels of the first layer lead to that end, (n_1, n_2).
        finish: which voxels of the last layer lead to the other, (n_1, n_2).

    Returns:
        Mask of the shape of ``solid``.
    """
    n_0, n_1, n_2 = solid.shape
    layer = n_1 * n_2
    last = (n_0 - 1) * layer
    first = np.zeros(label.size, np.uint8)
    for j in range(n_1):
        for k in range(n_2):
            if solid[0, j, k] and begin[j, k]:
                first[label[j * n_2 + k]] = 1
    for j in range(n_1):
        for k in range(n_2):
            v = last + j * n_2 + k
            if solid[n_0 - 1, j, k] and finish[j, k] and first[label[v]] & 1:
                first[label[v]] |= 2
    kept = np.zeros(solid.shape, np.uint8)
    for i in range(n_0):
        for j in range(n_1):
            for k in range(n_2):
                v = i * layer + j * n_2 + k
                if solid[i, j, k] and first[label[v]] == 3:
                    kept[i, j, k] = 1
    return kept
