"""The sentences a protocol is written in, and the steps they stand for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lithomech.cell.protocol.drives import read_drive
from lithomech.cell.protocol.forms import build
from lithomech.cell.protocol.nearest import nearest
from lithomech.cell.protocol.steps import MAX_DEPTH, Repeat, Step
from lithomech.errors import InputError, Mistakes
from lithomech.files.quantity import parse_quantity, shown
from lithomech.files.yamlfile import KeyPath, join_key

MAX_STEP_LENGTH = 200

_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9](?![0-9]{2}(?![0-9])))")


def parse_protocol(items: object, base: Path, key: KeyPath = ("protocol",)) -> tuple[Step, ...]:
    """Read the steps of a cell file.

    Args:
        items: list of sentences, of {"repeat": count, "steps": [...]}, which may have
            "skip": {"error": "0.1 %"}, and of {"drive": {"file": name}}.
        base: the folder that names of drive files start from.
        key: where the list stands in the document, for messages.

    Raises:
        InputError: steps cannot be understood; `key` says which, as "protocol[0].steps[2]".
    """
    if not isinstance(items, list | tuple) or not items:
        message = "expected a list of one step or more, each behind '- '"
        raise InputError(message, key=join_key(key))
    if key.count("steps") > MAX_DEPTH:
        message = f"repeats may be nested at most {MAX_DEPTH} deep"
        raise InputError(message, key=join_key(key))
    mistakes, found = Mistakes(), []
    for index, item in enumerate(items):
        with mistakes.noted():
            found.append(_step(item, base, (*key, index)))
    mistakes.report()
    return tuple(found)


def _sentence(sentence: object) -> Step:
    """Read one step."""
    if not isinstance(sentence, str):
        raise InputError(f"expected a step such as 'Rest for 1 hour', not {shown(sentence)}")
    return _read(sentence)


@lru_cache(maxsize=1024)  # members of a study have the same steps
def _read(sentence: str) -> Step:
    """The step of a text; commas and runs of spaces count as one space."""
    if len(sentence) > MAX_STEP_LENGTH:
        raise InputError(f"{shown(sentence)} is too long for a step")
    if _DECIMAL_COMMA.search(sentence):
        better = _DECIMAL_COMMA.sub(".", sentence)
        raise InputError(f"{shown(sentence)} has a decimal comma: write {better!r}")
    words = re.sub(r"\s*,?\s+", " ", sentence).strip()
    try:
        step = build(words)
    except InputError as error:
        raise InputError(f"in {shown(sentence)}: {error.message}") from None
    if step is None:
        raise InputError(f"{shown(sentence)} is not a step: {nearest(words)}")
    return replace(step, text=" ".join(sentence.split()))


def _step(item: object, base: Path, key: KeyPath) -> Step:
    try:
        if isinstance(item, Mapping):
            return _mapping(item, base, key)
        return _sentence(item)
    except InputError as error:
        raise error.located(key=join_key(key)) from None


def _mapping(item: Mapping[str, object], base: Path, key: KeyPath) -> Step:
    read = _MAPPINGS.get(frozenset(item))
    if read is None:
        raise InputError(_meant(item))
    return read(item, base, key)


def _meant(item: Mapping[str, object]) -> str:
    """What a step that is a mapping, but none of the known ones, was probably to be."""
    allowed = "'repeat: 3' with 'steps:' below it, or 'drive: {file: x.csv}'"
    keys = list(map(str, item))
    if set(keys) & {"repeat", "steps"}:
        lacks = (
            "steps: and the list of what is repeated"
            if "repeat" in keys
            else "repeat: 3 beside steps"
        )
        other = [key for key in keys if key not in {"repeat", "steps", "skip"}]
        less = f"{shown(other[0])} is no key here; " if other else ""
        return f"{less}write {allowed if other else lacks}"
    if len(keys) == 1 and nearest(keys[0]) != nearest(""):
        return f"{shown(keys[0])} is followed by a colon: write the step as one sentence"
    what = (
        f"{shown(keys[0])} is no kind of step" if keys else "an entry without keys is no step"
    )
    return f"{what}; write {allowed}"


def _repeat(item: Mapping[str, object], base: Path, key: KeyPath) -> Step:
    count = item["repeat"]
    if isinstance(count, bool) or not isinstance(count, int):
        raise InputError(f"repeat must be a whole number, not {shown(count)}")
    mistakes, steps, error = Mistakes(), (), None
    with mistakes.noted():
        steps = parse_protocol(item["steps"], base, (*key, "steps"))
    with mistakes.noted():
        error = _skip_error(item["skip"], (*key, "skip")) if "skip" in item else None
    mistakes.report()
    return Repeat(count, steps, error, text=f"Repeat {count} times")


def _skip_error(skip: object, key: KeyPath) -> float:
    """The error that skipping may make, as a share of the first capacity."""
    if not isinstance(skip, Mapping) or set(skip) != {"error"}:
        message = f"expected {{error: 0.1 %}}, not {shown(skip)}"
        raise InputError(message, key=join_key(key))
    try:
        return parse_quantity(skip["error"], "dimensionless")
    except InputError as error:
        raise error.located(key=join_key((*key, "error"))) from None


_MAPPINGS: Mapping[frozenset[str], Callable[[Mapping[str, object], Path, KeyPath], Step]] = {
    frozenset({"repeat", "steps"}): _repeat,
    frozenset({"repeat", "steps", "skip"}): _repeat,
    frozenset({"drive"}): read_drive,
}
