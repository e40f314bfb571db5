"""Which grains, in which electrolyte, at which weight, live? 200 cycles, as in Figs. 6 to 8.

Song et al. 2021 compare random polycrystals, textured particles and single crystals in a
sulfide and in a chloride (Figs. 6a, 8c, 8d), 29.1 and 40.7 wt% of the chloride (Fig. 6d), and
LiCoO2 in a crystalline and in a glass-ceramic sulfide (Fig. 7c to e). No number of a life is
printed there, only orders; what is set by hand, what follows: docs/theory/fracture.md.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
CYCLES = 200
GRAINS = {"random": "random grains", "textured": "textured", "single_crystal": "single crystal"}
ELECTROLYTES = {"li6ps5cl0.5br0.5": "Li6PS5Cl0.5Br0.5", "li3ycl6": "Li3YCl6"}
WEIGHTS = ("29.1 %", "40.7 %")
LIFE = [
    "Charge at 0.1C until 4.3 V",
    "Discharge at 0.1C until 3.0 V",
    {
        "repeat": CYCLES,
        "steps": ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 3.0 V"],
    },
]
BASE = {
    "temperature": "30 degC",
    "geometry": {"diameter": "13 mm"},
    "fabrication": {"pressure": "370 MPa"},
    "fixture": {"type": "spring", "pressure": "70 MPa", "stiffness": "0.35 MPa/um"},
    "cathode": {
        "type": "composite",
        "loading": "12 mg/cm2",
        "porosity": "15 %",
        "active": [{"material": "nca88", "weight": "rest", "diameter": "4 um"}],
        "electrolyte": {"material": "li3ycl6", "weight": "29.1 %"},
    },
    "separator": {"material": "li6ps5cl", "thickness": "600 um"},
    "anode": {"type": "planar", "material": "li_in", "thickness": "100 um"},
    "initial": {"anode": 0.3},
    "reference": "li",
    "output": {"traces": "none"},
    "solver": {"nodes": 8, "shells": 15},
    "protocol": LIFE,
}
LCO = {
    "cathode.active": [
        {
            "material": "lco",
            "weight": "rest",
            "diameter": "10 um",
            "morphology": "single_crystal",
        }
    ],
    "protocol": [
        {
            "repeat": 100,
            "steps": ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.6 V"],
        }
    ],
}


def matrix():
    """Cells of the 2 x 3 x 2 matrix by grains, electrolyte and weight."""
    return {
        (grains, electrolyte, weight): lm.load_cell(
            BASE,
            {
                "cathode.active[0].morphology": grains,
                "cathode.electrolyte": {"material": electrolyte, "weight": weight},
            },
        )
        for grains in GRAINS
        for electrolyte in ELECTROLYTES
        for weight in WEIGHTS
    }


def pair():
    """LiCoO2 in crystalline and in glass-ceramic Li6PS5Cl."""
    return {
        material: lm.load_cell(
            BASE, {**LCO, "cathode.electrolyte": {"material": material, "weight": "30 %"}}
        )
        for material in ("li6ps5cl_glass_ceramic", "li6ps5cl")
    }


def column(result, key, first=2):
    """One key of every whole cycle from the first one on."""
    return np.array([cycle[key] for cycle in result.cycles[first - 1 :]], dtype=float)


def report(name, result, first=2):
    """Print capacity, first efficiency and what is left; return capacities over the first."""
    capacity = column(result, "discharge_capacity_mAh_per_g", first)
    begun, left = result.cycles[0], 100.0 * capacity / capacity[0]
    print(
        f"{name:<42} {begun['discharge_capacity_mAh_per_g']:5.0f} mAh/g "
        f"{100 * begun['coulombic_efficiency']:5.1f} %  left {left[-1]:5.1f} %"
        f"  contact charged {100 * result.cycles[-1]['contact_fraction_end_of_charge']:4.0f} %"
        f"  cut off {100 * (result.cycles[-1]['isolated_share_end'] or 0.0):4.0f} %"
    )
    return left


cells, others = matrix(), pair()
results = lm.run_many([*cells.values(), *others.values()])
lives = dict(zip(cells, results, strict=False))
lco = dict(zip(others, results[len(cells) :], strict=True))

figure = Figure(figsize=(10.5, 6.0), layout="constrained")
axes = figure.subplots(2, 3)
print(f"NCA88, 70 MPa; first cycle at 0.1C, then {CYCLES} at 0.5C")
for k, (grains, name) in enumerate(GRAINS.items()):
    for electrolyte, panel in zip(ELECTROLYTES, axes[0], strict=False):
        for weight, style in zip(WEIGHTS, ("-", "--"), strict=True):
            left = report(
                f"{name}, {ELECTROLYTES[electrolyte]}, {weight[:-2]} wt%",
                lives[grains, electrolyte, weight],
            )
            label = name if style == "-" else None
            panel.plot(left, style, color=f"C{k}", label=label)
for electrolyte, panel in zip(ELECTROLYTES, axes[0], strict=False):
    panel.set(title=f"{ELECTROLYTES[electrolyte]} (Figs. 6a, 8c)", ylim=(0, 105))
    panel.set(xlabel="Cycle", ylabel="Capacity left (%)")
axes[0, 0].legend(frameon=False)
for weight, style in zip(WEIGHTS, ("-", "--"), strict=True):
    life = lives["single_crystal", "li3ycl6", weight]
    axes[0, 2].plot(
        column(life, "discharge_capacity_mAh_per_g"),
        style,
        color="C2",
        label=f"{weight[:-2]} wt%",
    )
axes[0, 2].set(title="Single crystals in Li3YCl6 (Fig. 6d)", xlabel="Cycle")
axes[0, 2].set_ylabel("Capacity at 0.5C (mAh/g)")
axes[0, 2].legend(frameon=False)
print("LiCoO2, 70 MPa, 100 cycles at 0.1C")
keys = {
    "discharge_capacity_mAh_per_g": ("Capacity (mAh/g)", "c"),
    "cathode_interface_resistance_ohm_cm2": ("Interface (ohm cm2)", "d"),
    "cathode_warburg_coefficient_ohm_cm2_per_sqrt_s": ("Warburg (ohm cm2/s^0.5)", "e"),
}
for material, name in zip(lco, ("glass-ceramic", "crystalline"), strict=True):
    report(f"Li6PS5Cl, {name}", lco[material], first=1)
    for panel, key in zip(axes[1], keys, strict=True):
        panel.plot(column(lco[material], key, 1), label=name)
for panel, (label, letter) in zip(axes[1], keys.values(), strict=True):
    panel.set(xlabel="Cycle", ylabel=label, title=f"LiCoO2 in Li6PS5Cl (Fig. 7{letter})")
axes[1, 0].legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "14_life_matrix.png", dpi=150)
