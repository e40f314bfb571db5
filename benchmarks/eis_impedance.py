"""Fits of equivalent circuits, against impedance.py.

The peer lives in an environment of its own, made on the first run; without it the script says
so and ends. One thread each, warm, taking turns, the same spectra with 0.5 % of noise, modulus
weights on both sides. The peer needs start values by hand: it gets the truth with each value
off by a random factor of up to two, which nobody has in the laboratory. Ours gets none; a
second line gives ours the same start values. The error is that of the worst resistance.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from peers.environment import python_of

from lithomech.observe.circuit import parse_circuit
from lithomech.observe.circuit_fit import fit_circuit
from lithomech.observe.eis import ordered
from lithomech.observe.spectrum import Spectrum
from oracles import measured

PACKAGES = ["impedance", "pandas"]
WORKER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
from importlib.metadata import version
from impedance.models.circuits import CustomCircuit
print(json.dumps(version("impedance")), flush=True)
for line in sys.stdin:
    text, f, re, im, start = json.loads(line)
    f, z = np.array(f), np.array(re) + 1j * np.array(im)
    circuit = CustomCircuit(circuit=text, initial_guess=start)
    begun = time.perf_counter()
    try:
        circuit.fit(f, z, weight_by_modulus=True)
        found = circuit.parameters_.tolist()
    except Exception as problem:
        found = None
    print(json.dumps({"seconds": time.perf_counter() - begun, "found": found}), flush=True)
"""
FREQUENCY = np.geomspace(1e6, 1e-3, 91)
NOISE = 5e-3
CASES = {"quick": 10, "full": 60}
CIRCUITS = {  # ours, the peer's name for it, places of resistances, blocks to be put in order
    "R0-p(R1,C1)-p(R2,C2)": ("R0-p(R1,C1)-p(R2,C2)", (0, 1, 3), ((1, 2), (3, 4))),
    "R0-p(R1,Q1)-p(R2,Q2)": ("R0-p(R1,CPE1)-p(R2,CPE2)", (0, 1, 4), ((1, 2, 3), (4, 5, 6))),
    "R0-p(R1,Q1)-W1": ("R0-p(R1,CPE1)-W1", (0, 1), ()),
}


class Peer:
    """impedance.py in a process of its own."""

    def __init__(self, python: Path) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [str(python), "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.version = json.loads(self.process.stdout.readline())

    def fit(self, text: str, z: np.ndarray, start: np.ndarray) -> dict:
        """Seconds and parameters."""
        task = [text, FREQUENCY.tolist(), z.real.tolist(), z.imag.tolist(), start.tolist()]
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def drawn(name: str, chance: np.random.Generator) -> np.ndarray:
    """Resistances within a factor of three, time constants two decades apart."""
    r = 10 ** chance.uniform(1.0, 1.5, 3)
    n = chance.uniform(0.8, 1.0, 2)
    first = 10 ** chance.uniform(-5.5, -4.5)
    second = first * 10 ** chance.uniform(1.5, 2.5)
    return np.array(
        {
            "R0-p(R1,C1)-p(R2,C2)": (r[0], r[1], first / r[1], r[2], second / r[2]),
            "R0-p(R1,Q1)-p(R2,Q2)": (
                (r[0], r[1], first ** n[0] / r[1], n[0], r[2], second ** n[1] / r[2], n[1])
            ),
            "R0-p(R1,Q1)-W1": (
                (r[0], r[1], first ** n[0] / r[1], n[0], r[1] / np.sqrt(2.0 * second))
            ),
        }[name]
    )


def in_order(values: list[float] | None, blocks: tuple, size: int) -> np.ndarray:
    """Blocks by their time constants; nothing found is nan."""
    if values is None:
        return np.full(size, np.nan)
    out = np.array(values)
    if blocks:
        parts = [out[list(block)] for block in blocks]
        parts.sort(key=lambda b: (b[0] * b[1]) ** (1.0 / (b[2] if len(b) > 2 else 1.0)))
        for block, part in zip(blocks, parts, strict=True):
            out[list(block)] = part
    return out


def main(arguments: list[str]) -> None:
    """Race the circuits and print one line for each comparison."""
    python = python_of("impedance", PACKAGES)
    if python is None:
        print("impedance.py cannot be had here: nothing to compare with")
        return
    os.environ["OMP_NUM_THREADS"] = "1"
    peer, chance = Peer(python), np.random.default_rng(0)
    for name, (text, resistances, blocks) in CIRCUITS.items():
        circuit, rows = parse_circuit(name), []
        for case in range(CASES["quick" if "--quick" in arguments else "full"] + 1):
            truth = drawn(name, chance)
            z = measured.impedance(name, FREQUENCY, truth)
            error = chance.standard_normal((2, z.size)) / np.sqrt(2.0)
            z = z + NOISE * np.abs(z) * (error[0] + 1j * error[1])
            start = truth * 2.0 ** chance.uniform(-1.0, 1.0, truth.size)
            for k, parameter in enumerate(circuit.parameters):
                if parameter.kind == "exponent":
                    start[k] = 0.85
            spectrum = Spectrum(FREQUENCY, z)
            begun = time.perf_counter()
            free = ordered(circuit, fit_circuit(spectrum, circuit))
            seconds = time.perf_counter() - begun
            begun = time.perf_counter()
            given = ordered(circuit, fit_circuit(spectrum, circuit, start))
            warm = time.perf_counter() - begun
            theirs = peer.fit(text, z, start)
            found = in_order(theirs["found"], blocks, truth.size)
            wrong = [
                float(np.abs(v[list(resistances)] / truth[list(resistances)] - 1.0).max())
                for v in (free.values, given.values, found)
            ]
            if case:  # the first one warms up
                rows.append((seconds, warm, theirs["seconds"], *wrong))
        columns = [list(column) for column in zip(*rows, strict=True)]
        for label, ours, mistake in (
            ("no start values", 0, 3),
            ("the same start values", 1, 4),
        ):
            us, them = statistics.median(columns[ours]), statistics.median(columns[2])
            line = {
                "name": f"circuit {name}, {label}",
                "peer": f"impedance.py {peer.version}",
                "ours_s": us,
                "peer_s": them,
                "ratio": them / us,
                "our_error": float(np.nanmedian(columns[mistake])),
                "peer_error": float(np.nanmedian(columns[5])),
                "ours_within_5_percent": float(np.mean(np.array(columns[mistake]) < 0.05)),
                "peer_within_5_percent": float(np.mean(np.array(columns[5]) < 0.05)),
                "threads": 1,
            }
            print(json.dumps(line), flush=True)
    peer.process.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1:])
