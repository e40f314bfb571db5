"""Lithium against lithium, as in Fig. 10a to d: too little pressure leaves voids, and a short.

What feeds the interface under stripping is set on one map of critical currents (case C2), the
flaw that plating splits on one cell at 3 MPa (C3), the speed of its crack on another (C4).
"""

from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")
TESTS = (("1 mA/cm2", 3), ("1 mA/cm2", 7), ("2 mA/cm2", 7))
SIDES = {"Positive": "stripped first", "Negative": "plated first"}


def test(current: str, pressure: int, **more: str) -> lm.CellResult:
    """A hundred cycles of an hour each way."""
    hours = [f"Strip at {current} for 1 h", f"Plate at {current} for 1 h"]
    return lm.run(
        lm.load_cell(
            "li_lpscl_li",
            {
                "fixture.pressure": f"{pressure} MPa",
                "mechanisms": {"interphase": "none"} | more,
                "protocol": [{"repeat": 100, "steps": hours}],
            },
        )
    )


figure = Figure(figsize=(10.5, 6.0), layout="constrained")
panels = figure.subplots(2, 3)
for above, below, (current, pressure) in zip(*panels, TESTS, strict=True):
    seen, whole = test(current, pressure), test(current, pressure, separator_crack="none")
    contact = [cycle["lithium_contact_fraction_min"] for cycle in whole.cycles]
    print(f"{current} at {pressure} MPa: {seen.status} in cycle {len(seen.cycles)}")
    ends = f"{contact[0]:.0%} (cycle 1), {contact[-1]:.0%} ({len(contact)})"
    print(f"  without a flaw, contact left {ends}")
    columns = seen.series.columns
    for side, label in SIDES.items():
        potential = 1e3 * columns[f"{side} Electrode Potential / V"]
        above.plot(columns["Test Time / s"] / 3600.0, potential, label=label, lw=0.8)
    above.set(title=f"{current}, {pressure} MPa: {seen.status}", xlabel="Time (h)")
    below.plot(range(1, len(contact) + 1), contact, "C2")
    below.set(xlabel="Cycle, without a flaw", ylim=(0, 1))
panels[0, 0].set_ylabel("Potential (mV against lithium)")
panels[1, 0].set_ylabel("Lowest contact left")
panels[0, 0].legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "19_lithium_pressure.png", dpi=150)
