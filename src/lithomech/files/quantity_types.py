"""Quantities in declarations as types: text such as "5 MPa" outside, a float in SI inside."""

from dataclasses import dataclass
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    SupportsFloat,
    SupportsIndex,
    TypeAlias,
    TypeGuard,
    final,
)

from pydantic import BeforeValidator, GetCoreSchemaHandler, ValidationInfo, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from lithomech.errors import InputError
from lithomech.files.quantity import example, kind, parse_one_of, parse_quantity, shown

# Keys of a JSON Schema.
EXAMPLE: Final = "examples"
UNIT: Final = "x-unit"  # SI


@final
class PythonFloat(float):
    """A number that Python gives, in SI, among data that otherwise come from a file."""


@final
class PythonInt(int):
    """A whole number that Python gives, likewise."""


def from_python(value: Any) -> Any:  # noqa: ANN401
    """Mark the numbers in a value of Python, so that they are read as SI."""
    if isinstance(value, dict):
        return {key: from_python(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [from_python(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        return value
    return PythonInt(value) if isinstance(value, SupportsIndex) else PythonFloat(value)


@final
@dataclass(frozen=True)
class Within:
    """A quantity in an SI unit and its allowed range, whose ends are written as in a file.

    A bare number is SI where Python gives it; from a file only text is accepted, so that no
    unit is ever guessed.
    """

    unit: str
    least: str | None = None
    above: str | None = None
    most: str | None = None
    such_as: str | None = None  # where that of its unit would mislead

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Tell pydantic to read with ``read``."""
        return core_schema.with_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, *_: object) -> dict[str, Any]:
        """Text, with what it means."""
        allowed = f"; allowed: {self._allowed()}" if self._allowed() else ""
        return {
            "type": "string",
            "description": f"{kind(self.unit)} (SI: {self.unit}){allowed}",
            EXAMPLE: [self._example()],
            UNIT: self.unit,
        }

    def read(self, value: object, info: ValidationInfo) -> float:
        """Return the value in SI.

        Raises:
            InputError: no quantity of this kind, or out of range.
        """
        number = float(value) if is_si(value, info) else parse_quantity(value, self.unit)
        if not (
            (self.least is None or number >= _end(self.least, self.unit))
            and (self.above is None or number > _end(self.above, self.unit))
            and (self.most is None or number <= _end(self.most, self.unit))
            and abs(number) < float("inf")
        ):
            raise InputError(self._refusal(value, number))
        return number

    def _refusal(self, value: object, number: float) -> str:
        """What is wrong with a number that is out of range."""
        if "%" in (self.most or "") and isinstance(value, int | float) and number <= 100.0:
            return f"{value:g} means {100.0 * number:g} %: write {value:g} %"
        return f"{shown(value)} is out of range; allowed: {self._allowed()}"

    def _example(self) -> str:
        """A quantity of this kind; a plain number where no percentage is meant."""
        if self.such_as is not None:
            return self.such_as
        plain = self.unit == "dimensionless" and "%" not in (self.most or "")
        return (self.least or self.above or "1") if plain else example(self.unit)

    def _allowed(self) -> str:
        words = {"at least": self.least, "more than": self.above, "at most": self.most}
        return ", ".join(f"{word} {end}" for word, end in words.items() if end is not None)


@cache
def _end(text: str, unit: str) -> float:
    """An end of a range, which stands in the code."""
    return parse_quantity(text, unit)


def is_si(value: Any, info: ValidationInfo) -> TypeGuard[float]:  # noqa: ANN401
    """Whether a value is a number in SI: Python gives such, a file does not."""
    from_file = (info.context or {}).get("file", False)
    known = PythonFloat | PythonInt if from_file else int | float
    return isinstance(value, known) and not isinstance(value, bool)


Length: TypeAlias = Annotated[float, Within("m", above="0 m", most="1 m")]
LengthOrZero: TypeAlias = Annotated[float, Within("m", least="0 m", most="1 m")]
FilmThickness: TypeAlias = Annotated[
    float, Within("m", above="0 nm", most="10 um", such_as="10 nm")
]
Area: TypeAlias = Annotated[float, Within("m^2", above="0 cm2", most="10 m2")]
Mass: TypeAlias = Annotated[float, Within("kg", above="0 kg", most="1 kg")]
Density: TypeAlias = Annotated[float, Within("kg/m^3", least="0.1 g/cm3", most="30 g/cm3")]
SafetyFactor: TypeAlias = Annotated[float, Within("dimensionless", least="1", most="20")]
Loading: TypeAlias = Annotated[float, Within("kg/m^2", above="0 mg/cm2", most="1 g/cm2")]
Pressure: TypeAlias = Annotated[float, Within("Pa", least="0 Pa", most="100 GPa")]
Temperature: TypeAlias = Annotated[float, Within("K", least="200 K", most="450 K")]
Capacity: TypeAlias = Annotated[float, Within("A*s", above="0 mAh")]
ArealCapacity: TypeAlias = Annotated[float, Within("A*s/m^2", above="0 mAh/cm2")]
Share: TypeAlias = Annotated[float, Within("dimensionless", least="0 %", most="100 %")]
OpenShare: TypeAlias = Annotated[float, Within("dimensionless", above="0 %", most="100 %")]
Porosity: TypeAlias = Annotated[float, Within("dimensionless", least="0 %", most="90 %")]
Stoichiometry: TypeAlias = Annotated[float, Within("dimensionless", least="0", most="1")]
CapacityRatio: TypeAlias = Annotated[float, Within("dimensionless", above="0", most="1000")]
BruggemanExponent: TypeAlias = Annotated[float, Within("dimensionless", least="1", most="10")]
Conductivity: TypeAlias = Annotated[float, Within("S/m", above="0 S/m", most="1e8 S/m")]
TortuosityFactor: TypeAlias = Annotated[float, Within("dimensionless", least="1", most="1e9")]
Time: TypeAlias = Annotated[float, Within("s", least="1 s", most="1e9 s")]
Angle: TypeAlias = Annotated[float, Within("rad", least="0 deg", most="90 deg")]
Potential: TypeAlias = Annotated[float, Within("V", least="0 V", most="6 V")]
VoltageTolerance: TypeAlias = Annotated[float, Within("V", least="1e-9 V", most="0.1 V")]


@final
@dataclass(frozen=True)
class Stiffness:
    """A stiffness per area [Pa/m], or of the whole stack [N/m]."""

    value: float
    unit: str

    def per_area(self, area: float) -> float:
        """Stiffness in Pa/m for a stack of this area [m2]."""
        return {"Pa/m": self.value, "N/m": self.value / area}[self.unit]


def _stiffness(value: object, info: ValidationInfo) -> Stiffness:
    parts = value if isinstance(value, dict) and set(value) == {"value", "unit"} else {}
    if parts and is_si(parts["value"], info):  # from a result
        value = Stiffness(parts["value"], parts["unit"])
    elif not isinstance(value, Stiffness):
        value = Stiffness(*parse_one_of(value, ("Pa/m", "N/m")))
    if not 0.0 < value.value < float("inf"):
        raise InputError(
            f"a stiffness of {value.value:g} {value.unit}; allowed: more than 0, finite"
        )
    return value


SpringStiffness: TypeAlias = Annotated[
    Stiffness,
    BeforeValidator(_stiffness),
    WithJsonSchema(
        {
            "type": "string",
            "description": "'0.4 MPa/um' or '10 N/um'",
            EXAMPLE: ["0.4 MPa/um", "10 N/um"],
            UNIT: "Pa/m",
        }
    ),
]
