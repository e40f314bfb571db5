"""The pressure window: too little loses contact, too much splits the separator.

Lithium on both sides: twenty cycles of an hour each way, for two pellets (C3 and C4: the
deepest flaw that faces the lithium is 0.35 um, or 35 um) and two temperatures. Creep feeds the
interface and needs pressure; pressure also opens flaws. Then a separator of 30 um with an open
pore, over temperature: both walls go down as it warms. Last, NCM88 against Li-In, which has
neither voids nor shorts: its cathode loses contact, its pellet splits at the electrodes' rim.
"""

from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

import lithomech as lm
from lithomech.studies.findings import boundary
from lithomech.studies.window import region_of

OUT = Path("results")
COLOURS = {
    "voids": "#cc79a7", "contact lost": "#b0578d", "stable": "#009e73", "too fast": "#56b4e9",
    "void short": "#d55e00", "flaw short": "#e69f00", "creep short": "#0072b2",
    "fracture": "#000000", "infeasible": "#999999",
}  # fmt: skip
CELLS = {
    "Li, flaw 0.35 um, 25 °C": ("lithium_window", {}),
    "Li, flaw 35 um, 25 °C": ("lithium_window", {"separator.flaw": "35 um"}),
    "Li, flaw 0.35 um, 60 °C": ("lithium_window", {"temperature": "60 degC"}),
    "Li, 30 um, pore 0.25 um, 1 mA/cm2": ("lithium_temperature_window", {}),
    "NCM88 | Li-In, flaw 35 um": ("liin_window", {}),
}


def place(study, point: tuple) -> list[float]:
    """Stack pressure [MPa], and current density [mA/cm2] (1C on 1 cm2) or temperature."""
    return [axis.place(value) for axis, value in zip(study.axes, point, strict=True)]


figure = Figure(figsize=(16.0, 4.2), layout="constrained")
for axes, (name, (study, more)) in zip(figure.subplots(1, 5), CELLS.items(), strict=True):
    window = lm.load_study(study)
    window = replace(window, set={**window.set, **more})
    found = lm.run_study(window)
    print(f"{name}: {found.reason}")
    print(*(f"  {answer}" for answer in found.answers), sep="\n")
    for member in found.members():
        colour = COLOURS[region_of(window, member)]
        axes.plot(*place(window, member.point), "o", color=colour, ms=3)
    for one in boundary(found):
        axes.plot(*place(window, one.low), "k.", ms=1.5)
    axes.set(title=name, xlabel="Stack pressure (MPa)", xscale="log")
    axes.set_yscale("log" if window.axes[1].log else "linear")
figure.axes[0].set_ylabel("Current density (mA/cm2)")
figure.axes[3].set_ylabel("Temperature (°C)")
for region, colour in COLOURS.items():
    figure.axes[0].plot([], [], "o", color=colour, label=region)
figure.legend(loc="outside lower center", ncols=9, frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "20_pressure_window.png", dpi=150)
