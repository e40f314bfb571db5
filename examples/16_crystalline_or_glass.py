"""LiCoO2 in crystalline and in glass-ceramic Li6PS5Cl: 100 cycles, as in Fig. 7c to e.

The glass-ceramic creeps more easily (an assumed time, set on the sign of Fig. 7c) and conducts
less. Both are pressed alike, at 70 MPa. Resistances are those at the end of each charge.
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
ELECTROLYTES = {"glass-ceramic": "li6ps5cl_glass_ceramic", "crystalline": "li6ps5cl"}
CAPACITY = "discharge_capacity_mAh_per_g"
CURVES = {
    CAPACITY: "Fig. 7c: capacity (mAh/g)",
    "cathode_interface_resistance_ohm_cm2": "Fig. 7d: interface (ohm cm2)",
    "cathode_warburg_coefficient_ohm_cm2_per_sqrt_s": "Fig. 7e: Warburg (ohm cm2/s^0.5)",
}
LCO = {"material": "lco", "weight": "rest", "diameter": "10 um", "morphology": "single_crystal"}
CYCLE = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.6 V"]

cells = [
    lm.load_cell(
        "nca88_li3ycl6_liin",
        {
            "cathode.active": [LCO],
            "cathode.electrolyte": {"material": material, "weight": "30 %"},
            "separator.material": material,
            "output.traces": "none",
            "protocol": [{"repeat": 100, "steps": CYCLE}],
        },
    )
    for material in ELECTROLYTES.values()
]
figure = Figure(figsize=(10.5, 3.0), layout="constrained")
axes = figure.subplots(1, 3)
for name, result in zip(ELECTROLYTES, lm.run_many(cells), strict=True):
    first, last = result.cycles[0], result.cycles[-1]
    print(f"{name}, cycle 1 and 100")
    for panel, (key, label) in zip(axes, CURVES.items(), strict=True):
        print(f"  {label}: {first[key]:.1f}, {last[key]:.1f}")
        panel.plot([cycle[key] for cycle in result.cycles], label=name)
        panel.set(xlabel="Cycle", title=label)
axes[0].legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "16_crystalline_or_glass.png", dpi=150)
