"""Members of a study, journal included, beside the same cells in `run_many`.

Each member discharges at 1C. Threads and `run_many` are interleaved and compared by their
processor time, since shared machines spoil clocks; processes are compared by the clock, without
the seconds that they take to start.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from lithomech.cell.many import run_many
from lithomech.studies import design
from lithomech.studies.executors import Processes, Threads, Workers
from lithomech.studies.run import run_study
from lithomech.studies.spec import Study, load_study

WORKERS, ROUNDS = 2, 3


def declare(members: int) -> Study:
    """A study of this many members."""
    return load_study(
        {
            "base": "ncm88_lpscl_liin",
            "set": {
                "protocol": ["Discharge at 1C until 2.6 V"],
                "initial.cathode": "0.2",
            },
            "vary": {
                "fixture.pressure": {"from": "1 MPa", "to": "70 MPa", "scale": "log"},
                "separator.thickness": {"from": "300 um", "to": "700 um"},
            },
            "design": "sobol",
            "runs": members,
        }
    )


def run_members(members: int, workers: Workers) -> None:
    """Run a study with its journal on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        run_study(declare(members), folder, workers).journal.close()


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """How long something takes on a clock."""
    begun = clock()
    work()
    return clock() - begun


def main(arguments: list[str]) -> None:
    """Time both ways, and print one comparison each."""
    count = 60 if "--quick" in arguments else 200
    study = declare(count)
    cells = [
        study.subject.declare(dict(zip(study.paths, point, strict=True)))
        for point in design.points(study)
    ]
    run_many(cells[:4])  # warm
    ours, peer = [], []
    for _ in range(ROUNDS):
        peer.append(seconds(lambda: run_many(cells, WORKERS), time.process_time))
        ours.append(seconds(lambda: run_members(count, Threads(WORKERS)), time.process_time))
    report("threads, processor time", count, statistics.median(ours), statistics.median(peer))
    if "--quick" in arguments:  # too few for the clock
        return
    clock = time.perf_counter
    many = statistics.median(seconds(lambda: run_many(cells, WORKERS), clock) for _ in range(3))
    long, short = (
        seconds(lambda n=n: run_members(n, Processes(WORKERS)), clock)
        for n in (2 * count, count)
    )
    report("processes, without their start", count, long - short, many)


def report(how: str, count: int, ours: float, peer: float) -> None:
    """Print one comparison."""
    row = {
        "name": f"study of {count} discharges at 1C, {how}",
        "peer": "run_many",
        "ours_s": ours,
        "peer_s": peer,
        "ratio": peer / ours,
        "our_error": None,
        "peer_error": None,
        "threads": WORKERS,
    }
    print(json.dumps(row))


if __name__ == "__main__":  # processes import this file
    main(sys.argv[1:])
