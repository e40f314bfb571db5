"""Which command a file is for, by the keys that only files of its kind have."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

MARKS: Final = {
    "run": ("cathode", "anode"),
    "particle": ("grains",),
    "structure": ("composition",),
    "study": ("base", "vary"),
    "fit": ("base", "parameters"),
}


def other_command(data: Mapping[str, object], schema: Mapping[str, Any]) -> str | None:
    """The command that a file is for, where it is not one of the kind that was asked for.

    Args:
        data: content of the file.
        schema: JSON Schema of what was asked for.
    """
    lacks = any(name not in data for name in schema.get("required", ()))
    own = schema.get("properties", {})
    for command in commands_of(data):
        if lacks and not all(mark in own for mark in MARKS[command]):
            return command
    return None


def commands_of(data: Iterable[str]) -> Iterator[str]:
    """The commands that a file can be for, by its keys."""
    keys = set(data)
    for command, marks in MARKS.items():
        if keys.issuperset(marks):
            yield command
