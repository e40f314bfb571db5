"""An anode-free cell beside one with 20 um of lithium: begin of plating, life, thickness.

The constants of the bare collector are assumed: what is drawn shows what they do, and how the
lithium that the cathode does not take back in its first cycle keeps such a cell alive.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
FREE = {"type": "anode_free", "collector": "sus"}
FOIL = {"type": "planar", "material": "li", "thickness": "20 um"}
CYCLES = 200


def cycled(anode: dict[str, str], rate: str, cycles: int, **more: object) -> lm.CellResult:
    """A cell that is charged and discharged at one rate."""
    steps = [f"Charge at {rate} until 4.3 V", f"Discharge at {rate} until 2.5 V"]
    protocol = [{"repeat": cycles, "steps": steps}]
    changes = {"anode": anode, "protocol": protocol, **more}
    return lm.run(lm.load_cell("ncm811_lpscl_anode_free", changes))


figure = Figure(figsize=(11.0, 3.6), layout="constrained")
begin, life, thickness = figure.subplots(1, 3)
for rate in ("C/20", "0.1C", "0.2C"):
    one = cycled(FREE, rate, 1)
    columns = one.series.columns
    charged = one.series.charge_throughput / one.cell.geometry.cross_section / 36.0
    potential = 1e3 * columns["Negative Electrode Potential / V"]
    first = (columns["Current / A"] > 0.0) & (charged < 500.0)
    begin.plot(charged[first], potential[first], label=f"{rate}: {one.status}")
    print(f"first charge at {rate}: {one.status}, down to {np.nanmin(potential):.0f} mV")
begin.set(xlabel="Charge (µAh/cm²)", ylabel="Anode potential (mV against lithium)")
begin.legend(frameon=False)

kinds = [(FREE, share, f"anode-free, {share} left behind") for share in ("2 %", "10 %")]
for anode, share, label in (*kinds, (FOIL, "0 %", "20 µm of lithium")):
    of_collector = {"materials": {"sus": {"inactive_share": share}}} if anode is FREE else {}
    long = cycled(anode, "0.1C", CYCLES, **of_collector)
    kept = [cycle["discharge_capacity_mAh_per_g"] for cycle in long.cycles]
    style = "k--" if anode is FOIL else "-"
    life.plot(np.arange(len(kept)) + 1, kept, style, label=label)
    print(f"{label}: {kept[0]:.0f} mAh/g, {long.status}: {len(kept)} cycles, {kept[-1]:.0f}")
life.set(xlabel="Cycle", ylabel="Discharge capacity (mAh/g)", ylim=(0, 300))
life.legend(frameon=False, loc="upper right")

one = cycled(FREE, "0.1C", 1)
layer = 1e6 * sum(rows for (place, _), rows in one.ledger.items() if place != "separator")
hours = one.series.columns["Test Time / s"] / 3600.0
for layers in (10, 20, 30):
    thickness.plot(hours, layers * layer, label=f"{layers} layers")
    print(f"a stack of {layers} layers breathes by {layers * np.ptp(layer):.0f} um")
thickness.set(xlabel="Time (h)", ylabel="Growth of the stack (µm)")
thickness.legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "22_anode_free.png", dpi=150)
