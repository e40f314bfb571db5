"""Which stack pressure does a cell with a lithium anode need, at which current?

Below the pressure at which lithium creeps as fast as it is stripped, voids grow; above a
current it shorts. The study file says what is varied, what counts as voids, and how fine the
boundaries are; `lithomech study which_pressure` runs it, too. The cathode asks for more.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.studies.findings import boundary

OUT, AREA = Path("results"), np.pi * 0.5**2  # cm2, of the cell
CONTACT, CAPACITY = "contact_fraction_end_of_charge", "discharge_capacity_mAh_per_g"
COLOURS = {"voids": "#b0578d", "stable": "#009e73", "short": "#d55e00"}

study = lm.load_study("which_pressure")
window = lm.run_study(study)
print(window.reason)
print(*window.answers, sep="\n")


def numbers(point):
    """Pressure [MPa] and current density [mA/cm2] of a member."""
    pressure, current = (axis.place(v) for axis, v in zip(study.axes, point, strict=True))
    return pressure, current / AREA


# the same factors, line by line: what the cathode makes of the pressure
lines = lm.load_study(
    {
        "base": "ncm811_lpscl_li_spring",
        "set": {"fixture": {"type": "constant_pressure", "pressure": "10 MPa"},
                "protocol": list(study.set["protocol"])},
        "vary": {"fixture.pressure": {"from": "0.3 MPa", "to": "100 MPa", "scale": "log"},
                 "rate_capacity": ["0.25 mAh", "0.5 mAh", "1 mAh"]},
        "outputs": [CAPACITY, CONTACT],
    }
)  # fmt: skip
sweep = lm.run_study(lines)
pressure, current = sweep.column("fixture.pressure"), sweep.column("rate_capacity") / AREA
capacity = sweep.column(CAPACITY)

figure = Figure(figsize=(8.4, 3.4), layout="constrained")
left, right = figure.subplots(1, 2)
for one in boundary(window):
    ends = np.array([numbers(one.low), numbers(one.high)])
    left.plot(*np.sqrt(ends[0] * ends[1]), "ko", ms=4.5)
for member, lithium in zip(window.members(), window.column("status"), strict=True):
    share = member.outputs["lithium_contact_fraction_min"]
    region = "short" if lithium == "short" else "voids" if share < 0.9 else "stable"
    left.plot(*numbers(member.point), ".", color=COLOURS[region], ms=3)
for region, colour in COLOURS.items():
    left.plot([], [], "o", color=colour, label=region)
left.set(xscale="log", yscale="log", xlabel="Stack pressure (MPa)")
left.set(ylabel="Current density (mA/cm²)", title="Lithium: strips without voids?")
for rate in np.unique(current):
    on = (current == rate) & np.isfinite(capacity)
    right.semilogx(pressure[on], capacity[on], "o-", label=f"{rate:.2f} mA/cm²")
    needed = np.interp(0.9 * capacity[on].max(), capacity[on], pressure[on])
    print(f"{rate:.2f} mA/cm2: 90 % of the highest capacity from {needed:.0f} MPa on")
right.set(xlabel="Stack pressure (MPa)", ylabel="Discharge capacity (mAh/g)")
right.set(title="Cathode: contact costs pressure")
left.set_yticks((0.3, 0.5, 1.0, 2.0, 3.0), ("0.3", "0.5", "1", "2", "3"))
left.set_yticks((), minor=True)
for axes in (left, right):
    axes.set_xticks((0.3, 1.0, 3.0, 10.0, 30.0, 100.0), ("0.3", "1", "3", "10", "30", "100"))
left.legend(loc="lower right")
right.legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "18_which_pressure.png", dpi=150)
