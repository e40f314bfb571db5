"""The ``mechanisms:`` of a cell file: which of them run, and with which constants of the user.

mechanisms:
cracking: none                      # off in both electrodes
interphase: {anode: none}           # off in one
contact: {adhesion: 0.2 MPa}        # a constant instead of the library's
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from lithomech.cell.mechanisms.declare import Curve, Lanes, Mechanism, Parameter, fields_of
from lithomech.cell.mechanisms.plugins import composition as available
from lithomech.cell.mechanisms.registry import Composition
from lithomech.errors import InputError, Mistakes
from lithomech.files.mistakes import nearest
from lithomech.files.quantity import parse_quantity, shown

SIDES: Final = ("cathode", "anode")
WORDS: Final = {"none": False, "default": True}


@dataclass(frozen=True)
class Switch:
    """Whether a mechanism runs at one electrode, and constants that the user sets [SI]."""

    on: bool = True
    values: Mapping[str, float] = field(default_factory=dict)


def read_switches(
    data: Mapping[str, Any], composition: Composition | None = None
) -> dict[tuple[str, str], Switch]:
    """Read what a cell file says about its mechanisms.

    Args:
        data: name of a mechanism to none, default or a mapping.
        composition: the mechanisms that there are; default: those available at present.

    Returns:
        A switch for (side, name) of each mechanism that the file names.

    Raises:
        InputError: no such mechanism, side or constant, or a value of another unit.
    """
    switches: dict[tuple[str, str], Switch] = {}
    composition, mistakes = composition or available(), Mistakes()
    known = {m.name for m in composition.mechanisms}
    for name, value in data.items():
        key = f"mechanisms.{name}"
        if name not in known:
            message = f"no such mechanism; {nearest(name, sorted(known))}"
            mistakes.all.append(InputError(message, key=key))
            continue
        by_side = isinstance(value, Mapping) and bool(value) and set(value) <= set(SIDES)
        own = value if by_side else {"": value}
        for side, words in own.items():
            with mistakes.noted():
                switch = _switch(name, words, f"{key}.{side}".rstrip("."), composition)
                switches |= {(at, name): switch for at in ([side] if side else SIDES)}
    mistakes.report()
    return switches


@cache
def parameters_of(mechanism: Mechanism) -> Mapping[str, Parameter | Curve | Lanes]:
    """Every parameter of a mechanism by the name that a cell file knows it by."""
    return dict(_declared(mechanism.parameters, ""))


def constants_of(mechanism: Mechanism) -> dict[str, str]:
    """Name and unit of every number among the parameters of a mechanism."""
    declared = parameters_of(mechanism)
    return {name: p.unit for name, p in declared.items() if isinstance(p, Parameter)}


def _declared(
    parameters: type[Any], before: str
) -> Iterator[tuple[str, Parameter | Curve | Lanes]]:
    for name, kind, declared in fields_of(parameters):
        if isinstance(declared, Curve | Lanes) or kind is float:
            yield before + name, declared
        else:
            yield from _declared(kind, f"{before}{name}.")


def _switch(name: str, value: object, key: str, composition: Composition) -> Switch:
    if isinstance(value, str) and value in WORDS:
        return Switch(on=WORDS[value])
    if not isinstance(value, Mapping):
        message = f"{shown(value)}; allowed: none, default or {{CONSTANT: VALUE}}"
        raise InputError(message, key=key)
    return Switch(on=True, values=_values(name, value, key, composition))


def _values(
    name: str, given: Mapping[str, object], key: str, composition: Composition
) -> dict[str, float]:
    """Read the constants that a file sets."""
    units: dict[str, str] = {}
    for m in composition.mechanisms:
        if m.name == name:
            units |= constants_of(m)
    values, mistakes = {}, Mistakes()
    for constant, text in given.items():
        with mistakes.noted(key=f"{key}.{constant}"):
            if constant not in units:
                raise InputError(f"no such constant; {nearest(constant, list(units))}")
            values[constant] = parse_quantity(text, units[constant])
    mistakes.report()
    return values


def with_values(parameters: Any, values: Mapping[str, float]) -> Any:  # noqa: ANN401
    """Return parameters with the constants that the user set."""
    for name, value in values.items():
        first, _, rest = name.partition(".")
        if first not in parameters._fields:  # the other mechanism of this name has it
            continue
        if rest:
            inner = with_values(getattr(parameters, first), {rest: value})
            parameters = parameters._replace(**{first: inner})
        else:
            parameters = parameters._replace(**{first: value})
    return parameters
