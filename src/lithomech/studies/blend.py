"""The blend of two active materials that leaves the stack pressure as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

import numpy as np

from lithomech.cell.many import run_many
from lithomech.cell.readout.result import CellResult
from lithomech.cell.spec import Cell, CompositeElectrode
from lithomech.cell.spec.cell import to_input
from lithomech.errors import InputError
from lithomech.studies.findings import boundary
from lithomech.studies.run import run_study
from lithomech.studies.spec import load_study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WITHIN: Final = 1e-3  # of the share that is looked for
SWING: Final = "stack_pressure_swing_MPa"
COMPLETED: Final = "completed"
FALLS, RISES = "the stack pressure falls on charge", "it rises"


@final
@dataclass(frozen=True)
class FlatBlend:
    """What blends do to the stack pressure.

    Attributes:
        status: completed | no root | the status of a run that ended early.
        reason: one sentence.
        names: of the two materials.
        share: mass of the first over both at which the pressure at the end of charge is that at
            its start; None where there is no such blend.
        runs: results by share: the materials alone, the flat blend and those asked for.
    """

    status: str
    reason: str
    names: tuple[str, str]
    share: float | None
    runs: dict[float, CellResult]

    def change(self, share: float) -> float:
        """Stack pressure at the end of charge less that at the start [Pa]."""
        return pressure_change(self.runs[share])

    def excursion(self, share: float) -> float:
        """Largest deviation from the start during the charge, with its sign [Pa]."""
        pressure = self.runs[share].stack_pressure
        away = pressure - pressure[0]
        return float(away[np.argmax(np.abs(away))])

    def plot(self) -> "Figure":
        """Stack pressure against charge of the blends that were run."""
        from lithomech.plot.blend import pressure_of_blends  # noqa: PLC0415 - upward

        return pressure_of_blends(self)


def flat_blend(
    cell: Cell,
    shares: tuple[float, ...] = (),
    run_cells: Callable[[Sequence[Cell]], list[CellResult]] = run_many,
) -> FlatBlend:
    """Find the blend of the cathode's two materials that holds the pressure.

    Each share is simulated, so each material reaches its own lithium content in the window.

    Args:
        cell: a composite cathode of two active materials; its protocol is one charge.
        shares: mass of the first over both to be run besides.
        run_cells: runs the blends that are kept; something else where results are kept.

    Raises:
        InputError: the cathode is no blend of two.
    """
    names, share = _two(cell), _flat(cell)
    wanted: list[float] = sorted({0.0, 1.0, *shares, *([] if share is None else [share])})
    results = run_cells([with_share(cell, one) for one in wanted])
    runs = dict(zip(wanted, results, strict=True))
    ended = [r for r in results if r.status != COMPLETED]
    if ended:
        return FlatBlend(ended[0].status, ended[0].reason, names, None, runs)
    if share is None:
        reason = f"{names[0]} and {names[1]} move the pressure the same way"
        return FlatBlend("no root", reason, names, None, runs)
    reason = f"{100 * share:.1f} % {names[0]} of both by weight"
    return FlatBlend(COMPLETED, reason, names, share, runs)


def _flat(cell: Cell) -> float | None:
    """The share at which the pressure neither falls nor rises; None where there is none."""
    both = sum(active.weight for active in _cathode(cell).active)
    first, second = ("cathode.active[0].weight", "cathode.active[1].weight")
    study = load_study({
        "base": to_input(cell),
        "vary": {first: {"from": 0.0, "to": both, "points": 2}},
        "set": {second: "rest"},
        "method": "window",
        "regions": {FALLS: {SWING: "< 0"}, RISES: {SWING: ">= 0"}},
        "tolerance": WITHIN,
    })  # fmt: skip
    result = run_study(study)
    crossings = [one for one in boundary(result) if set(one.regions) == {FALLS, RISES}]
    if not crossings:
        return None
    ends = list(result.journal.members([crossings[0].low, crossings[0].high]))
    (low, falls), (high, rises) = (
        (study.axes[0].place(one.point[0]) / both, one.outputs[SWING] or 0.0) for one in ends
    )
    return low + falls / (falls - rises) * (high - low)


def pressure_change(result: CellResult) -> float:
    """Stack pressure at the end less that at the start [Pa]."""
    return float(result.stack_pressure[-1] - result.stack_pressure[0])


def with_share(cell: Cell, share: float) -> Cell:
    """The cell with this mass of its first active material over both."""
    cathode = _cathode(cell)
    both = sum(active.weight for active in cathode.active)
    one, other = cathode.active
    active = (replace(one, weight=share * both), replace(other, weight=(1.0 - share) * both))
    return cell.replace(cathode=replace(cathode, active=active))


def _cathode(cell: Cell) -> CompositeElectrode:
    if not isinstance(cell.cathode, CompositeElectrode):
        raise InputError("a blend needs a composite cathode", key="cathode.type")
    return cell.cathode


def _two(cell: Cell) -> tuple[str, str]:
    active = cell.cathode.active if isinstance(cell.cathode, CompositeElectrode) else ()
    if len(active) != 2:
        message = f"{len(active)} active materials; a blend for this study has 2"
        raise cell.locate(InputError(message, key="cathode.active"))
    return active[0].material, active[1].material
