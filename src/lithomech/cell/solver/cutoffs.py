"""What may end a protocol step before its time."""

import numpy as np

from lithomech.cell.mechanisms.composition import foil_after, foil_before
from lithomech.cell.mechanisms.declare import FoilAfter, FoilBefore, met
from lithomech.cell.solver.foils import PAID, lithium_of
from lithomech.cell.solver.interface import BARRIER
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.work import FILLED
from lithomech.cell.state import FOIL_OWN
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual

(
    VOLTAGE, ABSOLUTE_CURRENT, STACK_PRESSURE, MOVED_CHARGE, SHORT, NET_CHARGE, EXTREME,
    ANODE_SPENT, CATHODE_SPENT,
) = range(9)  # fmt: skip
ALONE = 1.0 / BARRIER  # stoichiometry: 1 V on its barrier


@kernel
def lithium_contact(cell, y):
    """Lowest contact left of planar lithium."""
    lowest, z, still = 1.0, cell.z, Dual(0.0, 0.0, 0.0)
    P = Dual(stack_pressure(cell.arrays, y[z.pressure]).value, 0.0, 0.0)
    for s in range(2):
        f = cell.arrays.foils[s]
        if f.host.present == 1 and f.host.metal == 1:
            first = z.foils + s * z.foil_rows + FOIL_OWN
            metal = Dual(lithium_of(cell, y, s), 0.0, 0.0)
            whole = Dual(1.0, 0.0, 0.0)
            drive = FoilBefore(cell.arrays.temperature, still, P, metal, whole)
            early = foil_before(f, cell.work.spare, y, first, drive, 0.0)
            theta = met(early.contact, early.begins).value
            lowest = min(lowest, theta)
    return lowest


@kernel
def grown_through(cell, y):
    """Share of the separator that lithium has got through, from whichever side most."""
    most, z, still = 0.0, cell.z, Dual(0.0, 0.0, 0.0)
    for s in range(2):
        f = cell.arrays.foils[s]
        if f.host.present == 1 and f.host.metal == 1:
            first = z.foils + s * z.foil_rows + FOIL_OWN
            drive = FoilAfter(cell.arrays.temperature, still, still, still, still, still, still)
            most = max(most, foil_after(f, cell.work.spare, y, first, drive, 0.0).through.value)
    return most


@kernel
def dissolved(cell, y, sign):
    """Charge of lithium that a foil paid to side reactions, towards its being empty."""
    s = 0 if sign < 0.0 else 1
    return -sign * y[cell.z.foils + s * cell.z.foil_rows + PAID]


@kernel
def spent(cell, y, s):
    """How far the hosts of one side are beyond the end that the current drives them to.

    Stoichiometry at the contact, of the host that has most left: negative while any has some.
    No host goes further beyond than that by more than ``ALONE``: one that still has lithium,
    but hardly gives it, does not let the others be driven on.
    """
    z, arrays, least, most = cell.z, cell.arrays, np.inf, -np.inf
    sign = 1.0 if s == 1 else -1.0
    filling = sign * y[z.current]
    foil = arrays.foils[s].host
    if foil.present == 1 and foil.metal == 0:
        least = most = beyond(y[z.foils + s * z.foil_rows], filling)
    for b in range(arrays.blocks.shape[0]):
        block = arrays.blocks[b]
        own = arrays.electrodes[block.electrode].sign * sign > 0.0
        if own and arrays.particles[block.k].host.inert == 0:
            for m in range(block.member, block.member + block.count):
                away = beyond(cell.work.member[FILLED, m], filling)
                least, most = min(least, away), max(most, away)
    return max(least, most - ALONE) if least < np.inf else -1.0


@kernel
def beyond(x, filling):
    """How far a stoichiometry lies beyond the end that it moves to."""
    if filling > 0.0:
        return x - 1.0
    return -x if filling < 0.0 else -1.0


@kernel
def first_limit(cell, y, voltage, charge_0, limits):
    """Smallest scaled distance to a limit (<= 0: passed) and its row."""
    nearest, row, z = np.inf, -1, cell.z
    for r in range(limits.shape[0]):
        kind = int(limits[r, 0])
        q, size = voltage, 1.0
        if kind == ABSOLUTE_CURRENT:
            q, size = abs(y[z.current]), limits[r, 1]
        elif kind == STACK_PRESSURE:
            q, size = stack_pressure(cell.arrays, y[z.pressure]).value, 1e6
        elif kind == MOVED_CHARGE:
            q, size = abs(y[z.charge] - charge_0), limits[r, 1]
        elif kind == SHORT:
            q = grown_through(cell, y)
        elif kind == NET_CHARGE:
            q, size = y[z.charge] + dissolved(cell, y, limits[r, 2]), 36e3
        elif kind == EXTREME:
            q = abs(voltage)
        elif kind in (ANODE_SPENT, CATHODE_SPENT):
            q, size = spent(cell, y, kind - ANODE_SPENT), 1.0 / BARRIER
        distance = limits[r, 2] * (q - limits[r, 1]) / size
        if kind == NET_CHARGE and limits[r, 2] * y[z.current] >= 0.0:
            continue  # a hold that plates the foil, or does nothing
        if distance < nearest:
            nearest, row = distance, r
    return nearest, row
