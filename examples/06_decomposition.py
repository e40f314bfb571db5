"""The electrolyte as a source of stress: Figs. 3b, 3c and 8a of Song et al. 2021, computed.

Left, graphite with Li10GeP2S12 presses harder than with Li3PS4, for its products take room.
Middle, RuO2 takes no lithium: the stack shrinks as the sulfide around it is oxidised. Against
Li-In the growth of that electrode hides it. Right, the first charge of bare NCA: the
pressure falls faster at its start with a sulfide than with a chloride.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.observe.differential import difference
from lithomech.observe.pressiometry import signals_over_charge

OUT = Path("results")
MAH, KPA = 3.6, 1e3
graphite = lm.load_cell("ncm811_lpscl_graphite")
lto = lm.load_cell("ncm811_lpscl_lto")
ruo2 = lm.load_cell("ruo2_lpsx_lto")
indium = lm.load_cell("ncm811_li3ycl6_liin").anode


def first_charge(cell):
    """Run one charge; return the result and its pressure against charge."""
    result = lm.run(cell)
    return result, signals_over_charge(result.series)[0]


def with_electrolyte(electrode, name):
    """The same electrode, bare, with another electrolyte."""
    active = tuple(replace(a, coating=None) for a in electrode.active)
    electrolyte = replace(electrode.electrolyte, material=name)
    return replace(electrode, active=active, electrolyte=electrolyte)


figure = Figure(figsize=(9.6, 4.6), layout="constrained")
(v_gr, v_ru, v_nca), (p_gr, p_ru, p_nca) = panels = figure.subplots(2, 3, sharex="col")
area = graphite.geometry.cross_section * 1e4  # cm2

reference = first_charge(graphite.replace(anode=lto.anode, reference="li"))[1]
for name, label in (("li3ps4", "Li₃PS₄"), ("lgps", "Li₁₀GeP₂S₁₂")):
    anode = with_electrolyte(graphite.anode, name)
    result, signal = first_charge(graphite.replace(anode=anode))
    left = difference(signal, reference)
    rows = np.searchsorted(signal.along, left.along)
    charge = left.along / MAH / area
    v_gr.plot(charge, result.series.negative_potential[rows], label=label)
    p_gr.plot(charge, left.values / KPA)
    film = result.cycles[0]["anode_decomposition_mAh_per_cm2"]
    print(f"graphite in {name:7s}{left.values[-1] / KPA:5.0f} kPa, film {film:.3f} mAh/cm2")

for anode, label in ((ruo2.anode, "against LTO"), (indium, "against Li-In")):
    result, signal = first_charge(ruo2.replace(anode=anode))
    charge = 1e3 * signal.along / MAH / area
    v_ru.plot(charge, result.series.positive_potential[: charge.size], label=label)
    p_ru.plot(charge, signal.values / KPA)
    print(f"RuO2 {label}: {signal.values[-1] / KPA:.2f} kPa in {charge[-1]:.2f} uAh/cm2")

for name, label in (("li6ps5cl0.5br0.5", "Li₆PS₅Cl₀.₅Br₀.₅"), ("li3ycl6", "Li₃YCl₆")):
    cathode = with_electrolyte(lto.cathode, name)
    cathode = replace(cathode, active=(replace(cathode.active[0], material="nca"),))
    result, signal = first_charge(lto.replace(cathode=cathode))
    v_nca.plot(signal.along / MAH, result.series.voltage[: signal.along.size], label=label)
    p_nca.plot(signal.along / MAH, signal.values / KPA)
    start = np.interp(0.03 * MAH, signal.along, signal.values) / KPA / 0.03
    print(f"NCA in {name}: {start:.1f} kPa/mAh over the first 0.03 mAh")

names = ("graphite (Fig. 3b)", "RuO₂ (Fig. 3c)", "NCA (Fig. 8a)")
for column, name, unit in zip(panels.T, names, ("mAh/cm²", "µAh/cm²", "mAh"), strict=True):
    column[0].legend(frameon=False)
    column[0].set(ylabel="Potential (V vs Li/Li⁺)", title=name)
    column[1].set(xlabel=f"Charge ({unit})", ylabel="ΔP (kPa)")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "06_decomposition.png", dpi=200)
print(f"figure: {OUT / '06_decomposition.png'}")
