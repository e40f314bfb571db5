"""Runs every benchmark of this folder and prints one table: ``python benchmarks [--quick]``.

Each script ends with one JSON line per comparison; the ratio is peer over ours.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NO_RACE = ("__main__.py", "cell_twins.py", "compare_checkouts.py", "hostile_cells.py")
COLUMNS = ("name", "peer", "ours_s", "peer_s", "ratio", "our_error", "peer_error", "threads")


def comparisons(script: Path, arguments: list[str]) -> list[dict[str, object]]:
    """Run one script and read the comparisons off its output."""
    command = [sys.executable, str(script), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def shown(value: object) -> str:
    """Three significant digits are what a shared machine can give."""
    return (
        f"{value:.3g}" if isinstance(value, float) else str(value if value is not None else "")
    )


def main(arguments: list[str]) -> None:
    """Run all scripts, one after the other, and print the table."""
    scripts = sorted(path for path in HERE.glob("*.py") if path.name not in NO_RACE)
    found = [row for script in scripts for row in comparisons(script, arguments)]
    rows = [COLUMNS, *(tuple(shown(row.get(name)) for name in COLUMNS) for row in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main(sys.argv[1:])
