"""Where the keys of a declared thing came from: a file, its text, or ``--set``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar, final

from pydantic import TypeAdapter, ValidationError

from lithomech.errors import InputError
from lithomech.files.mistakes import explain, most_telling
from lithomech.files.yamlfile import Document, KeyPath, join_key, read_document, split_key

Declared = TypeVar("Declared")
WHOLE_NUMBER: Final = 9  # digits at most


@final
@dataclass(frozen=True)
class Origin:
    """The document a thing was read from, and the keys that ``--set`` changed in it."""

    document: Document
    folder: Path
    changed: tuple[KeyPath, ...] = ()

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key; a file it names stays named."""
        path = split_key(error.key or "")
        if error.file is not None and error.file != self.document.name:
            inner = type(error)(error.message, error.file, error.line)
            error = InputError(str(inner), key=error.key)
        if any(
            path[: len(key)] == key or key[: len(path)] == path != () for key in self.changed
        ):
            return error.located(file="--set")
        return self.document.locate(error)


def read_origin(source: Path | str, overrides: Sequence[tuple[str, str]]) -> Origin:
    """Read a file and apply ``--set`` to its content.

    Args:
        source: path of a YAML file, or its text (more than one line).
        overrides: pairs of dotted key and value.

    Raises:
        InputError: no such file or not a mapping, or a key that cannot be set.
    """
    text = isinstance(source, str) and "\n" in source
    origin = Origin(
        read_document(source if text else Path(source)), Path() if text else Path(source).parent
    )
    for key, value in overrides:
        path = split_key(key)
        if not path or join_key(path) != key:
            raise InputError(
                f"{key!r} is no key; write it as fixture.pressure or cathode.active[0].weight",
                file="--set",
            )
        _set(origin.document.data, path, value)
        origin = replace(origin, changed=(*origin.changed, path))
    return origin


def _set(data: dict[str, Any], path: KeyPath, value: str) -> None:
    """Change one key in place; mappings on the way to it are made."""
    place: Any = data
    for depth, part in enumerate(path):
        inner: Any = place
        if isinstance(place, dict) and isinstance(part, str):
            place.setdefault(part, {})
        elif not (isinstance(place, list) and isinstance(part, int) and part < len(place)):
            here = join_key(path[:depth]) or "the file"
            entries = len(place) if isinstance(place, list) else 0
            holds = f"has the entries 0 to {entries - 1}" if entries else "holds no such key"
            raise InputError(f"cannot be set: {here} {holds}", file="--set", key=join_key(path))
        if depth == len(path) - 1:
            inner[part] = _written(value)
        place = inner[part]


def _written(value: str) -> object:
    """A whole number as YAML would read it; all else is text."""
    return int(value) if value.isdecimal() and len(value) <= WHOLE_NUMBER else value


def validated(
    adapter: TypeAdapter[Declared], data: dict[str, Any], origin: Origin | None
) -> Declared:
    """Make what is declared from plain data; ``origin`` becomes its field of that name.

    Raises:
        InputError: with key, and file and line where there are any.
    """
    if "origin" in data:
        error = InputError("unknown key", key="origin")
        raise origin.locate(error) if origin else error
    try:
        return adapter.validate_python(
            {**data, "origin": origin}, context={"file": origin is not None}
        )
    except ValidationError as problems:
        error = explain(most_telling(problems.errors(include_url=False)), adapter.json_schema())
        raise (origin.locate(error) if origin else error) from None
