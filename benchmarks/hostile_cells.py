"""Runs cells that nobody should build, and counts what comes of them: docs/reliability.md.

    python benchmarks/hostile_cells.py [--cells 5000] [--first 0] [--workers 2]

The cells are those of tests/support/hostile_cells.py, each through the public loader; the rules
are those of tests/support/soundness.py. A cell that takes longer than the limit is killed and
counted. Each fault is printed with the number of its cell.
"""

import argparse
import collections
import multiprocessing
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from support.hostile_cells import hostile_text
from support.soundness import faults

LIMIT = 20.0  # s of CPU time of a cell
PATIENCE = 15.0  # times that, of wall time, before it is killed
COMPILING = 900.0  # s
CONTEXT = multiprocessing.get_context("spawn")


def outcome(number):
    """Status, faults and CPU time [s] of one cell."""
    begun = time.process_time()
    try:
        cell = load_cell(hostile_text(number))
        result = run(cell)
    except InputError:
        return "refused", [], time.process_time() - begun
    except Exception as error:  # any other is what is counted
        return "exception", [f"{type(error).__name__}: {error}"], time.process_time() - begun
    seconds = time.process_time() - begun
    found = faults(cell, result)
    if seconds > LIMIT:
        found.append(f"took {seconds:.3g} s")
    return result.status, found, seconds


def peak():
    """Largest memory that this process has had [MB]; Linux counts in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def work(pipe):
    """Answer numbers until the pipe closes."""
    outcome(0)  # not to time the compiler
    pipe.send("ready")
    try:
        while True:
            pipe.send((*outcome(pipe.recv()), peak()))
    except EOFError:
        return


class Worker:
    """A process that can be killed and begun again."""

    def __init__(self):
        self.begin()

    def begin(self):
        """Start the process; returns when it has compiled."""
        self.pipe, other = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=work, args=(other,), daemon=True)
        self.process.start()
        self.pipe.poll(COMPILING)
        self.pipe.recv()

    def take(self, number):
        """Outcome of one cell, or that it hangs."""
        try:
            self.pipe.send(number)
            if self.pipe.poll(PATIENCE * LIMIT):
                return self.pipe.recv()
            kind = "hang"
        except (EOFError, BrokenPipeError):
            kind = "crash"
        self.process.kill()
        self.begin()
        return kind, [kind], PATIENCE * LIMIT, 0.0


def serve(waiting, found, lock):
    """Take numbers from a list until none is left."""
    worker = Worker()
    while True:
        with lock:
            if not waiting:
                return
            number = waiting.pop()
        status, broken, seconds, memory = worker.take(number)
        with lock:
            found[number] = (status, broken, seconds, memory)
            for text in broken:
                print(f"cell {number}: {status}: {text}", flush=True)
            if len(found) % 100 == 0:
                print(f"{len(found)} cells", flush=True)


def main(arguments):
    """Run the cells and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    waiting = list(range(options.first, options.first + options.cells))[::-1]
    found, lock = {}, threading.Lock()
    threads = [
        threading.Thread(target=serve, args=(waiting, found, lock))
        for _ in range(options.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report(found)


def report(found):
    """Print counts by status, then faults, time and memory."""
    counts = collections.Counter(status for status, *_ in found.values())
    for status, count in counts.most_common():
        print(f"{status:20s} {count:6d}")
    broken = sum(bool(texts) for _, texts, *_ in found.values())
    slowest = max(found, key=lambda number: found[number][2])
    total = sum(seconds for _, _, seconds, _ in found.values())
    print(f"{broken} of {len(found)} break a rule; {total:.4g} s of CPU time in all")
    print(f"longest: cell {slowest} with {found[slowest][2]:.3g} s of CPU time")
    print(f"most memory: {max(memory for *_, memory in found.values()):.4g} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
