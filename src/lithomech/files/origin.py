"""Where the keys of a declared thing came from: a file, its text, ``--set`` or Python."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar, cast, final

from pydantic import TypeAdapter, ValidationError

from lithomech.errors import InputError, Mistakes
from lithomech.files.arguments import path_of
from lithomech.files.mistakes import explain_all
from lithomech.files.purpose import other_command
from lithomech.files.quantity import shown
from lithomech.files.quantity_types import from_python
from lithomech.files.yamlfile import (
    Document,
    KeyPath,
    join_key,
    parse_document,
    read_value,
    split_key,
)

Declared = TypeVar("Declared")
Source: TypeAlias = Path | str | Mapping[str, object]
Overrides: TypeAlias = Mapping[str, object] | Iterable[tuple[str, object]]
Check: TypeAlias = Callable[[dict[str, Any], Path], Iterable[InputError]]
SETTING: Final = "--set"
INSIDE: Final = ("origin", "enclosed")  # fields that no file sets


@final
@dataclass(frozen=True)
class Origin:
    """The document a thing was read from, and the keys that ``--set`` changed in it.

    Attributes:
        document: the file with the changes made.
        folder: where files that it names are looked for.
        changed: keys that were set.
        mistakes: of the YAML and of the settings.
        notes: on keys that were read as those that stand for them now.
    """

    document: Document
    folder: Path
    changed: tuple[KeyPath, ...] = ()
    mistakes: tuple[InputError, ...] = ()
    notes: tuple[str, ...] = ()

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key; a file it names stays named."""
        return error.each(self._locate)

    def with_values(self, values: Mapping[KeyPath, object]) -> "Origin":
        """Return the same document with other values, which count as set; this one stays.

        Args:
            values: by key path, as they would stand in the file.

        Raises:
            InputError: a key cannot be set; with the key.
        """
        data = self.document.data
        for path, value in values.items():
            try:
                data = _with(data, path, 0, value)
            except InputError as error:
                raise error.located(file=SETTING, key=join_key(path)) from None
        document = replace(self.document, data=data)
        return replace(self, document=document, changed=(*self.changed, *values))

    def _locate(self, error: InputError) -> InputError:
        path = split_key(error.key or "")
        if error.file == SETTING:
            return error
        if error.file not in {None, self.document.name}:
            inner = type(error)(error.message, error.file, error.line)
            error = InputError(str(inner), key=error.key)
        if any(
            path[: len(key)] == key or key[: len(path)] == path != () for key in self.changed
        ):
            return error.located(file=SETTING)
        return self.document.locate(error)


def read_origin(source: Source, overrides: Overrides = ()) -> Origin:
    """Read a file and apply overrides to its content.

    Args:
        source: path of a YAML file, name of a packaged example, text of more than one line,
            or the content as a dict; numbers in a dict are in SI.
        overrides: dotted keys with their values: text as in a file or behind ``--set KEY=``,
            numbers in SI, lists, dicts.

    Raises:
        InputError: the file cannot be read, or is no YAML mapping.
    """
    document, folder = _document(source)
    mistakes = Mistakes(document.mistakes)
    changed = []
    for key, value in _pairs(overrides):
        with mistakes.noted(file=SETTING):
            path = key_path(key)
            with mistakes.noted(file=SETTING, key=join_key(path)):
                _set(document.data, path, _written(value))
                changed.append(path)
    return Origin(document, folder, tuple(changed), tuple(mistakes.all))


def _document(source: object) -> tuple[Document, Path]:
    """The content, and the folder where files that it names are looked for."""
    if isinstance(source, Mapping):
        return Document(from_python(dict(source)), "dict", {}), Path()
    if isinstance(source, str) and "\n" in source:
        return parse_document(source), Path()
    place = path_of(source)
    return parse_document(place), place.parent


def _pairs(overrides: Overrides) -> list[tuple[object, object]]:
    """Keys and values of a dict or of a list of pairs."""
    wanted = "expected a dict such as {'fixture.pressure': '5 MPa'}, or a list of such pairs"
    if isinstance(overrides, Mapping):
        return list(overrides.items())
    if isinstance(overrides, str) or not isinstance(overrides, Iterable):
        raise InputError(f"{wanted}, not {shown(overrides)}", key="overrides")
    pairs = []
    for pair in overrides:
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            raise InputError(f"{wanted}; {shown(pair)} is none", key="overrides")
        pairs.append((pair[0], pair[1]))
    return pairs


def key_path(key: object) -> KeyPath:
    """Return the path of a dotted key, such as cathode.active[0].weight.

    Raises:
        InputError: it is no key.
    """
    path = split_key(key) if isinstance(key, str) else ()
    if not path or join_key(path) != key:
        raise InputError(
            f"{shown(key)} is not a key; write it as fixture.pressure or "
            "cathode.active[0].weight"
        )
    return path


def _set(data: dict[str, Any], path: KeyPath, value: object) -> None:
    """Change one key in place; mappings on the way to it are made."""
    holder = _holder(data, path[:1])
    for depth, part in enumerate(path[:-1]):
        holder = _holder(holder[part], path[: depth + 2])
    holder[path[-1]] = value


def _with(place: object, path: KeyPath, depth: int, value: object) -> Any:  # noqa: ANN401
    """Return a copy of a mapping or a list in which the end of `path` has another value."""
    holder, part = _holder(copy(place), path[: depth + 1]), path[depth]
    last = depth + 1 == len(path)
    holder[part] = value if last else _with(holder[part], path, depth + 1, value)
    return holder


def _holder(place: object, path: KeyPath) -> Any:  # noqa: ANN401
    """Return the mapping or list that has an entry at the end of `path`, or is given one."""
    part = path[-1]
    if isinstance(place, dict) and isinstance(part, str):
        place.setdefault(part, {})
    elif not (isinstance(place, list) and isinstance(part, int) and part < len(place)):
        raise InputError(f"cannot be set: {_why_not(place, path[:-1], part)}")
    return place


def _why_not(place: object, path: KeyPath, part: str | int) -> str:
    """Why an entry cannot be reached."""
    here = join_key(path) or "the file"
    if isinstance(place, list):
        if not place:
            return f"{here} is an empty list; set the whole list"
        last = f" to {here}[{len(place) - 1}]" if len(place) > 1 else ""
        return f"{here} is a list; its entries: {here}[0]{last}"
    if isinstance(place, dict):
        return f"{here} is not a list, so it has no entry [{part}]"
    return f"{here} is {shown(place)}, which has no keys"


def _written(value: object) -> object:
    """The value of an override as it would stand in a file."""
    return read_value(value) if isinstance(value, str) else from_python(value)


def validated(
    adapter: TypeAdapter[Declared],
    data: dict[str, Any],
    origin: Origin | None,
    check: Check | None = None,
) -> Declared:
    """Make what is declared from plain data; ``origin`` becomes its field of that name.

    Args:
        adapter: of what is declared.
        data: its keys.
        origin: where they came from; None where they came from a result.
        check: yields further mistakes in the data, given the folder of the file; they are
            reported together with all others.

    Raises:
        InputError: all mistakes at once, with key, and file and line where there are any.
    """
    mistakes = [InputError("unknown key", key=key) for key in INSIDE if key in data]
    data = {key: value for key, value in data.items() if key not in INSIDE}
    declared = None
    context = {"file": origin is not None}
    try:
        declared = adapter.validate_python({**data, "origin": origin}, context=context)
    except ValidationError as problems:
        errors = problems.errors(include_url=False)
        schema = adapter.json_schema()
        if origin is not None and (command := other_command(data, schema)) is not None:
            message = f"is a file for another command: `lithomech {command}`"
            raise InputError(message, file=origin.document.name) from None
        mistakes += explain_all(errors, schema)
    if check is not None and origin is not None:
        mistakes += (one for error in check(data, origin.folder) for one in error.mistakes)
    Mistakes(_in_order(mistakes, origin)).report()
    return cast("Declared", declared)


def plain_errors(declared: type[Declared]) -> type[Declared]:
    """Let a pydantic dataclass report its mistakes as an InputError when Python makes one."""
    made = declared.__init__

    @wraps(made)
    def __init__(self: Declared, *args: object, **kwargs: object) -> None:  # noqa: N807
        try:
            made(self, *args, **kwargs)
        except ValidationError as problems:
            errors = problems.errors(include_url=False)
            mistakes = Mistakes(explain_all(errors, TypeAdapter(declared).json_schema()))
        else:
            return
        mistakes.report()

    declared.__init__ = __init__
    return declared


def _in_order(mistakes: Iterable[InputError], origin: Origin | None) -> list[InputError]:
    """Each mistake once, by line; nothing on keys that cannot be read as YAML or be set."""
    first = origin.mistakes if origin else ()
    unread = {one.key for one in first if one.key}
    kept = {(e.key, e.message): e for e in mistakes if e.key not in unread}
    if origin is None:
        return list(kept.values())
    located = [one for error in kept.values() for one in origin.locate(error).mistakes]
    return [*first, *sorted(located, key=lambda one: (one.file == SETTING, one.line or 0))]
