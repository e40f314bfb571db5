"""Which command a file is for, by the keys that only files of its kind have."""

from collections.abc import Mapping
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
    for command, marks in MARKS.items():
        if lacks and all(mark in data for mark in marks) and not all(m in own for m in marks):
            return command
    return None
