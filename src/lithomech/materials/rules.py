"""What a property is: the form in which the catalogue lists them."""

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal[
    "active",
    "electrolyte",
    "metal",
    "additive",
    "frame",
    "collector",
    "housing",
    "route",
    "family",
    "phase",
    "experiment",
]

# What a table runs along.
STOICHIOMETRY: Final = "lithium per formula unit"
PRESSING: Final = "pressing pressure [Pa]"

HOSTS: Final[tuple[Role, ...]] = ("active",)
SOLIDS: Final[tuple[Role, ...]] = ("active", "electrolyte", "metal")
POWDERS: Final[tuple[Role, ...]] = ("active", "electrolyte", "additive")
ELECTRODES: Final[tuple[Role, ...]] = ("active", "metal")
ELECTROLYTES: Final[tuple[Role, ...]] = ("electrolyte",)
METALS: Final[tuple[Role, ...]] = ("metal",)
FRAMES: Final[tuple[Role, ...]] = ("frame",)
HOUSINGS: Final[tuple[Role, ...]] = ("housing",)
ROUTES: Final[tuple[Role, ...]] = ("route",)


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """What a property is.

    Attributes:
        unit: SI unit of the value inside the package.
        meaning: one phrase for tables and messages.
        roles: roles of materials that may have it.
        low: smallest value that makes sense, in `unit`.
        high: largest value that makes sense, in `unit`.
        axis: what a table of it runs along; "" where it is one number.
    """

    unit: str
    meaning: str
    roles: tuple[Role, ...]
    low: float
    high: float
    axis: str = ""
