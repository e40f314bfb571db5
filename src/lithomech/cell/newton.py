"""Newton's method for one implicit step: close the border, substitute back, judge."""

from typing import NamedTuple

from lithomech.cell.arrays import (
    CHARGE,
    CURRENT,
    GALVANOSTATIC,
    POTENTIOSTATIC,
    POWER,
    PRESSURE,
    SIDE_STATES,
)
from lithomech.cell.interface import planar, plated
from lithomech.cell.kernel import (
    CHANGE,
    DECAY,
    DROP,
    DROP_J,
    DROP_P,
    LAST_J,
    PHI,
    PHI_I,
    PHI_P,
    STRAIN_J,
    STRAIN_P,
    UPPER,
    conduct,
    diffuse,
    electrode_drop,
    reach_surface,
    react,
    stack_pressure,
)
from lithomech.laws import lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual

FAR = 1e15  # V or stoichiometry; an iteration that goes there is given up

_recession = kernel(lithium.interface_recession)


class Closure(NamedTuple):
    """The cell seen from its two global unknowns, current I and virtual pressure."""

    voltage: float  # predicted after elimination, at unchanged I and virtual pressure
    voltage_I: float
    voltage_P: float
    thickness: float  # growth of all layers at constant pressure
    thickness_I: float
    thickness_P: float


@kernel
def planar_sides(cell, z, y, old, h, local, capacitive, closure):
    """Add the planar electrodes to the closure and update their states."""
    zero = 0.0 * h
    P_value, P_slope = stack_pressure(cell, y[z.globals + PRESSURE] + zero)
    P = Dual(P_value, zero, P_slope)
    V, V_I, V_P, L, L_I, L_P = closure
    Q = y[z.globals + CHARGE]
    for s in range(2):
        side = cell.planar[s]
        if side.present == 0:
            continue
        sign = side.sign
        start = z.globals + 3 + SIDE_STATES * s
        i = Dual(-sign * y[z.globals + CURRENT] + zero, zero - sign, zero)
        drop, x, w, o, q, theta = planar(
            cell, s, i, P, old[start], old[start + 1], old[start + 2], old[start + 3], h, local
        )
        y[start] = x.value
        y[start + 1] = w.value
        y[start + 2] = o.value
        y[start + 3] = q.value
        # the double layer of the contact carries the rest of the current (impedance only)
        charged = side.capacitance * theta.value * capacitive
        shunt = 1.0 / (1.0 - sign * drop.first * charged)
        V += sign * drop.value
        V_I += sign * drop.first * shunt
        V_P += sign * drop.second * shunt
        moved = _recession(sign, side.molar_volume)
        layer = plated(side, Dual(moved * Q, moved * h, zero))
        L += layer.value + w.value + o.value + side.film_swelling * q.value
        L_I += layer.first + w.first + o.first
        L_P += w.second + o.second
    return Closure(V, V_I, V_P, L, L_I, L_P)


@kernel
def linearise(cell, z, y, old, h, local, capacitive, work):
    """Eliminate everything but the current and the virtual pressure."""
    diffuse(cell, z, y, old, h, work)
    reach_surface(cell, z, y, old, h, work)
    L = react(cell, z, y, old, h, local, capacitive, work)
    R, I = cell.separator_resistance, y[z.globals + CURRENT]  # noqa: E741
    y[z.globals + CHARGE] = old[z.globals + CHARGE] + h * I
    V, V_I, V_P, L_I, L_P = -R * I + 0.0 * h, -R + 0.0 * h, 0.0 * h, 0.0 * h, 0.0 * h
    member, node = work.member, work.node
    for e in range(cell.electrodes.shape[0]):
        conduct(cell, z, y, e, capacitive, work)
        first, last, sign = (
            cell.electrodes[e].first,
            cell.electrodes[e].end - 1,
            cell.electrodes[e].sign,
        )
        work.ends[0, e], work.ends[1, e] = node[PHI, first], node[PHI, last]
        drop, near, far, ohmic = electrode_drop(cell, z, y, e)
        V += sign * (drop + near * node[PHI, first] + far * node[PHI, last])
        V_I += sign * (ohmic + near * node[PHI_I, first] + far * node[PHI_I, last])
        V_P += sign * (near * node[PHI_P, first] + far * node[PHI_P, last])
        for m in range(cell.first_member[first], cell.first_member[last + 1]):
            n = cell.member_node[m]
            weight = member[STRAIN_J, m] / member[DROP_J, m]
            L += weight * (node[PHI, n] - member[DROP, m])
            L_I += weight * node[PHI_I, n]
            L_P += weight * (node[PHI_P, n] - member[DROP_P, m]) + member[STRAIN_P, m]
    closure = Closure(V, V_I, V_P, L, L_I, L_P)
    return planar_sides(cell, z, y, old, h, local, capacitive, closure)


@kernel
def balance(cell, y, z, thickness, reference):
    """Residual of the thickness balance [Pa] and its slope in the virtual pressure.

    ``reference`` is (virtual pressure, thickness) when the fixture was last set.
    """
    virtual = y[z.globals + PRESSURE]
    P, P_slope = stack_pressure(cell, virtual)
    P_ref = stack_pressure(cell, reference[0])[0]
    grown = thickness - reference[1] - (P - P_ref) * cell.compliance
    residual = cell.stiffness * grown - (virtual - reference[0])
    return residual, -cell.stiffness * cell.compliance * P_slope - 1.0


@kernel
def close(cell, z, y, mode, target, closure, reference):
    """Solve the 2x2 border for the changes of current and virtual pressure."""
    I = y[z.globals + CURRENT]  # noqa: E741
    if mode == GALVANOSTATIC:
        r_1, a_11, a_12 = target - I, 1.0, 0.0
    elif mode == POTENTIOSTATIC:
        r_1, a_11, a_12 = target - closure.voltage, closure.voltage_I, closure.voltage_P
    else:
        r_1 = target - closure.voltage * I
        a_11 = closure.voltage + I * closure.voltage_I
        a_12 = I * closure.voltage_P
    residual, slope = balance(cell, y, z, closure.thickness, reference)
    a_21 = cell.stiffness * closure.thickness_I
    a_22 = cell.stiffness * closure.thickness_P + slope
    determinant = a_11 * a_22 - a_12 * a_21
    dI = (r_1 * a_22 + a_12 * residual) / determinant
    dP = (-a_11 * residual - a_21 * r_1) / determinant
    return dI, dP


@kernel
def substitute(cell, z, y, dI, dP, h, work):
    """Update every unknown; return the largest change of potential and of stoichiometry."""
    y[z.globals + CURRENT] += dI
    y[z.globals + PRESSURE] += dP
    dV, dx, last = 0.0, 0.0, z.shells - 1
    local, node, change, upper = work.member, work.node, work.shell[CHANGE], work.shell[UPPER]
    for n in range(z.nodes):
        node[PHI, n] += node[PHI_I, n] * dI + node[PHI_P, n] * dP
        y[z.potential + n] += node[PHI, n]
        dV = max(dV, abs(node[PHI, n]))
    for m in range(z.members):
        force = node[PHI, cell.member_node[m]] - local[DROP, m] - local[DROP_P, m] * dP
        dJ = force / local[DROP_J, m]
        y[z.flux + m] += dJ
        for r in range(z.ways):  # the rate as charge conservation had it
            passed = h * local[DECAY + 2 * r + 1, m] * node[PHI, cell.member_node[m]]
            y[z.film + r * z.members + m] += passed
        dV = max(dV, abs(force))
        change[last, m] += local[LAST_J, m] * dJ
        y[last * z.members + m] += change[last, m]
        dx = max(dx, abs(change[last, m]))
    for i in range(last - 1, -1, -1):
        for m in range(z.members):
            change[i, m] += upper[i, m] * change[i + 1, m]
            y[i * z.members + m] += change[i, m]
    if not (dV < FAR and dx < FAR):  # also catches NaN
        return FAR, FAR
    return dV, dx


@kernel
def transfer(cell, z, y, old, h):
    """Charge and planar stoichiometry follow the current that was found, exactly."""
    moved = h * y[z.globals + CURRENT]
    y[z.globals + CHARGE] = old[z.globals + CHARGE] + moved
    for s in range(2):
        if cell.planar[s].present == 1:
            x = z.globals + 3 + SIDE_STATES * s
            dissolved = y[x + 3] - old[x + 3]
            y[x] = old[x] + (cell.planar[s].sign * moved - dissolved) / cell.planar[s].host


@kernel
def descent(cell, z, y, base, step, voltage, work):
    """Slope of the dissipated power along the change from ``base`` to y.

    Potentials rise with the current densities, so the solution minimises a convex function;
    its slope is known at the state that ``linearise`` saw last, where it foresaw ``voltage``.
    A slope that has become large and positive tells that the change went too far.
    """
    total, raw = 0.0, voltage  # the voltage without what the elimination foresees
    for e in range(cell.electrodes.shape[0]):
        layer = cell.electrodes[e]
        _, near, far, _ = electrode_drop(cell, z, y, e)
        raw -= layer.sign * (near * work.ends[0, e] + far * work.ends[1, e])
        width = layer.thickness / (layer.end - layer.first)
        for m in range(cell.first_member[layer.first], cell.first_member[layer.end]):
            c = cell.classes[cell.member_class[m]]
            area = width * c.area if c.leak == 0.0 else 0.0
            total += area * work.member[DROP, m] * (y[z.flux + m] - base[z.flux + m])
    I = y[z.globals + CURRENT]  # noqa: E741
    if step.mode == POTENTIOSTATIC:
        total += (step.value - raw) * (I - base[z.globals + CURRENT])
    elif step.mode == POWER and I != 0.0:
        total += (step.value / I - raw) * (I - base[z.globals + CURRENT])
    return total


@kernel
def retreat(y, base, share):
    """Take back a change but for this share of it."""
    for i in range(y.shape[0]):
        y[i] = base[i] + share * (y[i] - base[i])


@kernel
def newton(cell, z, y, old, h, step, reference, tolerance, limit, work):
    """Solve one implicit step in place.

    Args:
        cell: CellArrays; z: Sizes.
        y: initial guess in, solution out.
        old: history combination of the integrator.
        h: effective step; 0 finds a consistent state.
        step: the protocol step (mode and value).
        reference: virtual pressure and thickness when the fixture was last set.
        tolerance: allowed remaining error of potentials [V].
        limit: most iterations.
        work: scratch.

    Returns:
        Converged or not, iterations, cell voltage.
    """
    voltage, before, base = 0.0, 0.0, work.base
    for iteration in range(limit):
        closure = linearise(cell, z, y, old, h, h, 0.0, work)
        if iteration > 1 and before < 0.0:  # only the first change may break charge balance
            after = descent(cell, z, y, base, step, closure.voltage, work)
            if not after < -0.5 * before:
                share = max(0.02, before / (before - after))
                retreat(y, base, share)
                before *= share
                continue
        if iteration > 0:  # most steps end after the first change
            for i in range(y.shape[0]):
                base[i] = y[i]
        dI, dP = close(cell, z, y, step.mode, step.value, closure, reference)
        dV, dx = substitute(cell, z, y, dI, dP, h, work)
        voltage = closure.voltage + closure.voltage_I * dI + closure.voltage_P * dP
        if iteration > 0:
            before = descent(cell, z, y, base, step, closure.voltage, work)
        transfer(cell, z, y, old, h)
        if dV >= FAR:
            return False, iteration + 1, voltage
        # quadratic convergence: the next change is about the square of this one
        left = 20.0 * dV * dV + 2.0 * dx * dx + 1e-14 * dP * dP
        if left < 0.1 * tolerance:
            return True, iteration + 1, voltage
    return False, limit, voltage
