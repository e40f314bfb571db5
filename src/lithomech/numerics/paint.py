"""Spheres painted on voxels of a periodic box."""

import numpy as np

from lithomech.numerics.compiled import entry


@entry
def paint(centres, reach, rank, shape, spacing, owner, power):
    """Give each voxel to the grain whose sphere holds it, sharing overlaps by the power plane.

    Args:
        centres: (grains, 3).
        reach: radii as painted, (grains,).
        rank: (grains,): a grain takes voxels from those of lower rank.
        shape: voxels along each axis, (3,).
        spacing: edges of a voxel, (3,).
        owner: takes the grain of each voxel, -1 = none; the shape of the image.
        power: room of the same shape.

    Returns:
        Voxels of each grain, (grains,).
    """
    owner[:] = -1
    low, high = np.empty(3, np.int64), np.empty(3, np.int64)
    for p in range(centres.shape[0]):
        r = reach[p]
        for d in range(3):
            low[d] = int(np.ceil((centres[p, d] - r) / spacing[d] - 0.5))
            high[d] = int(np.floor((centres[p, d] + r) / spacing[d] - 0.5))
        for i in range(low[0], high[0] + 1):
            x = (i + 0.5) * spacing[0] - centres[p, 0]
            a = i % shape[0]
            for j in range(low[1], high[1] + 1):
                y = (j + 0.5) * spacing[1] - centres[p, 1]
                b = j % shape[1]
                for k in range(low[2], high[2] + 1):
                    z = (k + 0.5) * spacing[2] - centres[p, 2]
                    s = x * x + y * y + z * z - r * r
                    if s <= 0.0:
                        c = k % shape[2]
                        q = owner[a, b, c]
                        if (
                            q < 0
                            or rank[p] > rank[q]
                            or (rank[p] == rank[q] and s < power[a, b, c])
                        ):
                            owner[a, b, c] = p
                            power[a, b, c] = s
    count = np.zeros(centres.shape[0], np.int64)
    for i in range(shape[0]):
        for j in range(shape[1]):
            for k in range(shape[2]):
                if owner[i, j, k] >= 0:
                    count[owner[i, j, k]] += 1
    return count


@entry
def count_faces(kind, kinds):
    """Faces between voxels of each two kinds across a periodic image, (3, kinds, kinds)."""
    found = np.zeros((3, kinds, kinds), np.int64)
    n_0, n_1, n_2 = kind.shape
    for i in range(n_0):
        for j in range(n_1):
            for k in range(n_2):
                a = kind[i, j, k]
                found[0, a, kind[(i + 1) % n_0, j, k]] += 1
                found[1, a, kind[i, (j + 1) % n_1, k]] += 1
                found[2, a, kind[i, j, (k + 1) % n_2]] += 1
    return found
