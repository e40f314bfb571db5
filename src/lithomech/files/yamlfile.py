"""YAML documents read safely, with the line of every key; the only importer of yaml.

Refused with file and line: more than 1 MB, aliases and anchors (a few lines of them can
stand for gigabytes), tags, merge keys, duplicate keys, deep nesting, and the scalars that
YAML 1.1 reads as something else than they look (``NO``, ``1e-14``, ``1:30``, ``010``).
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from lithomech.errors import InputError
from lithomech.files.quantity import shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 40

KeyPath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|[-+]?[0-9]*\.[0-9]*(?:[eE][-+][0-9]+)?")
_SCIENTIFIC = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))[eE]([-+]?)([0-9]+)")
_KEY_PART = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


@dataclass(frozen=True)
class Document:
    """One YAML mapping and where each of its keys stands.

    Attributes:
        data: the content: nested dict, list, str, int, float, bool, None.
        name: file name for messages.
        lines: line number, from 1, of each key path, such as ("protocol", 0, "repeat").
    """

    data: dict[str, object]
    name: str
    lines: dict[KeyPath, int] = field(repr=False)

    def line(self, path: KeyPath) -> int:
        """Return the line of `path`, or of its nearest parent that is in the document."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def locate(self, error: InputError) -> InputError:
        """Return `error` with the file and line of its key filled in."""
        return error.located(file=self.name, line=self.line(split_key(error.key or "")))


def read_document(source: Path | str, name: str | None = None) -> Document:
    """Read one YAML mapping.

    Args:
        source: the path of a file, or the text itself.
        name: what messages call the document; default: the path, or "<text>".

    Raises:
        InputError: the file cannot be read, or holds something this package refuses; with
            file and line.
    """
    name = name or (str(source) if isinstance(source, Path) else "<text>")
    try:
        content = (
            _read_bytes(source)
            if isinstance(source, Path)
            else source.encode("utf-8", "surrogatepass")
        )
        text = _decode(content)
    except InputError as error:
        raise error.located(file=name) from None
    try:
        return _build(text, name)
    except InputError as error:
        raise error.located(file=name) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not valid YAML: {error.problem or error.context}"
        raise InputError(message, name, mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise InputError("holds a character that YAML does not allow", name, line) from None


def dump_yaml(data: object) -> str:
    """Return `data` (dict, list, str, numbers, bool, None) as text for `read_document`."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=MAX_BYTES)


def join_key(path: KeyPath) -> str:
    """Return a key path as a person writes it: "protocol[0].steps[2]"."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def split_key(key: str) -> KeyPath:
    """Return the key path of "protocol[0].steps[2]": ("protocol", 0, "steps", 2)."""
    return tuple(int(index) if index else word for index, word in _KEY_PART.findall(key))


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot be read: {reason}") from None


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise InputError(
            f"larger than {MAX_BYTES // 10**6} MB; is this a cell or material file?"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text; save the file as UTF-8", line=line) from None


def _refuse_unsafe_events(text: str) -> None:
    """Stop at the first alias, tag or too deep level, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise InputError("anchors (&) and aliases (*) are not allowed", line=line)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            raise InputError("tags (!) are not allowed", line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputError(f"nested deeper than {MAX_DEPTH} levels", line=line)


def _build(text: str, name: str) -> Document:
    _refuse_unsafe_events(text)
    loader = yaml.CSafeLoader(text)
    root = loader.get_single_node()
    if root is None:
        raise InputError("the file is empty")
    lines: dict[KeyPath, int] = {}
    data = _value(loader, root, (), lines)
    if not isinstance(data, dict):
        raise InputError("expected 'key: value' lines", line=root.start_mark.line + 1)
    return Document(data, name, lines)


def _value(
    loader: yaml.CSafeLoader, node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]
) -> object:
    """Return the content of `node` and enter the line of each key below it in `lines`."""
    if isinstance(node, yaml.MappingNode):
        content: dict[str, object] = {}
        for key_node, value_node in node.value:
            key, line = _key(loader, key_node), key_node.start_mark.line + 1
            place = (*path, key)
            if key in content:
                first = lines[place]
                message = f"this key stands twice, first on line {first}"
                raise InputError(message, line=line, key=join_key(place))
            lines[place] = line
            content[key] = _value(loader, value_node, place, lines)
        return content
    if isinstance(node, yaml.ScalarNode):
        return _scalar(loader, node, join_key(path))
    for index, item in enumerate(node.value):
        lines[(*path, index)] = item.start_mark.line + 1
    return [_value(loader, item, (*path, i), lines) for i, item in enumerate(node.value)]


def _key(loader: yaml.CSafeLoader, node: yaml.Node) -> str:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise InputError("a key must be a word", line=line)
    if node.tag == f"{_TAG}merge":
        raise InputError("merge keys (<<) are not allowed", line=line)
    key = _scalar(loader, node, "")
    if not isinstance(key, str):
        message = f"the key {shown(node.value)} is no text to YAML: put it in quotes"
        raise InputError(message, line=line)
    return key


def _scalar(loader: yaml.CSafeLoader, node: yaml.ScalarNode, key: str) -> object:
    reason = _trap(node)
    if reason is not None:
        raise InputError(reason, line=node.start_mark.line + 1, key=key or None)
    return loader.construct_object(node)


def _trap(node: yaml.ScalarNode) -> str | None:
    """Return why `node` is not what it looks like, or None where it is."""
    text, kind = node.value, node.tag.removeprefix(_TAG)
    if node.style:
        return None  # quoted or a block: text, as it looks
    if kind in {"int", "float"}:
        return _number_trap(text)
    if kind == "bool" and text.lower() not in {"true", "false"}:
        return f"YAML reads {text} as true or false: put it in quotes, or write true or false"
    if kind in {"timestamp", "value"}:
        return f"YAML does not read {shown(text)} as text: put it in quotes"
    return _scientific_trap(text)


def _number_trap(text: str) -> str | None:
    if len(text) > MAX_DIGITS:
        return f"a number of more than {MAX_DIGITS} characters"
    if _DECIMAL.fullmatch(text) is None:
        return f"YAML reads {text} as a number: write a finite decimal number, or use quotes"
    return None if math.isfinite(float(text)) else f"{text} is not a finite number"


def _scientific_trap(text: str) -> str | None:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None or _DECIMAL.fullmatch(text):
        return None
    mantissa, sign, exponent = match.groups()
    better = f"{mantissa}{'' if '.' in mantissa else '.0'}e{sign or '+'}{exponent}"
    return f"YAML reads {text} as text, not as a number: write {better}"


class _Dumper(yaml.CSafeDumper):
    """Writes no anchors, and quotes text that looks like a number such as 1e-14."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if _SCIENTIFIC.fullmatch(text) else None
    return dumper.represent_scalar(f"{_TAG}str", text, style=style)


_Dumper.add_representer(str, _represent_text)
