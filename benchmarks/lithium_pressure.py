"""Lithium under pressure: a symmetric cell over 100 cycles, and the boundaries of a window.

The window is that of ``lithium_window`` to a fortieth of both ranges, by bisection on two
threads: a map of 40 x 40 without its 1600 runs. No peer has these models.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell
from lithomech.studies.executors import Threads
from lithomech.studies.run import run_study
from lithomech.studies.spec import Study, load_study

CYCLES, CELLS_OF_MAP, WORKERS = 100, 40, 2


def symmetric() -> Cell:
    """Lithium on both sides at 7 MPa, an hour each way; no flaw ends it early."""
    changes = {
        "mechanisms": {"interphase": "none", "separator_crack": "none"},
        "protocol": [
            {
                "repeat": CYCLES,
                "steps": ["Strip at 1 mA/cm2 for 1 h", "Plate at 1 mA/cm2 for 1 h"],
            }
        ],
    }
    return load_cell("li_lpscl_li", changes)


def window() -> Study:
    """Return the pressure window of lithium, its boundaries to a cell of the map."""
    return replace(load_study("lithium_window"), tolerance=1.0 / CELLS_OF_MAP)


def measured(work: Callable[[], int], times: int) -> tuple[int, float, float]:
    """Return what work counts, and the medians of its wall and CPU seconds."""
    walls, cpus, count = [], [], 0
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        count = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return count, statistics.median(walls), statistics.median(cpus)


def map_boundaries() -> int:
    """Find the boundaries once; members that it took."""
    with tempfile.TemporaryDirectory() as folder:
        result = run_study(window(), Path(folder) / "window", Threads(WORKERS))
        members = len(list(result.members()))
        result.journal.close()
    return members


def main(arguments: list[str]) -> None:
    """Time both, and print one comparison each."""
    times = 1 if "--quick" in arguments else 3
    run(symmetric())  # warm
    cycles, wall, cpu = measured(lambda: len(run(symmetric()).cycles), times)
    members, wall_2, cpu_2 = measured(map_boundaries, times)
    print(f"{cycles} cycles: {wall:.2f} s, {cpu:.2f} s of CPU")
    print(f"{members} members: {wall_2:.1f} s on {WORKERS} threads, {cpu_2:.1f} s of CPU")
    for name, seconds, threads in (
        (f"symmetric lithium cell, {cycles} cycles", wall, 1),
        (f"lithium window to 1/{CELLS_OF_MAP}, {members} members", wall_2, WORKERS),
    ):
        row = {"name": name, "peer": "none has these models", "ours_s": seconds, "peer_s": None}
        empty = dict.fromkeys(("ratio", "our_error", "peer_error"))
        print(json.dumps(row | empty | {"threads": threads}))


if __name__ == "__main__":
    main(sys.argv[1:])
