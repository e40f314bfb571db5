"""The material library in the terminal."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lithomech.app.materials_rows import (
    about,
    axis_cells,
    host_cells,
    rests_on,
    source_text,
    use_in_cells,
)
from lithomech.app.terminal import make_console
from lithomech.materials.hosts import MEASURES
from lithomech.materials.inventory import (
    Entry,
    audit_counts,
    grouped,
    kind,
    own_counts,
    standing,
)
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import AXES
from lithomech.materials.wording import number, value_text, words

if TYPE_CHECKING:
    from lithomech.app.materials_page import Comparison

COLOURS: Final = {
    "checked": "green",
    "unchecked": "default",
    "calibrated": "yellow",
    "assumed": "yellow",
    "borrowed": "cyan",
}


def print_list(materials: Iterable[Material]) -> None:
    """Print all materials by role and family."""
    table = _table("Name", "Also called", "Values", "In a cell")
    for column in (table.columns[0], *table.columns[2:]):
        column.no_wrap = True
    for (role, family), group in grouped(materials).items():
        table.add_row(Text(f"{role} {family}".strip().replace("_", " "), style="bold"))
        for m in group:
            called = ", ".join(dict.fromkeys((m.formula, *m.aliases)))
            cells = (f"  {m.name}", called, _counts(m), use_in_cells(m))
            table.add_row(*map(Text, cells))
    table.caption = (
        "Values of its own: checked by a second reader + unchecked + assumed or calibrated"
    )
    make_console().print(table)


def _counts(m: Material) -> str:
    counts = own_counts(m)
    doubtful = counts["assumed"] + counts["calibrated"]
    return f"{counts['checked']} + {counts['unchecked']} + {doubtful}"


def print_material(m: Material) -> None:
    """Print everything about one material."""
    console = make_console()
    console.print(Text(m.name, style="bold"))
    for line in about(m):
        console.print(Text(line))
    for name, quantity in m.properties.items():
        console.print()
        console.print(Text.assemble((words(name), "bold"), f"  {value_text(name, quantity)}"))
        _value(console, m, name, quantity)
        if quantity.preferred:
            console.print(Text(f"    preferred: {quantity.preferred}"))
        for other in quantity.others:
            console.print(Text(f"  beside it  {value_text(name, other)}"))
            _value(console, m, name, other)


def _value(console: Console, m: Material, name: str, quantity: SIProperty) -> None:
    """The facts of one value, a line each."""
    rest = standing(quantity.source)
    text = source_text(quantity.source).removeprefix(rest)
    text = text if text.startswith((",", ":")) else f", {text}"
    console.print(Text.assemble("    ", (rest, COLOURS[rest]), text))
    for line in rests_on(m, name, quantity):
        console.print(Text(f"    {line}"))


def print_comparison(made: "Comparison") -> None:
    """Print the numbers and the sentences of a comparison."""
    console = make_console()
    for materials, names, cells in (
        (made.electrolytes, [axis.name for axis in AXES], axis_cells),
        (made.hosts, [measure.name for measure in MEASURES], host_cells),
    ):
        if not materials:
            continue
        table = _table("", *(m.name for m in materials))
        columns = [cells(m) for m in materials]
        for row, name in enumerate(names):
            table.add_row(name, *(column[row] for column in columns))
        console.print(table)
    for sentence in made.conclusions:
        console.print(Text(f"- {sentence}"))


def print_audit(doubtful: Sequence[Entry]) -> None:
    """Print what is not certain, by material; the counts at the end."""
    console = make_console()
    for name, group in groupby(doubtful, key=lambda entry: entry.material):
        console.print(Text(name, style="bold"))
        for entry in group:
            part = "" if entry.part == "value" else f" ({entry.part})"
            whose = (
                f"from {entry.value.owner}, {entry.standing}"
                if entry.is_borrowed()
                else source_text(entry.source)
            )
            line = Text.assemble(
                "  ",
                (f"{kind(entry):<11}", COLOURS[kind(entry)]),
                f"{words(entry.property)}{part}  {_shown(entry)}  [{whose}]",
            )
            console.print(line, soft_wrap=True)
    console.print()
    for name, count in audit_counts(doubtful).items():
        console.print(f"{name:<11}{count:>5}")


def _shown(entry: Entry) -> str:
    if entry.part == "activation energy":
        return f"{number(entry.value.activation_energy / 1e3)} kJ/mol"
    return value_text(entry.property, entry.value)


def _table(*names: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    for name in names:
        table.add_column(name)
    return table
