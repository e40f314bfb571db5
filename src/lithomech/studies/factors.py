"""What a study varies: ranges, distributions and lists, as values that a file can hold."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from lithomech.errors import InputError
from lithomech.files.quantity import convert, number_and_unit
from lithomech.files.quantity_types import PythonFloat, PythonInt

LINEAR, LOG, WHOLE = "linear", "log", "whole"
SCALES: Final = (LINEAR, LOG, WHOLE)
EXAMPLE: Final = "a number or a quantity such as '5 MPa'"


class Number(NamedTuple):
    """A number as it was written.

    Attributes:
        value: in its unit.
        unit: "" without one; None where Python gave a number in SI.
    """

    value: float
    unit: str | None

    def as_written(self, value: float) -> Any:  # noqa: ANN401 - what a file can hold
        """Return another number in the same way: text with the unit, or a number."""
        if self.unit is None:
            return PythonFloat(value)
        return f"{value!r} {self.unit}" if self.unit else value


def number_of(value: object) -> Number:
    """Read a number with or without unit.

    Raises:
        InputError: it is none.
    """
    if isinstance(value, PythonFloat | PythonInt):
        return Number(float(value), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"{value!r} is not a number; expected {EXAMPLE}")
    try:
        return Number(*number_and_unit(str(value)))
    except InputError as error:
        raise InputError(f"{error.message}; expected {EXAMPLE}") from None


def in_unit_of(number: Number, other: Number) -> float:
    """Return a number in the unit of another one.

    Raises:
        InputError: one has a unit and the other has none, or they differ in kind.
    """
    if number.unit == other.unit:
        return number.value
    if not (number.unit and other.unit):
        raise InputError("give both numbers a unit, or none")
    try:
        return convert(number.value, number.unit, other.unit)
    except InputError:
        raise InputError(f"{number.unit} and {other.unit} measure different things") from None


class Scale(NamedTuple):
    """The numbers between two ends, evenly spread in one of the ways of ``SCALES``.

    Attributes:
        low: first end.
        high: last end; all numbers are written in its unit.
        kind: linear | log | whole.
    """

    low: float
    high: Number
    kind: str

    def at(self, share: float) -> Any:  # noqa: ANN401 - what a file can hold
        """Return the number at this share of the way, 0 to 1, as a file would hold it."""
        low, high = self.low, self.high.value
        if self.kind == WHOLE:
            whole = min(int(low + share * (high - low + 1.0)), int(high))
            return whole if self.high.unit is not None else PythonInt(whole)
        if share in (0.0, 1.0):  # the ends themselves, not rounded
            return self.high.as_written(high if share else low)
        if self.kind == LOG:
            return self.high.as_written(low * (high / low) ** share)
        return self.high.as_written(low + share * (high - low))

    def grid(self, points: int) -> list[Any]:
        """Return evenly spread numbers, the ends included."""
        if self.kind == WHOLE:
            count = min(points, int(self.high.value - self.low) + 1)
            last = max(count - 1, 1)
            wide = self.high.value - self.low
            numbers = [round(self.low + k * wide / last) for k in range(count)]
            return numbers if self.high.unit is not None else [*map(PythonInt, numbers)]
        return [self.at(k / max(points - 1, 1)) for k in range(points)]


class Axis(NamedTuple):
    """How the values of a factor stand in tables and pictures.

    Attributes:
        key: of the file that it changes.
        unit: of numbers; None where the values are words.
        words: all values in their order where they are words.
        log: whether numbers are spread by their logarithm.
    """

    key: str
    unit: str | None
    words: tuple[str, ...] = ()
    log: bool = False

    @property
    def column(self) -> str:
        """Its name in a table, with the unit."""
        return f"{self.key} / {self.unit}" if self.unit else self.key

    @property
    def label(self) -> str:
        """Its name at an axis of a picture."""
        return f"{self.key} ({self.unit})" if self.unit else self.key

    def shown(self, value: object) -> float | str:
        """Return a value as it stands in the table."""
        if self.unit is None:
            return word(value)
        return in_unit_of(number_of(value), Number(0.0, self.unit or _no_unit(value)))

    def place(self, value: object) -> float:
        """Return where a value stands on the axis: its number, or the index of its word."""
        shown = self.shown(value)
        return float(self.words.index(shown)) if isinstance(shown, str) else shown


def _no_unit(value: object) -> str | None:
    return number_of(value).unit


def listed_axis(key: str, values: Sequence[object]) -> Axis:
    """Return the axis of a list: numbers if all have the same kind of unit, else words."""
    words = tuple(dict.fromkeys(map(word, values)))
    try:
        numbers = [number_of(value) for value in values]
        for number in numbers:
            in_unit_of(number, numbers[0])
    except InputError:
        return Axis(key, None, words)
    return Axis(key, numbers[0].unit or "")


def word(value: object) -> str:
    """Return a value on one line."""
    return value if isinstance(value, str) else json.dumps(value)
