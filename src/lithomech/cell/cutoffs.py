"""What may end a protocol step before its time."""

import numpy as np

from lithomech.cell.arrays import CHARGE, CURRENT, PRESSURE, SIDE_STATES
from lithomech.cell.interface import planar
from lithomech.cell.kernel import stack_pressure
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual

VOLTAGE, ABSOLUTE_CURRENT, STACK_PRESSURE, MOVED_CHARGE, PLATING, NET_CHARGE, EXTREME = range(7)


@kernel
def lithium_plating(cell, z, y):
    """Lowest contact fraction and highest local plating current of planar lithium."""
    contact, plating = 1.0, 0.0
    for s in range(2):
        if cell.planar[s].present == 1 and cell.planar[s].voids == 1:
            start = z.globals + 3 + SIDE_STATES * s
            i = -cell.planar[s].sign * y[z.globals + CURRENT]
            pair = Dual(i, 1.0, 0.0)
            P = Dual(stack_pressure(cell, y[z.globals + PRESSURE])[0], 0.0, 1.0)
            theta = planar(
                cell, s, pair, P, y[start], y[start + 1], y[start + 2], y[start + 3], 0.0, 0.0
            )[5].value
            contact = min(contact, theta)
            plating = max(plating, -i / theta)
    return contact, plating


@kernel
def dissolved(z, y, sign):
    """Charge of the lithium that a foil lost to its film, in the direction that empties it."""
    s = 0 if sign < 0.0 else 1
    return -sign * y[z.globals + 3 + SIDE_STATES * s + 3]


@kernel
def first_limit(cell, z, y, voltage, charge_0, limits):
    """Smallest scaled distance to a limit (<= 0: passed) and its row."""
    nearest, row = np.inf, -1
    for r in range(limits.shape[0]):
        kind = int(limits[r, 0])
        q, size = voltage, 1.0
        if kind == ABSOLUTE_CURRENT:
            q, size = abs(y[z.globals + CURRENT]), limits[r, 1]
        elif kind == STACK_PRESSURE:
            q, size = stack_pressure(cell, y[z.globals + PRESSURE])[0], 1e6
        elif kind == MOVED_CHARGE:
            q, size = abs(y[z.globals + CHARGE] - charge_0), limits[r, 1]
        elif kind == PLATING:
            q, size = lithium_plating(cell, z, y)[1], limits[r, 1]
        elif kind == NET_CHARGE:
            q, size = y[z.globals + CHARGE] + dissolved(z, y, limits[r, 2]), 36e3
        elif kind == EXTREME:
            q = abs(voltage)
        distance = limits[r, 2] * (q - limits[r, 1]) / size
        if distance < nearest:
            nearest, row = distance, r
    return nearest, row
