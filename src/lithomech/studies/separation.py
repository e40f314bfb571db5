"""How well subtraction of a reference cell gives one electrode's pressure, and what spoils it.

A full cell less the cell with a zero-strain counter electrode leaves the other electrode, if
both stacks give way alike. Where they do not, the pressure of the shared electrode does not
cancel: cross-talk. A simulated cell knows the truth.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.result import CellResult
from lithomech.observe.differential import Signal, difference
from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.pressiometry import signals_over_charge

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True)
class Separation:
    """One half cycle of an electrode, as subtraction gives it and as it is.

    Attributes:
        signal: full cell less reference.
        truth: pressure that the electrode adds by itself [Pa], shape of ``signal.along``.
        stiffness_ratio: stack stiffness of the full cell over that of the reference.
        cross_talk: what this ratio leaves of the reference, over the span of the truth.
    """

    signal: Signal
    truth: Floats
    stiffness_ratio: float
    cross_talk: float

    @property
    def error(self) -> float:
        """Largest deviation from the truth over its span."""
        span = float(np.ptp(self.truth))
        return float(np.abs(self.signal.values - self.truth).max()) / span


def separate(full: CellResult, reference: CellResult) -> tuple[Separation, ...]:
    """Return the anode's pressure in each half cycle that both cells have.

    Args:
        full: the cell of interest.
        reference: the same cathode against a zero-strain electrode.

    Raises:
        InputError: charges and discharges of the two cells do not follow each other alike.
    """
    ledger = full.pressure_ledger
    anode = np.sum([v for (layer, _), v in ledger.items() if layer == "anode"], axis=0)
    stiffness = [
        float(result.provenance["stack_stiffness_Pa_per_m"]) for result in (full, reference)
    ]
    ratio = stiffness[0] / stiffness[1]
    found = []
    pairs = zip(
        signals_over_charge(full.series),
        signals_over_charge(reference.series),
        half_cycles(full.series),
        strict=False,
    )
    for own, other, half in pairs:
        left = difference(own, other)
        charge = np.abs(half.charge - half.charge[0])
        own_anode = anode[half.rows] - anode[half.rows[0]]
        truth = np.interp(left.along, charge, own_anode)
        cancelled = np.ptp(np.interp(left.along, other.along, other.values))
        spoiled = abs(ratio - 1.0) * float(cancelled / np.ptp(truth))
        found.append(Separation(left, truth, ratio, spoiled))
    return tuple(found)
