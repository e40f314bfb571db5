"""Weights of what a composite is mixed of: one of them may be what the others leave."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lithomech.errors import InputError
from lithomech.files.quantity import parse_quantity
from lithomech.files.yamlfile import KeyPath, join_key

REST: Final = "rest"


def with_rest(data: Any) -> Any:  # noqa: ANN401 - what a validator passes on
    """Put a percentage where an ingredient's weight is ``rest``.

    Args:
        data: a composite as plain data with ``active``, ``electrolyte`` and ``additives``.

    Returns:
        A copy with the weight as text; data without ``rest``, or of another form, as it is.

    Raises:
        InputError: more than one ingredient is the rest, or nothing is left for it.
    """
    if not isinstance(data, Mapping):
        return data
    places = dict(_ingredients(data))
    rests = [place for place, ingredient in places.items() if _is_rest(ingredient)]
    if not rests:
        return data
    if len(rests) > 1:
        names = ", ".join(join_key((*place, "weight")) for place in rests)
        raise InputError(f"'rest' stands for one weight only, not for those of {names}")
    key = join_key((*rests[0], "weight"))
    others = [_weight(part) for place, part in places.items() if place != rests[0]]
    left = 100.0 - 100.0 * sum(others)
    if left <= 0.0:
        raise InputError(
            f"nothing is left for 'rest': the other weights add up to {100.0 - left:g} %",
            key=key,
        )
    return _replaced(data, (*rests[0], "weight"), f"{left:.12g} %")


def _ingredients(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for name in ("active", "electrolyte", "additives"):
        part = data.get(name)
        if isinstance(part, list | tuple):
            yield from (((name, i), ingredient) for i, ingredient in enumerate(part))
        elif part is not None:
            yield (name,), part


def _is_rest(ingredient: object) -> bool:
    weight = ingredient.get("weight") if isinstance(ingredient, Mapping) else None
    return isinstance(weight, str) and weight.strip().casefold() == REST


def _weight(ingredient: object) -> float:
    """A weight; one that cannot be read counts nothing here and is reported by its own type."""
    weight = ingredient.get("weight") if isinstance(ingredient, Mapping) else None
    try:
        return parse_quantity(weight, "dimensionless")
    except InputError:
        return 0.0


def _replaced(data: Any, path: KeyPath, value: object) -> Any:  # noqa: ANN401
    """A copy of nested data with one entry replaced."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, Mapping) else list(data)
    copy[path[0]] = _replaced(data[path[0]], path[1:], value)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return copy
