"""What a material file may say, and the material it becomes.

File side (pydantic): Source, Constant, Arrhenius, Table, MaterialFile. Unknown keys are
errors and every number has a source. Program side (SI): Curve, SIProperty, Material.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import exp
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lithomech.constants import R
from lithomech.errors import MaterialError
from lithomech.materials.catalogue import Role
from lithomech.numerics.monotone_cubic import evaluate, pchip

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Method = Literal["measured", "dft", "fitted", "handbook", "assumed", "calibrated"]


class Strict(BaseModel):
    """Frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where a number comes from, how it was found, and whether a second reader saw it there."""

    ref: str = Field(min_length=1, description="key of refs.bib, or `user`")
    where: str = Field(min_length=1, description="section, table, figure or calculation")
    method: Method
    checked: bool = Field(default=False, strict=True)
    note: str = ""


class Constant(Strict):
    """One number."""

    form: Literal["constant"]
    value: Number
    unit: str
    source: Source


class Arrhenius(Strict):
    """value(T) = value exp(-E_a/R (1/T - 1/T_ref)), held at the ends of the range."""

    form: Literal["arrhenius"]
    value: Number
    unit: str
    at: Number = Field(description="T_ref [K]")
    activation_energy: Number = Field(description="[kJ/mol]")
    range: tuple[Number, Number] = Field(description="temperatures it holds for [K]")
    source: Source
    activation_source: Source | None = Field(
        default=None, description="of the activation energy, where it is another one"
    )

    @model_validator(mode="after")
    def _range_contains_reference(self) -> "Arrhenius":
        low, high = self.range
        if not 0.0 < low <= self.at <= high:
            raise ValueError(f"at = {self.at} K is outside range {low} to {high} K")
        return self


class Table(Strict):
    """Tabulated against x in `tables/<file>`, a CSV with the columns x,value."""

    form: Literal["table"]
    file: str = Field(pattern=r"^[A-Za-z0-9_.-]+\.csv$")
    unit: str
    at: Number = Field(default=298.15, description="T_ref [K]")
    activation_energy: Number = Field(default=0.0, description="[kJ/mol]")
    range: tuple[Number, Number] | None = Field(default=None, description="temperatures [K]")
    source: Source


Property = Annotated[Constant | Arrhenius | Table, Field(discriminator="form")]


class MaterialFile(Strict):
    """One material file, or one layer of overrides: then most keys are missing."""

    name: str | None = None
    role: Role | None = None
    formula: str | None = None
    aliases: tuple[str, ...] = ()
    based_on: str | None = Field(
        default=None, description="material that has what this one leaves out"
    )
    note: str = ""
    properties: dict[str, Property] = Field(default_factory=dict)


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


@dataclass(frozen=True)
class SIProperty:
    """A property in SI units; `value` is None where it is a curve, and the reverse."""

    unit: str
    value: float | None
    curve: Curve | None
    source: Source
    at: float = 298.15
    activation_energy: float = 0.0
    range: tuple[float, float] | None = None
    activation_source: Source | None = None

    def factor(self, T: float) -> float:  # noqa: N803 - printed symbol
        """Return value(T)/value(T_ref), with T [K] held inside the range."""
        if self.range is not None:
            T = min(max(T, self.range[0]), self.range[1])  # noqa: N806
        return exp(-self.activation_energy / R * (1.0 / T - 1.0 / self.at))


@dataclass(frozen=True)
class SourcedValue:
    """One value used in a calculation, and where it comes from."""

    material: str
    property: str
    value: float | str
    unit: str
    source: Source


@dataclass(frozen=True, eq=False)
class Material:
    """A material in SI units, resolved from all layers of files and overrides."""

    name: str
    role: Role
    formula: str
    properties: dict[str, SIProperty]
    aliases: tuple[str, ...] = ()
    based_on: str | None = None
    note: str = field(default="", repr=False)

    def has(self, name: str) -> bool:
        """Return whether the property is known."""
        return name in self.properties

    def value(self, name: str, T: float = 298.15) -> float:  # noqa: N803 - printed symbol
        """Return a property [SI] at temperature T [K].

        Raises:
            MaterialError: it is missing, or it is a table against x.
        """
        found = self._find(name)
        if found.value is None:
            raise MaterialError(f"{self.name}: {name!r} is a table against x, not one number")
        return found.value * found.factor(T)

    def curve(self, name: str) -> Curve:
        """Return a property [SI] against x at its reference temperature.

        A constant gives a flat curve on [0, 1].

        Raises:
            MaterialError: it is missing.
        """
        found = self._find(name)
        if found.curve is not None:
            return found.curve
        return Curve(np.array([0.0, 1.0]), np.full(2, found.value))

    def temperature_factor(self, name: str, T: float) -> float:  # noqa: N803
        """Return exp(-E_a/R (1/T - 1/T_ref)); T [K] is held inside the range."""
        return self._find(name).factor(T)

    def temperature_range(self, name: str) -> tuple[float, float] | None:
        """Return the temperatures [K] a property holds for; None where it does not say."""
        return self._find(name).range

    def sources(self, names: Iterable[str]) -> list[SourcedValue]:
        """Return the sources of the named properties, in this order, without missing ones.

        An activation energy with a source of its own follows its property.
        """
        known = [(name, self.properties[name]) for name in names if name in self.properties]
        return [entry for name, found in known for entry in self._entries(name, found)]

    def _entries(self, name: str, found: SIProperty) -> list[SourcedValue]:
        value = "table" if found.value is None else found.value
        entries = [SourcedValue(self.name, name, value, found.unit, found.source)]
        if found.activation_source is not None:
            energy, source = found.activation_energy, found.activation_source
            label = f"{name}, activation energy"
            entries.append(SourcedValue(self.name, label, energy, "J/mol", source))
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
