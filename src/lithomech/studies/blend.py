"""The blend of two active materials that leaves the stack pressure as it was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

import numpy as np
from scipy.optimize import brentq

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, CompositeElectrode
from lithomech.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WITHIN: Final = 1e-3  # of the share that is looked for


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
        runs: results by share, those of the search and those asked for.
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
    run_cell: Callable[[Cell], CellResult] = run,
) -> FlatBlend:
    """Find the blend of the cathode's two materials that holds the pressure.

    Each share is simulated, so each material reaches its own lithium content in the window.

    Args:
        cell: a composite cathode of two active materials; its protocol is one charge.
        shares: mass of the first over both to be run besides.
        run_cell: runs a cell; something else where results are kept.

    Raises:
        InputError: the cathode is no blend of two.
    """
    names = _two(cell)
    runs: dict[float, CellResult] = {}

    def change(share: float) -> float:
        runs[share] = run_cell(with_share(cell, share))
        return pressure_change(runs[share])

    for share in (0.0, 1.0, *shares):
        change(share)
    ended = [r for r in runs.values() if r.status != "completed"]
    if ended:
        return FlatBlend(ended[0].status, ended[0].reason, names, None, runs)
    ends = change(0.0), change(1.0)
    if ends[0] * ends[1] > 0.0:
        reason = f"{names[0]} and {names[1]} move the pressure the same way"
        return FlatBlend("no root", reason, names, None, runs)
    share = _root(change)
    change(share)
    reason = f"{100 * share:.1f} % {names[0]} of both by weight"
    return FlatBlend("completed", reason, names, share, runs)


def pressure_change(result: CellResult) -> float:
    """Stack pressure at the end less that at the start [Pa]."""
    return float(result.stack_pressure[-1] - result.stack_pressure[0])


def with_share(cell: Cell, share: float) -> Cell:
    """The cell with this mass of its first active material over both."""
    cathode = cell.cathode
    if not isinstance(cathode, CompositeElectrode):
        raise InputError("a blend needs a composite cathode", key="cathode.type")
    both = sum(active.weight for active in cathode.active)
    one, other = cathode.active
    active = (replace(one, weight=share * both), replace(other, weight=(1.0 - share) * both))
    return cell.replace(cathode=replace(cathode, active=active))


def _two(cell: Cell) -> tuple[str, str]:
    active = cell.cathode.active if isinstance(cell.cathode, CompositeElectrode) else ()
    if len(active) != 2:
        message = f"{len(active)} active materials; a blend for this study has 2"
        raise cell.locate(InputError(message, key="cathode.active"))
    return active[0].material, active[1].material


def _root(change: Callable[[float], float]) -> float:
    found = brentq(change, 0.0, 1.0, xtol=WITHIN)
    return float(np.asarray(found))
