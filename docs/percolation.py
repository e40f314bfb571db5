"""Presses the table of microstructure/data/percolation.csv, and draws the law through it.

python docs/percolation.py [--points 300] [--seeds 3] [--grains 2000] [--table FILE]
python docs/percolation.py --law        draws the law only, in seconds

docs/percolation_next.csv is the table that will take its place: more pieces of the same design.
A piece takes 10 to 16 s of a core. What the table holds already is kept, so it can be
stopped and begun again.
"""

import argparse
import sys
from pathlib import Path

from lithomech.studies.percolation import press_design, read_rows
from lithomech.studies.percolation_law import write_law

TABLE = Path(__file__).parents[1] / "src/lithomech/microstructure/data/percolation.csv"


def _report(fraction: float, text: str) -> None:
    print(f"\r{100 * fraction:5.1f} % {text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--grains", type=int, default=2000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--law", action="store_true")
    given = parser.parse_args()
    given.table.parent.mkdir(exist_ok=True)
    if not given.law:
        press_design(
            given.table, given.points, range(given.seeds), given.grains, given.workers, _report
        )
    write_law(given.table.with_suffix(".json"), read_rows(given.table))
