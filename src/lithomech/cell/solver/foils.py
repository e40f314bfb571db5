"""Planar electrodes: what their mechanisms do is summed, potential and thickness follow."""

from typing import NamedTuple

import numpy as np

from lithomech.cell.mechanisms.composition import foil_after, foil_before
from lithomech.cell.mechanisms.declare import FoilAfter, FoilBefore, met
from lithomech.cell.solver.collector import collector_resistance
from lithomech.cell.solver.interface import rest_potential
from lithomech.cell.state import FOIL_OWN
from lithomech.laws import chemomechanics, kinetics, lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, softplus
from lithomech.numerics.table import lookup_dual

PAID = 1  # row of a foil's states after its stoichiometry, before those of mechanisms
METAL = 1e12  # C/m2; what dissolves of lithium metal is not counted against it
MOST, SETTLED = 60, 1e-13  # iterations for what a foil pays, and change of x that ends them
PORE_WIDTH = 2e-8  # m, of the depth at which the pores under plated lithium are full

_overpotential = kernel(kinetics.charge_transfer_overpotential)
_shifted = kernel(chemomechanics.stress_shifted_potential)
_recession = kernel(lithium.interface_recession)


class Foil(NamedTuple):
    """What one planar electrode comes to, as duals in its current density and pressure."""

    potential: Dual
    x: Dual  # stoichiometry
    thickness: Dual  # by mechanisms [m]
    theta: Dual  # contact left
    constriction: Dual  # resistance in the electrolyte over it, per cell area
    collector: Dual  # resistance of the contact behind it
    shift: Dual  # of the rest potential, by mechanisms


@kernel
def planar(cell, y, old, s, i, P, h):
    """Potential and new states of a planar electrode.

    Args:
        cell: arrays, layout and scratch.
        y: new states are written here.
        old: history.
        s: side.
        i: current density, positive where lithium leaves (dual in current and pressure).
        P: stack pressure (dual).
        h: implicit time step; 0 freezes the states.
    """
    f, z, temperature = cell.arrays.foils[s], cell.z, cell.arrays.temperature
    host, first = f.host, z.foils + s * z.foil_rows
    x_0 = old[first]
    metal = lithium_of(cell, old, s) - i * h
    one = 0.0 * i + 1.0
    start = FoilBefore(temperature, i, P, metal, one)
    early = foil_before(f, y, old, first + FOIL_OWN, start, h)
    theta = met(early.contact, early.begins)
    unpaid = x_0 - i * h * host.per_charge - early.charge * host.per_charge
    left, j = left_in(host, unpaid), i / theta
    eta = host.resistance * j + _overpotential(j, 0.0 * i + host.exchange, temperature)
    unknown = FoilAfter(temperature, 0.0 * i, theta, left, j, eta, P)
    x = paid(f, y, old, first, unknown, unpaid, h)
    rest = lookup_dual(host.potential, x)
    drive = FoilAfter(temperature, rest, theta, left, j, eta, P)
    late = foil_after(f, y, old, first + FOIL_OWN, drive, h)
    y[first], y[first + PAID] = x.value, old[first + PAID] + (early.charge + late.charge).value
    U = _shifted(rest_potential(host.potential, x), -P, host.molar_volume)
    spreading = early.resistance * j
    film = late.resistance * j
    thickness = early.thickness + late.thickness
    behind = collector_resistance(host, P)
    potential = U + early.shift + eta + film + spreading + behind * i
    constriction = early.resistance / theta
    return Foil(potential, x, thickness, theta, constriction, behind, early.shift)


@kernel
def paid(f, y, old, first, drive, unpaid, h):
    """Stoichiometry (dual) at which what reacts with a foil is paid with its own lithium.

    The more is paid, the less reacts: one root, by Newton between the bounds seen so far.

    Args:
        f, y, old, first, h: as in ``planar``.
        drive: of the mechanisms, at any potential.
        unpaid: stoichiometry if nothing reacts (dual).
    """
    host, x, low, high = f.host, unpaid.value, -np.inf, np.inf
    slope = 1.0
    for _ in range(MOST):
        seen = seen_at(drive, lookup_dual(host.potential, Dual(x, 1.0, 0.0)))
        due = foil_after(f, y, old, first + FOIL_OWN, seen, h).charge
        excess = x + due.value * host.per_charge - unpaid.value
        slope = 1.0 + due.first * host.per_charge
        change = -excess / slope
        if abs(change) < SETTLED:
            x += change
            break
        low, high = (low, x) if excess > 0.0 else (x, high)
        if low < x + change < high:
            x += change
        else:  # Newton would come back to where it was
            x = 0.5 * (low + high)
    rest = lookup_dual(host.potential, 0.0 * unpaid + x)
    seen = FoilAfter(
        drive.temperature, rest, drive.theta, drive.left, drive.j, drive.overpotential, drive.P
    )
    due = foil_after(f, y, old, first + FOIL_OWN, seen, h).charge
    return (unpaid - due * host.per_charge - x) * (1.0 / slope) + x


@kernel
def seen_at(drive, rest):
    """The drive at another rest potential, without derivatives of what else there is."""
    return FoilAfter(
        drive.temperature,
        rest,
        Dual(drive.theta.value, 0.0, 0.0),
        Dual(drive.left.value, 0.0, 0.0),
        Dual(drive.j.value, 0.0, 0.0),
        Dual(drive.overpotential.value, 0.0, 0.0),
        Dual(drive.P.value, 0.0, 0.0),
    )


@kernel
def left_in(host, x):
    """Charge of the lithium in a foil of stoichiometry x (dual) [C/m2]."""
    if host.metal == 1:
        return METAL + 0.0 * x
    return np.maximum(x, 0.0) / host.per_charge


@kernel
def lithium_of(cell, y, s):
    """Charge of the lithium metal of one side, by what has passed and was paid [C/m2]."""
    host = cell.arrays.foils[s].host
    paid = y[cell.z.foils + s * cell.z.foil_rows + PAID]
    return host.stock + host.sign * y[cell.z.charge] - paid


@kernel
def plated(host, moved):
    """Thickness that moved lithium adds: none while it fills pores, all before and beyond."""
    return softplus(moved - host.pores, PORE_WIDTH) - softplus(-moved, PORE_WIDTH)


@kernel
def plated_layer(cell, y, s, h):
    """Thickness of what was plated on one side; the first seed is the cell's current."""
    host = cell.arrays.foils[s].host
    moved = _recession(host.sign, host.molar_volume)
    return plated(host, Dual(moved * y[cell.z.charge], moved * h, 0.0))
