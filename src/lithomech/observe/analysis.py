"""What every analysis returns: numbers with their uncertainty, tables, and a picture."""

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.files.notebook import notebook_view

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COMPLETED = "completed"


class Quantity(NamedTuple):
    """A number that was read out of a measurement.

    Attributes:
        name: words for it.
        value: in `unit`; nan where it is not known.
        unit: as people write it.
        deviation: one standard deviation, in `unit`; nan where it is not known.
        note: what else has to be known about it.
    """

    name: str
    value: float
    unit: str
    deviation: float = math.nan
    note: str = ""


class AbstractAnalysis(ABC):
    """The outcome of an analysis.

    Attributes:
        status: "completed", or in one or two words why there is no answer.
        reason: one sentence.
        warnings: what limits the trust in the numbers.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]

    @property
    @abstractmethod
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that answer the question."""

    @abstractmethod
    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Columns of equal length, unit in their names, by the name of the table."""

    @abstractmethod
    def plot(self) -> "Figure":
        """Draw it."""

    def _repr_html_(self) -> str:
        """Show the numbers in a notebook."""
        rows = [(q.name, q.value, q.deviation, q.unit, q.note) for q in self.quantities]
        return notebook_view(
            type(self).__name__,
            f"{self.status}: {self.reason}",
            ("Quantity", "Value", "Standard deviation", "Unit", "Note"),
            rows,
            self.warnings,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; what is not finite becomes None."""
        return {
            "status": self.status,
            "reason": self.reason,
            "warnings": list(self.warnings),
            "quantities": [
                {key: _plain(value) for key, value in quantity._asdict().items()}
                for quantity in self.quantities
            ],
            "tables": {
                name: {column: _plain(values) for column, values in table.items()}
                for name, table in self.tables().items()
            },
        }


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a table holds
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
