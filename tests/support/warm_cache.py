"""Compiles the kernels that several test files use, each once; a script.

Workers that begin at the same time would each compile the same kernels, since numba writes one
to its cache only when it is complete. Two processes share the work; what is kept already costs
seconds.
"""

import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

EXAMPLES = Path(__file__).parents[2] / "src" / "lithomech" / "examples"
SMALL_PARTICLE = (
    ("diameter", "1.2 um"),
    ("grains.diameter", "0.6 um"),
    ("increments", "4"),
)
SMALL_COMPOSITE = (("box", "12 um"), ("voxel_size", "0.8 um"), ("seeds", "1"))


def run_cell(step):
    """One step of a protocol: a march with its read-out, or a spectrum."""
    import lithomech as lm  # noqa: PLC0415 - every process imports what it compiles

    cell = lm.load_cell(EXAMPLES / "impedance_pressure.yaml").replace(protocol=(step,))
    lm.run(cell)


def crack_particle():
    """Elasticity on voxels, diffusion in cracked grains."""
    import lithomech as lm  # noqa: PLC0415

    lm.crack_particle(lm.load_particle(EXAMPLES / "ncm88_random.yaml", SMALL_PARTICLE))


def press_structure():
    """Grains under a press, and conduction through their voxels."""
    import lithomech as lm  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        structure = lm.load_structure(EXAMPLES / "table3_70_30.yaml", SMALL_COMPOSITE)
        lm.press_structure(structure, folder=Path(folder))


def conduct_through_contacts():
    """Conduction between numbered particles, and between those that only their labels part."""
    import lithomech as lm  # noqa: PLC0415

    draw = np.random.default_rng(1)
    particles = draw.integers(1, 40, (6, 6, 6)).repeat(4, 0).repeat(4, 1).repeat(4, 2)
    image = 1 + particles % 2
    values = {"conductivities": {1: 1.0, 2: 10.0}, "voxel_size": 1e-7}
    spec = lm.Conductors(contacts={(1, 2): 1e6, (1, 1): 1e7}, **values)
    lm.conduct(image, spec, particles)
    lm.conduct(image, lm.Conductors(contacts={(1, 2): 1e6}, **values))


def main():
    """Take the longest first."""
    os.environ["NUMBA_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        tasks = [
            pool.submit(run_cell, "Charge at 0.1C for 10 s"),
            pool.submit(run_cell, "Impedance from 1 kHz to 1 Hz, 1 points per decade"),
            pool.submit(crack_particle),
            pool.submit(press_structure),
            pool.submit(conduct_through_contacts),
        ]
        for task in tasks:
            task.result()


if __name__ == "__main__":
    sys.exit(main())
