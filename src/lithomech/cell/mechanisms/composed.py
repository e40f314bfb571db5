"""All mechanisms of a cell as one composition. Written by compose.py: do not edit."""

from lithomech.cell.mechanisms import alloying
from lithomech.cell.mechanisms import bare_collector
from lithomech.cell.mechanisms import contact
from lithomech.cell.mechanisms import cracking
from lithomech.cell.mechanisms import creep
from lithomech.cell.mechanisms import electrolyte_cracks
from lithomech.cell.mechanisms import first_cycle
from lithomech.cell.mechanisms import foil_interphase
from lithomech.cell.mechanisms import host_in_front
from lithomech.cell.mechanisms import interphase
from lithomech.cell.mechanisms import isolation
from lithomech.cell.mechanisms import lithium_voids
from lithomech.cell.mechanisms import polymer_contact
from lithomech.cell.mechanisms import pore_creep
from lithomech.cell.mechanisms import pressed_contact
from lithomech.cell.mechanisms import salt
from lithomech.cell.mechanisms import separator_crack
from lithomech.cell.mechanisms import yielding
from lithomech.cell.mechanisms.declare import (
    Effect,
    FoilBefore,
    FoilEffect,
    Present,
    joined,
    met,
)
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import value_of
from lithomech.numerics.lanes import first_lanes, load, spread, store


@kernel
def present(c, y, place):
    """Return what mechanisms come to at present."""
    diffusivity, irreversible, crept, cut_off, kept_strain = spread(1.0), spread(0.0), spread(0.0), spread(0.0), spread(0.0)
    if c.cracking.active == 1:
        now = cracking.States(load(y, place.first, place.chosen), load(y, place.first + 1 * place.stride, place.chosen))
        diffusivity = diffusivity * cracking.diffusivity(c.cracking, now)
    if c.yielding.active == 1:
        now = yielding.States(load(y, place.first + 2 * place.stride, place.chosen))
        irreversible = irreversible + yielding.irreversible(c.yielding, now)
    if c.creep.active == 1:
        now = creep.States(load(y, place.first + 3 * place.stride, place.chosen))
        irreversible = irreversible + creep.irreversible(c.creep, now)
        crept = crept + creep.crept(c.creep, now)
    if c.isolation.active == 1:
        now = isolation.States(load(y, place.first + 7 * place.stride, place.chosen), load(y, place.first + 8 * place.stride, place.chosen), load(y, place.first + 9 * place.stride, place.chosen), load(y, place.first + 10 * place.stride, place.chosen))
        cut_off = cut_off + isolation.cut_off(c.isolation, now)
        kept_strain = kept_strain + isolation.kept_strain(c.isolation, now)
    return Present(diffusivity, irreversible, crept, cut_off, kept_strain)


@kernel
def blocked(c, y, place):
    """Return what mechanisms add to the resistivity of the ionic path, over its own."""
    added = spread(0.0)
    if c.electrolyte_cracks.active == 1:
        now = electrolyte_cracks.States(load(y, place.first + 15 * place.stride, place.chosen), load(y, place.first + 16 * place.stride, place.chosen))
        added = added + electrolyte_cracks.blocking(c.electrolyte_cracks, now)
    return added


@kernel
def before(c, y, old, place, drive, h):
    """Return the sum of what wants room, before the wall is known."""
    zero = 0.0 * drive.J
    misfit, opening, working, resistance = zero, zero, zero, zero
    diffusive, irreversible, relief, current = zero + 1.0, zero, zero, zero
    shift = zero
    if c.cracking.active == 1:
        before = cracking.States(load(old, place.first, place.chosen), load(old, place.first + 1 * place.stride, place.chosen))
        new, e = cracking.advance(c.cracking, before, drive, h)
        store(y, place.first, place.chosen, new.damage.value)
        store(y, place.first + 1 * place.stride, place.chosen, new.residual.value)
        misfit = misfit + e.misfit
        opening = opening + e.opening
        working = working + e.working
        resistance = resistance + e.resistance
        shift = shift + e.shift
        diffusive = diffusive * e.diffusivity
    if c.interphase.active == 1:
        now = interphase.States(load(y, place.first + 4 * place.stride, place.chosen), load(y, place.first + 5 * place.stride, place.chosen), load(y, place.first + 6 * place.stride, place.chosen))
        e = interphase.standing(c.interphase, now)
        misfit = misfit + e.misfit
        opening = opening + e.opening
        working = working + e.working
        resistance = resistance + e.resistance
        shift = shift + e.shift
        diffusive = diffusive * e.diffusivity
    if c.alloying.active == 1:
        before = alloying.States(load(old, place.first + 12 * place.stride, place.chosen), load(old, place.first + 13 * place.stride, place.chosen), load(old, place.first + 14 * place.stride, place.chosen))
        new, e = alloying.advance(c.alloying, before, drive, h)
        store(y, place.first + 12 * place.stride, place.chosen, new.path.value)
        store(y, place.first + 13 * place.stride, place.chosen, new.converted.value)
        store(y, place.first + 14 * place.stride, place.chosen, new.compound.value)
        misfit = misfit + e.misfit
        opening = opening + e.opening
        working = working + e.working
        resistance = resistance + e.resistance
        shift = shift + e.shift
        diffusive = diffusive * e.diffusivity
    return Effect(
        misfit, opening, working, resistance, diffusive, irreversible, relief, current, shift
    )


@kernel
def wall(c, y, old, place, drive, h):
    """Return the sum of what gives way at the wall."""
    zero = 0.0 * drive.misfit
    misfit, opening, working, resistance = zero, zero, zero, zero
    diffusive, irreversible, relief, current = zero + 1.0, zero, zero, zero
    shift = zero
    if c.yielding.active == 1:
        before = yielding.States(load(old, place.first + 2 * place.stride, place.chosen))
        new, e = yielding.advance(c.yielding, before, drive, h)
        store(y, place.first + 2 * place.stride, place.chosen, new.wall_strain.value)
        irreversible = irreversible + e.irreversible
        relief = relief + e.relief
    if c.creep.active == 1:
        before = creep.States(load(old, place.first + 3 * place.stride, place.chosen))
        new, e = creep.advance(c.creep, before, drive, h)
        store(y, place.first + 3 * place.stride, place.chosen, new.strain.value)
        irreversible = irreversible + e.irreversible
        relief = relief + e.relief
    if c.electrolyte_cracks.active == 1:
        before = electrolyte_cracks.States(load(old, place.first + 15 * place.stride, place.chosen), load(old, place.first + 16 * place.stride, place.chosen))
        new, e = electrolyte_cracks.advance(c.electrolyte_cracks, before, drive, h)
        store(y, place.first + 15 * place.stride, place.chosen, new.split.value)
        store(y, place.first + 16 * place.stride, place.chosen, new.overhang.value)
        irreversible = irreversible + e.irreversible
        relief = relief + e.relief
    return Effect(
        misfit, opening, working, resistance, diffusive, irreversible, relief, current, shift
    )


@kernel
def after(c, y, old, place, drive, h, slopes):
    """Return the sum of what follows the contact; slopes of its states go to ``slopes``."""
    current = 0.0 * drive.potential
    if c.interphase.active == 1:
        before = interphase.States(load(old, place.first + 4 * place.stride, place.chosen), load(old, place.first + 5 * place.stride, place.chosen), load(old, place.first + 6 * place.stride, place.chosen))
        new, e = interphase.advance(c.interphase, before, drive, h)
        store(y, place.first + 4 * place.stride, place.chosen, new.oxidation.value)
        store(y, place.first + 5 * place.stride, place.chosen, new.reduction.value)
        store(y, place.first + 6 * place.stride, place.chosen, new.oxygen.value)
        store(slopes, place.first + 4 * place.stride, place.chosen, new.oxidation.first)
        store(slopes, place.first + 5 * place.stride, place.chosen, new.reduction.first)
        store(slopes, place.first + 6 * place.stride, place.chosen, new.oxygen.first)
        current = current + e.side_current
    if c.isolation.active == 1:
        before = isolation.States(load(old, place.first + 7 * place.stride, place.chosen), load(old, place.first + 8 * place.stride, place.chosen), load(old, place.first + 9 * place.stride, place.chosen), load(old, place.first + 10 * place.stride, place.chosen))
        new, e = isolation.advance(c.isolation, before, drive, h)
        store(y, place.first + 7 * place.stride, place.chosen, new.share.value)
        store(y, place.first + 8 * place.stride, place.chosen, new.strain.value)
        store(y, place.first + 9 * place.stride, place.chosen, new.widest.value)
        store(y, place.first + 10 * place.stride, place.chosen, new.taken.value)
        store(slopes, place.first + 7 * place.stride, place.chosen, new.share.first)
        store(slopes, place.first + 8 * place.stride, place.chosen, new.strain.first)
        store(slopes, place.first + 9 * place.stride, place.chosen, new.widest.first)
        store(slopes, place.first + 10 * place.stride, place.chosen, new.taken.first)
        current = current + e.side_current
    if c.first_cycle.active == 1:
        before = first_cycle.States(load(old, place.first + 11 * place.stride, place.chosen))
        new, e = first_cycle.advance(c.first_cycle, before, drive, h)
        store(y, place.first + 11 * place.stride, place.chosen, new.kept.value)
        store(slopes, place.first + 11 * place.stride, place.chosen, new.kept.first)
        current = current + e.side_current
    return current


@kernel
def follow(c, y, place, slopes, change):
    """Let the states of ``after`` follow a change of the potential."""
    if c.interphase.active == 1:
        store(y, place.first + 4 * place.stride, place.chosen, load(y, place.first + 4 * place.stride, place.chosen) + load(slopes, place.first + 4 * place.stride, place.chosen) * change)
        store(y, place.first + 5 * place.stride, place.chosen, load(y, place.first + 5 * place.stride, place.chosen) + load(slopes, place.first + 5 * place.stride, place.chosen) * change)
        store(y, place.first + 6 * place.stride, place.chosen, load(y, place.first + 6 * place.stride, place.chosen) + load(slopes, place.first + 6 * place.stride, place.chosen) * change)
    if c.isolation.active == 1:
        store(y, place.first + 7 * place.stride, place.chosen, load(y, place.first + 7 * place.stride, place.chosen) + load(slopes, place.first + 7 * place.stride, place.chosen) * change)
        store(y, place.first + 8 * place.stride, place.chosen, load(y, place.first + 8 * place.stride, place.chosen) + load(slopes, place.first + 8 * place.stride, place.chosen) * change)
        store(y, place.first + 9 * place.stride, place.chosen, load(y, place.first + 9 * place.stride, place.chosen) + load(slopes, place.first + 9 * place.stride, place.chosen) * change)
        store(y, place.first + 10 * place.stride, place.chosen, load(y, place.first + 10 * place.stride, place.chosen) + load(slopes, place.first + 10 * place.stride, place.chosen) * change)
    if c.first_cycle.active == 1:
        store(y, place.first + 11 * place.stride, place.chosen, load(y, place.first + 11 * place.stride, place.chosen) + load(slopes, place.first + 11 * place.stride, place.chosen) * change)


@kernel
def book(c, y, old, place, change):
    """Let what mechanisms note as taken follow what has crossed the surface of particles."""
    if c.isolation.active == 1:
        store(y, place.first + 10 * place.stride, place.chosen, load(old, place.first + 10 * place.stride, place.chosen) + change)


@kernel
def causes(c, y, place, drive, out, start):
    """Store the linear misfit by each mechanism, one row of members after the other."""
    if c.cracking.active == 1:
        now = cracking.States(load(y, place.first, place.chosen), load(y, place.first + 1 * place.stride, place.chosen))
        _, e = cracking.advance(c.cracking, now, drive, 0.0)
        room = value_of(e.misfit) + value_of(e.opening) / 3.0
        store(out, start, place.chosen, room)
    if c.interphase.active == 1:
        now = interphase.States(load(y, place.first + 4 * place.stride, place.chosen), load(y, place.first + 5 * place.stride, place.chosen), load(y, place.first + 6 * place.stride, place.chosen))
        e = interphase.standing(c.interphase, now)
        room = value_of(e.misfit) + value_of(e.opening) / 3.0
        store(out, start + 1 * place.stride, place.chosen, room)
    if c.alloying.active == 1:
        now = alloying.States(load(y, place.first + 12 * place.stride, place.chosen), load(y, place.first + 13 * place.stride, place.chosen), load(y, place.first + 14 * place.stride, place.chosen))
        _, e = alloying.advance(c.alloying, now, drive, 0.0)
        room = value_of(e.misfit) + value_of(e.opening) / 3.0
        store(out, start + 2 * place.stride, place.chosen, room)


@kernel
def foil_before(f, y, old, first, drive, h):
    """Return the sum of what happens at a foil."""
    zero = 0.0 * drive.i
    total = FoilEffect(zero + 1.0, zero, zero, zero, zero, zero, zero)
    if f.bare_collector.active == 1:
        before = bare_collector.States(old[first])
        new, e = bare_collector.advance(f.bare_collector, before, drive, h)
        y[first] = new.inactive.value
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    if f.pressed_contact.active == 1:
        before = pressed_contact.States(old[first + 1])
        new, e = pressed_contact.advance(f.pressed_contact, before, drive, h)
        y[first + 1] = new.beyond.value
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    if f.polymer_contact.active == 1:
        before = polymer_contact.States(old[first + 2], old[first + 3])
        new, e = polymer_contact.advance(f.polymer_contact, before, drive, h)
        y[first + 2] = new.given.value
        y[first + 3] = new.flowed.value
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    if f.lithium_voids.active == 1:
        before = lithium_voids.States(load(old, first + 4, first_lanes(8)), load(old, first + 12, first_lanes(8)))
        new, e = lithium_voids.advance(f.lithium_voids, before, drive, h)
        store(y, first + 4, first_lanes(8), new.open.value)
        store(y, first + 12, first_lanes(8), new.occluded.value)
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    if f.salt.active == 1:
        before = salt.States(load(old, first + 20, first_lanes(8)))
        new, e = salt.advance(f.salt, before, drive, h)
        store(y, first + 20, first_lanes(8), new.uneven.value)
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    if f.host_in_front.active == 1:
        before = host_in_front.States(load(old, first + 28, first_lanes(8)), old[first + 36])
        new, e = host_in_front.advance(f.host_in_front, before, drive, h)
        store(y, first + 28, first_lanes(8), new.lacking.value)
        y[first + 36] = new.front.value
        total = joined(total, e)
        here = met(total.contact, total.begins)
        drive = FoilBefore(drive.temperature, drive.i, drive.P, drive.lithium, here)
    return total


@kernel
def foil_after(f, y, old, first, drive, h):
    """Return the sum of what follows the contact of a foil."""
    zero = 0.0 * drive.theta
    total = FoilEffect(zero + 1.0, zero, zero, zero, zero, zero, zero)
    if f.interphase.active == 1:
        before = foil_interphase.States(old[first + 37])
        new, e = foil_interphase.advance(f.interphase, before, drive, h)
        y[first + 37] = new.film.value
        total = joined(total, e)
    if f.separator_crack.active == 1:
        before = separator_crack.States(old[first + 38])
        new, e = separator_crack.advance(f.separator_crack, before, drive, h)
        y[first + 38] = new.length.value
        total = joined(total, e)
    if f.pore_creep.active == 1:
        before = pore_creep.States(old[first + 39])
        new, e = pore_creep.advance(f.pore_creep, before, drive, h)
        y[first + 39] = new.spent.value
        total = joined(total, e)
    return total
