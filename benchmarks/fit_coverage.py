"""How often 90 % intervals of fits hold the truth: a real cell, another noise in each repeat.

Diffusion and the stiffness of the spring from voltage and stack pressure of twenty minutes.
Counting allows 80 to 97 of 100 (binomial, 99.9 %).
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import lithomech as lm
from lithomech.studies.executors import Threads

BASE = "ncm88_lpscl_liin"
SETTINGS = {
    "protocol": ["Charge at 0.5C for 20 minutes"],
    "output.points": 20, "solver.nodes": 4, "solver.shells": 10,
}  # fmt: skip
LOG = {"scale": "log"}
PARAMETERS = {
    "materials.ncm88.diffusivity.scale": {"from": 0.1, "to": 10.0} | LOG,
    "fixture.stiffness": {"from": "0.05 MPa/um", "to": "2 MPa/um"} | LOG,
}
TRUTH = {"materials.ncm88.diffusivity.scale": 0.6, "fixture.stiffness": "0.25 MPa/um"}
NOISE = {"voltage": 2e-3, "stack_pressure": 5e3}
COLUMNS = {"voltage": "Voltage / V", "stack_pressure": "Surface Pressure / Pa"}


def held(repeats: range, folder: Path) -> np.ndarray:
    """Whether the interval of each parameter holds the truth, (repeats, parameters)."""
    made = lm.run(lm.load_cell(BASE, SETTINGS | TRUTH))
    time_s, file, found = np.linspace(30.0, 1170.0, 39), folder / "measured.csv", []
    truth = [float(str(value).split()[0]) for value in TRUTH.values()]
    for seed in repeats:
        draw, columns = np.random.default_rng(seed), {"Test Time / s": time_s}
        for name, noise in NOISE.items():
            exact = np.interp(time_s, made.time, made.series.columns[COLUMNS[name]])
            columns[COLUMNS[name]] = exact + draw.normal(0.0, noise, time_s.size)
        lm.TimeSeries(columns).to_bdf(file)
        data = {"file": str(file), "fit": list(NOISE), "noise": NOISE}
        fit = {"base": BASE, "set": SETTINGS, "data": [data], "parameters": PARAMETERS}
        rows = lm.run_fit(fit | {"method": {"starts": 2}}, workers=Threads(1)).parameters
        ends = [(row.low or np.nan, row.high or np.nan) for row in rows]
        found.append([low < t < high for (low, high), t in zip(ends, truth, strict=True)])
    return np.array(found)


def main(arguments: list[str]) -> None:
    """Count, and print one line."""
    count, begun = 20 if "--quick" in arguments else 100, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        inside = held(range(count), Path(folder))
    spent = time.perf_counter() - begun
    print(json.dumps({
        "name": "coverage of 90 % intervals", "repeats": count,
        "held": dict(zip(PARAMETERS, inside.sum(axis=0).tolist(), strict=True)),
        "seconds_per_fit": spent / count,
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
