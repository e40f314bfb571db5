"""The same cell at 20, 7 and 3 MPa: what stack pressure buys."""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
FILES = ("ncm88_lpscl_liin", "ncm88_lpscl_liin_7mpa", "ncm88_lpscl_liin_3mpa")

figure = Figure(figsize=(8, 3.2), layout="constrained")
voltage, contact = figure.subplots(1, 2)

print("   MPa   mAh/g    mean V   contact left on charge")
for name in FILES:
    result = lm.run(lm.load_cell(name))
    last = result.cycles[-1]
    megapascal = result.stack_pressure[0] / 1e6
    print(
        f"{megapascal:6.1f}  {last['discharge_capacity_mAh_per_g']:6.1f}  "
        f"{last['mean_discharge_voltage_V']:8.4f}  "
        f"{100 * last['contact_fraction_end_of_charge']:6.1f} %"
    )
    hours = result.time / 3600
    left = 100 * result.profiles["cathode_contact_fraction"].mean(axis=(1, 2))
    voltage.plot(hours, result.voltage, label=f"{megapascal:.0f} MPa")
    contact.plot(hours, left, label=f"{megapascal:.0f} MPa")

voltage.set(xlabel="Time (h)", ylabel="Voltage vs Li/Li⁺ (V)")
contact.set(xlabel="Time (h)", ylabel="Contact left (%)")
contact.legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "02_pressure_series.png", dpi=200)
print(f"figure: {OUT / '02_pressure_series.png'}")
