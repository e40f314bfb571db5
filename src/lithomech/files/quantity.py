"""Quantities a person writes, such as "5 MPa", as SI numbers; the only importer of pint.

pint evaluates what it reads: unguarded it hangs on ``9**9**9**9 MPa`` and refuses
``25 degC``. So the number is read here by ``float``, and the unit must match a small
grammar (names, one-digit exponents, products, quotients) before pint sees it. Pint takes a
third of a second to start, so the units that most files are made of are converted by a table.
"""

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from lithomech.errors import InputError
from lithomech.files.common_units import COMMON_UNITS
from lithomech.files.rewritten import rewritten

if TYPE_CHECKING:
    import pint

_MAX_LENGTH = 60
_NUMBER = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(.*)", re.DOTALL)
_NOT_FINITE = re.compile(r"\s*[-+]?(?:nan|inf)", re.IGNORECASE)
# A unit's name: letters, both micro signs, both ohms, angstrom, degree, percent.
_NAME = "[A-Za-z\u00b5\u03bc\u03a9\u2126\u00c5\u00b0%]+"
_POWER = rf"{_NAME}(?:\^?-?[0-9](?:\.[0-9])?)?"
_FACTOR = rf"(?:{_POWER}|\({_POWER}(?: ?[* ] ?{_POWER})*\))"
_UNIT = re.compile(rf"(?:1? ?/ ?)?{_FACTOR}(?: ?[*/ ] ?{_FACTOR})*")
_MISSING_CARET = re.compile(r"(?<=[^-0-9^.*/ (])(-?[0-9])")
_SUPERSCRIPT = re.compile("\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]")
_PLAIN_DIGITS = str.maketrans(
    "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "-0123456789"
)
_DIMENSIONLESS = ("", "1", "dimensionless")

# What an error calls the quantity, by its SI unit, and how a person would write one.
_KINDS = {
    "dimensionless": ("a number or a percentage", "70 %"),
    "Pa": ("a pressure", "5 MPa"),
    "Pa/m": ("a stiffness per area", "0.4 MPa/um"),
    "N/m": ("a stiffness", "10 N/um"),
    "N": ("a force", "500 N"),
    "K": ("a temperature", "25 degC"),
    "V": ("a voltage", "4.3 V"),
    "A": ("a current", "2 mA"),
    "A/m^2": ("a current density", "0.5 mA/cm2"),
    "A/kg": ("a current per active mass", "20 mA/g"),
    "A*s": ("a capacity", "2 mAh"),
    "A*s/kg": ("a specific capacity", "200 mAh/g"),
    "A*s/m^2": ("an areal capacity", "3 mAh/cm2"),
    "W": ("a power", "10 mW"),
    "s": ("a time", "1 hour"),
    "Hz": ("a frequency", "1 kHz"),
    "m": ("a length", "100 um"),
    "rad": ("an angle", "20 deg"),
    "m^2": ("an area", "1.3 cm2"),
    "kg": ("a mass", "20 mg"),
    "kg/m^2": ("a loading", "20 mg/cm2"),
    "kg/m^3": ("a density", "4.7 g/cm3"),
    "kg/mol": ("a molar mass", "97 g/mol"),
    "m^3/mol": ("a molar volume", "13 cm3/mol"),
    "m^2/s": ("a diffusivity", "1e-11 cm2/s"),
    "S/m": ("a conductivity", "2 mS/cm"),
    "ohm*m^2": ("an area resistance", "10 ohm*cm2"),
    "F/m^2": ("a capacitance per area", "10 uF/cm2"),
    "J/mol": ("a molar energy", "30 kJ/mol"),
    "Pa*m^0.5": ("a fracture toughness", "0.3 MPa*m^0.5"),
}


def parse_quantity(text: object, unit: str) -> float:
    """Read a quantity and return its value in `unit`.

    Args:
        text: "<number> <unit>", such as "5 MPa" or "25 degC"; a plain number, or a number
            as text, only where `unit` is "dimensionless".
        unit: SI unit of the returned value, such as "Pa".

    Raises:
        InputError: `text` is no finite quantity of this kind; says what is allowed.
    """
    return parse_one_of(text, (unit,))[0]


def parse_one_of(text: object, units: tuple[str, ...]) -> tuple[float, str]:
    """Read a quantity that may be of several kinds, such as a stiffness in MPa/um or N/um.

    Args:
        text: as in `parse_quantity`.
        units: the SI units that are allowed, of different dimension each.

    Returns:
        The value in the SI unit it matched, and that unit as given in `units`.

    Raises:
        InputError: `text` is of none of these kinds; says what is allowed.
    """
    try:
        return _read(text, units)
    except InputError as error:
        *kinds, last = map(kind, units)
        expected = f"{', '.join(kinds)} or {last}" if kinds else last
        for what, meant in rewritten(str(text)) if len(str(text)) <= _MAX_LENGTH else ():
            if _reads(meant, units):
                raise InputError(f"{shown(text)} {what}: write {meant}") from None
        raise InputError(f"{shown(text)} {error.message}; expected {expected}") from None


def _read(text: object, units: tuple[str, ...]) -> tuple[float, str]:
    """Return the value and its unit; an error says what hinders, without the text itself."""
    number, written = _split(text)
    for unit in units:
        if _same_kind(written, _checked(unit)):
            value = _convert(number, written, unit)
            if not math.isfinite(value):
                raise InputError("is too large")
            return value, unit
    raise InputError(f"has {f'the unit {written!r}' if written else 'no unit'}")


def _reads(meant: str, units: tuple[str, ...]) -> bool:
    """Whether a hint would help: each quantity in it can be read."""
    try:
        for one in re.sub("^[^-+0-9.]*(?:, |as )", "", meant).split(" or "):
            _read(one, units)
    except InputError:
        return False
    return True


def number_and_unit(text: str) -> tuple[float, str]:
    """Split a quantity of any kind into its number and its unit, "" without one.

    Raises:
        InputError: it is no finite quantity.
    """
    try:
        number, _ = _split(text)
    except InputError as error:
        raise InputError(f"{shown(text)} {error.message}") from None
    match = _NUMBER.fullmatch(text.strip().replace("\u2212", "-"))
    return number, match[2].strip() if match else ""


def convert(value: float, unit: str, to: str) -> float:
    """Return `value`, given in `unit`, in the unit `to`; temperatures are offsets.

    Raises:
        InputError: `value` is not finite, or the units differ in kind.
    """
    if not math.isfinite(value):
        raise InputError(f"{value} is not a finite number")
    written = _checked(unit)
    if not _same_kind(written, _checked(to)):
        raise InputError(f"the unit {shown(unit)} is not one of {kind(to)}")
    return _convert(value, written, to)


def kind(unit: str) -> str:
    """Return what a quantity in `unit` is called: "a pressure such as '5 MPa'"."""
    same = (known for known in _KINDS if _checked(known) == _checked(unit))
    known = unit if unit in _KINDS else next(same, None)
    if known is not None:
        name, example = _KINDS[known]
        return f"{name} such as {example!r}"
    return f"a quantity in {unit}"


def example(unit: str) -> str:
    """Return a quantity of this kind as a person writes it: "5 MPa"."""
    return _KINDS[unit][1] if unit in _KINDS else f"1 {unit}"


def shown(value: object) -> str:
    """Return `value` for an error message: on one line, cut where it is long."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value[: _MAX_LENGTH + 1] if isinstance(value, str) else value)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."


def _split(text: object) -> tuple[float, str]:
    """Return the number and the checked unit that `text` is made of."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise InputError("is not a quantity")
    words = str(text) if isinstance(text, int | float) else text
    match = _NUMBER.fullmatch(words.strip().replace("\u2212", "-"))
    if _NOT_FINITE.match(words) or (match and not math.isfinite(float(match[1]))):
        raise InputError("is not a finite number")
    if match is None or len(words) > _MAX_LENGTH:
        raise InputError("is not '<number> <unit>'")
    try:
        return float(match[1]), _checked(match[2])
    except InputError as error:
        raise InputError(f"cannot be read: {error.message}") from None


@lru_cache(maxsize=1024)
def _checked(unit: str) -> str:
    """Return `unit` as pint may safely read it; "" without dimension.

    Raises:
        InputError: it holds anything but known names, exponents, products and quotients.
    """
    if unit.strip() in _DIMENSIONLESS:
        return ""
    if unit.strip() in COMMON_UNITS:
        return unit.strip()
    text = _SUPERSCRIPT.sub(lambda power: "^" + power[0].translate(_PLAIN_DIGITS), unit)
    text = " ".join(text.replace("**", "^").replace("\u00b7", "*").split())
    if len(text) > _MAX_LENGTH or _UNIT.fullmatch(text) is None:
        raise InputError(f"{shown(unit)} is not a unit")
    text = _MISSING_CARET.sub(r"^\1", text)
    text = re.sub(r" ?([*/]) ?", r"\1", text).replace(" ", "*")
    text = f"1{text}" if text.startswith("/") else text
    try:
        _registry().Unit(text)
    except (_pint().PintError, ValueError, TypeError, OverflowError):
        raise InputError(f"{shown(unit)} is not a unit this package knows") from None
    return text


@lru_cache(maxsize=1024)
def _same_kind(one: str, other: str) -> bool:
    """Whether two checked units measure the same."""
    if one in COMMON_UNITS and other in COMMON_UNITS:
        return COMMON_UNITS[one].si == COMMON_UNITS[other].si
    unit = _registry().Unit
    return bool(unit(one).dimensionality == unit(other).dimensionality)


def _convert(value: float, checked: str, to: str) -> float:
    multiplier, divisor, offset = _line(checked, _checked(to))
    return value * multiplier / divisor + offset


@lru_cache(maxsize=1024)
def _line(checked: str, to: str) -> tuple[float, float, float]:
    """Return (multiplier, divisor, offset) between two units.

    The divisor keeps decimal values exact: 70 % is 70 / 100 = 0.7, but 70 * 0.01 is not.
    """
    if checked in COMMON_UNITS and COMMON_UNITS[checked].si == to:
        return COMMON_UNITS[checked][1:]
    quantity = _registry().Quantity
    try:
        zero, one, two = (
            float(quantity(number, checked).to(to).magnitude) for number in (0.0, 1.0, 2.0)
        )
        inverse = 1.0 / (one - zero)
    except (_pint().PintError, ArithmeticError):
        raise InputError(f"the unit {checked!r} cannot be used") from None
    if not math.isclose(two - one, one - zero, rel_tol=1e-9):
        raise InputError(f"the logarithmic unit {checked!r} cannot be used")
    if inverse > 1.0:
        return 1.0, _whole(inverse), zero
    return _whole(one - zero), 1.0, zero


def _whole(number: float) -> float:
    """Return the whole number that `number` misses by rounding alone, else itself."""
    near = float(round(number))
    return near if math.isclose(near, number, rel_tol=1e-13) else number


@cache
def _registry() -> "pint.UnitRegistry":
    """Build pint's registry at first use: it takes some tenths of a second."""
    return _pint().UnitRegistry()


def _pint() -> Any:  # noqa: ANN401 - a module
    import pint  # noqa: PLC0415 - slow to import, and most runs need no rare unit

    return pint
