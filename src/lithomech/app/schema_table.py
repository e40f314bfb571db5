"""The keys of a file as a table: key, unit or allowed words, default, meaning."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from lithomech.files.documented import attributes
from lithomech.files.quantity import convert
from lithomech.files.quantity_types import EXAMPLE, UNIT

Schema = Mapping[str, Any]
REQUIRED: Final = "required"
NO_DEFAULT: Final = "-"
UNBROKEN: Final = 10_000  # columns: no line is as long
_KINDS: Final = {
    "boolean": "true | false",
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "array": "list",
    "object": "keys",
    "null": "null",
}


class Row(NamedTuple):
    """One line of the table."""

    key: str
    unit: str
    default: str
    meaning: str


def print_table(schema: Schema, console: Console) -> None:
    """Print every key of a kind of file.

    Args:
        schema: JSON Schema of the file.
        console: to print on.
    """
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for heading, wraps in (("Key", False), ("Unit or values", True), ("Default", False)):
        table.add_column(heading, no_wrap=not wraps, overflow="fold")
    table.add_column("Meaning", overflow="fold")
    for row in rows(schema):
        table.add_row(*(text.replace("[", r"\[") for text in row))
    if console.is_terminal:
        console.print(table)
        return
    console.width = UNBROKEN  # one line for each key, for what reads lines
    with console.capture() as written:
        console.print(table)
    for line in written.get().splitlines():
        typer.echo(line.rstrip())


def rows(schema: Schema) -> list[Row]:
    """Return a row for each key, in the order of the file's form."""
    return list(_Walk(schema).below(schema, ""))


class _Walk:
    """Follows a schema; keys of a part that stood before are not repeated."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.seen: dict[str, str] = {}

    def below(self, place: Schema, path: str) -> Iterator[Row]:
        """Rows of the keys of a mapping."""
        documented = attributes(str(place.get("description", "")))
        for name, declared in place.get("properties", {}).items():
            needed = name in place.get("required", ())
            known = {"description": documented[name]} if name in documented else {}
            yield from self.key({**declared, **known}, f"{path}.{name}".strip("."), needed)

    def key(self, declared: Schema, path: str, needed: bool) -> Iterator[Row]:
        """The row of a key, and those of the keys in it."""
        leaves, parts = self.branches(declared)
        meaning = str(declared.get("description", ""))
        if not meaning and len(parts) == 1:
            meaning = _sentence(next(iter(parts.values())))
        if "const" not in declared:
            unit = " | ".join(dict.fromkeys(filter(None, map(_unit, leaves)))) or "keys"
            default = REQUIRED if needed else _default(declared, leaves)
            yield Row(path, unit, default, meaning)
        for label, (reference, below) in self.named(declared, parts, path).items():
            if reference in self.seen:
                yield Row(f"{label}.*", "", "", f"the same keys as {self.seen[reference]}")
                continue
            self.seen[reference] = label
            if label != path and " " in label:
                yield Row(label, "", "", _sentence(below))
            yield from self.below(below, label.partition(" ")[0])

    def branches(self, declared: Schema) -> tuple[list[Schema], dict[str, Schema]]:
        """What a value may be: plain ones, and mappings with keys by their reference."""
        leaves: list[Schema] = []
        parts: dict[str, Schema] = {}
        for one in declared.get("anyOf", declared.get("oneOf", [declared])):
            if "$ref" in one:
                parts[one["$ref"]] = self.schema["$defs"][one["$ref"].rpartition("/")[2]]
            elif "anyOf" in one or "oneOf" in one:
                inner, more = self.branches(one)
                leaves, parts = leaves + inner, parts | more
            elif one.get("type") != "null":
                leaves.append(one)
                for inside in (one.get("items"), one.get("additionalProperties")):
                    if isinstance(inside, Mapping):
                        parts |= self.branches(inside)[1]
        return leaves, parts

    def named(
        self, declared: Schema, parts: Mapping[str, Schema], path: str
    ) -> dict[str, tuple[str, Schema]]:
        """The mappings with the path that their keys have."""
        inner = declared.get("additionalProperties", declared.get("items", {}))
        inside = f"{path}[0]" if declared.get("type") == "array" else path
        if isinstance(declared.get("additionalProperties"), Mapping):
            inside = f"{path}.NAME"
        tags: dict[str, str] = {}
        for one in (declared, inner if isinstance(inner, Mapping) else {}):
            choice = one.get("discriminator", {"mapping": {}})
            tags |= {
                reference: f" ({choice['propertyName']}: {tag})"
                for tag, reference in choice["mapping"].items()
            }
        if len(parts) > 1:  # distinguished by their keys alone
            tags = {ref: f" ({part.get('title')})" for ref, part in parts.items()} | tags
        return {f"{inside}{tags.get(ref, '')}": (ref, part) for ref, part in parts.items()}


def _unit(leaf: Schema) -> str:
    """The unit of a quantity, the words that are allowed, or the kind of value."""
    if EXAMPLE in leaf:
        unit = str(leaf[EXAMPLE][0]).partition(" ")[2]
        return unit or "number"
    if "enum" in leaf:
        return " | ".join(map(str, leaf["enum"]))
    return _KINDS.get(leaf.get("type", ""), "any")


def _default(declared: Schema, leaves: list[Schema]) -> str:
    value = declared.get("default")
    if value is None or isinstance(value, dict | list):
        return NO_DEFAULT
    quantity = next((leaf for leaf in (declared, *leaves) if EXAMPLE in leaf), None)
    if quantity is None or isinstance(value, str | bool):
        return str(value).lower() if isinstance(value, bool) else str(value)
    unit = str(quantity[EXAMPLE][0]).partition(" ")[2]
    number = convert(float(value), quantity[UNIT], unit or "dimensionless")
    if unit == "um" and number >= 1000.0:
        number, unit = number / 1000.0, "mm"
    return f"{number:.6g} {unit}".strip()


def _sentence(part: Schema) -> str:
    """The first sentence of what a mapping is."""
    return " ".join(str(part.get("description", "")).partition("\n\n")[0].split()).rstrip(".")
