"""What a cell takes from a pressed composite: numbers without pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Pressed:
    """Conduction and coverage of several pieces of a composite.

    Attributes:
        stack_pressures: [Pa], (pressures,).
        quantities: see ``microstructure.result.QUANTITIES``, each (pieces, pressures).
        solid_shares: volume of each powder over that of the solids, by material.
        origin: what it was read from in words, where it was no pressing.
    """

    stack_pressures: Floats
    quantities: Mapping[str, Floats]
    solid_shares: Mapping[str, float]
    origin: str = ""

    def mean(self, quantity: str) -> Floats:
        """Mean over the pieces at each stack pressure.

        A tortuosity factor is that of the mean conductivity, so pieces without a path count.
        """
        values = self.quantities[quantity]
        if not quantity.startswith("tortuosity_factor_"):
            return np.mean(values, axis=0)
        sigma = self.quantities[quantity.replace("tortuosity_factor", "conductivity")]
        spans = sigma > 0.0
        dense = np.where(spans, values, 0.0) * sigma  # sigma_0 phi of those that conduct
        count = np.count_nonzero(spans, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.sum(dense, axis=0) / count / np.mean(sigma, axis=0)
        return np.where(count > 0, found, np.inf)

    def to_plain(self) -> dict[str, Any]:
        """The same as plain data; ``from_plain`` reads it back."""
        plain = {
            "stack_pressures_Pa": self.stack_pressures.tolist(),
            "quantities": {name: v.tolist() for name, v in sorted(self.quantities.items())},
            "solid_shares": dict(sorted(self.solid_shares.items())),
        }
        return plain | ({"origin": self.origin} if self.origin else {})


def from_plain(data: Mapping[str, Any]) -> Pressed:
    """Read what ``Pressed.to_plain`` returned.

    Raises:
        InputError: it is something else.
    """
    try:
        pressures = np.array(data["stack_pressures_Pa"], np.float64)
        quantities = {k: np.array(v, np.float64) for k, v in data["quantities"].items()}
        shares = {name: float(share) for name, share in data["solid_shares"].items()}
        origin = str(data.get("origin", ""))
        shapes = {values.shape[1:] for values in quantities.values()}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise InputError("the pressed composite that it keeps cannot be read") from None
    if pressures.ndim != 1 or shapes != {pressures.shape}:
        raise InputError("the pressed composite that it keeps has arrays that do not fit")
    return Pressed(pressures, quantities, shares, origin)
