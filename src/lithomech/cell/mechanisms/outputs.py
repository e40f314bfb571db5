"""What a mechanism declares about its outputs, and what it is given to compute them.

A declared output is one entry of one list: the read-out computes it, the result file stores it
with unit and label, and the tables and the figures show it. The entries common to all cells
and those of the mechanisms are put together in ``readout.quantities``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lithomech.cell.readout.stack import Pack

AREAL_MAH: Final = 36e3  # C/m2 in 1 mAh/cm2
Floats = NDArray[np.float64]
Moment: TypeAlias = Mapping[str, float]  # end values by key; one that does not apply is absent


@final
@dataclass(frozen=True)
class Cycle:
    """What is known of one cycle. Current and charge are positive on charge.

    Attributes:
        area: of the cell [m2].
        active_mass: of the cathode [kg]; 0 where it has none.
        charge: passed in the legs that charge the cell [C/m2].
        discharge: passed in the legs that discharge it, as a positive number [C/m2].
        charge_energy: taken up while charging [J/m2], in the reference of the cell file.
        discharge_energy: delivered while discharging [J/m2], in the same reference.
        start: end values (see ``EndValue``) at the start of the cycle.
        end: end values at the end of the cycle.
        end_of_charge: end values after the last charge, or after the hold that follows it; None
            if nothing was charged.
        lowest: least value by name within the cycle, between the samples too.
        highest: largest value by name.
        discharge_time: that the legs which discharge it took [s].
        pack: a pouch of such layers; None where the file declares none.
    """

    area: float
    active_mass: float
    charge: float
    discharge: float
    charge_energy: float
    discharge_energy: float
    start: Moment
    end: Moment
    end_of_charge: Moment | None
    lowest: Moment
    highest: Moment
    discharge_time: float = 0.0
    pack: "Pack | None" = None

    def charged(self, key: str) -> float | None:
        """Return the end value at the end of charge; None if there is none."""
        return None if self.end_of_charge is None else self.end_of_charge.get(key)


@final
@dataclass(frozen=True)
class Scale:
    """How a stored number is shown.

    Attributes:
        unit: of the shown number; empty: that of the stored one.
        factor: from the stored to the shown number.
    """

    unit: str = ""
    factor: float = 1.0


AS_STORED: Final = Scale()
PERCENT: Final = Scale("%", 100.0)


@final
@dataclass(frozen=True)
class CycleQuantity:
    """A number per cycle.

    Attributes:
        key: in JSON and in the result file; it ends with the unit if there is one.
        unit: of the stored number, "1" if it has none.
        label: in tables and reports.
        value: computes the number; None where the quantity does not apply.
        digits: decimals that a table shows.
        scale: of the shown number.
        heading: in the table of the terminal; quantities without one are in the report only.
        extreme: whether it is the highest or lowest so far, which holds for a part of a cycle.
    """

    key: str
    unit: str
    label: str
    value: Callable[[Cycle], float | None]
    digits: int = 3
    scale: Scale = AS_STORED
    heading: str = ""
    extreme: bool = False

    @property
    def shown_unit(self) -> str:
        """Unit of the shown number."""
        return self.scale.unit or self.unit

    @property
    def factor(self) -> float:
        """From the stored to the shown number."""
        return self.scale.factor

    def text(self, value: float | None) -> str:
        """The number as a table shows it; a dash where it does not apply."""
        return "–" if value is None else f"{self.factor * value:.{self.digits}f}"


def pressure_over(strength: str) -> Callable[[Cycle], float | None]:
    """Highest stack pressure of a cycle over a strength, by the name of its end value."""

    def load(cycle: Cycle) -> float | None:
        borne = cycle.end.get(strength)
        return None if borne is None else cycle.highest["stack_pressure"] / borne

    return load


@final
@dataclass(frozen=True)
class EndValue:
    """A number that is kept at both ends of each leg of the protocol, for cycle quantities.

    Attributes:
        key: its name in ``Cycle.start``, ``end`` and ``end_of_charge``.
        value: computes it from the observation of the rows, shape (rows,); None where it does
            not apply.
    """

    key: str
    value: Callable[[Any], Floats | None]


@final
@dataclass(frozen=True)
class Profile:
    """A local state of the composite electrodes.

    Attributes:
        key: name in the result, after ``cathode_`` or ``anode_``.
        unit: of the stored numbers, "1" if they have none.
        label: in tables and figures.
        value: computes it from an observation, shape (rows, members).
        scale: of the shown numbers.
    """

    key: str
    unit: str
    label: str
    value: Callable[[Any], Floats]
    scale: Scale = AS_STORED

    @property
    def shown_unit(self) -> str:
        """Unit of the shown numbers."""
        return self.scale.unit or self.unit

    @property
    def factor(self) -> float:
        """From the stored to the shown numbers."""
        return self.scale.factor


@final
@dataclass(frozen=True)
class LedgerRow:
    """A cause of thickness change of an electrode.

    Attributes:
        cause: the second part of the key of the ledger.
        value: computes the change [m] from an observation and the name of the electrode, shape
            (rows,); None where the cause does not apply to this electrode.
        names_material: the material of the electrode stands before the cause.
    """

    cause: str
    value: Callable[[Any, str], Floats | None]
    names_material: bool = False


@final
@dataclass(frozen=True)
class ParticleLedgerRow:
    """A cause of thickness change of each class of particles.

    Attributes:
        cause: the second part of the key of the ledger. The label of the class stands before
            it where an electrode has several classes.
        value: computes the change [m] from an observed class, shape (rows,); None where the
            cause does not apply to it.
        names_class: the label stands before the cause in any case.
    """

    cause: str
    value: Callable[[Any], Floats | None]
    names_class: bool = False


Output: TypeAlias = CycleQuantity | EndValue | Profile | LedgerRow | ParticleLedgerRow
