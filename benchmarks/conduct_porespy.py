"""Tortuosity factors of overlapping spheres, against PoreSpy and an assembled pyamg solve.

Both live in an environment of their own, made on the first run; without it the script says so
and ends. One thread each, warm, taking turns. PoreSpy trims what does not span and counts only
that as porosity, and holds the potential at the centres of the end layers: what is compared is
the conductivity, and its error includes that. pyamg (smoothed aggregation, conjugate gradients)
gets the equations as we state them, assembled by itself.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numba
import numpy as np
from conduct_taufactor import spheres
from peers.environment import python_of

from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import Conductors

PACKAGES = ["porespy", "openpnm", "pyamg"]
WORKER = """
import json, sys, time, logging, warnings
warnings.filterwarnings("ignore")
import numpy as np, pyamg
from importlib.metadata import version
from scipy.sparse import coo_matrix
try:
    import porespy as ps
    ps.settings.tqdm["disable"] = True
except Exception as problem:
    ps = None
print(json.dumps({"pyamg": version("pyamg"), "porespy": version("porespy")}), flush=True)

def assembled(image):
    index = np.cumsum(image.ravel() > 0).reshape(image.shape) - 1
    rows, columns, n = [], [], int(index.max()) + 1
    diagonal, load = np.zeros(n), np.zeros(n)
    for axis in range(3):
        a = [slice(None)] * 3
        b = [slice(None)] * 3
        a[axis], b[axis] = slice(1, None), slice(None, -1)
        both = (image[tuple(a)] > 0) & (image[tuple(b)] > 0)
        i, j = index[tuple(a)][both], index[tuple(b)][both]
        rows += [i, j]
        columns += [j, i]
        diagonal += np.bincount(i, minlength=n) + np.bincount(j, minlength=n)
    first, last = index[0][image[0] > 0], index[-1][image[-1] > 0]
    diagonal[first] += 2.0
    diagonal[last] += 2.0
    load[first] = 2.0
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    keep = diagonal > 0
    diagonal[~keep] = 1.0
    matrix = coo_matrix((-np.ones(rows.size), (rows, columns)), shape=(n, n)).tocsr()
    matrix.setdiag(diagonal)
    return matrix, load, first

for line in sys.stdin:
    path, solver = json.loads(line)
    image = np.load(path)
    begun = time.perf_counter()
    if solver == "pyamg":
        matrix, load, first = assembled(image)
        levels = pyamg.smoothed_aggregation_solver(matrix, max_coarse=500)
        x = levels.solve(load, tol=1e-3, accel="cg")
        relative = float(np.sum(2.0 * (1.0 - x[first]))) * image.shape[0] / image[0].size
    else:
        found = ps.simulations.tortuosity_fd(image.astype(bool), axis=0)
        relative = float(found.effective_porosity / found.tortuosity)
    reported = {"seconds": time.perf_counter() - begun, "relative": relative}
    print(json.dumps(reported), flush=True)
"""


class Peer:
    """The process of the peers."""

    def __init__(self, python: Path) -> None:
        """Start it; one thread."""
        one = {**os.environ, "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [str(python), "-c", WORKER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=one,
        )  # fmt: skip
        self.versions = self._answer()

    def solve(self, path: Path, solver: str) -> dict:
        """Seconds and relative conductivity."""
        self.process.stdin.write(json.dumps([str(path), solver]) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        while not (line := self.process.stdout.readline()).startswith("{"):
            if not line:
                raise RuntimeError("the peer has ended")
        return json.loads(line)


def main(arguments: list[str]) -> None:
    """Print one JSON line per comparison."""
    python = python_of("porespy", PACKAGES)
    if python is None:
        print("PoreSpy and pyamg cannot be had here: skipped")
        return
    peer = Peer(python)
    numba.set_num_threads(1)
    n = 48 if "--quick" in arguments else 128
    image = spheres(n, 0.5, 8.0)
    exact = conduct(image, Conductors(tolerance=1e-7)).relative_conductivity
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "image.npy", Path(folder) / "small.npy"
        np.save(path, image)
        np.save(small, spheres(24, 0.5, 5.0))
        for solver in ("pyamg", "porespy"):
            peer.solve(small, solver)
            mine, theirs = [], []
            for _ in range(3):
                begun = time.perf_counter()
                found = conduct(image).relative_conductivity
                mine.append(time.perf_counter() - begun)
                theirs.append(peer.solve(path, solver))
            us = statistics.median(mine)
            them = statistics.median(t["seconds"] for t in theirs)
            line = {
                "name": f"tortuosity factor, spheres, {n}^3",
                "peer": f"{solver} {peer.versions[solver]}",
                "ours_s": us,
                "peer_s": them,
                "ratio": them / us,
                "our_error": abs(found / exact - 1.0),
                "peer_error": abs(theirs[-1]["relative"] / exact - 1.0),
                "threads": 1,
            }
            print(json.dumps(line), flush=True)
    peer.process.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1:])
