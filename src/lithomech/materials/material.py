"""A material as the program uses it: SI units, resolved from all layers of files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.constants import R
from lithomech.errors import MaterialError
from lithomech.materials.catalogue import NEEDED
from lithomech.materials.cell_properties import CELL_PROPERTIES
from lithomech.materials.rules import Role
from lithomech.materials.schema import Family, Source
from lithomech.numerics.monotone_cubic import evaluate, pchip

PACKAGE: Final = "package"  # origin of the numbers that come with lithomech


@dataclass(frozen=True, eq=False)  # identity: tables made of a curve are kept by it
class Curve:
    """A property against stoichiometry; called, it is held at the ends of its range.

    Attributes:
        x: lithium per formula unit, increasing, shape (n,).
        y: values in SI units, shape (n,).
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @property
    def low(self) -> float:
        """Lowest x with a value."""
        return float(self.x[0])

    @property
    def high(self) -> float:
        """Highest x with a value."""
        return float(self.x[-1])

    @cached_property
    def _coefficients(self) -> NDArray[np.float64]:
        return pchip(self.x, self.y)

    def __call__(self, x: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return the values at x [lithium per formula unit], shape of x."""
        return evaluate(self.x, self._coefficients, np.clip(x, self.low, self.high))


@lru_cache(maxsize=256)
def _flat(value: float) -> Curve:
    """One curve for each constant: tables are kept by curve."""
    return Curve(np.array([0.0, 1.0]), np.full(2, value))


@dataclass(frozen=True)
class SIProperty:
    """A property in SI units; `value` is None where it is a curve, and the reverse.

    Attributes:
        printed: what the source prints where that is a misprint, `erratum` its number.
        others: further measurements; `preferred` says why this one counts.
        owner: material whose file has it; not its own where it is `based_on` that.
        origin: "package", "cell file", or folder and name of a user's material file.
    """

    unit: str
    value: float | None
    curve: Curve | None
    source: Source
    at: float = 298.15
    activation_energy: float = 0.0
    vogel_temperature: float = 0.0
    range: tuple[float, float] | None = None
    activation_source: Source | None = None
    conditions: str = ""
    span: tuple[float, float] | None = None
    printed: float | None = None
    erratum: str = ""
    preferred: str = ""
    others: tuple["SIProperty", ...] = ()
    owner: str = ""
    origin: str = PACKAGE

    def factor(self, T: float) -> float:
        """Return value(T)/value(T_ref), with T [K] held inside the range."""
        if self.range is not None:
            T = min(max(T, self.range[0]), self.range[1])
        T_0 = self.vogel_temperature
        return exp(-self.activation_energy / R * (1.0 / (T - T_0) - 1.0 / (self.at - T_0)))


@dataclass(frozen=True)
class SourcedValue:
    """One value used in a calculation, and where it comes from."""

    material: str
    property: str
    value: float | str
    unit: str
    source: Source
    owner: str = ""
    origin: str = PACKAGE

    def borrowed_from(self) -> str:
        """Return the material whose number it is; "" where it is its own."""
        return "" if self.owner in {"", self.material} else self.owner


@dataclass(frozen=True, eq=False)
class Material:
    """A material in SI units, resolved from all layers of files and overrides."""

    name: str
    role: Role
    formula: str
    properties: dict[str, SIProperty]
    family: Family | None = None
    aliases: tuple[str, ...] = ()
    based_on: str | None = None
    note: str = field(default="", repr=False)

    def has(self, name: str) -> bool:
        """Return whether the property is known."""
        return name in self.properties

    def lacking(self) -> list[str]:
        """Return what a cell would need of it and it does not have."""
        return [name for name in NEEDED.get(self.role, ()) if name not in self.properties]

    def cell_properties(self) -> list[str]:
        """Return the properties that a cell calculates with."""
        return [name for name in self.properties if name in CELL_PROPERTIES]

    def value(self, name: str, T: float = 298.15) -> float:
        """Return a property [SI] at temperature T [K].

        Raises:
            MaterialError: it is missing, or it is a table against x.
        """
        quantity = self._find(name)
        if quantity.value is None:
            raise MaterialError(f"{self.name}: {name!r} is a table against x, not one number")
        return quantity.value * quantity.factor(T)

    def curve(self, name: str) -> Curve:
        """Return a property [SI] against x at its reference temperature.

        A constant gives a flat curve on [0, 1].

        Raises:
            MaterialError: it is missing.
        """
        quantity = self._find(name)
        if quantity.curve is not None:
            return quantity.curve
        return _flat(float(quantity.value or 0.0))

    def temperature_factor(self, name: str, T: float) -> float:
        """Return the value at T over that at T_ref; T [K] is held inside the range."""
        return self._find(name).factor(T)

    def temperature_range(self, name: str) -> tuple[float, float] | None:
        """Return the temperatures [K] a property holds for; None where it does not say."""
        return self._find(name).range

    def sources(self, names: Iterable[str]) -> list[SourcedValue]:
        """Return the sources of the named properties, in this order, without missing ones.

        An activation energy with a source of its own follows its property.
        """
        known = [(name, self.properties[name]) for name in names if name in self.properties]
        return [entry for name, quantity in known for entry in self._entries(name, quantity)]

    def _entries(self, name: str, quantity: SIProperty) -> list[SourcedValue]:
        value = "table" if quantity.value is None else quantity.value
        place = (quantity.owner, quantity.origin)
        entries = [SourcedValue(self.name, name, value, quantity.unit, quantity.source, *place)]
        if quantity.activation_source is not None:
            energy, source = quantity.activation_energy, quantity.activation_source
            label = f"{name}, activation energy"
            entries.append(SourcedValue(self.name, label, energy, "J/mol", source, *place))
        return entries

    def _find(self, name: str) -> SIProperty:
        if name not in self.properties:
            raise MaterialError(f"{self.name} has no {name!r}")
        return self.properties[name]


@dataclass(frozen=True)
class TransportTable:
    """Measured tortuosity factors of a composite.

    Attributes:
        weight_fraction: active material per solid mass, increasing, shape (w,).
        pressure_Pa: stack pressure, increasing, shape (p,).
        tau2_ionic: tortuosity factor of Li+, shape (w, p).
        tau2_electronic: tortuosity factor of electrons, shape (w, p).
        porosity: void fraction of each composition, shape (w,).
        source: where the numbers come from.
    """

    weight_fraction: NDArray[np.float64]
    pressure_Pa: NDArray[np.float64]
    tau2_ionic: NDArray[np.float64]
    tau2_electronic: NDArray[np.float64]
    porosity: NDArray[np.float64]
    source: Source
