"""What can a cell's data tell apart: voltage, stack pressure, impedance, and all of them?

A pellet at 3 MPa and case L2 (Kang 2023, NCA88 under 250 MPa), both with known constants, are
given noise and fitted four times: 90 % intervals over allowed ranges; hatched is left open.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.validation.case_spec import cases, load_case

OUT, LOG = Path("results"), {"scale": "log"}
MADE, SPECTRUM = {"type": "percolation"}, "Impedance from 10 kHz to 10 mHz, 4 points per decade"
STEPS = ["Charge at 0.3C for 160 minutes", SPECTRUM, "Discharge at 0.3C for 80 minutes"]
SAME = {"protocol": STEPS, "output": {"points": 30}, "solver": {"nodes": 5, "shells": 10},
        "cathode.electrolyte.weight": "rest", "cathode.transport": MADE}  # fmt: skip
case = load_case(cases()["L2"])
L2 = dict(case.conditions["li_in"].set) | {one.key: one.value for one in case.assumed}
L2["fixture"] = {"type": "spring", "pressure": "250 MPa", "stiffness": "0.4 MPa/um"}  # frame
CELLS = {  # base, settings, diffusion
    "Pellet, 3 MPa": ("ncm88_lpscl_liin_3mpa", {}, "materials.ncm88.diffusivity.scale"),
    "Case L2, 250 MPa": (case.base, L2, "materials.nca88.diffusivity.scale"),
}
FRAME = {"from": "0.1 MPa/um", "to": "2 MPa/um", "scale": "log"}
CURRENT = "materials.ncm88.exchange_current_density.scale"  # nca88 has that of ncm88
DATA = {"V": "v", "V + Z": "vz", "V + P": "vp", "V + P + Z": "vpz"}
NAMES = ("contact", "active fraction", "exchange current", "diffusion", "frame stiffness")
NOISE = {"v": ("voltage", "2 mV"), "p": ("stack_pressure", "5 kPa"), "z": ("impedance", "1 %")}


def measured(place, base, settings):
    """Files of a made-up measurement: voltage with pressure, and a spectrum."""
    OUT.mkdir(exist_ok=True)
    made, draw = lm.run(lm.load_cell(base, settings)), np.random.default_rng(26)
    columns = {"Test Time / s": (time := np.arange(60.0, made.time[-1], 120.0))}
    for name, noise in (("Voltage / V", 2e-3), ("Surface Pressure / Pa", 5e3)):
        exact = np.interp(time, made.time, made.series.columns[name])
        columns[name] = exact + draw.normal(0.0, noise, time.size)
    lm.TimeSeries(columns).to_bdf(place)
    f, Z = made.impedance[0].frequency_Hz, made.impedance[0].impedance_ohm
    Z = Z + 0.01 * np.abs(Z) * (draw.normal(size=f.size) + 1j * draw.normal(size=f.size))
    table, head = np.column_stack([f, Z.real, -Z.imag]), "Frequency / Hz,Z' / Ohm,-Z'' / Ohm"
    np.savetxt(f"{place}.z.csv", table, delimiter=",", comments="", header=head)
    return {"v": place.resolve(), "p": place.resolve(), "z": Path(f"{place}.z.csv").resolve()}


figure = Figure(figsize=(8.4, 3.4), layout="constrained")
panels = figure.subplots(1, 2, sharey=True)
for axes, (name, (base, own, diffusion)) in zip(panels, CELLS.items(), strict=True):
    found = {
        "cathode.load_share": ({"from": "20 %", "to": "100 %"}, "50 %"),
        "cathode.active[0].weight": ({"from": "60 %", "to": "80 %"}, "72 %"),
        CURRENT: ({"from": 0.2, "to": 5.0} | LOG, 1.5),
        diffusion: ({"from": 0.2, "to": 5.0} | LOG, 1.4),
        "fixture.stiffness": (FRAME, "0.4 MPa/um"),
    }
    settings, truth = SAME | own, {key: value for key, (_, value) in found.items()}
    spans = {key: span for key, (span, _) in found.items()}
    files = measured(OUT / f"26_{name[:4].strip()}.csv", base, settings | truth)
    for k, (label, letters) in enumerate(DATA.items()):
        wanted = [{"file": str(files[one]), "fit": NOISE[one][0], "noise": dict([NOISE[one]])}
                  for one in letters]  # fmt: skip
        result = lm.run_fit({"base": base, "set": settings, "data": wanted,
                             "method": {"starts": 2}, "parameters": spans})  # fmt: skip
        print(f"{name}, {label}:", *result.answers, sep="\n  ")
        for place, row in enumerate(result.parameters):
            sure, line = row.verdict == "determined", result.profiles[place]
            bar = axes.barh(place - 0.3 + 0.2 * k, line.high - line.low if sure else 1.0, 0.18,
                            color=f"C{k}", label=None if place else label)  # fmt: skip
            bar[0].set(hatch="" if sure else "////", alpha=1.0 if sure else 0.35)
    axes.set(xscale="log", xlim=(1e-4, 1.0), title=name, xlabel="90 % interval over the range")
panels[0].set_yticks(range(len(NAMES)), NAMES)
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", frameon=False)
figure.savefig(OUT / "26_identifiability.png", dpi=150)
