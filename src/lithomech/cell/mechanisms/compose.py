"""From mechanisms to one composition: the text of a module that calls each in turn.

The composition of the package stands in ``composed.py``; ``make check`` compares it with what
this module writes. A user's mechanism makes another one, see ``registry``. The text holds names
of registered modules and of their states only.
"""

from collections.abc import Iterator, Sequence

from lithomech.cell.mechanisms.declare import Mechanism, Pass, Present, State

HEAD = '''"""All mechanisms of a cell as one composition. Written by compose.py: do not edit."""

{imports}
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
'''

PRESENT = '''

@kernel
def present(c, y, place):
    """Return what mechanisms come to at present."""
    {starts}
{body}    return Present({names})
'''

BLOCKED = '''

@kernel
def blocked(c, y, place):
    """Return what mechanisms add to the resistivity of the ionic path, over its own."""
    added = spread(0.0)
{body}    return added
'''

PARTICLE = '''

@kernel
def {name}(c, y, old, place, drive, h):
    """{doc}"""
    zero = 0.0 * drive.{seed}
    misfit, opening, working, resistance = zero, zero, zero, zero
    diffusive, irreversible, relief, current = zero + 1.0, zero, zero, zero
    shift = zero
{body}    return Effect(
        misfit, opening, working, resistance, diffusive, irreversible, relief, current, shift
    )
'''

AFTER = '''

@kernel
def after(c, y, old, place, drive, h, slopes):
    """Return the sum of what follows the contact; slopes of its states go to ``slopes``."""
    current = 0.0 * drive.potential
{body}    return current


@kernel
def follow(c, y, place, slopes, change):
    """Let the states of ``after`` follow a change of the potential."""
{follow}

@kernel
def book(c, y, old, place, change):
    """Let what mechanisms note as taken follow what has crossed the surface of particles."""
{booked}

@kernel
def causes(c, y, place, drive, out, start):
    """Store the linear misfit by each mechanism, one row of members after the other."""
{causes}'''

FOIL = '''

@kernel
def foil_{name}(f, y, old, first, drive, h):
    """{doc}"""
    zero = 0.0 * drive.{seed}
    total = FoilEffect(zero + 1.0, zero, zero, zero, zero, zero, zero)
{body}    return total
'''
DOCS = {
    "before": "Return the sum of what wants room, before the wall is known.",
    "wall": "Return the sum of what gives way at the wall.",
    "foil before": "Return the sum of what happens at a foil.",
    "foil after": "Return the sum of what follows the contact of a foil.",
}
FACTORS = ("diffusivity",)  # of ``Present``; its other fields are sums
BLOCKING = "blocking"  # function of a mechanism that cuts the way of ions
TAKEN = "taken"  # state of a mechanism that notes the stoichiometry taken by whole particles
SUMS = {  # what counts of an effect, by pass
    Pass.BEFORE: ("misfit", "opening", "working", "resistance", "shift"),
    Pass.WALL: ("irreversible", "relief"),
}


def state_rows(mechanisms: Sequence[Mechanism]) -> Iterator[tuple[int, Mechanism, str]]:
    """Row of each state among those of its site, with its mechanism and name."""
    row = 0
    for mechanism in mechanisms:
        for state in mechanism.states:
            yield row, mechanism, state
            row += mechanism.states[state].width


def composition_text(particle: Sequence[Mechanism], foil: Sequence[Mechanism]) -> str:
    """Return the source of the module that composes these mechanisms."""
    return "".join(
        [
            HEAD.format(imports=_imports([*particle, *foil])),
            _present(particle),
            _blocked(particle),
            _particle_pass(particle, Pass.BEFORE, "J"),
            _particle_pass(particle, Pass.WALL, "misfit"),
            AFTER.format(
                body=_after(particle),
                follow=_follow(particle),
                booked=_booked(particle),
                causes=_causes(particle),
            ),
            _foil_pass(foil, Pass.BEFORE, "i"),
            _foil_pass(foil, Pass.AFTER, "theta"),
        ]
    )


def alias(mechanism: Mechanism) -> str:
    """The name by which the composition knows the module of a mechanism."""
    return mechanism.module.__name__.rpartition(".")[2]


def _imports(mechanisms: Sequence[Mechanism]) -> str:
    names = sorted({m.module.__name__ for m in mechanisms})
    return "\n".join(
        f"from {package} import {name}" if package else f"import {name}"
        for package, _, name in (full.rpartition(".") for full in names)
    )


def _rows(mechanisms: Sequence[Mechanism], mechanism: Mechanism) -> list[tuple[int, str]]:
    return [(row, name) for row, m, name in state_rows(mechanisms) if m is mechanism]


def _at(row: int) -> str:
    return "place.first" if row == 0 else f"place.first + {row} * place.stride"


def _loaded(array: str, mechanisms: Sequence[Mechanism], m: Mechanism) -> str:
    loads = ", ".join(
        f"load({array}, {_at(row)}, place.chosen)" for row, _ in _rows(mechanisms, m)
    )
    return f"{alias(m)}.States({loads})"


def _stored(mechanisms: Sequence[Mechanism], m: Mechanism) -> str:
    return "".join(
        f"        store(y, {_at(row)}, place.chosen, new.{name}.value)\n"
        for row, name in _rows(mechanisms, m)
    )


def _present(mechanisms: Sequence[Mechanism]) -> str:
    names, body = ", ".join(Present._fields), ""
    for m in mechanisms:
        found = [name for name in Present._fields if m.has(name)]
        if found:
            body += f"    if c.{m.name}.active == 1:\n"
            body += f"        now = {_loaded('y', mechanisms, m)}\n"
        for name in found:
            joins = "*" if name in FACTORS else "+"
            body += f"        {name} = {name} {joins} {alias(m)}.{name}(c.{m.name}, now)\n"
    starts = ", ".join(f"spread({float(name in FACTORS)})" for name in Present._fields)
    return PRESENT.format(starts=f"{names} = {starts}", body=body, names=names)


def _blocked(mechanisms: Sequence[Mechanism]) -> str:
    body = ""
    for m in mechanisms:
        if m.has(BLOCKING):
            body += (
                f"    if c.{m.name}.active == 1:\n"
                f"        now = {_loaded('y', mechanisms, m)}\n"
                f"        added = added + {alias(m)}.{BLOCKING}(c.{m.name}, now)\n"
            )
    return BLOCKED.format(body=body)


def _particle_pass(mechanisms: Sequence[Mechanism], order: Pass, seed: str) -> str:
    body = ""
    for m in mechanisms:
        if m.order is order and m.states:
            body += (
                f"    if c.{m.name}.active == 1:\n"
                f"        before = {_loaded('old', mechanisms, m)}\n"
                f"        new, e = {alias(m)}.advance(c.{m.name}, before, drive, h)\n"
                + _stored(mechanisms, m)
                + _added(order)
            )
        elif order is Pass.BEFORE and m.has("standing"):
            body += (
                f"    if c.{m.name}.active == 1:\n"
                f"        now = {_loaded('y', mechanisms, m)}\n"
                f"        e = {alias(m)}.standing(c.{m.name}, now)\n" + _added(order)
            )
    return PARTICLE.format(name=order.value, doc=DOCS[order.value], seed=seed, body=body)


def _added(order: Pass) -> str:
    sums = "".join(f"        {name} = {name} + e.{name}\n" for name in SUMS[order])
    factor = "        diffusive = diffusive * e.diffusivity\n"
    return sums + factor if order is Pass.BEFORE else sums


def _after(mechanisms: Sequence[Mechanism]) -> str:
    body = ""
    for m in mechanisms:
        if m.order is not Pass.AFTER:
            continue
        body += (
            f"    if c.{m.name}.active == 1:\n"
            f"        before = {_loaded('old', mechanisms, m)}\n"
            f"        new, e = {alias(m)}.advance(c.{m.name}, before, drive, h)\n"
            + _stored(mechanisms, m)
        )
        for row, name in _rows(mechanisms, m):
            body += f"        store(slopes, {_at(row)}, place.chosen, new.{name}.first)\n"
        body += "        current = current + e.side_current\n"
    return body


def _follow(mechanisms: Sequence[Mechanism]) -> str:
    body = ""
    for m in mechanisms:
        if m.order is not Pass.AFTER:
            continue
        body += f"    if c.{m.name}.active == 1:\n"
        for row, _ in _rows(mechanisms, m):
            slope = f"load(slopes, {_at(row)}, place.chosen)"
            value = f"load(y, {_at(row)}, place.chosen)"
            body += f"        store(y, {_at(row)}, place.chosen, {value} + {slope} * change)\n"
    return body


def _booked(mechanisms: Sequence[Mechanism]) -> str:
    body = ""
    for row, m, name in state_rows(mechanisms):
        if name == TAKEN:
            known = f"load(old, {_at(row)}, place.chosen)"
            body += f"    if c.{m.name}.active == 1:\n"
            body += f"        store(y, {_at(row)}, place.chosen, {known} + change)\n"
    return body


def cause_rows(mechanisms: Sequence[Mechanism]) -> list[Mechanism]:
    """Mechanisms that may want room, in the order of the rows that ``causes`` stores."""
    return [m for m in mechanisms if (m.order is Pass.BEFORE and m.states) or m.has("standing")]


def _causes(mechanisms: Sequence[Mechanism]) -> str:
    body = ""
    for row, m in enumerate(cause_rows(mechanisms)):
        at = "start" if row == 0 else f"start + {row} * place.stride"
        body += f"    if c.{m.name}.active == 1:\n"
        body += f"        now = {_loaded('y', mechanisms, m)}\n"
        if m.order is Pass.BEFORE:
            body += f"        _, e = {alias(m)}.advance(c.{m.name}, now, drive, 0.0)\n"
        else:
            body += f"        e = {alias(m)}.standing(c.{m.name}, now)\n"
        body += "        room = value_of(e.misfit) + value_of(e.opening) / 3.0\n"
        body += f"        store(out, {at}, place.chosen, room)\n"
    return body


def _foil_load(state: State, at: str) -> str:
    if state.width == 1:
        return f"old[{at}]"
    return f"load(old, {at}, first_lanes({state.width}))"


def _foil_store(state: State, at: str, name: str) -> str:
    if state.width == 1:
        return f"        y[{at}] = new.{name}.value\n"
    return f"        store(y, {at}, first_lanes({state.width}), new.{name}.value)\n"


def _foil_pass(mechanisms: Sequence[Mechanism], order: Pass, seed: str) -> str:
    body = ""
    for m in mechanisms:
        if m.order is not order:
            continue
        rows = [
            (f"first + {row}" if row else "first", name) for row, name in _rows(mechanisms, m)
        ]
        loads = ", ".join(_foil_load(m.states[name], at) for at, name in rows)
        body += (
            f"    if f.{m.name}.active == 1:\n"
            f"        before = {alias(m)}.States({loads})\n"
            f"        new, e = {alias(m)}.advance(f.{m.name}, before, drive, h)\n"
        )
        body += "".join(_foil_store(m.states[name], at, name) for at, name in rows)
        body += "        total = joined(total, e)\n"
        if order is Pass.BEFORE:
            body += (
                "        here = met(total.contact, total.begins)\n"
                "        drive = FoilBefore("
                "drive.temperature, drive.i, drive.P, drive.lithium, here)\n"
            )
    return FOIL.format(name=order.value, doc=DOCS[f"foil {order.value}"], seed=seed, body=body)
