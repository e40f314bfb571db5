"""What the keys of a file mean, from the docstrings and fields that declare them."""

from collections.abc import Mapping
from typing import Any

from lithomech.files.quantity_types import EXAMPLE


def meaning(owner: Mapping[str, Any], key: str) -> str:
    """Return what a key means, with an example of a quantity; empty where nothing says so.

    Args:
        owner: JSON Schema of the mapping that the key is in.
        key: its name.
    """
    declared = owner.get("properties", {}).get(key, {})
    branches = [declared, *declared.get("anyOf", ())]
    quantity = next((str(one[EXAMPLE][0]) for one in branches if EXAMPLE in one), "")
    words = attributes(str(owner.get("description", ""))).get(key, "")
    if not words and not (quantity and " (SI: " in str(declared.get("description"))):
        words = str(declared.get("description", ""))
    shown = f"such as {quantity!r}" if quantity and not quantity.endswith("%") else ""
    return ", ".join(filter(None, (" ".join(words.split()).rstrip("."), shown)))


def attributes(docstring: str) -> dict[str, str]:
    """What a docstring says about each attribute."""
    _, _, listed = docstring.partition("Attributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in listed.partition("\n\n")[0].splitlines():
        words = line.strip()
        head, colon, text = words.partition(": ")
        if colon and head.isidentifier() and not line.startswith("     "):
            name, words = head, text
        found[name] = f"{found.get(name, '')} {words}".strip().rstrip(".")
    return found
