"""Words about materials that the terminal, the pages and the documentation share."""

from collections.abc import Iterator

from lithomech.materials.hosts import MEASURES
from lithomech.materials.inventory import borrowed_count
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import AXES, of_class, requirements
from lithomech.materials.schema import Source
from lithomech.materials.wording import misprint, number

CELL_ROLES = ("electrolyte", "active", "metal", "additive")


def use_in_cells(m: Material) -> str:
    """Return whether a cell can be made of it, and (in brackets) from what it borrows."""
    if m.role not in CELL_ROLES:
        return "–"
    lacking = m.lacking()
    if lacking:
        return f"no, lacks {len(lacking)}"
    borrowed = borrowed_count(m)
    return f"yes ({m.based_on})" if borrowed else "yes"


def about(m: Material) -> Iterator[str]:
    """Yield what a material is, line by line."""
    yield ", ".join(filter(None, (m.role, (m.family or "").replace("_", " "), m.formula)))
    if m.aliases:
        yield f"also called {', '.join(m.aliases)}"
    if m.note:
        yield " ".join(m.note.split())
    if m.based_on:
        yield f"based on {m.based_on}: what this one lacks comes from there"
    if m.role in CELL_ROLES:
        yield f"runs in a cell: {use_in_cells(m)}"
        if m.lacking():
            yield f"lacking: {', '.join(m.lacking())}"


def source_text(source: Source) -> str:
    """Return how and where a number was found, and what has to be known about that."""
    note = f" ({source.note})" if source.note else ""
    ref = "" if source.ref.casefold() == source.method else f", {source.ref}"
    return f"{source.method}{ref}: {source.where}{note}"


def rests_on(m: Material, name: str, quantity: SIProperty) -> Iterator[str]:
    """Yield what else belongs to a value: conditions, misprint, temperature, owner."""
    if quantity.conditions:
        yield f"conditions: {quantity.conditions}"
    if quantity.activation_energy:
        low, high = quantity.range or (quantity.at, quantity.at)
        vogel = quantity.vogel_temperature
        above = f" (Vogel temperature {number(vogel)} K)" if vogel else ""
        yield (
            f"at {number(quantity.at)} K; activation energy "
            f"{number(quantity.activation_energy / 1e3)} kJ/mol{above}, {low:g} to {high:g} K"
        )
        if quantity.activation_source is not None:
            yield f"activation energy: {source_text(quantity.activation_source)}"
    if quantity.printed is not None:
        yield f"misprint: {misprint(name, quantity)}"
    if quantity.owner not in {"", m.name}:
        yield f"borrowed from {quantity.owner}"


def axis_cells(m: Material) -> list[str]:
    """Return the value of each requirement; a dash where nothing is known."""
    values = requirements(m)
    cells = []
    for axis in AXES:
        value = values[axis.name]
        text = "–" if value is None else f"{value:.3g} {axis.unit}".rstrip()
        cells.append(f"{text} (class)" if of_class(m, axis.property) else text)
    return cells


def host_cells(m: Material) -> list[str]:
    """Return what a host offers; a dash where nothing is known of it."""
    values = [(measure.value(m), measure.unit) for measure in MEASURES]
    return ["–" if value is None else f"{value:.3g} {unit}" for value, unit in values]
