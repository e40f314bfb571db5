"""From four measured files to a cell file: what `lithomech calibrate` makes of them.

A cell whose constants are known is measured with noise: a cycle at C/20 with its stack pressure
from a logger of its own, a step at 1C, and a spectrum. The calibration begins at the packaged
cell and gets the constants back, each with its interval and what the data leave open.
"""

import json
import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.app.cli import main

OUT, BASE = Path("results"), "ncm88_lpscl_liin"
COARSE = {"solver.nodes": 6, "solver.shells": 12, "output.points": 60}
TRUTH = {
    "cathode.mass": "19 mg",
    "materials.ncm88.diffusivity.scale": 0.6,
    "materials.ncm88.exchange_current_density.scale": 1.6,
    "fixture.stiffness": "0.3 MPa/um",
    "materials.li6ps5cl.ionic_conductivity.scale": 0.8,
    "materials.li_in.exchange_current_density.scale": 2.0,
}
STEPS = ["Charge at C/20 until 4.3 V", "Discharge at C/20 until 2.8 V",
         "Charge at 1C for 20 minutes", "Rest for 30 minutes",
         "Impedance from 1 MHz to 10 mHz, 6 points per decade"]  # fmt: skip
FILES = {kind: OUT / f"25_{kind}.csv" for kind in ("slow", "swing", "fast", "spectrum")}


def label(key):
    """The end of a key, in words."""
    return " ".join(key.removesuffix(".scale").split(".")[-2:]).replace("_", " ")


OUT.mkdir(exist_ok=True)
draw = np.random.default_rng(25)
made = lm.run(lm.load_cell(BASE, COARSE | TRUTH | {"protocol": STEPS}))
series = made.series
for kind, steps, every in (("slow", (1, 2), 300.0), ("fast", (3, 4), 20.0)):
    parts = []  # rows where a step begins and ends, as cyclers write them
    for step in steps:
        own = series.select(step=step)
        time = np.append(np.arange(own.time[0] + 0.1, own.time[-1] - 1.0, every), own.time[-1])
        parts.append([time, np.full(time.size, own.current[own.current.size // 2]),
                      *(np.interp(time, own.time, own.columns[name])
                        for name in ("Voltage / V", "Surface Pressure / Pa"))])  # fmt: skip
    time, current, voltage, pressure = np.concatenate(parts, axis=1)
    voltage += draw.normal(0.0, 2e-3, time.size)
    pressure += draw.normal(0.0, 5e3, time.size)
    clock = {"Test Time / s": time - time[0]}
    lm.TimeSeries(clock | {"Voltage / V": voltage, "Current / A": current}).to_bdf(FILES[kind])
    if kind == "slow":
        lm.TimeSeries(clock | {"Surface Pressure / Pa": pressure}).to_bdf(FILES["swing"])
f, Z = made.impedance[0].frequency_Hz, made.impedance[0].impedance_ohm
Z = Z + 0.01 * np.abs(Z) * (draw.normal(size=f.size) + 1j * draw.normal(size=f.size))
names = "Frequency / Hz,Z' / Ohm,-Z'' / Ohm"
table = np.column_stack([f, Z.real, -Z.imag])
np.savetxt(FILES["spectrum"], table, delimiter=",", header=names, comments="")

words = [word for kind, file in FILES.items() for word in (f"--{kind}", str(file))]
words += [word for key, value in COARSE.items() for word in ("--set", f"{key}={value}")]
if code := main(["calibrate", BASE, *words, "--starts", "4", "--out", str(OUT / "25")]):
    sys.exit(code)
rows = json.loads((OUT / "25" / "fit.json").read_text(encoding="utf-8"))["parameters"]
figure = Figure(figsize=(6.8, 2.8), layout="constrained")
axes = figure.subplots()
for k, row in enumerate(rows):
    truth = float(str(TRUTH[row["key"]]).split()[0])
    if row["verdict"] == "determined":
        axes.plot([row["low"] / truth, row["high"] / truth], [k, k], "C0", lw=4)
    axes.plot(row["best"] / truth, k, "ko", mfc="none" if row["value"] is None else "k")
axes.axvline(1.0, color="0.6", lw=0.8)
axes.set_yticks(range(len(rows)), [label(row["key"]) for row in rows])
axes.set(xlabel="90 % interval over the truth", title="Open circle: not determined")
figure.savefig(OUT / "25_calibrate.png", dpi=150)
