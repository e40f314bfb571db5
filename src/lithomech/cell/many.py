"""Many cells at once, on all cores."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import Cell

Progress = Callable[[float, str], None]


def run_many(
    cells: Iterable[Cell], workers: int | None = None, progress: Progress | None = None
) -> list[CellResult]:
    """Run cells side by side; the solver does not hold Python's lock.

    Physical and numerical failures are statuses of the results. What a result keeps is up to
    the ``output`` of each cell: ``{traces: none}`` is the fastest.

    Args:
        cells: what to run.
        workers: threads; default: one for each core.
        progress: called with the fraction done and a text.

    Returns:
        Results in the order of the cells.

    Raises:
        InputError: a cell is not possible; cells that have not begun are not run.
        KeyboardInterrupt: Ctrl-C; all of them stop.
    """
    waiting = list(cells)
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
                if progress is not None:
                    progress(number / len(waiting), f"cell {number} of {len(waiting)}")
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results
