"""A full cell with a composite anode beside the same cathode against lithium.

Not against a peer: the ratio is half cell over full cell. Target: a full cell takes at most 2.5
times as long, that is a ratio of 0.4 or more.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from lithomech.cell.run import run
from lithomech.cell.spec import Output, load_cell

EXAMPLES = Path(__file__).parents[1] / "src" / "lithomech" / "examples"


def main(arguments: list[str]) -> None:
    """Print the comparison as one JSON line."""
    full = load_cell(EXAMPLES / "ncm811_lpscl_graphite.yaml")
    full = full.replace(
        protocol=("Charge at 0.2C until 4.2 V", "Discharge at 0.2C until 2.5 V"),
        output=Output(traces="none"),
    )
    lithium = load_cell(EXAMPLES / "ncm811_lpscl_li_spring.yaml").anode
    half = full.replace(anode=lithium)
    taken: dict[str, list[float]] = {"full": [], "half": []}
    for _ in range(8 if "--quick" in arguments else 30):
        for name, cell in (("full", full), ("half", half)):
            begun = time.perf_counter()
            result = run(cell)
            taken[name].append(time.perf_counter() - begun)
            assert result.status == "completed", result.reason
    median = {name: statistics.median(times[1:]) for name, times in taken.items()}
    row = {
        "name": "full cell with composite anode over half cell",
        "peer": "the half cell",
        "ours_s": median["full"],
        "peer_s": median["half"],
        "ratio": median["half"] / median["full"],
        "threads": 1,
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1:])
