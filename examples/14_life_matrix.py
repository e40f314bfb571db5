"""Which grains last, in which electrolyte, at which weight? 200 cycles, as in Figs. 4e, 6, 8.

Song et al. 2021 print no number of a life, only orders (Figs. 6a, 6d, 8c, 8d). What is set by
hand and what follows: docs/theory/fracture.md. The liquid wets all surface and every crack.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
GRAINS = ("random", "textured", "single_crystal")
ELECTROLYTES = {"li6ps5cl0.5br0.5": "Li6PS5Cl0.5Br0.5", "li3ycl6": "Li3YCl6"}
STYLES = {29.1: "-", 40.7: "--", 10: ":"}  # by weight of electrolyte
CAPACITY, CRACKS = "discharge_capacity_mAh_per_g", "crack_area_fraction_end"
WET = dict.fromkeys(("contact", "cracking", "isolation", "interphase"), "none")
LIFE = [
    "Charge at 0.1C until 4.3 V",
    "Discharge at 0.1C until 3.0 V",
    {"repeat": 200, "steps": ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 3.0 V"]},
]


def cell(electrolyte, weight, keys):
    """The packaged cell with another electrolyte and a life instead of two cycles."""
    life = {"output.traces": "none", "solver": {"nodes": 8, "shells": 15}, "protocol": LIFE}
    chosen = {"cathode.electrolyte": {"material": electrolyte, "weight": f"{weight} %"}}
    return lm.load_cell("nca88_li3ycl6_liin", life | chosen | keys)


cells = {
    (grains, name, weight): cell(key, weight, {"cathode.active[0].morphology": grains})
    for grains in GRAINS
    for key, name in ELECTROLYTES.items()
    for weight in (29.1, 40.7)
}
liquid = {"mechanisms": WET, "cathode.transport": {"type": "formula"}}
cells["single_crystal", "liquid", 10] = cell("lipf6_ec_emc", 10, liquid)

figure = Figure(figsize=(10.5, 3.4), layout="constrained")
axes = figure.subplots(1, 3)
results = lm.run_many(cells.values())
for (grains, name, weight), result in zip(cells, results, strict=True):
    start, *life = result.cycles
    capacity = np.array([cycle[CAPACITY] for cycle in life])
    cracks = start[f"{CRACKS}_of_charge"], start[CRACKS], life[99][CRACKS]
    print(
        f"{grains:<14} {name:<17} {weight:4} wt%: {start[CAPACITY]:.0f} mAh/g, "
        f"{start['coulombic_efficiency']:.0%}, left {capacity[-1] / capacity[0]:.0%}; "
        "cracks charged {:.1%}, discharged {:.1%}, after 100 {:.1%}".format(
            *(share or 0.0 for share in cracks)
        )
    )
    if weight == 29.1:
        panel = axes[list(ELECTROLYTES.values()).index(name)]
        panel.plot(100.0 * capacity / capacity[0], label=grains.replace("_", " "))
        panel.set(title=f"{name}, 29.1 wt% (Figs. 6a, 8c)", ylim=(0, 105))
    if grains == "single_crystal" and name in ("Li3YCl6", "liquid"):
        axes[2].plot(capacity, f"C2{STYLES[weight]}", label=f"{name}, {weight} wt%")
axes[2].set(
    title="Single crystals (Fig. 6d)", ylabel="Capacity at 0.5C (mAh/g)", ylim=(0, None)
)
axes[0].set_ylabel("Capacity left (%)")
for panel in axes:
    panel.set_xlabel("Cycle")
    panel.legend(frameon=False, loc="lower left")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "14_life_matrix.png", dpi=150)
