"""Many cells at once, on all cores."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, cell_of
from lithomech.errors import InputError, Mistakes
from lithomech.files.arguments import checked_progress
from lithomech.files.origin import Source

Progress = Callable[[float, str], None]


def run_many(
    cells: Iterable[Cell | Source], workers: int | None = None, progress: Progress | None = None
) -> list[CellResult]:
    """Run cells side by side; the solver does not hold Python's lock.

    Physical and numerical failures are statuses of the results. What a result keeps is up to
    the ``output`` of each cell: ``{traces: none}`` is the fastest.

    Args:
        cells: what to run; files, names of packaged examples and dicts too.
        workers: threads; default: one for each core.
        progress: called with the fraction done and a text.

    Returns:
        Results in the order of the cells.

    Raises:
        InputError: a cell is not possible; cells that have not begun are not run.
        KeyboardInterrupt: Ctrl-C; all of them stop.

    Examples:
        >>> import lithomech as lm
        >>> short = {"protocol": ["Charge at 0.1C for 1 min"], "solver.nodes": 2}
        >>> cells = [lm.load_cell("ncm88_lpscl_liin", short) for _ in range(2)]
        >>> [result.status for result in lm.run_many(cells)]
        ['completed', 'completed']
    """
    progress = checked_progress(progress)
    if isinstance(cells, str | Mapping) or not isinstance(cells, Iterable):
        raise InputError("expected a list of cells", key="cells")
    waiting, mistakes = [], Mistakes()
    for number, cell in enumerate(cells):
        with mistakes.noted(key=f"cells[{number}]"):
            waiting.append(cell_of(cell))
    mistakes.report()
    results: list[CellResult] = []
    stop = Event()

    def watch(_fraction: float, _text: str) -> None:
        if stop.is_set():
            raise InterruptedError

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        futures = [pool.submit(run, cell, watch) for cell in waiting]
        try:
            for number, future in enumerate(futures, start=1):
                results.append(future.result())
                progress(number / len(waiting), f"cell {number} of {len(waiting)}")
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results
