"""Many designs in one study: members per second, memory, and what the journal weighs.

    .venv/bin/python benchmarks/study_many.py [--members N]

2000 by default; 100000 take most of an hour on two cores. Each member is a cell of its own:
composition, particle size, pressure and separator, pressed and discharged once.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from lithomech.studies.executors import Processes
from lithomech.studies.run import run_study
from lithomech.studies.spec import Study, load_study

WORKERS, FEW = 2, 200


def declare(members: int) -> Study:
    """Return a study of this many members."""
    return load_study(
        {
            "base": "ncm811_lpscl_li_spring",
            "set": {
                "protocol": ["Charge at 0.5C until 4.3 V", "Discharge at 1C until 2.8 V"],
                "cathode.electrolyte.weight": "rest",
                "cathode.transport": {"type": "percolation"},
                "solver": {"nodes": 8, "shells": 12},
            },
            "vary": {
                "fixture.pressure": {"from": "1 MPa", "to": "70 MPa", "scale": "log"},
                "cathode.active[0].weight": {"from": "60 %", "to": "90 %"},
                "cathode.active[0].diameter": {"from": "2 um", "to": "12 um"},
                "separator.thickness": {"from": "30 um", "to": "600 um"},
            },
            "design": "sobol",
            "runs": members,
        }
    )


def memory() -> float:
    """Return the most memory that this process and its largest worker have had [MB]."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024.0


def main(arguments: list[str]) -> None:
    """Run a few members, then many, and print one line."""
    count = (
        int(arguments[arguments.index("--members") + 1]) if "--members" in arguments else 2000
    )
    rows = []
    for members in (FEW, count):
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            result = run_study(declare(members), folder, Processes(WORKERS))
            completed = sum(m.status == "completed" for m in result.members())
            result.save(Path(folder) / "table.csv")
            size = sum(file.stat().st_size for file in Path(folder).glob("study.sqlite*"))
            result.journal.close()
        rows.append((members, time.perf_counter() - begun, memory(), size / 1e6))
    (few, early, before, small), (many, late, after, large) = rows
    print(json.dumps({
        "name": "study of many designs", "members": many, "completed": completed,
        "members_per_s": (many - few) / max(late - early, 1e-9),
        "memory_MB": after, "memory_MB_per_1000_members": 1e3 * (after - before) / (many - few),
        "journal_kB_per_member": 1e3 * (large - small) / (many - few), "workers": WORKERS,
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
