"""Wh/kg against stack pressure, fresh and after a life: is a higher pressure worth its steel?

Layers as thin as a pouch needs them, under a constant pressure. Left: energy per mass of the
cell, and with its share of the end plates and rods of a module. Right: what is left after 50
cycles against the pressure, over composition and loading; the front joins what nobody beats.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.studies.optimise import best

OUT, LAST = Path("results"), 50
CELL, WITH = "specific_energy_Wh_per_kg", "specific_energy_with_hardware_Wh_per_kg"
LOADING = "cathode.areal_capacity"

design = lm.load_study("energy_and_pressure")
sweep = lm.run_study(
    lm.load_study(
        {
            "base": "ncm811_lpscl_li_pouch",
            "set": dict(design.set),
            "vary": {"fixture.pressure": {"from": "0.5 MPa", "to": "50 MPa", "scale": "log",
                                          "points": 13}},
            "outputs": [f"{key}@{n}" for key in (CELL, WITH) for n in (1, LAST)],
        }
    )
)  # fmt: skip
pressure = sweep.column("fixture.pressure")
columns = {(key, n): sweep.column(f"{key}@{n}") for key in (CELL, WITH) for n in (1, LAST)}

found = lm.run_study(replace(design, runs=128))
front = best(found.study, list(found.members()))
print(found.reason)
for goal, n in ((CELL, 1), (CELL, LAST), (WITH, 1), (WITH, LAST)):
    energy = columns[goal, n]
    top = np.nanargmax(energy)
    words = "with hardware" if goal == WITH else "cell"
    print(f"cycle {n}, {words}: best {energy[top]:.0f} Wh/kg at {pressure[top]:.1f} MPa")
pellet = {"separator.thickness": "600 um", "anode.thickness": "100 um", "stack.bicells": 1}
lab = lm.run(lm.load_cell("ncm811_lpscl_li_pouch", pellet))
print(f"the same cathode on a pellet of 600 um: {lab.cycles[0][CELL]:.0f} Wh/kg")

figure = Figure(figsize=(9.6, 3.8), layout="constrained")
left, right = figure.subplots(1, 2)
for (goal, n), energy in columns.items():
    style = {"color": "#0072b2" if goal == CELL else "#d55e00", "ls": "-" if n == 1 else "--"}
    words = "cell" if goal == CELL else "with hardware"
    left.semilogx(pressure, energy, "o", ms=3.5, label=f"{words}, cycle {n}", **style)
dead = sweep.column("status") == "short"
left.plot(pressure[dead], 0.0 * pressure[dead] + 12.0, "kx", label="shorts before then")
left.set(xlabel="Stack pressure (MPa)", ylabel="Specific energy (Wh/kg)", ylim=(0.0, 490.0))
left.set_title("Plates and rods grow with the pressure")
left.legend(frameon=False, fontsize="small", ncols=2, loc="upper left")

tried, left_over = found.column("fixture.pressure"), found.column(f"{CELL}@{LAST}")
dots = right.scatter(tried, left_over, c=found.column(LOADING), s=14, cmap="viridis")
points = np.array([[m.outputs["stack_pressure_max_MPa"], m.outputs[f"{CELL}@{LAST}"]]
                   for m in front])  # fmt: skip
right.plot(*points[np.argsort(points[:, 0])].T, "-", color="#d55e00", label="not beaten")
right.set(xscale="log", xlabel="Stack pressure (MPa)")
right.set(ylabel=f"Specific energy of the cell, cycle {LAST} (Wh/kg)")
right.set_title("Low pressure carries small currents")
right.legend(frameon=False, loc="lower right")
figure.colorbar(dots, label="Loading (mAh/cm²)")
for axes in (left, right):
    axes.set_xticks((0.5, 1, 2, 5, 10, 20, 50), ("0.5", "1", "2", "5", "10", "20", "50"))
    axes.set_xticks((), minor=True)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "23_energy_and_pressure.png", dpi=150)
