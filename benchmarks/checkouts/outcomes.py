"""What the cells of a checkout give: computed in a process of its own, and kept in a file.

The file's name holds a hash of the checkout's package and each row one of the cell's input, so
a kept row is never out of date. An interrupted run is resumed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

RUNNER = Path(__file__).parent / "run_cells.py"
PACKAGE_FILES = (".py", ".yaml", ".csv")


class Outcomes:
    """Status, capacities and pressures by the key of a task, of one checkout."""

    def __init__(self, checkout, folder):
        self.checkout = checkout.resolve()
        self.file = folder / f"outcomes-{self._package_hash()}.jsonl"
        self.rows = {}
        if self.file.exists():
            for line in self.file.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):  # else the last one of a run that was interrupted
                    row = json.loads(line)
                    self.rows[row["key"]] = row

    def compute(self, tasks):
        """Run the cells that are not kept yet."""
        missing = [task for task in tasks if task["key"] not in self.rows]
        if not missing:
            return
        source = str(self.checkout / "src")
        own = self.checkout / ".venv" / "bin" / "python"
        with subprocess.Popen(
            [str(own if own.exists() else sys.executable), str(RUNNER), source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": source},
        ) as process:
            writer = Thread(target=self._send, args=(process.stdin, missing))
            writer.start()
            self._receive(process.stdout, len(missing))
            writer.join()

    def _send(self, stream, tasks):
        try:
            with stream:
                stream.writelines(json.dumps(task) + "\n" for task in tasks)
        except BrokenPipeError:  # the process stopped and its return code is reported
            return

    def _receive(self, stream, count):
        with self.file.open("a", encoding="utf-8") as kept:
            for number, line in enumerate(stream, 1):
                kept.write(line)
                row = json.loads(line)
                self.rows[row["key"]] = row
                if number % 100 == 0 or number == count:
                    print(f"{self.checkout}: {number} of {count}", file=sys.stderr)

    def _package_hash(self):
        package = self.checkout / "src" / "lithomech"
        if not package.is_dir():
            sys.exit(f"{self.checkout} is not a checkout: it has no src/lithomech")
        digest = hashlib.sha256()
        for path in sorted(package.rglob("*")):
            if path.suffix in PACKAGE_FILES:
                digest.update(f"{path.relative_to(package)}\n".encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def compute_all(sides, tasks):
    """Run the tasks in every checkout at the same time, one process each."""
    tasks = list(tasks)
    threads = [Thread(target=side.compute, args=(tasks,)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lacking = [str(s.checkout) for s in sides if any(t["key"] not in s.rows for t in tasks)]
    if lacking:
        sys.exit(f"the run stopped in {' and '.join(lacking)}")
