"""Does an elastic binder keep contact at 1 MPa? Capacity over stack pressure, binders, foils.

Single crystals of NCM811, Li6PS5Cl, fibres and binder 73:23:2:2, 0.1C, from 0.1 to 5 MPa. Two
moduli of the electrolyte: dense as its grains, and as its pellets bend. What is assumed of
binders and foils: docs/howto/choose_a_composition.md.
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
PRESSURES = (0.1, 0.3, 1.0, 5.0)  # MPa
MODULI = {
    "22.1 GPa": "electrolyte of 22 GPa (dense)",
    "4.7 GPa": "of 4.7 GPa (as pellets bend)",
}
BINDERS = {None: "no binder", "nbr": "2 % NBR", "ptfe": "2 % PTFE"}
FOILS = {"al": "--", "al_carbon": "-"}
BASE = {
    "cathode": {
        "type": "composite",
        "loading": "15 mg/cm2",
        "active": [
            {"material": "ncm811", "weight": "73 %", "diameter": "5 um",
             "morphology": "single_crystal",
             "coating": {"material": "linbo3", "thickness": "10 nm"}}
        ],
        "electrolyte": {"material": "li6ps5cl", "weight": "rest", "diameter": "3 um"},
    },
    "separator": {"material": "li6ps5cl", "thickness": "100 um"},
    "anode": {
        "type": "planar", "material": "li_in", "thickness": "100 um", "collector": "sus"
    },
    "fixture": {"type": "constant_pressure", "pressure": "1 MPa"},
    "fabrication": {"pressure": "375 MPa"},
    "reference": "li",
    "solver": {"nodes": 8, "shells": 8},
    "protocol": ["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 2.6 V"],
}  # fmt: skip


def cycle(pressure, binder, foil, modulus):
    """Discharge capacity [mAh/g] and contact left at the end of charge."""
    additives = [{"material": "carbon", "weight": "2 %"}]
    if binder:
        additives.append({"material": binder, "weight": "2 %"})
    keys = {
        "fixture.pressure": f"{pressure} MPa",
        "cathode.additives": additives,
        "cathode.collector": foil,
        "materials": {"li6ps5cl": {"pellet_modulus": modulus}},
    }
    found = lm.run(lm.load_cell(BASE, keys)).cycles[0]
    return found["discharge_capacity_mAh_per_g"], found["contact_fraction_end_of_charge"]


figure = Figure(figsize=(7.2, 3.2), layout="constrained")
for axes, (modulus, title) in zip(
    figure.subplots(1, 2, sharey=True), MODULI.items(), strict=True
):
    for k, (binder, name) in enumerate(BINDERS.items()):
        for foil, style in FOILS.items():
            cycles = [cycle(p, binder, foil, modulus) for p in PRESSURES]
            capacities = [capacity for capacity, _ in cycles]
            label = name if foil == "al_carbon" else None
            axes.semilogx(PRESSURES, capacities, style, color=f"C{k}", label=label)
            (low, _), _, (high, left), *_ = cycles
            shown = (
                f"{low:.0f} mAh/g at 0.1 MPa, {high:.0f} at 1 MPa ({100 * left:.1f} % contact)"
            )
            print(f"{modulus:>8}, {name:<9}, {foil:<9}: {shown}")
    axes.set(xlabel="Stack pressure (MPa)", title=title)
axes.legend(frameon=False, title="foil: - - bare, – with carbon")
figure.axes[0].set_ylabel("Discharge capacity at 0.1C (mAh/g)")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "13_below_1_mpa.png", dpi=150)
