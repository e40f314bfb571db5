"""One block of particles at its contact: effects are summed, potential and strain follow.

The seeds of the duals are the current density J and the virtual pressure; stoichiometries
arrive as functions of them. Every relation comes from laws/; the sum knows no mechanism.
"""

from typing import NamedTuple

from lithomech.cell.mechanisms import contact
from lithomech.cell.mechanisms.composition import before, wall
from lithomech.cell.mechanisms.declare import After, Before, Number, Present, Wall
from lithomech.laws import chemomechanics, kinetics, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, ramp, value_of
from lithomech.numerics.table import integral, inverse, lookup_dual

BARRIER = 1e3  # V per stoichiometry beyond empty or full: no host takes or gives more
BARRIER_WIDTH = 1e-4  # of stoichiometry

_rate = kernel(transport.stoichiometry_rate)
_depletion = kernel(transport.contact_depletion)
_overpotential = kernel(kinetics.charge_transfer_overpotential)
_transfer = kernel(kinetics.charge_transfer_resistance)
_shifted = kernel(chemomechanics.stress_shifted_potential)


class Lithium(NamedTuple):
    """What diffusion says of a block, as duals."""

    J: Dual
    x_s: Dual  # at the surface
    x_m: Dual  # mean
    now: Present  # what mechanisms come to


class Contact(NamedTuple):
    """What one block comes to, as duals."""

    potential: Dual  # phi_s - phi_e
    rest: Dual  # what it would be without current, at the stoichiometry at the contact
    strain: Dual  # thickness strain of the layer due to this class
    depleted: Dual  # stoichiometry missing at contacts that are partly open
    pressure: Dual  # at the wall
    gap: Dual  # over the radius
    theta: Dual
    cracks: Dual  # volume strain, under pressure
    lattice: Dual  # volume strain since made of what is in use
    transfer: Number  # resistance of charge transfer alone, on the whole surface [ohm m2]


@kernel
def driven(c, temperature, lithium, P):
    """What drives mechanisms *before* the wall is known."""
    rate = (1.0 / (1.0 - lithium.now.cut_off)) * _rate(lithium.J, c.host.radius, c.host.c_max)
    slope = lookup_dual(c.host.slope, lithium.x_m)
    return Before(temperature, lithium.J, rate, lithium.x_s, lithium.x_m, slope, P)


@kernel
def interface(c, y, old, place, drive, now, h, ease):
    """Potential drop, strain and contact of one block.

    Args:
        c: record of the class.
        y: present state; new states of mechanisms are written here.
        old: history of the states; place: where they stand.
        drive: what ``driven`` returned; now: what mechanisms come to at present.
        h: implicit time step; 0 freezes the states.
        ease: resistance added on the way to a first solution, on the whole surface.
    """
    room = before(c, y, old, place, drive, h)
    host, x_m = c.host, drive.x_m
    lattice = lookup_dual(host.strain, x_m) - host.strain_made
    swelling = (1.0 - now.cut_off) * lattice + now.kept_strain
    strained = contact.Strained(swelling / 3.0 + room.misfit, room.opening, room.working)
    settled = unmoved(drive, strained)
    if c.contact.active == 1:  # with what gave way so far
        settled = contact.settle(c.contact, strained, now.irreversible, drive.P)
    at_wall = Wall(
        drive.temperature, settled.misfit, drive.P, settled.pressure, settled.give, now.crept
    )
    given = wall(c, y, old, place, at_wall, h)
    if c.contact.active == 1:
        near = settled.pressure.value
        pressed = contact.press(c.contact, strained, given.irreversible, drive.P, near)
        x_c = at_contact(c, drive, room.diffusivity, pressed.theta)
    else:  # whole, where nothing is missing and its slope in the contact has no bound
        pressed = contact.bond(c.contact, strained, given.irreversible, drive.P)
        x_c = drive.x_s
    Omega = drive.slope / host.c_max
    unpressed = rest_potential(host.potential, x_c) + room.shift
    U = _shifted(unpressed, -pressed.on_lithium, Omega)
    if host.inert == 1:
        potential = host.leak * drive.J + U
        transfer = 0.0 * drive.J.value
    else:
        covered = pressed.theta * host.coverage
        j, i_0 = drive.J / covered, lookup_dual(host.exchange, x_c)
        eta = _overpotential(j, i_0, drive.temperature)
        transfer = _transfer(value_of(j), value_of(i_0), drive.temperature) / value_of(covered)
        resistance = host.film_resistance + host.coating_resistance + room.resistance
        potential = U + eta + resistance * j
    potential = potential + ease * drive.J
    p = c.contact
    felt = strained.misfit + pressed.cracks / 3.0
    passed = p.transmission * (felt - given.relief + pressed.gap)
    strain = 3.0 * host.volume_fraction * (passed - (p.load_share / 3.0) * pressed.gap)
    return Contact(
        potential, U, strain, drive.x_s - x_c, pressed.pressure, pressed.gap, pressed.theta,
        pressed.cracks, lattice, transfer,
    )  # fmt: skip


@kernel
def unmoved(drive, strained):
    """A wall that bears what a particle brings to it, as if its pressure moved nothing."""
    zero = 0.0 * drive.x_m
    misfit = strained.misfit + strained.opening / 3.0
    return contact.Settled(drive.P + zero, misfit, zero.value)


@kernel
def outcome(temperature, potential, drive, now, state):
    """What *after* mechanisms see of a block, at a potential."""
    return After(
        temperature, potential, state.theta.value, state.pressure.value, state.gap.value,
        state.cracks.value, state.lattice.value, (1.0 - now.cut_off) * drive.rate.value,
        drive.slope.value,
    )  # fmt: skip


@kernel
def at_contact(c, drive, diffusivity, theta):
    """Stoichiometry at the contact, which lithium reaches from the whole sphere."""
    host = c.host
    unit = diffusivity * (host.radius * host.radius)  # what a diffusivity of 1 in the table is
    missing = _depletion(drive.J, host.radius, unit, host.c_max, theta, c.contact.caps)
    return carried(host.permeation, drive.x_s, -missing)


@kernel
def carried(permeation, x, more):
    """Stoichiometry where the integral of the diffusivity is larger than at x.

    A flux in steady state changes it evenly, however steep the diffusivity is.
    """
    value, D = integral(permeation, x.value)
    there, D_there = inverse(permeation, value + more.value)
    by_x, by_more = D / D_there, 1.0 / D_there
    return Dual(
        there, by_x * x.first + by_more * more.first, by_x * x.second + by_more * more.second
    )


@kernel
def rest_potential(table, x):
    """Equilibrium potential, with a barrier that keeps the stoichiometry inside [0, 1]."""
    empty, full = ramp(-x, BARRIER_WIDTH), ramp(x - 1.0, BARRIER_WIDTH)
    return lookup_dual(table, x) + BARRIER * (empty - full)
