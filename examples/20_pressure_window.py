"""The pressure window of lithium: too little leaves voids, too much splits the separator.

Twenty cycles of an hour each way between two lithium foils, for two pellets (C3 and C4: the
deepest flaw that faces the lithium is 0.35 um, or 35 um) and two temperatures. Creep feeds the
interface and needs pressure; pressure also opens flaws.
"""

from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm
from lithomech.studies.findings import boundary

OUT = Path("results")
COLOURS = {"voids": "#b0578d", "stable": "#009e73", "short": "#d55e00"}
CELLS = {
    "flaw 0.35 um, 25 °C": {},
    "flaw 35 um, 25 °C": {"separator.flaw": "35 um"},
    "flaw 0.35 um, 60 °C": {"temperature": "60 degC"},
}


def place(point: tuple) -> list[float]:
    """Stack pressure [MPa] and current density [mA/cm2]: 1C for an hour on 1 cm2."""
    return [axis.place(value) for axis, value in zip(window.axes, point, strict=True)]


figure = Figure(figsize=(10.5, 3.6), layout="constrained")
for axes, (name, more) in zip(figure.subplots(1, 3, sharey=True), CELLS.items(), strict=True):
    window = lm.load_study("lithium_window")
    window = replace(window, set={**window.set, **more})
    found = lm.run_study(window)
    print(f"{name}: {found.reason}")
    print(*(f"  {answer}" for answer in found.answers), sep="\n")
    for member in found.members():
        share = member.outputs["lithium_contact_fraction_min"]
        voids = member.status == "completed" and share < 0.5
        region = "voids" if voids else "stable" if member.status == "completed" else "short"
        axes.loglog(*place(member.point), ".", color=COLOURS[region], ms=4)
    for one in boundary(found):
        axes.loglog(*place(one.low), "k.", ms=2)
    axes.set(title=name, xlabel="Stack pressure (MPa)")
figure.axes[0].set_ylabel("Current density (mA/cm2)")
for region, colour in COLOURS.items():
    figure.axes[0].plot([], [], "o", color=colour, label=region)
figure.axes[0].legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "20_pressure_window.png", dpi=150)
