"""What a claim and an erratum may say in the register's YAML files."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Kind = Literal["value", "table", "method", "figure", "trend"]

# Kind of a statement by the letters of its id.
KINDS: Final[dict[str, Kind]] = {
    "Q": "value",
    "T1": "table",
    "T2": "table",
    "T3": "table",
    "M": "method",
    "F": "figure",
    "QL": "trend",
}
FUNCTION: Final = r"^[a-z_0-9]+\.[a-z_0-9]+$"


class Strict(BaseModel):
    """Frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Published(Strict):
    """A number as printed: one value, or a range from low to high."""

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str

    @model_validator(mode="after")
    def _one_or_two(self) -> Self:
        given = (self.value is not None, self.low is not None, self.high is not None)
        if given not in {(True, False, False), (False, True, True)}:
            raise ValueError("give value, or low and high")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low = {self.low:g} is not below high = {self.high:g}")
        return self

    def ends(self) -> tuple[float, float]:
        """Return the lowest and the highest number printed."""
        low = self.low if self.low is not None else self.value
        high = self.high if self.high is not None else self.value
        if low is None or high is None:  # the validator has seen to it
            raise ValueError("no number")
        return low, high


class Stored(Strict):
    """The number stands in the library of materials, and is compared with what is there."""

    by: Literal["stored"]


class Predicted(Strict):
    """A formula or a model gives the number, or says whether the statement holds."""

    by: Literal["prediction"]
    function: str = Field(pattern=FUNCTION, description="module.function of predictions/")
    given: dict[str, str] = Field(
        default_factory=dict, description="conditions of the statement, with units"
    )
    names: dict[str, str] = Field(
        default_factory=dict, description="materials, cells and the like that it is about"
    )
    tolerance: Number = Field(default=0.0, ge=0.0, description="largest relative error")
    reason: str = Field(min_length=1, description="why this tolerance, or what decides")


class Misprint(Strict):
    """What is printed is wrong; the function shows it by arithmetic."""

    by: Literal["erratum"]
    function: str = Field(pattern=FUNCTION, description="module.function of predictions/")


class Pending(Strict):
    """Nothing in the package can say yet; it waits for a capability."""

    by: Literal["pending"]
    waits_for: str = Field(description="key of capabilities.CAPABILITIES")
    reason: str = Field(min_length=1, description="what exactly is missing")


class Cannot(Strict):
    """No model of the package will say."""

    by: Literal["cannot"]
    reason: str = Field(min_length=1, description="why not, and what stands nearest to it")


class Drawn(Strict):
    """A figure: the panel of validation/figures that names the claim draws and judges it."""

    by: Literal["panel"]


class Definition(Strict):
    """A convention or method without a number; the code follows it."""

    by: Literal["definition"]
    code: str = Field(pattern=r"^lithomech(\.\w+)+$", description="dotted name")


Check = Annotated[
    Stored | Predicted | Misprint | Pending | Cannot | Drawn | Definition,
    Field(discriminator="by"),
]


class Claim(Strict):
    """One statement of the literature, in our words, and how it is checked."""

    statement: str = Field(min_length=1)
    kind: Kind
    published: dict[str, Published] = Field(
        default_factory=dict, description="numbers by property of the library or name"
    )
    conditions: str = ""
    place: str = Field(min_length=1, description="section, figure or table")
    cites: tuple[str, ...] = Field(default=(), description="keys of refs.bib")
    errata: tuple[str, ...] = Field(default=(), description="entries of errata.yaml")
    note: str = ""
    check: Check


class ClaimFile(Strict):
    """One file of claims."""

    source: str = Field(description="key of refs.bib of the work that makes the statements")
    claims: dict[str, Claim]


class Erratum(Strict):
    """A misprint or a contradiction inside the work."""

    certainty: Literal["C", "P", "I"] = Field(
        description="C: shown by arithmetic; P: probable, by an outside source; I: undecided"
    )
    place: str = Field(min_length=1)
    printed: str = Field(min_length=1)
    right: str = Field(min_length=1, description="what is right, or why it is undecided")
    evidence: str = Field(min_length=1, description="arithmetic or source")
    function: str | None = Field(default=None, pattern=FUNCTION)

    @model_validator(mode="after")
    def _arithmetic_is_shown(self) -> Self:
        if (self.certainty == "C") != (self.function is not None):
            raise ValueError("certainty C needs a function that shows it, and only C has one")
        return self


class ErrataFile(Strict):
    """The list of errata of one work."""

    source: str
    errata: dict[str, Erratum]
