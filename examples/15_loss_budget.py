"""Where do voltage and capacity go? NCM88 | Li6PS5Cl | Li-In at 3 and 20 MPa over 30 cycles.

Every cycle has a loss budget: what the voltage half-way through the discharge lacks of that of
the relaxed cell, and what the discharge lacks of the first charge, by cause. At 3 MPa ions and
electrons cost more; at both, grains that are cut off make nearly all of the fade, and the film
on Li-In doubles the part of the anode within 30 cycles. Causes: docs/theory/losses.md.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

CELL, OUT = "ncm88_lpscl_liin", Path("results")
PRESSURES, CYCLES = (3, 20), 30  # MPa
STEPS = ["Charge at 0.2C until 4.3 V", "Discharge at 0.2C until 2.6 V"]
GROUPS = {
    "no path, cut off": ("no path", "cut off"),
    "films, lithium kept": ("films", "lithium kept"),
    "separator": ("separator",),
    "ions, electrons": ("cathode ions", "cathode electrons"),
    "contact": ("cathode contact",),
    "charge transfer": ("cathode charge transfer",),
    "interphase": ("cathode interphase",),
    "diffusion": ("cathode particle diffusion", "cathode uneven use"),
    "anode": ("anode contact", "anode charge transfer", "anode interphase"),
}


def grouped(budget):
    """Sums over the causes of each group, an array over the cycles."""
    none = np.zeros(CYCLES)
    return {
        name: sum((budget.get(cause, none) for cause in causes), none)
        for name, causes in GROUPS.items()
    }


def losses(pressure):
    """Loss budget at one stack pressure."""
    keys = {
        "fixture.pressure": f"{pressure} MPa",
        "protocol": [{"repeat": CYCLES, "steps": STEPS}],
        "output.traces": "none",
    }
    return lm.run(lm.load_cell(CELL, keys)).losses


figure = Figure(figsize=(7.2, 5.0), layout="constrained")
panels = figure.subplots(2, len(PRESSURES), sharex=True, sharey="row")
for (upper, lower), pressure in zip(panels.T, PRESSURES, strict=True):
    found = losses(pressure)
    for axes, budget in ((upper, found.overvoltage_mV), (lower, found.capacity_mAh_per_g)):
        edges, base = np.arange(CYCLES + 1) + 0.5, np.zeros(CYCLES)
        for number, (name, values) in enumerate(grouped(budget).items()):
            look = {"color": f"C{number}", "label": name, "fill": True}
            axes.stairs(base + values, edges, baseline=base, **look)
            base = base + values
    off = max(abs(sum(found.overvoltage_mV.values()) / found.whole_overvoltage_mV - 1.0))
    print(f"{pressure} MPa: the parts are the whole to {off:.0e}")
    for cycle in (1, CYCLES):
        volts, charges = (
            {name: v[cycle - 1] for name, v in grouped(b).items() if v[cycle - 1] > 0.05}
            for b in (found.overvoltage_mV, found.capacity_mAh_per_g)
        )
        print(f"  cycle {cycle}, mV:", ", ".join(f"{n} {v:.1f}" for n, v in volts.items()))
        print("    mAh/g missing:", ", ".join(f"{n} {v:.1f}" for n, v in charges.items()))
    upper.set_title(f"{pressure} MPa")
    lower.set_xlabel("Cycle")
panels[0, 0].set_ylabel("Overvoltage (mV)")
panels[1, 0].set_ylabel("Missing capacity (mAh/g)")
handles, names = panels[0, 0].get_legend_handles_labels()
figure.legend(handles, names, loc="outside upper center", ncols=5, fontsize=8, frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "15_loss_budget.png", dpi=150)
