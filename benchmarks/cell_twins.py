"""How far lithomech and PyBaMM are apart on the same equations and the same mesh.

Three fixtures times three negative electrodes, contact, cracks and pressure included; the
table of docs/reliability.md. Both refine together:

    python benchmarks/cell_twins.py [--nodes 20] [--shells 60]
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.twins import ANODES, BASE, FIXTURES, compared, declare, oracle_of


def main() -> None:
    """Print the table, a row for each pair as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=20)
    parser.add_argument("--shells", type=int, default=60)
    mesh = vars(parser.parse_args())
    print("| negative electrode | fixture | voltage / mV | pressure / % | capacity / % |")
    print("|---|---|---|---|---|")
    for anode, changes in ANODES.items():
        own = changes | {"solver": BASE["solver"] | mesh}
        oracle = oracle_of(declare(**own), **mesh)
        for fixture, values in FIXTURES.items():
            gaps = compared(declare(**own, fixture=values), oracle).gaps
            numbers = 1e3 * gaps.voltage, 100.0 * gaps.pressure, 100.0 * gaps.capacity
            print("|", " | ".join([anode, fixture, *(f"{n:.2g}" for n in numbers)]), "|")


if __name__ == "__main__":
    main()
