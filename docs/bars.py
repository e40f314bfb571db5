"""Bars of grains pulled until they break: where the strength of boundaries comes from.

The micro-tension test of Sedlatschek and others (2026) in the voxel model: bars of 2.7 x 0.5 x
1.3 um with grains of 0.6 um, cut out of secondary particles of NMC811, broke at 745 MPa, along
their boundaries. Which strength and energy of one boundary make them do so? Several seeds of
each pair; the voxels have to resolve the zone in which a boundary opens.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from lithomech.particle.bar import pull_bar, weibull
from lithomech.particle.spec import load_particle

OUT = Path(__file__).parent / "images" / "bars.png"
MEASURED, SEEDS = 745e6, 2  # Pa
SPEC = {"material": "ncm811", "diameter": "2.7 um", "grains": {"diameter": "0.6 um"}}
CASES = {  # GPa, J/m2, nm
    "0.85 GPa, 0.5 J/m2": (0.85, 0.5, 60, "#0072b2"),
    "0.85 GPa, 0.26 J/m2": (0.85, 0.26, 60, "#009e73"),
    "1.15 GPa, 0.5 J/m2": (1.15, 0.5, 60, "#d55e00"),
    "0.85 GPa, 0.5 J/m2, 45 nm": (0.85, 0.5, 45, "#444444"),
}

figure = Figure(figsize=(5.4, 3.8), layout="constrained")
axes = figure.subplots()
axes.axhline(MEASURED / 1e6, color="#999999", linestyle="--", label="measured, 745 MPa")
for name, (strength, energy, voxel, colour) in CASES.items():
    constants = {
        "boundary_strength": f"{strength} GPa",
        "boundary_energy": f"{energy} J/m2",
    }
    pulled = []
    for seed in range(SEEDS):
        given = {"voxel_size": f"{voxel} nm", "seed": seed, "materials": {"ncm811": constants}}
        pulled.append(pull_bar(load_particle(SPEC | given)))
    found = np.array([bar.strength for bar in pulled])
    for number, bar in enumerate(pulled):
        label = name if number == 0 else None
        axes.plot(100 * bar.strain, bar.stress / 1e6, color=colour, lw=0.9, label=label)
    first = pulled[0]
    modulus = first.stress[1] / first.strain[1] / 1e9
    print(
        f"{name:26s} bars break at {weibull(found).scale / 1e6:4.0f} MPa "
        f"({found.min() / 1e6:.0f} to {found.max() / 1e6:.0f}); E of the bar {modulus:.0f} GPa"
    )

axes.set_xlabel("Strain of the bar (%)")
axes.set_ylabel("Force over its section (MPa)")
axes.legend(fontsize=7.0)

figure.savefig(OUT, dpi=150)
