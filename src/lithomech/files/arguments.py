"""Arguments of public functions: text with units, numbers in SI, paths, dicts; or one line."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, SupportsFloat, TypeVar

from lithomech.errors import InputError
from lithomech.files.mistakes import nearest
from lithomech.files.packaged import located
from lithomech.files.quantity import kind, parse_quantity, shown

Progress = Callable[[float, str], None]
Made = TypeVar("Made")
_PATHS: Final = (str, os.PathLike)


def path_of(value: object, key: str = "path") -> Path:
    """Return the path of a file, or of the packaged example of this name.

    Args:
        value: text or a path.
        key: what messages call it.

    Raises:
        InputError: neither text nor a path, or no such file can be.
    """
    if not isinstance(value, _PATHS):
        raise InputError(f"expected the path of a file, not {_what(value)}", key=key)
    return located(Path(value))


def folder_of(value: object, key: str) -> Path | None:
    """Return the path of what is to be written; None stays None.

    Raises:
        InputError: neither text nor a path.
    """
    if value is not None and not isinstance(value, _PATHS):
        raise expected("a path", value, key)
    return None if value is None else Path(value)


def quantity_of(value: object, unit: str, key: str) -> float:
    """Return a quantity in `unit`, read from text with its unit or from a number in `unit`.

    Raises:
        InputError: it is of another kind.
    """
    if isinstance(value, str):
        try:
            return parse_quantity(value, unit)
        except InputError as error:
            raise error.located(key=key) from None
    if isinstance(value, SupportsFloat) and not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError):  # an array of several numbers
            pass
    raise expected(f"{kind(unit)}, or a number in {unit}", value, key)


def maybe(value: object, unit: str, key: str) -> float | None:
    """Return a quantity, or None where it is not given.

    Raises:
        InputError: it is of another kind.
    """
    return None if value is None else quantity_of(value, unit, key)


def checked_progress(value: Progress | None) -> Progress:
    """Return what is called with the fraction done and a text; it may do nothing.

    Raises:
        InputError: it cannot be called.
    """
    if value is None:
        return _say_nothing
    if not callable(value):
        expected = "expected a function of the fraction done and a text"
        raise InputError(f"{expected}, not {_what(value)}", key="progress")
    return value


def made_of(
    make: Callable[..., Made], fields: Iterable[str], values: Mapping[str, Any]
) -> Made:
    """Make something from a dict of its fields.

    Raises:
        InputError: a key that is no field, or a field that is missing.
    """
    for key in values:
        if key not in fields:
            raise InputError(f"unknown key {shown(key)}; {nearest(str(key), list(fields))}")
    try:
        return make(**values)
    except TypeError as error:
        missing = str(error).partition("missing ")[2]
        raise InputError(f"{missing or error} of the dict is missing") from None


def expected(wanted: str, value: object, key: str) -> InputError:
    """Return the error of a value of the wrong type."""
    return InputError(f"expected {wanted}, not {_what(value)}", key=key)


def _say_nothing(_fraction: float, _text: str) -> None:
    """Progress that nobody asked for."""


def _what(value: object) -> str:
    """A value with its type, for a message."""
    return f"{shown(value)} ({type(value).__name__})"
