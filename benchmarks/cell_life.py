"""A life of CCCV cycles with mechanics in one ``run``; seconds and memory.

The peer's time per cycle on the same equations is in cell_cccv.py; here it is scaled up.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell

CELL = (
    (Path(__file__).parent / "ncm811_liin.yaml").read_text(encoding="utf-8")
    + """
output: {traces: none}
protocol:
  - repeat: COUNT
    steps:
      - Charge at 0.5C until 4.3 V
      - Hold at 4.3 V until 0.05C
      - Discharge at 0.5C until 2.8 V
"""
)


def cell_of(count: int) -> Cell:
    """The cell with this many cycles."""
    return load_cell(CELL.replace("COUNT", str(count)))


def main(arguments: list[str]) -> None:
    """Time it three times, and print one comparison."""
    count = 50 if "--quick" in arguments else 1000
    run(cell_of(1))  # warm
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        result = run(cell_of(count))
        times.append(time.perf_counter() - begun)
        assert result.status == "completed", result.reason
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    seconds = statistics.median(times)
    print(f"{count} cycles in {seconds:.2f} s, {1e3 * seconds / count:.2f} ms per cycle")
    print(f"{result.solver['steps'] / count:.0f} steps per cycle, {memory:.0f} MiB at most")
    row = {
        "name": f"life of {count} CCCV cycles",
        "peer": "see cell_cccv.py",
        "ours_s": seconds,
        "peer_s": None,
        "ratio": None,
        "our_error": None,
        "peer_error": None,
        "threads": 1,
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1:])
