"""A 1C discharge with all mechanics, against PyBaMM on the same equations.

Timed: the discharge alone, from the end of a charge, everything built and compiled before.
Target: 15 times faster at equal true error of voltage.
"""

import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from lithomech.cell.spec import load_cell
from support.race import race

CELL = (
    (Path(__file__).parent / "ncm811_liin.yaml").read_text(encoding="utf-8")
    + """
protocol:
  - Charge at 0.2C until 4.3 V
  - Discharge at 1C until 2.8 V
"""
)


def main(arguments: list[str]) -> None:
    """Print every setting tried, then one JSON line per allowed error."""
    quick = "--quick" in arguments
    for compiled in (False, True) if shutil.which("cc") else (False,):
        cell = load_cell(CELL)
        lines, rows = race("1C discharge", cell, 2, [1e-3, 2e-4], quick, compiled)
        print("\n".join(lines))
        for row in rows:
            print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1:])
