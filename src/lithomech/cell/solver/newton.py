"""Newton's method for one implicit step: close the border, substitute back, judge.

With a single-ion conductor i_s + i_e = I, so both potentials of a composite electrode reduce
to one tridiagonal system in phi_s - phi_e, bordered by the two global unknowns, current and
virtual pressure. Diffusion in the particles and the local states are eliminated first. ``h`` is
the effective step of the time integrator.

The virtual pressure is the fixture's force as if the stack could pull on it: P is its positive
part, rounded, and what is cut off is the lift-off gap, so P >= 0 and complementarity hold
smoothly.
"""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import GALVANOSTATIC, POTENTIOSTATIC, POWER
from lithomech.cell.mechanisms.composition import book
from lithomech.cell.solver.conduct import conduct, conduct_at_pressure, electrode_drop
from lithomech.cell.solver.foils import PAID, planar, plated_layer
from lithomech.cell.solver.particles import eliminate, stack_pressure, substitute_particles
from lithomech.cell.solver.work import (
    DROP,
    FIRST_CHANGE,
    LAST_CHANGE,
    PHI,
    PHI_I,
    PHI_P,
    STRETCH,
    place_of,
)
from lithomech.laws import plasticity, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import first_lanes, load, spread

_rate = kernel(transport.stoichiometry_rate)
_creep = kernel(plasticity.stack_creep)

TOUCH = 1.0  # Pa, added to the pressure that a fixture creeps under: no division by zero
FAR = 1e15  # V or stoichiometry; an iteration that goes there is given up


class Closure(NamedTuple):
    """The cell seen from its two global unknowns, current I and virtual pressure.

    Duals in both, predicted after elimination at unchanged I and virtual pressure.
    """

    voltage: Dual
    thickness: Dual  # growth of all layers at constant pressure
    crept: Dual  # pressure that the fixture has lost by creep


@kernel
def crept(cell, y, old, h):
    """Pressure that the fixture has lost by creep, as a dual; its state is updated."""
    arrays, lost = cell.arrays, Dual(old[cell.z.crept], 0.0, 0.0)
    if arrays.creep > 0.0:
        P = stack_pressure(arrays, y[cell.z.pressure]) + TOUCH
        lost = _creep(lost.value, P, arrays.creep, arrays.creep_time, h)
    y[cell.z.crept] = lost.value
    return lost


@kernel
def foils(cell, y, old, h):
    """Voltage and thickness of the planar electrodes; their states are updated."""
    pressed = stack_pressure(cell.arrays, y[cell.z.pressure])
    P = Dual(pressed.value, 0.0, pressed.second)
    voltage, thickness = Dual(0.0, 0.0, 0.0), Dual(0.0, 0.0, 0.0)
    for s in range(2):
        host = cell.arrays.foils[s].host
        if host.present == 1:
            i = Dual(-host.sign * y[cell.z.current], -host.sign, 0.0)
            foil = planar(cell, y, old, s, i, P, h)
            voltage = voltage + host.sign * foil.potential
            thickness = thickness + foil.thickness + plated_layer(cell, y, s, h)
    return voltage, thickness


@kernel
def linearise(cell, y, old, h):
    """Eliminate everything but the current and the virtual pressure."""
    z, node = cell.z, cell.work.node
    conduct_at_pressure(cell, y)
    L, L_P = eliminate(cell, y, old, h)
    R, I = cell.arrays.separator_resistance, y[z.current]  # noqa: E741
    y[z.charge] = old[z.charge] + h * I
    V, V_I, V_P, L_I = -R * I, -R, 0.0, 0.0
    for e in range(cell.arrays.electrodes.shape[0]):
        conduct(cell, y, e)
        layer = cell.arrays.electrodes[e]
        first, last, sign = layer.first, layer.end - 1, layer.sign
        drop, near, far, ohmic = electrode_drop(cell, y, e)
        V += sign * (drop + near * node[PHI, first] + far * node[PHI, last])
        V_I += sign * (ohmic + near * node[PHI_I, first] + far * node[PHI_I, last])
        V_P += sign * (near * node[PHI_P, first] + far * node[PHI_P, last])
    for n in range(z.nodes):
        L += node[STRETCH, n] * node[PHI, n]
        L_I += node[STRETCH, n] * node[PHI_I, n]
        L_P += node[STRETCH, n] * node[PHI_P, n]
    voltage, thickness = foils(cell, y, old, h)
    return Closure(
        Dual(V, V_I, V_P) + voltage, Dual(L, L_I, L_P) + thickness, crept(cell, y, old, h)
    )


@kernel
def balance(cell, y, closure, clamp):
    """Residual of the thickness balance [Pa] and its slope in the virtual pressure."""
    arrays, virtual = cell.arrays, y[cell.z.pressure]
    P = stack_pressure(arrays, virtual)
    clamped = stack_pressure(arrays, clamp.virtual).value
    squeezed = (P.value - clamped) * arrays.compliance
    grown = closure.thickness.value - clamp.thickness - squeezed
    lost = closure.crept.value - clamp.crept
    residual = arrays.stiffness * grown - lost - (virtual - clamp.virtual)
    slope = arrays.stiffness * (closure.thickness.second - arrays.compliance * P.second)
    return residual, slope - closure.crept.second - 1.0


@kernel
def close(task, y, closure):
    """Solve the 2x2 border for the changes of current and virtual pressure."""
    cell, target = task.cell, task.step.value
    I, V, L = y[cell.z.current], closure.voltage, closure.thickness  # noqa: E741
    if task.step.mode == GALVANOSTATIC:
        r_1, a_11, a_12 = target - I, 1.0, 0.0
    elif task.step.mode == POTENTIOSTATIC:
        r_1, a_11, a_12 = target - V.value, V.first, V.second
    else:
        r_1 = target - V.value * I
        a_11, a_12 = V.value + I * V.first, I * V.second
    residual, a_22 = balance(cell, y, closure, task.clamp)
    a_21 = cell.arrays.stiffness * L.first
    determinant = a_11 * a_22 - a_12 * a_21
    dI = (r_1 * a_22 + a_12 * residual) / determinant
    dP = (-a_11 * residual - a_21 * r_1) / determinant
    return dI, dP


@kernel
def substitute(cell, y, dI, dP):
    """Update every unknown; return the largest change of potential and of stoichiometry."""
    z, node = cell.z, cell.work.node
    y[z.current] += dI
    y[z.pressure] += dP
    for n in range(z.nodes):
        node[PHI, n] += node[PHI_I, n] * dI + node[PHI_P, n] * dP
        y[z.potential + n] += node[PHI, n]
    dV, dx, whole = substitute_particles(cell, y, dP)
    for n in range(z.nodes):
        dV = max(dV, abs(node[PHI, n]))
    if not (whole < FAR and dV < FAR):  # also catches NaN
        return FAR, FAR
    return dV, dx


@kernel
def transfer(cell, y, old, h):
    """Charge, stoichiometries and creep follow what was found, exactly."""
    z = cell.z
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        c, chosen = cell.arrays.particles[block.k], first_lanes(block.count)
        J = load(y, z.flux + block.member, chosen)
        book(c, y, old, place_of(z, block), h * _rate(J, c.host.radius, c.host.c_max))
    moved = h * y[z.current]
    y[z.charge] = old[z.charge] + moved
    crept(cell, y, old, h)
    for s in range(2):
        host = cell.arrays.foils[s].host
        if host.present == 1:
            x = z.foils + s * z.foil_rows
            paid = y[x + PAID] - old[x + PAID]
            y[x] = old[x] + (host.sign * moved - paid) * host.per_charge


@kernel
def descent(task, y, voltage):
    """Slope of the dissipated power along the change from ``work.base`` to y.

    Potentials rise with the current densities, so the solution minimises a convex function;
    its slope is known at the state that ``linearise`` saw last, where it foresaw ``voltage``.
    A slope that has become large and positive tells that the change went too far.
    """
    cell, step = task.cell, task.step
    z, work, base = cell.z, cell.work, cell.work.base
    raw = voltage  # the voltage without what the elimination foresees
    for e in range(cell.arrays.electrodes.shape[0]):
        _, near, far, _ = electrode_drop(cell, y, e)
        foreseen = near * work.layer[FIRST_CHANGE, e] + far * work.layer[LAST_CHANGE, e]
        raw -= cell.arrays.electrodes[e].sign * foreseen
    power, zero = spread(0.0), spread(0.0)
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        host, m = cell.arrays.particles[block.k].host, block.member
        if host.inert == 0:
            chosen = first_lanes(block.count)
            change = load(y, z.flux + m, chosen) - load(base, z.flux + m, chosen)
            drop = load(work.member, DROP * z.members + m, chosen)
            power = power + np.where(chosen, block.width * host.area * drop * change, zero)
    slope = np.sum(power)
    I = y[z.current]  # noqa: E741
    if step.mode == POTENTIOSTATIC:
        slope += (step.value - raw) * (I - base[z.current])
    elif step.mode == POWER and I != 0.0:
        slope += (step.value / I - raw) * (I - base[z.current])
    return slope


@kernel
def retreat(y, base, share):
    """Take back a change but for this share of it."""
    for i in range(y.shape[0]):
        y[i] = base[i] + share * (y[i] - base[i])


@kernel
def newton(task, y, old, h, tolerance, limit):
    """Solve one implicit step in place.

    Args:
        task: cell, protocol step, clamp and control.
        y: initial guess in, solution out.
        old: history combination of the integrator.
        h: effective step; 0 finds a consistent state.
        tolerance: allowed remaining error of potentials [V].
        limit: most iterations.

    Returns:
        Converged or not, iterations, cell voltage.
    """
    cell = task.cell
    voltage, before, base = 0.0, 0.0, cell.work.base
    for iteration in range(limit):
        closure = linearise(cell, y, old, h)
        if iteration > 1 and before < 0.0:  # only the first change may break charge balance
            after = descent(task, y, closure.voltage.value)
            if not after < -0.5 * before:
                share = max(0.02, before / (before - after))
                retreat(y, base, share)
                before *= share
                continue
        if iteration > 0:  # most steps end after the first change
            for i in range(y.shape[0]):
                base[i] = y[i]
        dI, dP = close(task, y, closure)
        dV, dx = substitute(cell, y, dI, dP)
        V = closure.voltage
        change = V.first * dI + V.second * dP
        voltage = V.value + change
        if iteration > 0:
            before = descent(task, y, V.value)
        transfer(cell, y, old, h)
        if not (dV < FAR and abs(change) < FAR):
            return False, iteration + 1, voltage
        # quadratic convergence: the next change is about the square of this one
        left = 20.0 * dV * dV + 2.0 * dx * dx + 1e-14 * dP * dP
        if cell.z.nodes == 0:  # no composite electrode whose potentials would tell
            left = max(left, abs(change))
        if left < 0.1 * tolerance:
            return True, iteration + 1, voltage
    return False, limit, voltage
