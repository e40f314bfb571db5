"""What holds the pistons of a cell."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from lithomech.errors import InputError
from lithomech.files.origin import plain_errors
from lithomech.files.quantity_types import Pressure, Share, SpringStiffness, Time
from lithomech.microstructure.spec import CONFIG

FrameStiffness: TypeAlias = Annotated[
    SpringStiffness | None, Field(description="of the frame, in series with the layers")
]
Creep: TypeAlias = Annotated[
    Share, Field(description="of its pressure that the frame loses per e-fold of time")
]
CreepTime: TypeAlias = Annotated[
    Time, Field(description="after which it falls with the logarithm of time")
]
FrameName: TypeAlias = Annotated[
    str | None, Field(description="measured frame of the library instead of frame_stiffness")
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Spring:
    """Pistons held by a spring, in series with a frame; without either the frame is rigid.

    Attributes:
        pressure: stack pressure as assembled.
        stiffness: of the spring, per area (MPa/um) or of the stack (N/um).
    """

    pressure: Pressure
    stiffness: SpringStiffness
    frame_stiffness: FrameStiffness = None
    frame: FrameName = None
    creep: Creep = 0.0
    creep_time: CreepTime = 43200.0
    type: Literal["spring"] = "spring"

    @model_validator(mode="after")
    def _one_frame(self) -> Self:
        if self.frame is not None and self.frame_stiffness is not None:
            raise InputError("give frame or frame_stiffness, not both", key="frame")
        if self.creep > 0.0 and self.frame is None and self.frame_stiffness is None:
            raise InputError(
                "a spring does not creep, its frame does: give frame or frame_stiffness",
                key="creep",
            )
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Bolted:
    """Pistons bolted to a frame: only the frame yields.

    Attributes:
        pressure: stack pressure as assembled.
    """

    pressure: Pressure
    frame_stiffness: FrameStiffness = None
    frame: FrameName = None
    creep: Creep = 0.0
    creep_time: CreepTime = 43200.0
    type: Literal["bolted"] = "bolted"

    @model_validator(mode="after")
    def _one_frame(self) -> Self:
        if (self.frame is None) == (self.frame_stiffness is None):
            raise InputError(
                "give exactly one of frame_stiffness, such as 0.35 MPa/um, and frame, such as "
                "peek_die_10mm (`lithomech materials list` shows all frames)",
                key="frame_stiffness",
            )
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class ConstantPressure:
    """Pistons under a press that holds its force.

    Attributes:
        pressure: stack pressure as assembled.
    """

    pressure: Pressure
    type: Literal["constant_pressure"] = "constant_pressure"


Fixture: TypeAlias = Annotated[Spring | Bolted | ConstantPressure, Field(discriminator="type")]
