"""Particles of NCM88 that crack on their first charge: Figs. 4a-c, 4f, 4g, 5 and 6e.

Above, sections as made, charged and discharged: random grains in a liquid and in a sulfide,
radial rods and one crystal in the sulfide. Below, cracks over the potential, the apparent
diffusivity, and how long a constant current lasts. Small particles, to be quick.
"""

from pathlib import Path

from matplotlib.figure import Figure

from lithomech.particle.fracture import crack_particle
from lithomech.particle.section import canvas
from lithomech.particle.spec import load_particle
from lithomech.plot.particle import micrograph

OUT = Path("results")
SMALL = [("diameter", "2.4 um"), ("grains.diameter", "0.6 um"), ("increments", "8")]
ONE = [("grains.diameter", "2.4 um")]
FINE = [("grains.diameter", "0.5 um"), ("voxel_size", "80 nm")]
CASES = {
    "random, liquid": ("ncm88_random", [*SMALL, ("surroundings", "liquid")], "#d55e00"),
    "random, sulfide": ("ncm88_random", SMALL, "#0072b2"),
    "rods, sulfide": ("ncm88_textured", [*SMALL, *FINE], "#009e73"),
    "one crystal, sulfide": ("ncm88_single_crystal", [*SMALL, *ONE], "#444444"),
}

figure = Figure(figsize=(10.0, 7.4), layout="constrained")
grid = figure.add_gridspec(2, 1, height_ratios=(1.5, 1.0))
above = grid[0].subgridspec(2, 6).subplots()
cracks, diffusion, discharge = grid[1].subgridspec(1, 3).subplots()

for number, (name, (file, settings, colour)) in enumerate(CASES.items()):
    found = crack_particle(load_particle(file, settings))
    drawn = canvas(found.labels, found.axes)
    for column, moment in enumerate(found.moments):
        axes = above[number // 2, 3 * (number % 2) + column]
        axes.imshow(micrograph(found, moment, drawn), cmap="gray", vmin=0.0, vmax=1.0)
        axes.set_axis_off()
        share = 100.0 * found.at("crack_fraction", moment.half_cycles)
        axes.set_title(f"{name}\n{moment.name}: {share:.1f} %", fontsize=8.0)
    rows = found.by_increment
    first = rows["half_cycles"] <= 1.0
    cracks.plot(rows["potential"][first], 100.0 * rows["crack_fraction"][first], color=colour)
    seen = found.diffusion["half_cycles"] <= 1.0
    potential, D = found.diffusion["potential"][seen], found.diffusion["diffusivity"][seen]
    diffusion.semilogy(potential, D, "o-", color=colour, markersize=3, label=name)
    currents, times = found.discharge
    discharge.loglog(3600.0 * currents, times / 3600.0, color=colour)
    opened = [100.0 * found.at(what, 1) for what in ("crack_fraction", "gap_fraction")]
    print(
        f"{name:22s} {len(found.axes):3d} grains, cracks {opened[0]:.2f} %, "
        f"gap {opened[1]:.2f} %, D from {D[0]:.2f} to {D[-1]:.2f} D_a"
    )

cracks.set_xlabel("Potential (V)")
cracks.set_ylabel("Cracks in the particle (%)")
diffusion.set_xlabel("Potential (V)")
diffusion.set_ylabel("Apparent D over that in the layers")
diffusion.legend(fontsize=7.0)
for slope, style in ((-1, "--"), (-2, ":")):
    lasting = [0.01 * (current / 100.0) ** slope for current in (10.0, 1000.0)]
    discharge.loglog((10.0, 1000.0), lasting, style, color="#999999", label=f"slope {slope}")
discharge.set_ylim(3e-4, 0.2)
discharge.legend(fontsize=7.0)
discharge.set_xlabel("Current (particles per hour)")
discharge.set_ylabel("Discharge time (h)")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "11_particle_that_cracks.png", dpi=150)
