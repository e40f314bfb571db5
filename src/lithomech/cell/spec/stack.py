"""The ``stack:`` block: how layers like those of the cell would be built into a pouch."""

import math
import re
from dataclasses import dataclass as plain_dataclass
from typing import Annotated, Final, Literal, TypeAlias, final

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic.dataclasses import dataclass

from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import plain_errors
from lithomech.files.quantity import parse_quantity, shown
from lithomech.files.quantity_types import EXAMPLE, UNIT, Density, Length, SafetyFactor, is_si
from lithomech.files.yamlfile import join_key
from lithomech.microstructure.spec import CONFIG

STEEL: Final = "structural_steel"
LONGEST: Final = 10.0  # m, of an edge
_EDGES: Final = re.compile(r"\s*(.+?)\s*[x×]\s*(.+?)\s*", re.IGNORECASE)
_PRICE: Final = re.compile(r"\s*([0-9.eE+-]+)\s*([A-Z]{3})\s*/\s*(kg|g|t)\s*")
_PER_KG: Final = {"kg": 1.0, "g": 1000.0, "t": 1e-3}


@final
@plain_dataclass(frozen=True)
class Footprint:
    """The layers of a pouch seen from above.

    Attributes:
        width: short edge [m].
        length: long edge [m].
    """

    width: float
    length: float

    @property
    def area(self) -> float:
        """Area [m2]."""
        return self.width * self.length


@final
@plain_dataclass(frozen=True)
class Price:
    """What a material costs.

    Attributes:
        value: per kilogram, in the currency.
        currency: its three letters.
    """

    value: float
    currency: str


def _footprint(value: object, info: ValidationInfo) -> Footprint:
    parts = value if isinstance(value, dict) and set(value) == {"width", "length"} else {}
    if parts and all(is_si(edge, info) for edge in parts.values()):  # from a result
        value = Footprint(**parts)
    elif is_si(value, info):
        value = Footprint(math.sqrt(max(value, 0.0)), math.sqrt(max(value, 0.0)))
    elif not isinstance(value, Footprint):
        value = _written(value)
    if not 0.0 < value.width <= value.length <= LONGEST:
        raise InputError("the edges must be above 0 m and at most 10 m")
    return value


def _written(value: object) -> Footprint:
    """Edges such as "60 mm x 95 mm", or an area of a square."""
    edges = _EDGES.fullmatch(value) if isinstance(value, str) else None
    if edges is not None:
        width, length = sorted(parse_quantity(edge, "m") for edge in edges.groups())
        return Footprint(width, length)
    try:
        edge = math.sqrt(max(parse_quantity(value, "m^2"), 0.0))
    except InputError as error:
        raise InputError(f"{error.message}, or two edges such as '60 mm x 95 mm'") from None
    return Footprint(edge, edge)


def _price(value: object) -> Price:
    if isinstance(value, dict) and set(value) == {"value", "currency"}:  # from a result
        value = Price(**value)
    if isinstance(value, Price):
        return value
    match = _PRICE.fullmatch(value) if isinstance(value, str) else None
    try:
        number = float(match[1]) * _PER_KG[match[3]] if match else -1.0
    except ValueError:
        number = -1.0
    if match is None or not 0.0 <= number < math.inf:
        raise InputError(f"{shown(value)} is no price; expected such as '50 USD/kg'")
    return Price(number, match[2])


def _prices(value: object) -> object:
    if not isinstance(value, dict):
        return value
    mistakes, found = Mistakes(), {}
    for name, written in value.items():
        with mistakes.noted(key=join_key((str(name),))):
            found[name] = _price(written)
    with mistakes.noted():
        currencies = sorted({price.currency for price in found.values()})
        if len(currencies) > 1:
            raise InputError(f"give all in one currency, not in {' and '.join(currencies)}")
    mistakes.report()
    return found


Area: TypeAlias = Annotated[
    Footprint,
    BeforeValidator(_footprint),
    WithJsonSchema(
        {
            "type": "string",
            "description": "'60 mm x 95 mm', or '57 cm2' (a square)",
            EXAMPLE: ["60 mm x 95 mm"],
            UNIT: "m",
        }
    ),
]
Prices: TypeAlias = Annotated[
    dict[str, Price],
    BeforeValidator(_prices),
    WithJsonSchema(
        {
            "type": "object",
            "description": "price per mass of materials by name",
            "additionalProperties": {"type": "string", EXAMPLE: ["50 USD/kg"]},
        }
    ),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Foil:
    """A current collector.

    Attributes:
        material: in the library, by name or alias.
        thickness: of the foil.
    """

    material: str
    thickness: Length


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Casing:
    """Film on both faces of a cell; its seams are not counted.

    Attributes:
        thickness: of the film on one face.
        material: in the library, by name or alias.
        density: of the film instead of that of the material.
    """

    thickness: Length
    material: str = "pouch_film"
    density: Density | None = None


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class NoHardware:
    """Nothing presses the pouch, or what presses it is not counted."""

    type: Literal["none"] = "none"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Rods:
    """Rods in tension alone, for the highest stack pressure of the run.

    Attributes:
        material: in the library, by name or alias.
        safety: strength of the material over the allowed stress.
    """

    material: str = STEEL
    safety: SafetyFactor = 1.5
    type: Literal["rods"] = "rods"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Plates:
    """Two end plates that rods pull together, for the highest stack pressure of the run.

    Attributes:
        material: in the library, by name or alias.
        safety: strength of the material over the allowed stress.
        deflection: of the middle of a plate; default: 1/500 of its short edge.
        pouches: that lie between the two plates; each bears its share of them.
    """

    material: str = STEEL
    safety: SafetyFactor = 1.5
    deflection: Length | None = None
    pouches: Annotated[int, Field(strict=True, ge=1, le=10000)] = 1
    type: Literal["plates"] = "plates"


Hardware: TypeAlias = Annotated[NoHardware | Rods | Plates, Field(discriminator="type")]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Stack:
    """A pouch of bi-cells: two cathodes on one foil, and an anode opposite each of them.

    Neighbouring bi-cells share the foil between their anodes, so that there is one foil of the
    anode more than there are bi-cells.

    Attributes:
        cathode_collector: foil between the two cathodes of a bi-cell.
        anode_collector: foil between the anodes of neighbours, and at both ends.
        bicells: number of them.
        area: of each layer; default: that of the cell.
        casing: film around the stack; default: none.
        hardware: what presses the stack.
        prices: of materials of the cell by name; cost is that of the materials with a price.
    """

    cathode_collector: Foil
    anode_collector: Foil
    bicells: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    area: Area | None = None
    casing: Casing | None = None
    hardware: Hardware = NoHardware()
    prices: Prices = Field(default_factory=dict)


StackBlock: TypeAlias = Annotated[
    Stack | None, Field(description="pouch of such layers, for Wh/kg, Wh/L and cost")
]
