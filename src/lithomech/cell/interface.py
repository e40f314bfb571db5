"""What happens at one contact between active material and electrolyte, on dual numbers.

The seeds of the duals are the class's current density J and the virtual pressure;
stoichiometries arrive as functions of them. Every physical relation comes from laws/.
"""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import (
    CONTRACTION,
    DIFFUSION,
    EXCHANGE,
    LOST,
    MISMATCH,
    POTENTIAL,
    SLOPE,
    STRAIN,
    YIELDED,
)
from lithomech.cell.film import film_rate
from lithomech.laws import chemomechanics, contact, fracture, kinetics, lithium, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, ramp, softplus
from lithomech.numerics.table import lookup_dual

# widths of smoothed kinks; the same in the independent oracle
RATE_WIDTH = 1e-8  # 1/s, of |dx/dt|
DIFFERENCE_WIDTH = 1e-4  # of |x_surface - x_mean|
SLOPE_WIDTH = 1e-3  # of |d eps_v/dx|
OVERLOAD_WIDTH = 0.02  # of stress/strength - 1
YIELD_WIDTH = 1e-6  # of plastic wall strain
CURRENT_WIDTH = 0.02  # A/m2, of the stripping excess
PORE_WIDTH = 2e-8  # m, of the depth at which the pores under plated lithium are full
VOID_WIDTH = 5e-9  # m, void depth below which refilling fades
STRIP_WIDTH = 1e-3  # A/m2, between stripping and plating
BARRIER = 1e3  # V per stoichiometry beyond empty or full: no host takes or gives more
BARRIER_WIDTH = 1e-4  # of stoichiometry
GAP_FLOOR = 1e-9  # keeps the opening number differentiable at zero

_rate = kernel(transport.stoichiometry_rate)
_depletion = kernel(transport.contact_depletion)
_depletion_share = kernel(transport.depletion_share)
_overpotential = kernel(kinetics.charge_transfer_overpotential)
_shifted = kernel(chemomechanics.stress_shifted_potential)
_opening_number = kernel(contact.opening_number)
_contact_fraction = kernel(contact.contact_fraction)
_damage_rate = kernel(fracture.damage_rate)
_residual_rate = kernel(fracture.residual_opening_rate)
_crack_area = kernel(fracture.crack_area_fraction)
_damaged = kernel(fracture.damaged_diffusivity_factor)
_critical_current = kernel(lithium.critical_stripping_current)
_recession = kernel(lithium.interface_recession)
_lithium_contact = kernel(lithium.lithium_contact)


class Contact(NamedTuple):
    """State of one member as duals."""

    potential: Dual  # phi_s - phi_e
    strain: Dual  # thickness strain of the layer due to this member
    damage: Dual
    residual: Dual
    plastic: Dual
    crack_area: Dual
    pressure: Dual
    gap: Dual
    theta: Dual


@kernel
def smooth_abs(x, width):
    """|x| with a parabola of the given width at the kink."""
    return np.sqrt(x * x + width * width) - width


@kernel
def crack(cell, k, J, P, x_s, x_m, d_0, A_0, h):
    """Damage, residual opening and crack area fraction after a step h."""
    c = cell.classes[k]
    speed = smooth_abs(_rate(J, c.radius, c.c_max), RATE_WIDTH)
    difference = smooth_abs(x_s - x_m, DIFFERENCE_WIDTH)
    slope = smooth_abs(lookup_dual(cell.table[k, SLOPE], x_m), SLOPE_WIDTH)
    stress = c.lattice_stress * lookup_dual(cell.table[k, MISMATCH], x_m)
    stress = stress + c.gradient_stress * (slope * difference) + c.load_stress * P
    overload = ramp(stress - 1.0, OVERLOAD_WIDTH)
    growth = 0.0 * speed
    if overload.value.real > 0.0:
        growth = h * _damage_rate(c.crack_rate, overload, c.crack_exponent, speed)
    damage = (growth + d_0) / (growth + 1.0)
    wedging = h * _residual_rate(c.crack_residual_rate, damage, speed)
    residual = (wedging + A_0) / (wedging / c.crack_residual_limit + 1.0)
    contraction = lookup_dual(cell.table[k, CONTRACTION], x_m)
    area = _crack_area(damage, c.crack_shut, c.crack_opening, contraction, residual)
    return damage, residual, area


@kernel
def flow(cell, k, misfit, e_0, h):
    """Irreversible wall strain after a step h (Perzyna flow towards Hill's curve)."""
    c = cell.classes[k]
    low = c.shell_low
    target = lookup_dual(cell.shell[k, YIELDED], (misfit - low) / (c.shell_high - low))
    excess = target - e_0
    if excess.value.real <= 0.0:
        return 0.0 * excess + e_0
    # implicit Euler on y = e_0 + a ramp(target - y), a = h/tau, in closed form
    a = h / c.relaxation_time
    b = excess - YIELD_WIDTH
    root = np.sqrt(b * b + (4.0 * (1.0 + a) * YIELD_WIDTH) * excess)
    return target - (b + root) / (2.0 * (1.0 + a))


@kernel
def lost_strain(cell, k, plastic):
    """Misfit that the yielded shell no longer passes on to the layer."""
    return lookup_dual(cell.shell[k, LOST], plastic / cell.classes[k].shell_high)


@kernel
def interface(cell, k, J, P, x_s, x_m, d_0, A_0, e_0, grown, film, h, s):
    """Potential drop, strain and new local states of one member.

    Args:
        cell: CellArrays.
        k: class.
        J: current density on the geometric surface (dual).
        P: stack pressure (dual).
        x_s: surface stoichiometry (dual).
        x_m: mean stoichiometry (dual).
        d_0: history of damage; A_0 of residual opening; e_0 of irreversible strain.
        grown: linear strain by decomposition products; film: their resistance.
        h: implicit time step; 0 freezes the local states.
        s: i omega for the answer to a sinusoid, else 0.
    """
    c = cell.classes[k]
    damage, residual, area = crack(cell, k, J, P, x_s, x_m, d_0, A_0, h)
    misfit = (lookup_dual(cell.table[k, STRAIN], x_m) - c.strain_made + area) / 3.0 + grown
    plastic = flow(cell, k, misfit, e_0, h)
    elastic = c.wall_stiffness * (misfit - plastic)
    trial = elastic + c.transmission * (P - cell.made_pressure) + c.residual_pressure
    pressure = softplus(trial, cell.contact_width)
    gap = (pressure - trial) / c.wall_stiffness
    Pi = _opening_number(gap, c.contact_modulus, P, cell.adhesion, c.load_share)
    theta = _contact_fraction(Pi + GAP_FLOOR)
    D = lookup_dual(cell.table[k, DIFFUSION], x_s) * _damaged(damage, c.crack_diffusion)
    D = D * (c.radius * c.radius)
    depleted = _depletion(J, c.radius, D, c.c_max, theta, c.caps)
    if s != 0.0:  # a sinusoid leaves the caps no time
        share = _depletion_share(s, c.radius, D.value, theta.value, c.caps)
        depleted = Dual(depleted.value, share * depleted.first, share * depleted.second)
    x_c = x_s - depleted
    Omega = lookup_dual(cell.table[k, SLOPE], x_m) / c.c_max
    U = lookup_dual(cell.table[k, POTENTIAL], x_c) + beyond(x_c)
    U = _shifted(U, -pressure, Omega)
    j = J / (theta * c.coverage)
    eta = _overpotential(j, lookup_dual(cell.table[k, EXCHANGE], x_c), cell.temperature)
    potential = U + eta + (c.film_resistance + c.coating_resistance + film) * j
    if c.leak > 0.0:
        potential = c.leak * J + U
    passed = c.transmission * (misfit - lost_strain(cell, k, plastic) + gap)
    strain = 3.0 * c.volume_fraction * (passed - (c.load_share / 3.0) * gap)
    return Contact(potential, strain, damage, residual, plastic, area, pressure, gap, theta)


@kernel
def beyond(x):
    """Potential that keeps a stoichiometry inside [0, 1]."""
    empty, full = ramp(-x, BARRIER_WIDTH), ramp(x - 1.0, BARRIER_WIDTH)
    return BARRIER * (empty - full)


@kernel
def planar(cell, s, i, P, x_0, w_0, o_0, q_0, h, local):
    """Potential and new states of a planar electrode.

    Args:
        cell: CellArrays.
        s: side.
        i: current density, positive where lithium leaves (dual in current and pressure).
        P: stack pressure (dual).
        x_0: history of stoichiometry; w_0 of open void depth; o_0 of occluded void depth;
            q_0 of the charge that the film of decomposed electrolyte took.
        h: implicit time step of the stoichiometry.
        local: implicit time step of voids and film; 0 freezes them.

    Returns:
        Potential drop, stoichiometry, open void, occluded void, film charge, lithium contact
        (duals).
    """
    p = cell.planar[s]
    open_void = 0.0 * i + w_0
    occluded = 0.0 * i + o_0
    theta = 0.0 * i + 1.0
    if p.voids == 1:
        open_void, occluded = voids(p, i, P, w_0, o_0, local)
        theta = _lithium_contact(open_void + occluded, p.void_depth)
    q = 0.0 * i + q_0
    if p.film_sign != 0.0:  # the foil dissolves into its film: no current outside tells
        rest = lookup_dual(cell.planar_table[s], 0.0 * i + x_0)
        eta = p.film_sign * (rest - p.film_limit)
        rate = film_rate(
            eta, theta, p.film_resistance, p.film_growth, p.film_exhaustion, q_0, local
        )
        q = local * rate + q_0
    x = x_0 - (i * h + (q - q_0)) / p.host
    U = lookup_dual(cell.planar_table[s], x) + beyond(x)
    U = _shifted(U, -P, p.molar_volume)
    # current crowds at voids while stripping; plating finds the open contact first
    strip = softplus(i, STRIP_WIDTH)
    crowded = strip / theta + (i - strip)
    eta = _overpotential(crowded, 0.0 * i + p.exchange, cell.temperature)
    film = (p.resistance + p.film_ionic * q) * crowded
    return U + eta + film, x, open_void, occluded, q, theta


@kernel
def plated(p, moved):
    """Thickness that moved lithium adds: none while it fills pores, all before and beyond."""
    return softplus(moved - p.pores, PORE_WIDTH) - softplus(-moved, PORE_WIDTH)


@kernel
def voids(p, i, P, w_0, o_0, h):
    """Open and occluded void depth after a step h: implicit, one Newton solve on the depth."""
    i_c = _critical_current(p.void_transport, p.void_creep, P, 1e6, p.creep_exponent)
    grow = _recession(softplus(i - i_c, CURRENT_WIDTH), p.molar_volume)
    close = _recession(softplus(i_c - i, CURRENT_WIDTH), p.molar_volume)
    plate = _recession(softplus(-i, STRIP_WIDTH), p.molar_volume)
    # w = w_0 + h (grow - close w/(w + delta)): quadratic in w, positive root
    b = VOID_WIDTH - w_0 - h * (grow - close)
    c = (w_0 + h * grow) * VOID_WIDTH
    root = np.sqrt(b * b + 4.0 * c)
    w = 0.5 * (root - b)
    filled = w / (w + VOID_WIDTH)
    return w, o_0 + (h * p.occlusion) * (plate * filled)
