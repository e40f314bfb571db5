"""What a material file may say: unknown keys are errors and every number has a source."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lithomech.materials.rules import Role

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Method = Literal[
    "measured", "dft", "derived", "fitted", "handbook", "assumed", "calibrated", "definition"
]
Family = Literal[
    "oxide",
    "sulfide",
    "fluoride",
    "chloride",
    "bromide",
    "iodide",
    "hydride",
    "polymer",
    "composite_polymer",
    "liquid",
    "layered_oxide",
    "spinel",
    "olivine",
    "carbon",
    "alloy",
    "inert",
]


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
    claims: tuple[str, ...] = Field(
        default=(), description="statements of the literature register that print this number"
    )


class Printed(Strict):
    """A misprint: what stands in the source, in the unit of the value beside it."""

    value: Number
    erratum: str = Field(pattern=r"^E-\d\d$", description="entry of the list of errata")


class AbstractValue(Strict):
    """What every form of a value has."""

    unit: str
    source: Source
    conditions: str = Field(default="", description="sample, temperature, reaction, window")
    span: tuple[Number, Number] | None = Field(
        default=None, description="published range or error bar around the value"
    )
    printed: Printed | None = None
    preferred: str = Field(
        default="", description="why this value and not one of `others`; needed with them"
    )
    others: tuple["Property", ...] = Field(
        default=(), description="other measurements of the same property"
    )

    @model_validator(mode="after")
    def _preference_has_a_reason(self) -> Self:
        if bool(self.others) != bool(self.preferred):
            raise ValueError("`others` and `preferred`, the reason for this value, go together")
        if any(other.others for other in self.others):
            raise ValueError("`others` stands beside the preferred value only")
        return self

    @model_validator(mode="after")
    def _span_is_in_order(self) -> Self:
        if self.span is not None and not self.span[0] < self.span[1]:
            raise ValueError(f"span {self.span[0]:g} to {self.span[1]:g} is not low, high")
        return self


class Constant(AbstractValue):
    """One number; with a span it lies inside."""

    form: Literal["constant"]
    value: Number

    @model_validator(mode="after")
    def _span_holds_the_value(self) -> "Constant":
        if self.span is not None and not self.span[0] <= self.value <= self.span[1]:
            raise ValueError(f"{self.value:g} is outside its span")
        return self


class Arrhenius(AbstractValue):
    """value(T) = value exp(-E_a/R (1/(T - T_0) - 1/(T_ref - T_0))), T held inside the range.

    T_0 is 0 K (Arrhenius) unless there is a Vogel temperature (Vogel, Tammann, Fulcher).
    """

    form: Literal["arrhenius"]
    value: Number
    at: Number = Field(description="T_ref [K]")
    activation_energy: Number = Field(description="[kJ/mol]")
    vogel_temperature: Number = Field(default=0.0, description="T_0 [K]; 0: Arrhenius")
    range: tuple[Number, Number] = Field(description="temperatures it holds for [K]")
    activation_source: Source | None = Field(
        default=None, description="of the activation energy, where it is another one"
    )

    @model_validator(mode="after")
    def _range_contains_reference(self) -> "Arrhenius":
        low, high = self.range
        if not 0.0 < low <= self.at <= high:
            raise ValueError(f"at = {self.at} K is outside range {low} to {high} K")
        if not 0.0 <= self.vogel_temperature < low:
            raise ValueError(
                f"vogel_temperature = {self.vogel_temperature} K is not from 0 K to below the "
                f"range, which begins at {low} K"
            )
        return self


class Table(AbstractValue):
    """Tabulated in `tables/<file>`, a CSV with the columns x,value.

    x is the lithium per formula unit, or what the catalogue names for this property.
    """

    form: Literal["table"]
    file: str = Field(pattern=r"^[A-Za-z0-9_.-]+\.csv$")
    at: Number = Field(default=298.15, description="T_ref [K]")
    activation_energy: Number = Field(default=0.0, description="[kJ/mol]")
    range: tuple[Number, Number] | None = Field(default=None, description="temperatures [K]")


Property = Annotated[Constant | Arrhenius | Table, Field(discriminator="form")]
for _form in (Constant, Arrhenius, Table):
    _form.model_rebuild()  # `others` needed the name that was defined last


class MaterialFile(Strict):
    """One material file, or one layer of overrides: then most keys are missing."""

    name: str | None = None
    role: Role | None = None
    formula: str | None = None
    family: Family | None = None
    aliases: tuple[str, ...] = ()
    based_on: str | None = Field(
        default=None, description="material that has what this one leaves out"
    )
    note: str = ""
    properties: dict[str, Property] = Field(default_factory=dict)
