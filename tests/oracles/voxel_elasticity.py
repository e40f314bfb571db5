"""Hexahedra with one point each, assembled and solved directly; small periodic blocks only."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve


def solid(E, nu):
    """Stiffness of an isotropic solid, written down from Hooke's law."""
    compliance = np.zeros((6, 6))
    compliance[:3, :3] = -nu / E
    compliance[range(3), range(3)] = 1.0 / E
    compliance[range(3, 6), range(3, 6)] = 2.0 * (1.0 + nu) / E
    return np.linalg.inv(compliance)


def mean_stress(phase, stiffness, strain):
    """Mean stress of a periodic block under a macroscopic strain.

    phase (n, n, n), n odd so that no hourglass is free; stiffness (materials, 6, 6) above zero.
    """
    n = phase.shape[0]
    node = np.arange(n**3).reshape(n, n, n)
    corners = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    operator = np.zeros((6, 24))  # strain of a voxel from its 24 displacements
    for m, corner in enumerate(corners):
        g = [(2 * s - 1) / 4.0 for s in corner]
        operator[0, 3 * m] = operator[5, 3 * m + 1] = operator[4, 3 * m + 2] = g[0]
        operator[1, 3 * m + 1] = operator[5, 3 * m] = operator[3, 3 * m + 2] = g[1]
        operator[2, 3 * m + 2] = operator[4, 3 * m] = operator[3, 3 * m + 1] = g[2]
    rows, columns, values = [], [], []
    load = np.zeros(3 * n**3)
    places = []
    for i in range(n):
        for j in range(n):
            for k in range(n):
                at = [node[(i + a) % n, (j + b) % n, (k + c) % n] for a, b, c in corners]
                dof = np.array([3 * v + d for v in at for d in range(3)])
                c = stiffness[phase[i, j, k]]
                local = operator.T @ c @ operator
                rows.append(np.repeat(dof, 24))
                columns.append(np.tile(dof, 24))
                values.append(local.ravel())
                load[dof] -= operator.T @ c @ strain
                places.append(dof)
    matrix = coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    ).tocsr()
    free = np.arange(3, 3 * n**3)  # the first node is held
    u = np.zeros(3 * n**3)
    u[free] = spsolve(matrix[free][:, free].tocsc(), load[free])
    total = np.zeros(6)
    for dof, p in zip(places, phase.ravel(), strict=True):
        total += stiffness[p] @ (strain + operator @ u[dof])
    return total / n**3
