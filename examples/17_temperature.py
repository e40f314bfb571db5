"""The same cell at 0, 30 and 60 degC: capacity at three rates, and 50 cycles.

Every rate has its activation energy; those that nobody measured are assumed, and listed in
the sources of each result. Cracking and isolation are mechanics and know no temperature.
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
CAPACITY = "discharge_capacity_mAh_per_g"
RESISTANCE = "cathode_interface_resistance_ohm_cm2"
RATES = ("0.1C", "0.5C", "1C")
WINDOW = ("Charge at 0.1C until 4.3 V", "until 2.6 V")
SERIES = [s for rate in RATES for s in (WINDOW[0], f"Discharge at {rate} {WINDOW[1]}")]
CYCLE = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 2.6 V"]

figure = Figure(figsize=(10.5, 3.0), layout="constrained")
axes = figure.subplots(1, 3)
for k, celsius in enumerate((0, 30, 60)):
    keys = {"temperature": f"{celsius} degC", "output.traces": "none"}
    rates, life = lm.run_many(
        lm.load_cell("ncm88_lpscl_liin", keys | {"protocol": protocol})
        for protocol in (SERIES, [{"repeat": 50, "steps": CYCLE}])
    )
    capacity = [cycle[CAPACITY] for cycle in rates.cycles]
    column = {key: [cycle[key] for cycle in life.cycles] for key in (CAPACITY, RESISTANCE)}
    shown = (f"{q:.0f} mAh/g at {rate}" for q, rate in zip(capacity, RATES, strict=True))
    print(f"{celsius:2} degC: {', '.join(shown)}")
    print(f"  efficiency of the first cycle {rates.cycles[0]['coulombic_efficiency']:.0%}")
    print(f"  left after 50 cycles {column[CAPACITY][-1] / column[CAPACITY][0]:.0%}")
    axes[0].plot(RATES, capacity, f"C{k}o-", label=f"{celsius} °C")
    axes[1].plot(column[CAPACITY], f"C{k}")
    axes[2].plot(column[RESISTANCE], f"C{k}")
axes[0].set(xlabel="Rate of discharge", ylabel="Capacity (mAh/g)")
axes[1].set(xlabel="Cycle at 0.5C", ylabel="Capacity (mAh/g)")
axes[2].set(xlabel="Cycle at 0.5C", ylabel="Interface, charged (ohm cm2)", ylim=(0, None))
axes[0].legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "17_temperature.png", dpi=150)
