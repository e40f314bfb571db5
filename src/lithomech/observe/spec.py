"""What a person says about a measured file: which column is what, and its calibration."""

import math
from dataclasses import field
from functools import cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, Field, InstanceOf, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from lithomech.errors import InputError
from lithomech.files.origin import Origin, Source, plain_errors, read_origin, validated
from lithomech.files.quantity import parse_quantity
from lithomech.files.quantity_types import Area, Length, Mass
from lithomech.observe.vocabulary import by_quantity, factor, line_to

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
MOST_COLUMNS: Final = 100


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Channel:
    """Where a quantity stands in the file, and how its numbers become that quantity.

    Attributes:
        column: header in the file, as written there; its place from 1 where it has none.
        unit: of the numbers in the file; that of the header if not given.
        slope: of a sensor, such as "200 N/V"; value = slope (number - zero).
        zero: what the sensor shows at nothing, such as "0.05 V".
    """

    column: Annotated[str | int, Field(description="header in the file, or place from 1")]
    unit: Annotated[str | None, Field(description="unit of the numbers in the file")] = None
    slope: Annotated[str | None, Field(description="of a sensor, such as '200 N/V'")] = None
    zero: Annotated[str | None, Field(description="reading at nothing, '0.05 V'")] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.slope or self.zero) and not self.unit:
            raise InputError("a calibrated channel needs its unit, such as V", key="unit")
        return self

    def line(self, to: str) -> tuple[float, float]:
        """Slope and offset that turn numbers of the file into SI.

        Args:
            to: SI unit of the quantity.

        Raises:
            InputError: the units do not fit together.
        """
        if not self.slope:
            multiplier, offset = factor(self.unit or to, to)
            zero = parse_quantity(self.zero, self.unit) if self.zero and self.unit else 0.0
            return multiplier, offset - multiplier * zero
        try:
            slope = parse_quantity(self.slope, f"{to}/{self.unit}")
        except InputError as error:
            raise error.located(key="slope") from None
        zero = parse_quantity(self.zero, self.unit) if self.zero and self.unit else 0.0
        return slope, -slope * zero


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Mapping:
    """How to read a file whose columns do not say themselves what they are.

    Attributes:
        columns: channels by quantity, such as Test Time or Stack Force.
        delimiter: between columns; found if not given.
        header_line: line with the names of the columns, counted from 1; found if not given.
        decimal: decimal sign; found if not given.
        dates: whether day or month stand first; found if not given.
        positive_current: what a positive current does in this file.
        diameter: of the stack; turns a force into a pressure.
        area: of the stack, instead of its diameter.
        mass: that capacities per mass refer to.
    """

    columns: Annotated[dict[str, Channel], Field(max_length=MOST_COLUMNS)] = field(
        default_factory=dict
    )
    delimiter: Literal["tab", "semicolon", "comma", "spaces"] | None = None
    header_line: Annotated[int | None, Field(ge=1, le=10000)] = None
    decimal: Literal["point", "comma"] | None = None
    dates: Literal["day first", "month first", "year first"] | None = None
    positive_current: Literal["charge", "discharge"] = "charge"
    diameter: Length | None = None
    area: Area | None = None
    mass: Mass | None = None
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, channel in self.columns.items():
            term = by_quantity().get(name.lower())
            if term is None:
                allowed = ", ".join(n.title() for n in by_quantity())
                raise InputError(f"is no quantity; allowed: {allowed}", key=f"columns.{name}")
            calibrated = channel.slope or channel.zero
            if channel.unit and not calibrated and line_to(channel.unit, term):
                continue
            try:
                channel.line(term.unit)
            except InputError as error:
                at = f"columns.{name}" + (f".{error.key}" if error.key else ".unit")
                raise InputError(error.message, key=at) from None
        return self

    @property
    def stack_area(self) -> float | None:
        """Area of the stack [m^2], if it was given in either way."""
        if self.area is not None or self.diameter is None:
            return self.area
        return math.pi * self.diameter**2 / 4.0

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error


_ADAPTER: TypeAdapter[Mapping] = TypeAdapter(Mapping)


def load_mapping(source: Source) -> Mapping:
    """Read a mapping file.

    Args:
        source: path of a YAML file, its text, or a dict of its content.

    Raises:
        InputError: with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> columns = {"Voltage": {"column": "Ewe", "unit": "mV"}}
        >>> lm.load_mapping({"columns": columns}).columns["Voltage"].unit
        'mV'
    """
    origin = read_origin(source, ())
    return validated(_ADAPTER, origin.document.data, origin)


def mapping_of(value: Mapping | Source | None) -> Mapping:
    """Return a mapping: itself, one that says nothing for None, or that of a file or a dict.

    Raises:
        InputError: with file, line and key.
    """
    if value is None:
        return Mapping()
    return value if isinstance(value, Mapping) else load_mapping(value)


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a mapping file."""
    return _ADAPTER.json_schema()
