"""Analyses of several files beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.cycles import Cycles
from lithomech.observe.gitt import Gitt, compare
from lithomech.observe.rate import Rate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@final
@dataclass(frozen=True)
class Several(AbstractAnalysis):
    """The same analysis of several measurements.

    Attributes:
        parts: one of each, all of one kind.
        names: of the measurements.
        more: further tables, of comparisons.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    parts: tuple[Gitt, ...] | tuple[Rate, ...] | tuple[Cycles, ...]
    names: tuple[str, ...]
    more: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict, repr=False)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Those of all, with the name of the measurement in front."""
        return tuple(
            quantity._replace(name=f"{name}: {quantity.name}")
            for name, part in zip(self.names, self.parts, strict=True)
            for quantity in part.quantities
        )

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Those of all, and of comparisons."""
        tables = {
            f"{name}, {title}": table
            for name, part in zip(self.names, self.parts, strict=True)
            for title, table in part.tables().items()
        }
        return tables | self.more

    def plot(self) -> "Figure":
        """Draw them in one figure."""
        from lithomech.plot.several import together  # noqa: PLC0415  the upward reference

        return together(self.parts, self.names)


def several(
    parts: Sequence[Gitt] | Sequence[Rate] | Sequence[Cycles], names: Sequence[str]
) -> Several:
    """Put analyses beside each other; of two GITT measurements also their ratio.

    Args:
        parts: one or more, all of one kind.
        names: of the measurements, which may be the same.

    Raises:
        InputError: there is none.
    """
    if not parts:
        raise InputError("there is nothing to compare")
    alone = len(set(names)) == len(names)
    titles = tuple(n if alone else f"{n} ({k})" for k, n in enumerate(names, 1))
    failed = [part for part in parts if part.status != COMPLETED]
    status, reason = (
        (failed[0] if failed else parts[0]).status,
        "; ".join(f"{name}: {part.reason}" for name, part in zip(titles, parts, strict=True)),
    )
    warnings = [
        f"{name}: {text}"
        for name, part in zip(titles, parts, strict=True)
        for text in part.warnings
    ]
    more: dict[str, dict[str, NDArray[Any]]] = {}
    pair = [part for part in parts if isinstance(part, Gitt)]
    if len(pair) == 2 and len(parts) == 2:
        try:
            ratio = compare(pair[0], pair[1])
        except InputError as error:
            warnings.append(error.message)
        else:
            more[f"{titles[0]} over {titles[1]}"] = {
                "Voltage / V": ratio.voltage,
                "ratio of the diffusivities": ratio.ratio,
                "ratio of the areas": ratio.area,
            }
    kept = (
        tuple(p for p in parts if isinstance(p, Gitt)),
        tuple(p for p in parts if isinstance(p, Rate)),
        tuple(p for p in parts if isinstance(p, Cycles)),
    )
    kind = kept[0] or kept[1] or kept[2]
    return Several(status, reason, tuple(warnings), kind, titles, more)
