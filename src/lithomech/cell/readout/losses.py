"""What lowers the voltage and the capacity of each cycle, by cause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
OVERVOLTAGE, CAPACITY = "overvoltage_mV", "capacity_mAh_per_g"
NOTHING: Final = np.zeros(0)


@final
@dataclass(frozen=True)
class Losses:
    """Loss budget: overvoltage and missing capacity of every cycle, by cause.

    Arrays have one number per cycle, NaN where it does not apply; both sums hold in skipped
    cycles, too. How each is defined: docs/theory/losses.md.

    Attributes:
        overvoltage_mV: by cause, half-way through the discharge; "separator", and for each
            electrode "cathode ions", "electrons", "contact", "charge transfer", "interphase",
            "particle diffusion", "uneven use", "salt", as far as they apply.
        whole_overvoltage_mV: relaxed voltage with the same lithium less the voltage, there.
        capacity_mAh_per_g: missing of the reference, by cause: "no path", "cut off", "films",
            "lithium kept", and what is left in material within reach, shared by the causes of
            the overvoltage at the end of the discharge; it is "not asked for" where that ends
            without a limit, and "beyond the first charge" where it is negative. Empty where
            the cathode has no active mass.
        missing_capacity_mAh_per_g: of the reference, between the first and the last
            discharging step of each cycle.
        reference_capacity_mAh_per_g: what the first charge took, and what it would have taken
            from material without a path; NaN where nothing was charged.
    """

    overvoltage_mV: Mapping[str, Floats] = field(default_factory=dict)
    whole_overvoltage_mV: Floats = field(default_factory=NOTHING.copy)
    capacity_mAh_per_g: Mapping[str, Floats] = field(default_factory=dict)
    missing_capacity_mAh_per_g: Floats = field(default_factory=NOTHING.copy)
    reference_capacity_mAh_per_g: float = np.nan

    @property
    def shows(self) -> bool:
        """Whether any cycle has a discharge."""
        return bool(np.isfinite(self.whole_overvoltage_mV).any())

    @property
    def tables(self) -> dict[str, Mapping[str, Floats]]:
        """Both budgets by the name of their unit."""
        return {CAPACITY: self.capacity_mAh_per_g, OVERVOLTAGE: self.overvoltage_mV}

    def of_cycle(self, number: int) -> dict[str, dict[str, float | None]]:
        """Both budgets of one cycle, counted from 1, as plain data; None does not apply."""
        return {
            key: {cause: _number(values[number - 1]) for cause, values in table.items()}
            for key, table in self.tables.items()
        }

    def plot(self) -> "Figure":
        """Overvoltage and missing capacity by cause over the cycles."""
        from lithomech.plot.losses import budget  # noqa: PLC0415  the one upward reference

        return budget(self)


def _number(value: Any) -> float | None:  # noqa: ANN401 - of an array
    return None if np.isnan(value) else float(value)
