"""Run a cell through its protocol."""

import time
from pathlib import Path

from lithomech.cell.protocol.order import count
from lithomech.cell.readout.continued import with_start
from lithomech.cell.readout.journal import opened
from lithomech.cell.readout.load import result_of
from lithomech.cell.readout.record import Ended, Summary, assemble, summarise
from lithomech.cell.readout.result import CellResult, Interrupted
from lithomech.cell.resolve.build import resolve
from lithomech.cell.resolve.percolated import without_path
from lithomech.cell.runner import Runner
from lithomech.cell.skip import follow
from lithomech.cell.solver.size import check_size
from lithomech.cell.solver.voltages import voltage_warnings
from lithomech.cell.spec import Cell, cell_of
from lithomech.files.arguments import Progress, checked_progress, folder_of
from lithomech.files.origin import Source
from lithomech.numerics.compiled import must_compile


def run(
    cell: Cell | Source,
    progress: Progress | None = None,
    start: CellResult | Path | str | None = None,
    checkpoint: Path | str | None = None,
) -> CellResult:
    """Run the protocol of a cell.

    Args:
        cell: what to run; or its file, the name of a packaged example, or a dict.
        progress: called with the fraction done and a text every 50 ms or so; may raise.
        start: result of the same cell, or its file, to go on from instead of ``initial.state``.
        checkpoint: folder in which the run keeps what is done as it goes; after a kill the same
            call goes on from there, to the same result. Remove it when the result is saved.

    Returns:
        The result; physical and numerical failures are its status, not exceptions.

    Raises:
        InputError: the inputs do not describe a possible cell.
        Interrupted: Ctrl-C; it is a KeyboardInterrupt, and holds what was done.

    Examples:
        >>> import lithomech as lm
        >>> short = {"protocol": ["Charge at 0.1C for 1 min"], "solver.nodes": 2}
        >>> lm.run(lm.load_cell("ncm88_lpscl_liin", short)).status
        'completed'
    """
    begun, report = time.perf_counter(), checked_progress(progress)
    cell, aged = with_start(cell_of(cell), None if start is None else result_of(start))
    if must_compile("cell.solver.march"):
        report(0.0, "compiling the solver: only this once, about two minutes")
    runner = _assembled(cell)
    model = runner.model
    runner.kept.warnings.extend(voltage_warnings(model, cell.steps()))
    runner.go_on(aged)
    runner.journal = opened(folder_of(checkpoint, "checkpoint"), model, runner.kept.warnings)
    if runner.journal.pieces:
        report(0.0, runner.journal.found)
    try:
        _follow(runner, report)
    except KeyboardInterrupt:
        runner.rewind()
        runner.stop("interrupted", f"stopped from outside: {runner.place}")
        raise Interrupted(_result(runner, begun)) from None
    report(1.0, "done")
    return _result(runner, begun)


def run_summary(cell: Cell, progress: Progress) -> Summary:
    """Run a member of a study: the same run, without the parts of its result that none reads.

    Raises:
        InputError: the inputs do not describe a possible cell.
    """
    cell, aged = with_start(cell, None)
    runner = _assembled(cell)
    runner.go_on(aged)
    _follow(runner, progress)
    return summarise(runner.conditions.assembled, runner.kept, *_outcome(runner))


def _assembled(cell: Cell) -> Runner:
    """Resolve a cell and all conditions of its protocol."""
    model, protocol = resolve(cell), cell.steps()
    check_size(model, protocol)
    runner = Runner(model)
    runner.conditions.resolve_all(protocol)
    return runner


def _follow(runner: Runner, report: Progress) -> None:
    """Take a runner through its protocol."""
    model = runner.model
    protocol = model.cell.steps()
    for reason in without_path(model.cell, model.composites):
        runner.stop("infeasible", reason)
    with runner.journal:
        if runner.status is None:
            follow(runner, protocol, report)
    if runner.status is None and 0 < runner.skipped == count(protocol, idle=False):
        reason = "every charge and discharge was skipped: each cut-off was already passed"
        runner.stop("infeasible", reason)


def _outcome(runner: Runner) -> tuple[str, str]:
    return runner.status or ("completed", "the protocol ran to its end")


def _result(runner: Runner, begun: float) -> CellResult:
    """What a runner has collected."""
    runner.kept.warnings.extend(runner.conditions.warnings)
    spent = time.perf_counter() - begun
    ended = Ended(runner.y, runner.clamp, *_outcome(runner), spent)
    return assemble(runner.conditions.assembled, runner.kept, ended)
