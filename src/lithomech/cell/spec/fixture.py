"""What holds the pistons of a cell."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from lithomech.files.quantity_types import Pressure, SpringStiffness
from lithomech.microstructure.spec import CONFIG


@dataclass(frozen=True, config=CONFIG)
class Spring:
    """Pistons held by a spring, in series with a frame."""

    pressure: Pressure
    stiffness: SpringStiffness
    frame_stiffness: SpringStiffness | None = None
    type: Literal["spring"] = "spring"


@dataclass(frozen=True, config=CONFIG)
class FixedGap:
    """Pistons bolted to a frame."""

    pressure: Pressure
    frame_stiffness: SpringStiffness
    type: Literal["fixed_gap"] = "fixed_gap"


@dataclass(frozen=True, config=CONFIG)
class ConstantPressure:
    """Pistons under a press that holds its force."""

    pressure: Pressure
    type: Literal["constant_pressure"] = "constant_pressure"


Fixture: TypeAlias = Annotated[
    Spring | FixedGap | ConstantPressure, Field(discriminator="type")
]
