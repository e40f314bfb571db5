"""A thousand cells with other pressures, sizes and rates, on one core and on two.

Each member is declared, built and discharged on its own, as a study does it.
"""

import json
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell, to_input

CELL = (
    (Path(__file__).parent / "ncm811_liin.yaml").read_text(encoding="utf-8")
    + """
initial: {cathode: 0.3}
output: {traces: none}
protocol: [Discharge at 0.5C until 2.8 V]
"""
)


def members(count: int) -> list[Cell]:
    """Cells drawn from wide ranges, with a fixed seed."""
    draw = np.random.default_rng(1)
    base = load_cell(CELL)
    found = []
    for _ in range(count):
        pressure, thickness = draw.uniform(2e6, 80e6), draw.uniform(40e-6, 120e-6)
        rate = draw.uniform(0.1, 1.0)
        fixture = {"type": "spring", "pressure": pressure, "stiffness": base.fixture.stiffness}  # pyright: ignore[reportAttributeAccessIssue]
        cathode = {**_plain(base), "thickness": thickness}
        protocol = (f"Discharge at {rate:.3f}C until 2.8 V",)
        found.append(base.replace(fixture=fixture, cathode=cathode, protocol=protocol))
    return found


def _plain(base: Cell) -> dict[str, object]:
    """The cathode as plain data."""
    return to_input(base)["cathode"]


def solve(cells: list[Cell]) -> int:
    """Run them all; returns how many completed."""
    return sum(run(cell).status == "completed" for cell in cells)


def main(arguments: list[str]) -> None:
    """Time both, and print one comparison."""
    count = 100 if "--quick" in arguments else 1000
    cells = members(count)
    solve(cells[:5])
    halves = [cells[::2], cells[1::2]]
    one, two = [], []
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(solve, [cells[:5], cells[5:10]]))  # warm
        for _ in range(3):
            begun = time.perf_counter()
            done = solve(cells)
            one.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            assert sum(pool.map(solve, halves)) == done
            two.append(time.perf_counter() - begun)
    alone, shared = statistics.median(one), statistics.median(two)
    print(f"{count} variants ({done} completed): {count / alone:.0f}/s on one core")
    print(f"{count / shared:.0f}/s on two cores; the second core gains {alone / shared:.2f} x")
    row = {
        "name": f"{count} variants, second core",
        "peer": "lithomech on one core",
        "ours_s": shared,
        "peer_s": alone,
        "ratio": alone / shared,
        "our_error": None,
        "peer_error": None,
        "threads": 2,
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1:])
