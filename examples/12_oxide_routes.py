"""What each route to an oxide cell costs in loading, rate and thickness; a sulfide cell beside.

Each cell is charged slowly and discharged at several rates; its loading is what its route has
shown, not an optimum. What of the routes is assumed: docs/howto/oxide_routes.md.
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
RATES = (0.02, 0.1, 0.5, 1.0, 2.0)  # C
CELLS = {
    "oxide_co_sintered": ("co-sintered", "o-"),
    "oxide_infiltrated": ("infiltrated", "s-"),
    "oxide_thin_film": ("thin film", "^-"),
    "oxide_glass": ("cold-pressed glass", "v-"),
    "oxide_hybrid_gel": ("with a gel", "D-"),
    "oxide_phosphate": ("all phosphate", "p-"),
    "sulfide_warm_isostatic": ("sulfide, warm isostatic", "k:"),
}


def discharge(name, rate):
    """Current [mA/cm2] and capacity [mAh/cm2] of a discharge, thickness of the layers [um]."""
    cell = lm.load_cell(name)
    protocol = (cell.protocol[0], f"Discharge at {rate}C until 3.0 V")
    result = lm.run(cell.replace(protocol=protocol))
    layers = result.resolved["layers"]
    thickness = sum(layers[key]["thickness_m"] for key in ("cathode", "separator"))
    current = 1e3 * rate * result.resolved["one_c_A"] / (1e4 * result.resolved["area_m2"])
    capacity = result.cycles[0]["discharge_capacity_mAh_per_cm2"] if result.cycles else 0.0
    return current, capacity or 0.0, 1e6 * thickness


figure = Figure(figsize=(9.0, 3.4), layout="constrained")
left, right = figure.subplots(1, 2)
print("route                      um   mAh/cm2 at " + "".join(f"{rate:>8g}C" for rate in RATES))
for name, (label, style) in CELLS.items():
    found = [discharge(name, rate) for rate in RATES]
    currents, capacities, (thickness, *_) = zip(*found, strict=True)
    text = "".join(f"{capacity:9.3f}" for capacity in capacities)
    print(f"{label:<24}{thickness:5.0f}              {text}")
    left.semilogx(currents, capacities, style, ms=4, label=label)
    volumetric = [1e4 * c / thickness for c in capacities]
    right.semilogx(RATES, volumetric, style, ms=4, label=label)
left.set(xlabel="Current (mA/cm²)", ylabel="Discharge capacity (mAh/cm²)")
right.set(
    xlabel="Rate (C)",
    ylabel="Discharge capacity over the volume\nof cathode and separator (mAh/cm³)",
)
figure.legend(*right.get_legend_handles_labels(), frameon=False, loc="outside right center")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "12_oxide_routes.png", dpi=200)
print(f"figure: {OUT / '12_oxide_routes.png'}")
