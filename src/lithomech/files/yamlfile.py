"""YAML documents read safely, with the line of every key; the only importer of yaml.

Refused with file and line: more than 1 MB, aliases and anchors (a few lines of them can
stand for gigabytes), tags, merge keys, duplicate keys, deep nesting, and the scalars that
YAML 1.1 reads as something else than they look (``NO``, ``1e-14``, ``1:30``, ``010``).
"""

import math
import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import final

import yaml

from lithomech.errors import InputError, Mistakes, SeveralMistakesError, printable
from lithomech.files.damaged import plain_size
from lithomech.files.quantity import shown
from lithomech.files.syntax import syntax

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 40

KeyPath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|[-+]?[0-9]*\.[0-9]*(?:[eE][-+][0-9]+)?")
_SCIENTIFIC = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))[eE]([-+]?)([0-9]+)")
_WORD = re.compile(r'[^.\[\]"]+')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# a dot between two digits belongs to a name, such as li6ps5cl0.5br0.5
_NAME = re.compile(rf"{_WORD.pattern}(?:(?<=[0-9])\.(?=[0-9]){_WORD.pattern})*")
_KEY_PART = re.compile(rf'\[([0-9]{{1,6}})\]|"([^"]+)"|({_NAME.pattern})')
_WHOLE = re.compile(r"[-+]?[0-9]+")
_END_IN_WHOLE = re.compile(r"(?:.* )?[-+]?[0-9]+")
_REST_OF_NUMBER = re.compile(r"([0-9]+)( ?[^0-9 ].*)?")


@dataclass(frozen=True)
class Document:
    """One YAML mapping and where each of its keys stands.

    Attributes:
        data: the content: nested dict, list, str, int, float, bool, None.
        name: file name for messages.
        lines: line number, from 1, of each key path, such as ("protocol", 0, "repeat").
        mistakes: scalars and keys that YAML reads as something else than they look; only
            where the document was read with `parse_document`.
    """

    data: dict[str, object]
    name: str
    lines: dict[KeyPath, int] = field(repr=False)
    mistakes: tuple[InputError, ...] = ()

    def line(self, path: KeyPath) -> int | None:
        """Return the line of `path`, or of its nearest parent; None if it is no text."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1 if self.lines else None

    def locate(self, error: InputError) -> InputError:
        """Return `error` with the file and line of its key filled in."""
        return error.each(
            lambda one: one.located(file=self.name, line=self.line(split_key(one.key or "")))
        )


def read_document(source: Path | str, name: str | None = None) -> Document:
    """Read one YAML mapping.

    Args:
        source: the path of a file, or the text itself.
        name: what messages call the document; default: the path, or "<text>".

    Raises:
        InputError: the file cannot be read, or holds something this package refuses; with
            file and line.
    """
    document = parse_document(source, name)
    Mistakes(document.mistakes).report()
    return document


def parse_document(source: Path | str, name: str | None = None) -> Document:
    """Read one YAML mapping and note its ambiguous scalars and keys in `mistakes`.

    Args:
        source: the path of a file, or the text itself.
        name: what messages call the document; default: the path, or "<text>".

    Raises:
        InputError: the file cannot be read, is no YAML, or is unsafe; with file and line.
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
        document = _built(text, name)
        own = tuple(one.located(file=name) for one in document.mistakes)
        return replace(document, data=deepcopy(document.data), mistakes=own)
    except InputError as error:
        raise error.located(file=name) from None
    except yaml.MarkedYAMLError as error:
        line, words = syntax(error, text)
        raise InputError(f"not valid YAML: {words}", name, line) from None
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise InputError("holds a character that YAML does not allow", name, line) from None


def read_value(text: str) -> object:
    """Read one YAML value, such as "5 MPa", "[]", "null" or "{type: spring}".

    Raises:
        InputError: the text is no YAML, or holds something this package refuses.
    """
    try:
        data = read_document(f"value: {text}\n").data
    except InputError as error:
        raise SeveralMistakesError(InputError(one.message) for one in error.mistakes) from None
    if set(data) != {"value"}:
        raise InputError(f"{shown(text)} is more than one value")
    return data["value"]


def dump_yaml(data: object) -> str:
    """Return `data` (dict, list, str, numbers, bool, None) as text for `read_document`."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=MAX_BYTES)


def join_key(path: KeyPath) -> str:
    """Return a key path as a person writes it: "protocol[0].steps[2]"."""
    return "".join(map(_key_part, path)).removeprefix(".")


def _key_part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _NAME.fullmatch(part) else f'."{part}"'


def split_key(key: str) -> KeyPath:
    """Return the key path of "protocol[0].steps[2]": ("protocol", 0, "steps", 2).

    A dot between digits belongs to a name: materials.li6ps5cl0.5br0.5.density. A name with
    any other dot in it stands in double quotes.
    """
    return tuple(
        int(index) if index else quoted or word
        for index, quoted, word in _KEY_PART.findall(key)
    )


def _read_bytes(path: Path) -> bytes:
    plain_size(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError("is a pipe or a device; give - to read standard input")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
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


@lru_cache(maxsize=4)
def _built(text: str, name: str) -> Document:
    """The same, kept: who moves a slider asks for one text several times."""
    return _build(text, name)


def _build(text: str, name: str) -> Document:
    _refuse_unsafe_events(text)
    loader = yaml.CSafeLoader(text)
    root = loader.get_single_node()
    if root is None:
        raise InputError("the file is empty")
    builder = _Builder(loader)
    data = builder.value(root, ())
    if not isinstance(data, dict):
        raise InputError("expected 'key: value' lines", line=root.start_mark.line + 1)
    return Document(data, name, builder.lines, tuple(builder.mistakes.all))


@final
class _Builder:
    """Turns the nodes of a document into plain data, with the line of each key."""

    def __init__(self, loader: yaml.CSafeLoader) -> None:
        self.loader = loader
        self.lines: dict[KeyPath, int] = {}
        self.mistakes = Mistakes()

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        """Return the content of `node` and note the line of each key below it."""
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        return self.sequence(node, path)

    def sequence(self, node: yaml.Node, path: KeyPath) -> list[object]:
        """Return the entries of a list; a decimal comma in [...] has split one of them."""
        content: list[object] = []
        before: yaml.Node | None = None
        for item in node.value:
            place = (*path, len(content))
            if before is not None and (entry := _split_entry(before, item)):
                message = f"decimal comma, which divides entries in [...]: write {entry}"
                self.note(message, item.start_mark.line + 1, (*path, len(content) - 1))
                content[-1], before = entry, None
                continue
            self.lines[place] = item.start_mark.line + 1
            content.append(self.value(item, place))
            before = item
        return content

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        """Return the keys of `node` with their content."""
        content: dict[str, object] = {}
        before: tuple[KeyPath, yaml.Node] | None = None
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if before is not None and (
                number := _split_number(before[1], key_node, value_node)
            ):
                message = f"decimal comma: write {number}"
                self.note(message, self.lines[before[0]], before[0])
                content[str(before[0][-1])] = number
                before = None
                continue
            with self.mistakes.noted():
                key = self.key(key_node)
                place = (*path, key)
                if key in content:
                    message = f"this key stands twice, first on line {self.lines[place]}"
                    raise InputError(message, line=line, key=join_key(place))
                self.lines[place] = line
                content[key] = self.value(value_node, place)
                before = (place, value_node)
        return content

    def key(self, node: yaml.Node) -> str:
        """Return the word that a key is."""
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            raise InputError("a key must be a word", line=line)
        if node.tag == f"{_TAG}merge":
            raise InputError("merge keys (<<) are not allowed", line=line)
        if (reason := _trap(node)) is not None:
            raise InputError(reason, line=line)
        key = self.loader.construct_object(node)
        if not isinstance(key, str):
            message = f"the key {shown(node.value)} is no text to YAML: put it in quotes"
            raise InputError(message, line=line)
        return key

    def scalar(self, node: yaml.ScalarNode, path: KeyPath) -> object:
        """Return the content of a scalar; of one that is not what it looks like, its text."""
        reason = _trap(node)
        if reason is None:
            return self.loader.construct_object(node)
        self.note(reason, node.start_mark.line + 1, path)
        return node.value

    def note(self, message: str, line: int, path: KeyPath) -> None:
        """Note a mistake."""
        self.mistakes.all.append(InputError(message, line=line, key=join_key(path) or None))


def _split_number(before: yaml.Node, key: yaml.Node, value: yaml.Node) -> str | None:
    """Return the number that a comma in {mass: 15,7 mg} split into two entries."""
    scalars = [node for node in (before, key, value) if isinstance(node, yaml.ScalarNode)]
    if len(scalars) < 3 or value.value or any(node.style for node in scalars):
        return None
    adjoins = before.end_mark.index + 1 == key.start_mark.index
    numbers = _WHOLE.fullmatch(before.value) and _REST_OF_NUMBER.fullmatch(key.value)
    return f"{before.value}.{key.value}" if adjoins and numbers else None


def _split_entry(before: yaml.Node, item: yaml.Node) -> str | None:
    """Return the entry that a comma in [Rest for 1,5 hours] split into two."""
    scalars = [node for node in (before, item) if isinstance(node, yaml.ScalarNode)]
    if len(scalars) < 2 or any(node.style for node in scalars):
        return None
    adjoin = before.end_mark.index + 1 == item.start_mark.index
    numbers = _END_IN_WHOLE.fullmatch(before.value) and _REST_OF_NUMBER.fullmatch(item.value)
    both_whole = _WHOLE.fullmatch(before.value) and _WHOLE.fullmatch(item.value)
    return f"{before.value}.{item.value}" if adjoin and numbers and not both_whole else None


def _trap(node: yaml.ScalarNode) -> str | None:
    """Return why `node` is not what it looks like, or None where it is."""
    text, kind = node.value, node.tag.removeprefix(_TAG)
    if (control := _CONTROL.search(text)) is not None:
        return f"holds the control character {printable(control[0])}: remove it"
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
