"""One value of a YAML text replaced where it stands; comments and order stay as they are."""

from collections.abc import Iterator
from typing import Final

import yaml

from lithomech.errors import InputError
from lithomech.files.yamlfile import KeyPath, parse_document, split_key

INDENT: Final = 2


def with_value(text: str, key: str, value: str) -> str:
    """Return a YAML text with the value of one key replaced, or the key added.

    Args:
        text: a mapping, as ``read_document`` reads it.
        key: dotted, with list indices: ``cathode.active[0].weight``.
        value: what is to stand there, on one line: ``5 MPa``, ``{type: percolation}``.

    Raises:
        InputError: the text is no YAML, the key cannot be reached, or the value is none.
    """
    parse_document(text + "\n")
    path = split_key(key)
    if not path or "\n" in value:
        raise InputError("cannot be set: expected a key and a value of one line", key=key)
    place, left = _reached(yaml.compose(text, Loader=yaml.CSafeLoader), path)
    if left:
        changed = _with_entry(text, place, _nested(left, value), key)
    elif isinstance(place, yaml.CollectionNode) and not place.flow_style:
        lead = text[: place.start_mark.index].rstrip(" \n")
        column = " " * (place.start_mark.column or INDENT)
        changed = f"{lead}\n{column}{value}{text[_end(place) :]}"
    else:
        changed = text[: place.start_mark.index] + _apart(text, place, value)
        changed += text[place.end_mark.index :]
    parse_document(changed + "\n")
    return changed


def _reached(node: yaml.Node, path: KeyPath) -> tuple[yaml.Node, KeyPath]:
    """The node at a path, or its nearest parent with the rest of the path."""
    for depth, part in enumerate(path):
        following = next((value for name, value in _children(node) if name == part), None)
        if following is None:
            return node, path[depth:]
        node = following
    return node, ()


def _children(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((name.value, value) for name, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)


def _nested(path: KeyPath, value: str) -> str:
    """``a: {b: value}`` for the path a, b."""
    first, *rest = path
    return f"{first}: {value if not rest else f'{{{_nested(tuple(rest), value)}}}'}"


def _with_entry(text: str, place: yaml.Node, entry: str, key: str) -> str:
    """The text with an entry added to a mapping."""
    if not isinstance(place, yaml.MappingNode):
        raise InputError("cannot be set: there is no mapping that it could stand in", key=key)
    end = _end(place)
    if place.flow_style:
        return (
            f"{text[: end - 1].rstrip()}{', ' if place.value else ''}{entry}{text[end - 1 :]}"
        )
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    column = " " * place.start_mark.column
    return f"{text[:line_end]}\n{column}{entry}{text[line_end:]}"


def _end(node: yaml.Node) -> int:
    """Where a node ends, without the comments and empty lines behind it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _apart(text: str, place: yaml.Node, value: str) -> str:
    """The value, with a space before it where the old one was empty."""
    before = text[: place.start_mark.index][-1:]
    return value if before.isspace() or before in "[{(" else f" {value}"
