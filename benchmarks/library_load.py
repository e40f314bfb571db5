"""How long the whole library of materials takes to load, read and checked anew each time.

There is no peer: no other package has material files that are checked. The target is 0.5 s.
"""

import json
import sys
import time

from lithomech.materials import load
from lithomech.materials.load import known, load_material

RUNS = 3 if "--quick" in sys.argv else 9


def load_all() -> tuple[float, int, int]:
    """Seconds for all materials without anything kept from before, and how much that is."""
    for kept in (load._read_packaged, load._packaged_files):
        kept.cache_clear()
    start = time.perf_counter()
    materials = [load_material(name) for name in known()]
    seconds = time.perf_counter() - start
    values = sum(1 + len(p.others) for m in materials for p in m.properties.values())
    return seconds, len(materials), values


def main() -> None:
    """Print the median as one JSON line."""
    seconds, materials, values = zip(*(load_all() for _ in range(RUNS)), strict=True)
    line = {"name": "load the library", "ours_s": sorted(seconds)[RUNS // 2], "target_s": 0.5}
    print(json.dumps(line | {"materials": materials[0], "values": values[0], "threads": 1}))


if __name__ == "__main__":
    main()
