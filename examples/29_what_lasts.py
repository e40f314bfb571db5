"""What keeps its capacity for 200 cycles? NCM88 | Li6PS5Cl | Li-In, one change at a time.

Within each group of the picture laboratories find what stands lower better: single crystals
outlast random grains; less nickel, a lower cut-off and more pressure last longer. Which orders
come out, at slow and at fast cycles, and which do not: docs/theory/fracture.md.
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT, RATES, CYCLES = Path("results"), {0.1: "o", 0.5: "s"}, 200
CAPACITY, ACTIVE = "discharge_capacity_mAh_per_g", "cathode.active[0]"
CRYSTAL = {f"{ACTIVE}.morphology": "single_crystal"}


def composite(electrolyte, weight):
    """Another electrolyte, at its weight, with the transport of its grains."""
    chosen = {"material": electrolyte, "weight": f"{weight} %"}
    share = {
        f"{ACTIVE}.weight": f"{100 - weight} %",
        "cathode.transport": {"type": "percolation"},
    }
    return {"cathode.electrolyte": chosen} | share


BARE = {"material": "ncm88", "weight": "70 %", "diameter": "4 um", "morphology": "random"}
GLASS = {"cathode.electrolyte.material": "li6ps5cl_glass_ceramic"}
GRAINS = ("random", "textured", "single_crystal")
NICKEL = ("ncm88", "ncm811", "ncm622", "ncm111")
ROWS = {
    "Grains": {name: {f"{ACTIVE}.morphology": name} for name in GRAINS},
    "Nickel": {name: {f"{ACTIVE}.material": name} for name in NICKEL},
    "Cut-off": {f"{top} V": {"top": top} for top in (4.4, 4.3, 4.2, 4.1)},
    "Pressure": {f"{P} MPa": {"fixture.pressure": f"{P} MPa"} for P in (1, 3, 10, 30, 100)},
    "Crystals": {
        "sulfide": composite("li6ps5cl", 30) | CRYSTAL,
        "chloride": composite("li3ycl6", 30) | CRYSTAL,
    },
    "Electrolyte": {f"{w} wt%": composite("li6ps5cl", w) for w in (29.1, 40.7)},
    "Coating": {"bare": {ACTIVE: BARE}, "LiNbO3": {}},
    "Sulfide": {"crystalline": {}, "glass-ceramic": GLASS},
}


def cell(keys, rate):
    """The packaged cell at 70 MPa with a life instead of two cycles."""
    top = keys.get("top", 4.3)
    cycle = [f"Charge at {rate}C until {top} V", f"Discharge at {rate}C until 2.8 V"]
    life = {"protocol": [{"repeat": CYCLES, "steps": cycle}], "output.traces": "none"}
    plain = {"fixture.pressure": "70 MPa", "solver": {"nodes": 8, "shells": 15}}
    changed = {key: value for key, value in keys.items() if key != "top"}
    return lm.load_cell("ncm88_lpscl_liin", plain | life | changed)


figure = Figure(figsize=(7, 6), layout="constrained")
axes = figure.subplots()
names = [(row, name) for row in ROWS for name in ROWS[row]]
for rate, marker in RATES.items():
    results = lm.run_many([cell(ROWS[row][name], rate) for row, name in names])
    left = []
    for (row, name), result in zip(names, results, strict=True):
        first, last = (result.cycles[n][CAPACITY] for n in (0, -1))
        left.append(last / first)
        print(f"{rate}C {row:<11} {name:<14} {first:.0f} mAh/g, left {left[-1]:.1%}")
    axes.plot(left, range(len(names)), marker, label=f"{rate}C")
for n, (row, _) in enumerate(names):
    if n and names[n - 1][0] != row:
        axes.axhline(n - 0.5, color="0.8", linewidth=0.8)
axes.set_yticks(range(len(names)), [f"{row}: {name.replace('_', ' ')}" for row, name in names])
axes.set(xlabel=f"Capacity left after {CYCLES} cycles", xlim=(0, 1))
axes.invert_yaxis()
axes.legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "29_what_lasts.png", dpi=150)
