"""What is wrong in a declaration, in words of its file: the border to pydantic's messages."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lithomech.errors import InputError
from lithomech.files.documented import meaning
from lithomech.files.quantity import shown
from lithomech.files.yamlfile import KeyPath, join_key, split_key

_MESSAGES: Final = {  # by pydantic's type of error; filled with its context
    "missing": "is missing{meaning}",
    "union_tag_not_found": "is missing; allowed: {owner}",
    "union_tag_invalid": "{tag!r} is not known; allowed: {expected_tags}",
    "unexpected_keyword_argument": "unknown key; {nearest}",
    "literal_error": "{value} is not known; allowed: {expected}{meaning}",
    "bool_parsing": "{value} is neither true nor false",
    "bool_type": "{value} is neither true nor false",
    "int_type": "{value} is not a whole number",
    "string_type": "{value} is not text; put it in quotes",
    "tuple_type": "{value} is not a list; put '- ' before each entry",
    "dict_type": "{value} is not a set of keys with values",
    "dataclass_type": "{value} is not a set of keys with values; keys: {owner}",
    "model_attributes_type": "{value} is not a set of keys with values, one of them type",
    "greater_than_equal": "{value} is out of range; allowed: at least {ge}",
    "less_than_equal": "{value} is out of range; allowed: at most {le}",
    "too_short": "has {actual_length} entries; allowed: at least {min_length}",
    "too_long": "has {actual_length} entries; allowed: at most {max_length}",
}
_UNKNOWN: Final = "unexpected_keyword_argument"
_IN_TYPE: Final = {"union_tag_invalid", "union_tag_not_found"}
_ALIKE: Final = 0.7  # ratio of difflib: a slip has 0.8 or more, "colour" to "collector" 0.67


def explain(problem: Mapping[str, Any], schema: Mapping[str, Any]) -> InputError:
    """Turn a problem as pydantic reports it into one line with key, value and what is allowed.

    Args:
        problem: an entry of ``ValidationError.errors()``.
        schema: the JSON Schema of the whole file.
    """
    path, owner, place = _follow(problem, schema)
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return cause.each(
            lambda one: InputError(
                one.message,
                one.file,
                one.line,
                join_key((*path, *split_key(one.key or ""))) or None,
            )
        )
    kind, value = problem["type"], problem["input"]
    if kind in _IN_TYPE:
        path = (*path, "type")
    words = {
        "value": shown(value),
        "owner": ", ".join(owner),
        "nearest": nearest(str(problem["loc"][-1]), owner),
        "meaning": f": {means}" if (means := meaning(place, str(path[-1]))) else "",
    }
    other = f"{words['value']}: {problem['msg']}"
    message = (
        _MESSAGES[kind].format(**problem.get("ctx", {}), **words)
        if kind in _MESSAGES
        else other
    )
    return InputError(" ".join(message.split()), key=join_key(path) or None)


def explain_all(
    problems: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]
) -> list[InputError]:
    """Turn problems as pydantic reports them into mistakes.

    A key that is missing because it is misspelt is one mistake, not two; a list is not short
    because its entries are wrong.

    Args:
        problems: ``ValidationError.errors()``.
        schema: the JSON Schema of the whole file.
    """
    meant = {
        (*problem["loc"][:-1], key)
        for problem in problems
        if problem["type"] == _UNKNOWN
        for key in _near(str(problem["loc"][-1]), _follow(problem, schema)[1])
    }
    spoilt = {problem["loc"][:n] for problem in problems for n in range(len(problem["loc"]))}
    idle = {"missing": meant, "too_short": spoilt}
    return [
        explain(problem, schema)
        for problem in problems
        if problem["loc"] not in idle.get(problem["type"], ())
    ]


MOST_LISTED: Final = 60  # names that a message lists


def nearest(key: str, known: list[str]) -> str:
    """Say what may have been meant, or all that is allowed."""
    near = _near(key, known)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if len(known) > MOST_LISTED:
        return f"none of the {len(known)} that are allowed is like it"
    return f"allowed: {', '.join(known)}"


def _near(key: str, known: list[str]) -> list[str]:
    """The keys that look most like this one."""
    return difflib.get_close_matches(key, known, n=3, cutoff=_ALIKE)


def _follow(
    problem: Mapping[str, Any], schema: Mapping[str, Any]
) -> tuple[KeyPath, list[str], Mapping[str, Any]]:
    """The key path of a problem without pydantic's own entries, and what its owner allows.

    The owner is the innermost mapping on the way, or the choice of ``type`` at its end. Last
    comes the schema of the innermost mapping on the way.
    """
    place, path, owner = _resolve(schema, schema), [], list(schema.get("properties", {}))
    inner = place
    loc = problem["loc"]
    keys = (
        len(loc) - 1 if problem["type"] == _UNKNOWN else len(loc)
    )  # then a key, spaces or not
    for number, part in enumerate(loc):
        tags = _tags(place)
        if isinstance(part, int):
            path.append(part)
            place = _resolve(place.get("items", {}), schema)
        elif part in tags:  # names a branch, is no key
            place = _resolve({"$ref": tags[part]}, schema)
        elif part == "[key]" or (" " in part and number < keys and not _named(place)):
            continue
        else:
            owner, inner = list(place.get("properties", owner)), place
            path.append(part)
            place = _resolve(_below(place, part), schema)
    return tuple(path), list(_tags(place) or place.get("properties", owner)), inner


def _below(place: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """What stands under a key; under a name of the user, what stands under every name."""
    found: Mapping[str, Any] = place.get("properties", {}).get(key, _named(place))
    return found


def _named(place: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands under names of the user; nothing where there are none."""
    others = place.get("additionalProperties")
    return others if isinstance(others, Mapping) else {}


def _tags(place: Mapping[str, Any]) -> Mapping[str, str]:
    return place.get("discriminator", {}).get("mapping", {})


def _resolve(place: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and of a choice the branch that has keys, or else is not null."""
    while True:
        branches = (
            [] if "discriminator" in place else place.get("anyOf", place.get("oneOf", []))
        )
        if "$ref" in place:
            place = schema["$defs"][place["$ref"].rpartition("/")[2]]
        elif branches:
            keyed = [b for b in branches if "$ref" in b or "discriminator" in b]
            place = (keyed or [b for b in branches if b.get("type") != "null"])[0]
        else:
            return place
