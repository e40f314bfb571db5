"""The cells of a case: its base with what is assumed, calibrated, and set by a condition."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from lithomech.cell.spec import Cell, load_cell
from lithomech.errors import InputError, SeveralMistakesError
from lithomech.files.origin import SETTING
from lithomech.files.yamlfile import Document, KeyPath, dump_yaml, join_key, split_key

BASE: Final = "base"


class Setting(NamedTuple):
    """A key of the cell file that a case changes.

    Attributes:
        place: where the value stands in the case file.
        key: dotted, as behind ``--set``.
        value: as in a file.
    """

    place: KeyPath
    key: str
    value: object


class Variation(NamedTuple):
    """An assumed value replaced by another one.

    Attributes:
        number: of the entry in ``assumed``.
        other: which of its ``varied`` values.
    """

    number: int
    other: int


def settings(
    data: Mapping[str, Any], condition: str, run: str, variation: Variation | None = None
) -> list[Setting]:
    """Return what is changed of the base, the later ones over the earlier ones.

    Args:
        data: content of the case file; what has another form than it should is left out.
        condition: its name.
        run: its name; "" where the case names no runs.
        variation: of one assumed value.
    """
    found = [*_assumed(data, variation), *_calibrated(data)]
    places: list[KeyPath] = [("runs", run), ("conditions", condition)]
    places.append(("conditions", condition, "runs", run))
    for place in places:
        chosen: Any = data
        for part in (*place, "set"):
            chosen = _mapping(chosen).get(str(part))
        for key, value in _mapping(chosen).items():
            found.append(Setting((*place, "set", key), key, value))
    return found


def make_cell(document: Document, changes: list[Setting]) -> Cell:
    """Return a cell of a case.

    Args:
        document: the case file.
        changes: see ``settings``.

    Raises:
        InputError: all mistakes, with their places in the case file.
    """
    base = _mapping(document.data.get(BASE))
    pairs = [(one.key, json.dumps(one.value, ensure_ascii=False)) for one in changes]
    try:
        return load_cell(dump_yaml(base) if base else "{\n}\n", pairs)
    except InputError as error:
        located = [_located(one, document, changes) for one in error.mistakes]
    raise located[0] if len(located) == 1 else SeveralMistakesError(located)


def _located(error: InputError, document: Document, changes: list[Setting]) -> InputError:
    """Return a mistake of a cell with its place in the case file."""
    path = split_key(error.key or "")
    place: KeyPath = (BASE, *path)
    if error.file == SETTING:
        places = [c.place for c in changes if split_key(c.key) == path[: len(split_key(c.key))]]
        place = places[-1] if places else (BASE,)
    return InputError(error.message, document.name, document.line(place), join_key(place))


def _assumed(data: Mapping[str, Any], variation: Variation | None) -> Iterator[Setting]:
    for number, entry in enumerate(_entries(data.get("assumed"))):
        if "key" not in entry or "value" not in entry:
            continue
        place: KeyPath = ("assumed", number, "value")
        value = entry["value"]
        if variation is not None and number == variation.number:
            place = ("assumed", number, "varied", variation.other)
            value = entry["varied"][variation.other]
        yield Setting(place, str(entry["key"]), value)


def _calibrated(data: Mapping[str, Any]) -> Iterator[Setting]:
    for number, entry in enumerate(_entries(data.get("calibrated"))):
        if "parameter" in entry and "value" in entry:
            place: KeyPath = ("calibrated", number, "value")
            yield Setting(place, str(entry["parameter"]), entry["value"])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _entries(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(one) for one in value] if isinstance(value, list) else []
