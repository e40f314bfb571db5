"""What do silicon and tin do under 5 and 70 MPa?

NCM811 | Li6PS5Cl | silicon (or tin), two cycles at 0.1C. Silicon is crystalline as made: once,
lithium turns it amorphous behind a front, at a plateau near 0.1 V; later it slopes, and gives
its lithium back 0.2 to 0.3 V higher. Tin goes through its compounds. Both fill pores that they
do not give back, so that the stack pressure of the first cycle does not close; both also split
the electrolyte between them, across the way of the ions.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
METALS = {"si": "silicon", "sn": "tin"}
PRESSURES = {"5 MPa": "#d55e00", "70 MPa": "#0072b2"}


def charge(result: lm.CellResult) -> np.ndarray:
    """Charge passed since the start [mAh/cm2], positive on charge."""
    current = result.current / (result.cell.geometry.cross_section * 10.0)  # A/m2 in mA/cm2
    step = 0.5 * (current[1:] + current[:-1]) * np.diff(result.time) / 3600.0
    return np.concatenate([[0.0], np.cumsum(step)])


figure = Figure(figsize=(8.4, 7.8), layout="constrained")
axes = figure.subplots(3, 2, sharex="col")
for column, (metal, name) in enumerate(METALS.items()):
    for pressure, colour in PRESSURES.items():
        fixture = {"type": "spring", "pressure": pressure, "stiffness": "0.35 MPa/um"}
        result = lm.run(lm.load_cell(f"ncm811_lpscl_{metal}", {"fixture": fixture}))
        first, second = result.cycles[:2]
        print(
            f"{name:8} {pressure:>6}: {first['charge_capacity_mAh_per_g']:.0f} and "
            f"{first['discharge_capacity_mAh_per_g']:.0f} mAh/g, efficiency "
            f"{first['coulombic_efficiency']:.1%}, then {second['coulombic_efficiency']:.1%}; "
            f"swing {first['stack_pressure_swing_MPa']:.2f} MPa"
        )
        print(
            f"  electrolyte split at {first['anode_electrolyte_split_end']:.1%} of particles, "
            f"to {first['anode_electrolyte_crack_reach_end']:.2f} radii; ionic conductivity "
            f"left {first['anode_ionic_path_left_end']:.0%}"
        )
        passed = charge(result)
        potential = result.series.columns["Negative Electrode Potential / V"]
        rise = 1e-6 * (result.stack_pressure - result.stack_pressure[0])
        cracks = result.profiles["anode_electrolyte_crack_reach"].max(axis=(1, 2))
        for number, style in ((1, "-"), (2, "--")):
            part = result.series.cycle == number
            label = f"{pressure}, cycle {number}"
            axes[0, column].plot(
                passed[part], potential[part], style, color=colour, label=label
            )
            axes[1, column].plot(passed[part], rise[part], style, color=colour)
            axes[2, column].plot(passed[part], cracks[part], style, color=colour)
    axes[0, column].set(title=name.capitalize(), ylim=(0.0, 1.0))
    axes[2, column].set_xlabel("Charge (mAh/cm²)")
axes[0, 0].set_ylabel("Potential of the anode (V vs Li)")
axes[1, 0].set_ylabel("Change of stack pressure (MPa)")
axes[2, 0].set_ylabel("Radius of cracks over particles")
axes[0, 0].legend(frameon=False, fontsize="small")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "27_silicon_and_tin.png", dpi=150)
