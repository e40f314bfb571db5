"""Tortuosity factors of overlapping spheres, against TauFactor on the same threads.

TauFactor lives with torch in an environment of its own (6 GB with all that torch brings),
made on the first run; without it the script says so and ends. Both are warm and take turns;
each is judged against a solution of tolerance 1e-7, as the tests compare with a direct one.
Targets: 25 times at 128^3, 45 at 200^3; with contacts of g = 1e-3 less than a tenth of
TauFactor's time without any.
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
from peers.environment import python_of
from scipy.spatial import cKDTree

from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import Conductors

WORKER = """
import json, sys, time, io, contextlib
import numpy as np, torch, taufactor
print(json.dumps({"version": getattr(taufactor, "__version__", "")}), flush=True)
for line in sys.stdin:
    path, threads = json.loads(line)
    torch.set_num_threads(threads)
    image = np.load(path)
    with contextlib.redirect_stdout(io.StringIO()):
        begun = time.perf_counter()
        solver = taufactor.Solver(image, device="cpu")
        solver.solve(verbose=False)
        lasted = time.perf_counter() - begun
    print(json.dumps({"seconds": lasted, "tau": float(np.ravel(solver.tau)[0])}), flush=True)
"""
VERSION = "taufactor==1.2.1"


def spheres(n: int, share: float, radius: float, seed: int = 0) -> np.ndarray:
    """Overlapping spheres up to a volume share."""
    rng = np.random.default_rng(seed)
    image = np.zeros((n, n, n), np.uint8)
    while image.mean() < share:
        c = rng.random(3) * n
        low = np.maximum(np.floor(c - radius - 1), 0).astype(int)
        high = np.minimum(np.ceil(c + radius + 1), n).astype(int)
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        z, y, x = np.ogrid[box]
        d = (z + 0.5 - c[0]) ** 2 + (y + 0.5 - c[1]) ** 2 + (x + 0.5 - c[2]) ** 2
        image[box][d < radius**2] = 1
    return image


def particles(n: int, radius: float) -> np.ndarray:
    """Cells of random points, as many as spheres of this radius would fill the box."""
    rng = np.random.default_rng(0)
    points = rng.random((int(n**3 / (4.0 / 3.0 * np.pi * radius**3)), 3)) * n
    grid = np.indices((n, n, n)).reshape(3, -1).T + 0.5
    return cKDTree(points).query(grid)[1].reshape(n, n, n)


class Peer:
    """TauFactor in a process of its own."""

    def __init__(self, python: Path, threads: int) -> None:
        names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, **dict.fromkeys(names, str(threads))}
        self.threads = threads
        self.process = subprocess.Popen(
            [str(python), "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=env,
        )  # fmt: skip
        self.version = json.loads(self.process.stdout.readline())["version"]

    def solve(self, path: Path) -> tuple[float, float]:
        """Seconds and tortuosity factor."""
        self.process.stdin.write(json.dumps([str(path), self.threads]) + "\n")
        self.process.stdin.flush()
        reported = json.loads(self.process.stdout.readline())
        return reported["seconds"], reported["tau"]


def ours(image: np.ndarray, spec: Conductors, body: np.ndarray | None) -> tuple[float, float]:
    """Seconds and tortuosity factor."""
    begun = time.perf_counter()
    result = conduct(image, spec, body)
    return time.perf_counter() - begun, result.tortuosity_factor


def compare(n: int, threads: int, rounds: int, peer: Peer, folder: Path) -> list[dict]:
    """Race on one image; the contact case races against TauFactor without contacts."""
    numba.set_num_threads(threads)
    image, body = spheres(n, 0.5, 8.0), particles(n, 8.0)
    path = folder / f"{n}.npy"
    np.save(path, image)
    plain = Conductors()
    bad = Conductors({1: 1.0}, {(1, 1): 1e3}, voxel_size=1e-6)
    exact = conduct(image, Conductors(tolerance=1e-7)).tortuosity_factor
    exact_bad = conduct(
        image, Conductors({1: 1.0}, {(1, 1): 1e3}, voxel_size=1e-6, tolerance=3e-4), body
    ).tortuosity_factor
    taken = {"plain": [], "contacts": [], "peer": []}
    for _ in range(rounds):
        taken["plain"].append(ours(image, plain, None))
        taken["peer"].append(peer.solve(path))
        taken["contacts"].append(ours(image, bad, body))
    median = {k: statistics.median(s for s, _ in v) for k, v in taken.items()}
    wrong = {
        k: abs(v[-1][1] / (exact_bad if k == "contacts" else exact) - 1.0)
        for k, v in taken.items()
    }
    return [
        {
            "name": f"tortuosity factor, {label}, {n}^3",
            "peer": f"TauFactor {peer.version or VERSION.partition('==')[2]}",
            "ours_s": median[kind],
            "peer_s": median["peer"],
            "ratio": median["peer"] / median[kind],
            "our_error": wrong[kind],
            "peer_error": wrong["peer"],
            "threads": threads,
        }
        for kind, label in (("plain", "spheres"), ("contacts", "contacts g = 1e-3"))
    ]


def main(arguments: list[str]) -> None:
    """Print one JSON line per comparison."""
    python = python_of("taufactor", ["torch", VERSION])
    if python is None:
        print("TauFactor cannot be had here: skipped")
        return
    quick = "--quick" in arguments
    conduct(spheres(24, 0.5, 5.0))  # compiled before the race
    conduct(
        spheres(24, 0.5, 5.0), Conductors({1: 1.0}, {(1, 1): 1e3}, 1e-6), particles(24, 5.0)
    )
    with tempfile.TemporaryDirectory() as folder:
        for threads in (1, 2):
            peer = Peer(python, threads)
            for n in (64,) if quick else (128, 200):
                for row in compare(n, threads, 3 if n < 200 else 2, peer, Path(folder)):
                    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
