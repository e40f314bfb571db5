"""One cell in several fixtures: what a charge becomes, thickness or stress."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

import numpy as np

from lithomech.cell.many import run_many
from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.build import resolve
from lithomech.cell.spec import Cell, Fixture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYERS: Final = ("cathode", "separator", "anode")


@final
@dataclass(frozen=True)
class FixtureCase:
    """A cell in one fixture, discharged (as assembled) and charged.

    Attributes:
        label: of the fixture.
        status: of the run.
        reason: one sentence.
        thickness: of each layer as assembled [m].
        grown: change of each layer by the charge [m].
        pressure: stack pressure discharged and charged [Pa].
        contact: contact fraction in the cathode, charged.
        crack_area: crack area fraction in the cathode, charged.
        charge: areal capacity that the charge took [C/m2].
    """

    label: str
    status: str
    reason: str
    thickness: Mapping[str, float]
    grown: Mapping[str, float]
    pressure: tuple[float, float]
    contact: float | None
    crack_area: float | None
    charge: float


@final
@dataclass(frozen=True)
class FixtureStudy:
    """All cases, in the order given."""

    cases: tuple[FixtureCase, ...]

    def plot(self) -> "Figure":
        """Layers and stack pressure of every case, discharged beside charged."""
        from lithomech.plot.fixture import layers_and_pressure  # noqa: PLC0415 - upward

        return layers_and_pressure(self)


def fixture_study(
    cell: Cell,
    fixtures: Mapping[str, Fixture],
    run_cells: Callable[[Sequence[Cell]], list[CellResult]] = run_many,
) -> FixtureStudy:
    """Charge the same cell in each fixture.

    Args:
        cell: its protocol begins with the charge; what follows is not run.
        fixtures: by label.
        run_cells: runs cells; something else where results are kept.

    Returns:
        One case per fixture; a run that ended early is a case with its status.
    """
    charge = cell.replace(protocol=(_first(cell),))
    results = run_cells([charge.replace(fixture=fixture) for fixture in fixtures.values()])
    return FixtureStudy(tuple(map(_case, fixtures, results)))


def _first(cell: Cell) -> str:
    """The first step of a protocol, also inside a repeat."""
    step = cell.protocol[0]
    while not isinstance(step, str):
        step = step["steps"][0]
    return step


def _case(label: str, result: CellResult) -> FixtureCase:
    model = resolve(result.cell)
    grown: dict[str, float] = dict.fromkeys(LAYERS, 0.0)
    for (layer, _), change in result.ledger.items() if len(result.series) else ():
        if layer in grown:
            grown[layer] += float(change[-1] - change[0])
    last = result.cycles[-1] if result.cycles else {}
    ends = result.stack_pressure[[0, -1]] if len(result.series) else np.full(2, np.nan)
    return FixtureCase(
        label,
        result.status,
        result.reason,
        {layer: model.thickness[layer] for layer in LAYERS},
        grown,
        (float(ends[0]), float(ends[1])),
        last.get("contact_fraction_end_of_charge"),
        last.get("crack_area_fraction_end_of_charge"),
        36e3 * (last.get("charge_capacity_mAh_per_cm2") or 0.0),
    )
