"""What does a measured stack pressure add to a measured voltage?

One cycle of a cell whose parameters are known is given noise and fitted twice: by its voltage
alone, and together with its stack pressure. The table shows the 90 % intervals over the truth,
the picture how wide they are; what the data cannot tell has no number.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
BASE = "ncm88_lpscl_liin"
SETTINGS = {
    "protocol": ["Charge at 0.5C for 80 minutes", "Rest for 20 minutes",
                 "Discharge at 0.5C for 35 minutes", "Rest for 20 minutes"],
    "cathode.electrolyte.weight": "rest", "cathode.transport": {"type": "percolation"},
    "fabrication.residual_pressure": "10 MPa",
    "output.points": 40, "solver.nodes": 6, "solver.shells": 12,
}  # fmt: skip
LOG = {"scale": "log"}
PARAMETERS = {
    "diffusion": ("materials.ncm88.diffusivity.scale", {"from": 0.2, "to": 5.0} | LOG, 0.7),
    "exchange current": (
        "materials.ncm88.exchange_current_density.scale", {"from": 0.2, "to": 5.0} | LOG, 1.5,
    ),
    "active share": ("cathode.active[0].weight", {"from": "60 %", "to": "80 %"}, "72 %"),
    "frame stiffness": (
        "fixture.stiffness", {"from": "0.1 MPa/um", "to": "2 MPa/um"} | LOG, "0.3 MPa/um",
    ),
}  # fmt: skip
NOISE = {"voltage": "2 mV", "stack_pressure": "5 kPa"}
MEASURED = {"V": ["voltage"], "V + P": ["voltage", "stack_pressure"]}

truth = {key: value for key, _, value in PARAMETERS.values()}
made = lm.run(lm.load_cell(BASE, SETTINGS | truth))
draw, time = np.random.default_rng(21), np.arange(60.0, made.time[-1], 120.0)
columns = {"Test Time / s": time}
for name, noise in (("Voltage / V", 2e-3), ("Surface Pressure / Pa", 5e3)):
    exact = np.interp(time, made.time, made.series.columns[name])
    columns[name] = exact + draw.normal(0.0, noise, time.size)
OUT.mkdir(exist_ok=True)
file = OUT / "21_measured.csv"
lm.TimeSeries(columns).to_bdf(file)

results = {}
for name, quantities in MEASURED.items():
    noise = {one: NOISE[one] for one in quantities}
    fit = {
        "base": BASE, "set": SETTINGS, "method": {"starts": 4},
        "data": [{"file": str(file.resolve()), "fit": quantities, "noise": noise}],
        "parameters": {key: span for key, span, _ in PARAMETERS.values()},
    }  # fmt: skip
    results[name] = lm.run_fit(lm.load_fit(fit))
    print(f"{name}: {results[name].reason}")
    print(*(f"  {line}" for line in results[name].answers), sep="\n")

figure = Figure(figsize=(6.4, 3.2), layout="constrained")
axes = figure.subplots()
places = np.arange(len(PARAMETERS))
for k, (name, result) in enumerate(results.items()):
    wide = []
    for row, line in zip(result.parameters, result.profiles, strict=True):
        determined = row.verdict == "determined"
        wide.append(line.high - line.low if determined else 1.0)
    colour = ("#d55e00", "#0072b2")[k]
    bars = axes.barh(places + 0.2 - 0.4 * k, wide, 0.36, color=colour, label=name)
    for bar, row in zip(bars, result.parameters, strict=True):
        if row.verdict != "determined":
            bar.set(hatch="//", alpha=0.4)
axes.set_yticks(places, list(PARAMETERS))
axes.set(xscale="log", xlim=(1e-4, 1.0), xlabel="90 % interval, share of the allowed range")
axes.set_title("Hatched: not determined by these data")
axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
figure.savefig(OUT / "21_fit_voltage_and_pressure.png", dpi=150)
