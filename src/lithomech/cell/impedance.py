"""Impedance of a cell at any state, from the same linearised blocks in the frequency domain.

An implicit step h of dy/dt = f(y) solves y - h f(y) = old. With the complex step
h = 1/(i omega) its linearisation reads i omega dy = f'(y) dy, the answer to a small sinusoid
about y. The elimination of ``newton`` is therefore used as it is, on complex numbers, with the
double layer of every contact in parallel to its charge transfer, and with as much of the
depletion at small contacts as the sinusoid leaves time for.

Contacts open and close elastically with the sinusoid. Damage, yielding and voids grow only
beyond thresholds: a vanishing sinusoid about a state at rest does not move them, and they are
frozen under a direct current too. As in ``newton``, the sinusoid's pressure does not change the
effective conductivities; that would need a direct current. Decomposition films do not grow;
what leaks through them is a conductance beside the contact.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import (
    CHARGE,
    CURRENT,
    DIFFUSION,
    PRESSURE,
    SIDE_STATES,
    CellArrays,
    Sizes,
    sizes,
)
from lithomech.cell.equations import Model
from lithomech.cell.kernel import make_work
from lithomech.cell.newton import balance, linearise
from lithomech.laws import fracture, transport
from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.table import lookup

Floats = NDArray[np.float64]
SPLIT: Final = 10  # parts per node: double layers localise the reaction at high frequency

_rate = kernel(transport.stoichiometry_rate)
_damaged = kernel(fracture.damaged_diffusivity_factor)


def impedance(model: Model, y: Floats, frequency: Floats) -> NDArray[np.complex128]:
    """Impedance of the whole cell about a state, with the direct current that flows in it.

    Args:
        model: the cell.
        y: state, shape (total,); not changed.
        frequency: frequencies [Hz], shape (n,), all positive.

    Returns:
        Impedance [ohm], shape (n,). At 1 Hz and above, diffusion inside the particles' last
        half shell is taken as steady: an error of about 1 % with 20 shells, 0.2 % with 100.
    """
    omega = 2.0 * np.pi * np.asarray(frequency, dtype=float)
    return spectrum(*split(model.arrays, model.sizes, y), omega) / model.area


def split(cell: CellArrays, z: Sizes, y: Floats) -> tuple[CellArrays, Sizes, Floats]:
    """The same cell and state on SPLIT times as many nodes."""
    node = np.repeat(np.arange(z.nodes), SPLIT)
    count = np.diff(cell.first_member)[node]
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    member = np.arange(first[-1]) - np.repeat(first[:-1] - cell.first_member[node], count)
    electrodes = cell.electrodes.copy()
    electrodes["first"] *= SPLIT
    electrodes["end"] *= SPLIT
    fine = cell._replace(
        member_class=cell.member_class[member],
        member_node=np.repeat(np.arange(len(node)), count),
        first_member=first,
        electrodes=electrodes,
    )
    by_member = y[: z.potential].reshape(-1, z.members)[:, member]
    parts = (by_member.ravel(), y[z.potential : z.globals][node], y[z.globals :])
    return fine, sizes(z.shells, len(member), len(node), z.ways), np.concatenate(parts)


@entry
def spectrum(cell, z, state, omega):
    """Impedance of a cell.

    Args:
        cell: CellArrays.
        z: Sizes.
        state: shape (z.total,).
        omega: angular frequencies [1/s], shape (n,).

    Returns:
        Impedance of one square metre [ohm m2], shape (n,).
    """
    work = make_work(z, 0j)
    rate = drift(cell, z, state)
    y, old = np.empty(z.total, np.complex128), np.empty(z.total, np.complex128)
    out = np.empty(omega.shape[0], np.complex128)
    for n in range(omega.shape[0]):
        capacitive = 1j * omega[n]
        h = 1.0 / capacitive
        for i in range(z.total):
            y[i] = state[i]
            old[i] = state[i] - h * rate[i]  # so that the step leaves the state as it is
        closure = linearise(cell, z, y, old, h, 0.0, capacitive, work)
        out[n] = answer(cell, z, y, closure)
    return out


@kernel
def answer(cell, z, y, closure):
    """-dV/dI while the stack pressure follows the thickness balance."""
    here = (y[z.globals + PRESSURE], closure.thickness)
    slope = balance(cell, y, z, closure.thickness, here)[1]
    yielding = cell.stiffness * closure.thickness_P + slope
    pressure_I = -cell.stiffness * closure.thickness_I / yielding
    return -(closure.voltage_I + closure.voltage_P * pressure_I)


@kernel
def drift(cell, z, y):
    """Rate of change of every state that the sinusoid moves; the others count as frozen."""
    rate = np.zeros(z.total)
    for m in range(z.members):
        k = cell.member_class[m]
        c = cell.classes[k]
        scale = _damaged(y[z.damage + m], c.crack_diffusion)
        inner_D, inner_x = 0.0, 0.0
        for i in range(z.shells):
            here, shell = i * z.members + m, cell.sphere[i]
            x = y[here]
            D = scale * lookup(cell.table[k, DIFFUSION], x)[0]
            if i > 0:  # the face towards the shell inside, as in kernel.diffuse
                flow = 2.0 * inner_D * D / (inner_D + D) * (x - inner_x)
                rate[here] -= shell.inner * flow
                rate[here - z.members] += cell.sphere[i - 1].outer * flow
            inner_D, inner_x = D, x
        last = z.shells - 1
        rate[last * z.members + m] += _rate(
            y[z.flux + m] / cell.sphere[last].volume, c.radius, c.c_max
        )
    current = y[z.globals + CURRENT]
    rate[z.globals + CHARGE] = current
    for s in range(2):
        if cell.planar[s].present == 1:
            start = z.globals + 3 + SIDE_STATES * s
            rate[start] = cell.planar[s].sign * current / cell.planar[s].host
    return rate
