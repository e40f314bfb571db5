"""A stiff ball that swells in a soft block: scikit-fem and muSpectre beside our voxels.

All three see the same voxels, on one thread. The block is held: periodic, which by symmetry is
the same as faces that slide. What counts is the error of the mean pressure in the ball. The
ball is a stair of voxels, so everybody converges to first order; the limit is extrapolated from
our two finest meshes, and the limits of the peers are printed beside it. scikit-fem (trilinear
bricks, conjugate gradients with pyamg's smoothed aggregation and rigid modes) is timed on the
mesh whose error is nearest ours, assembly included, and muSpectre (Fourier, on grids with odd
edges) on the same mesh.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numba
import numpy as np
from peers.environment import python_of

from lithomech.numerics.fft_elasticity import Block, Load, isotropic

PACKAGES = ["scikit-fem==12.0.2", "pyamg==5.4.1", "muSpectre==0.27.0", "numpy", "scipy"]
QUICK = "--quick" in sys.argv
ROUNDS = 1 if QUICK else 3
BRICKS = (12, 24) if QUICK else (12, 24, 36, 48)
OURS = (8, 12, 16, 24, 32, 48) if QUICK else (8, 12, 16, 24, 32, 48, 64, 96, 128)
ODD = (15, 25) if QUICK else (25, 49, 63)
BALL = {"E": 140e9, "nu": 0.25}
BLOCK = {"E": 10e9, "nu": 0.30}
SHARE, SWELLING, TOLERANCE = 0.03, 0.01, 1e-4
BRICK_WORKER = """
import json, sys, time
import numpy as np, pyamg, skfem
from skfem.helpers import ddot, div, sym_grad
n, ball, block, share, swelling, tolerance = json.loads(sys.stdin.read())

def lame(E, nu):
    return E * nu / ((1 + nu) * (1 - 2 * nu)), E / (2 * (1 + nu))

@skfem.BilinearForm
def stiffness(u, v, w):
    return w.lame * div(u) * div(v) + 2 * w.shear * ddot(sym_grad(u), sym_grad(v))

@skfem.LinearForm
def pull(v, w):
    return (3 * w.lame + 2 * w.shear) * w.own * div(v)

def solve():
    begun = time.perf_counter()
    mesh = skfem.MeshHex.init_tensor(*[np.linspace(-0.5, 0.5, n + 1)] * 3)
    far = np.linalg.norm(mesh.p[:, mesh.t].mean(axis=1), axis=0)
    inside = far < (3 * share / (4 * np.pi)) ** (1 / 3)
    basis = skfem.Basis(mesh, skfem.ElementVector(skfem.ElementHex1()), intorder=2)
    pairs = zip(lame(**block), lame(**ball))
    one = np.ones(basis.dx.shape)
    lam, mu = (np.where(inside, hard, soft)[:, None] * one for soft, hard in pairs)
    own = (swelling * inside)[:, None] * one
    given = {"lame": lam, "shear": mu, "own": own}
    K, F = stiffness.assemble(basis, **given), pull.assemble(basis, **given)
    axis = np.empty(K.shape[0], int)
    for a in range(3):
        axis[basis.get_dofs(elements=True).all(f"u^{a + 1}")] = a
    here = basis.doflocs
    held = np.flatnonzero(np.abs(np.abs(here[axis, np.arange(len(axis))]) - 0.5) < 1e-9)
    A, b, x, free = skfem.condense(K, F, D=held)
    rigid = np.zeros((K.shape[0], 6))
    for a in range(3):
        rigid[axis == a, a] = 1.0
        i, j = (a + 1) % 3, (a + 2) % 3
        rigid[axis == i, 3 + a] = -here[j, axis == i]
        rigid[axis == j, 3 + a] = here[i, axis == j]
    grids = pyamg.smoothed_aggregation_solver(A.tocsr(), B=rigid[free])
    assembled = time.perf_counter() - begun
    x[free] = grids.solve(b, tol=tolerance, accel="cg")
    seconds = time.perf_counter() - begun
    volume = np.einsum("iieq->eq", basis.interpolate(x).grad)
    pressure = ((lam + 2 * mu / 3) * (volume - 3 * own)).mean(axis=1)
    return seconds, assembled, pressure[inside].mean()

print(json.dumps([skfem.__version__, *solve()]))
"""
FOURIER_WORKER = """
import json, sys, time
import numpy as np, muSpectre as msp
from importlib.metadata import version
n, ball, block, share, swelling, tolerance = json.loads(sys.stdin.read())
x = (np.arange(n) + 0.5) / n - 0.5
far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
inside = far < (3 * share / (4 * np.pi)) ** (1 / 3)
cell = msp.Cell([n] * 3, [1.0] * 3, msp.Formulation.small_strain)
soft = msp.material.MaterialLinearElastic1_3d.make(cell, "block", block["E"], block["nu"])
hard = msp.material.MaterialLinearElastic2_3d.make(cell, "ball", ball["E"], ball["nu"])
own = swelling * np.eye(3)
for i, pixel in cell.pixels.enumerate():
    if inside[tuple(pixel)]:
        hard.add_pixel(i, own)
    else:
        soft.add_pixel(i)
cell.initialise()
solver = msp.solvers.KrylovSolverCG(cell, tolerance, 1000, msp.Verbosity.Silent)
none = np.zeros((3, 3))
begun = time.perf_counter()
found = msp.solvers.newton_cg(cell, none, solver, tolerance, tolerance, msp.Verbosity.Silent)
seconds = time.perf_counter() - begun
stress = np.asarray(found.stress).reshape((3, 3, -1), order="F")
pressure = np.einsum("iik->k", stress).reshape((n, n, n), order="F") / 3
print(json.dumps([version("muSpectre"), seconds, 0.0, pressure[inside].mean()]))
"""


def ours(n: int) -> tuple[float, float]:
    """Seconds, and mean of the hydrostatic stress in the ball [Pa]."""
    x = (np.arange(n) + 0.5) / n - 0.5
    far = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    ball = (far < (3.0 * SHARE / (4.0 * np.pi)) ** (1.0 / 3.0)).astype(np.int32)
    own = np.zeros((6, n, n, n))
    own[:3] = SWELLING * ball
    begun = time.perf_counter()
    block = Block(ball, np.stack([solid(**BLOCK), solid(**BALL)]))
    block.solve(Load(own=own), TOLERANCE, 500)
    seconds = time.perf_counter() - begun
    return seconds, float(block.stress[:3].mean(axis=0)[ball > 0].mean())


def solid(E: float, nu: float) -> np.ndarray:
    """Stiffness from Young's modulus and Poisson's ratio."""
    return isotropic(E / (3.0 * (1.0 - 2.0 * nu)), E / (2.0 * (1.0 + nu)))


def peer(python: Path, worker: str, n: int) -> tuple[str, float, float]:
    """Version, seconds, and the same stress."""
    question = json.dumps([n, BALL, BLOCK, SHARE, SWELLING, TOLERANCE])
    done = subprocess.run(
        [str(python), "-c", worker],
        input=question,
        capture_output=True,
        text=True,
        check=False,
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    version, seconds, _, stress = json.loads(done.stdout.strip().splitlines()[-1])
    return version, seconds, stress


def limit(coarse: float, fine: float, ratio: float) -> float:
    """First order extrapolated."""
    return (ratio * fine - coarse) / (ratio - 1.0)


def main() -> None:
    """Print one JSON line per comparison."""
    numba.set_num_threads(1)
    ours(8)  # compiled
    stress = {n: ours(n)[1] for n in (*OURS, *ODD)}
    exact = limit(stress[OURS[-3]], stress[OURS[-1]], OURS[-1] / OURS[-3])
    error = {n: abs(s / exact - 1.0) for n, s in stress.items()}
    python = python_of("solid", PACKAGES)
    if python is None:
        print("the peers cannot be had here: only our own times", file=sys.stderr)
        for n in OURS:
            line = {"name": f"ball, {n}^3", "ours_s": ours(n)[0], "our_error": error[n]}
            print(json.dumps(line | {"threads": 1}), flush=True)
        return
    bricks = {n: peer(python, BRICK_WORKER, n)[2] for n in BRICKS}
    theirs = limit(bricks[BRICKS[-2]], bricks[BRICKS[-1]], BRICKS[-1] / BRICKS[-2])
    print(f"limits: ours {exact / 1e6:.1f} MPa, scikit-fem {theirs / 1e6:.1f}", file=sys.stderr)
    for n in BRICKS[1:]:
        wrong = abs(bricks[n] / exact - 1.0)
        same = min(OURS, key=lambda m: abs(np.log(error[m] / wrong)))
        compare(python, "scikit-fem", BRICK_WORKER, (same, n), exact)
    for n in ODD:
        compare(python, "muSpectre", FOURIER_WORKER, (n, n), exact)


def compare(python: Path, name: str, worker: str, edges: tuple[int, int], exact: float) -> None:
    """Interleaved runs on our mesh and on the peer's."""
    mine, other, version = [], [], ""
    for _ in range(ROUNDS):
        mine.append(ours(edges[0]))
        version, seconds, stress = peer(python, worker, edges[1])
        other.append((seconds, stress))
    us, them = (statistics.median(s for s, _ in runs) for runs in (mine, other))
    line = {
        "name": f"ball in a block, {edges[0]}^3 against {edges[1]}^3",
        "peer": f"{name} {version}",
        "ours_s": us,
        "peer_s": them,
        "ratio": them / us,
        "our_error": abs(mine[0][1] / exact - 1.0),
        "peer_error": abs(other[0][1] / exact - 1.0),
        "threads": 1,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
