"""Lithium, PEO-LiTFSI and iron phosphate: salt sets the rate, heat and time make the contact.

Last, how stiff a separator has to be to keep lithium flat by Monroe and Newman.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.laws.elasticity import shear_modulus
from lithomech.laws.roughening import crest_stress
from lithomech.laws.salt import salt_limiting_current
from lithomech.materials.load import load_material

OUT = Path("results")
RATES = ("C/20", "C/10", "C/5", "C/3", "C/2", "1C", "2C")
FULL = ["Charge at C/10 until 3.8 V", "Hold at 3.8 V until C/50", "Rest for 1 h"]
PEO = load_material("peo")


def discharged(rate: str, celsius: int) -> lm.CellResult:
    """One discharge after a slow charge."""
    change = {"protocol": [*FULL, f"Discharge at {rate} until 2.8 V"]}
    return lm.run(lm.load_cell("li_peo_lfp", change | {"temperature": f"{celsius} degC"}))


def limit(micrometres: float | np.ndarray, celsius: float) -> float | np.ndarray:
    """Steady limit between two flat electrodes [mA/cm2]."""
    c_0, t_plus = PEO.value("salt_concentration"), PEO.value("transference_number")
    D = PEO.value("salt_diffusivity", celsius + 273.15)
    return 0.1 * salt_limiting_current(c_0, 1e-6 * micrometres, t_plus, D)


figure = Figure(figsize=(12.0, 6.6), layout="constrained")
(volts, losses, use), (most, made, stiff) = figure.subplots(2, 3)
parts = {}
for rate in RATES:
    result = discharged(rate, 60)
    columns, capacity = result.series.columns, result.cycles[-1]["discharge_capacity_mAh_per_g"]
    rows = columns["Current / A"] < 0.0
    hours = columns["Test Time / s"][rows] / columns["Test Time / s"][-1]
    passed = capacity * (hours - hours[0]) / (1.0 - hours[0])
    volts.plot(passed, columns["Voltage / V"][rows], label=f"{rate}: {capacity:.0f} mAh/g")
    for cause, values in result.losses.overvoltage_mV.items():
        parts.setdefault(cause, []).append(values[-1])
shown = {k: v for k, v in parts.items() if max(v) > 1.0}
losses.stackplot(RATES, *shown.values(), labels=shown)
for celsius in (60, 70, 80, 90):
    got = [discharged(r, celsius).cycles[-1]["discharge_capacity_mAh_per_g"] for r in RATES]
    use.plot(RATES, got, "o-", label=f"{celsius} °C")
    thick = np.geomspace(10.0, 300.0, 50)
    most.loglog(thick, limit(thick, celsius), label=f"{celsius} °C")
    print(f"{celsius} °C: {limit(40.0, celsius):.2f} mA/cm2 lasts, {got[2]:.0f} mAh/g at C/5")
for pressure in (0.005, 0.02, 0.1):
    hold = [{"repeat": 120, "steps": ["Rest for 1 min"]}]
    pressed = {"protocol": hold, "fixture.pressure": f"{pressure} MPa"}
    cycles = lm.run(lm.load_cell("li_peo_lfp", pressed)).cycles
    contact = [cycle["polymer_contact_end"] for cycle in cycles]
    made.semilogx(range(1, 121), contact, label=f"{pressure} MPa")
nu, over = np.linspace(0.1, 0.499, 200), np.geomspace(1e-4, 100.0, 400)
held = crest_stress(over[:, None], 1.0, nu, 0.38, 0.0) > 0.0
stiff.contourf(nu, over, held, levels=[-0.5, 0.5, 1.5], colors=["#f6d0c0", "#c0e6d6"])
for name in ("peo", "li6ps5cl", "llzo"):
    E, poisson = (load_material(name).value(p) for p in ("youngs_modulus", "poisson_ratio"))
    ratio = shear_modulus(E, poisson) / load_material("li").value("shear_modulus")
    stiff.semilogy(poisson, ratio, "ko", ms=4)
    stiff.text(poisson - 0.01, ratio, name, ha="right")
volts.set(xlabel="Discharged at 60 °C (mAh/g)", ylabel="Voltage (V)")
losses.set(ylabel="Overvoltage half-way, 60 °C (mV)")
use.set(ylabel="Discharged (mAh/g)")
most.set(xlabel="Thickness of the separator (um)", ylabel="Steady limit, flat (mA/cm2)")
made.set(xlabel="Time at 60 °C (min)", ylabel="Contact of lithium", ylim=(0, 1.02))
stiff.set(xlabel="Poisson's ratio (green: crests held back)", ylabel="G over lithium's")
for axes in figure.axes[:5]:
    axes.legend(frameon=False, fontsize=7)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "28_polymer.png", dpi=150)
