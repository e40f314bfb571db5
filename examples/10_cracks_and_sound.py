"""Cracks seen in a section and heard over the cycles: Figs. 4d, 4h and 4i of Song et al. 2021.

Left, a section with particles, their cracks and their contact with the electrolyte. Middle,
hits of three bands under the voltage of a cell. Both files are made up, with known cracks and
bands. Right, equal steps of the crack damage of a simulated cell, as one would hear them, over
five cycles: all of it comes with the first charge to 4.3 V.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.files.picture import read_grey
from lithomech.observe.acoustic import acoustic, damage_activity
from lithomech.observe.cracks import cracks
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.hits import read_hits

OUT = Path("results")
COLOURS = ("#0072b2", "#d55e00", "#009e73")

section = cracks(read_grey("measured/section.png"))
listened = read_series("measured/hits_cell.csv")
heard = acoustic(read_hits("measured/hits.pridb"), 3, listened)
result = lm.run(lm.load_cell("ncm88_lpscl_liin", [("protocol[0].repeat", "5")]))
damage = np.nanmean(result.profiles["cathode_crack_damage"], axis=(1, 2))
simulated = damage_activity(result.series, damage, result.name)

figure = Figure(figsize=(10.5, 3.4), layout="constrained")
left, middle, right = figure.subplots(1, 3)
seen = np.repeat(section.picture[..., None] / 255.0, 3, axis=2)
seen[section.cracks] = (0.84, 0.37, 0.0)
seen[section.contact] = (0.0, 0.45, 0.7)
left.imshow(np.clip(seen, 0.0, 1.0))
left.set_axis_off()
left.set_title(
    f"{100 * section.fraction:.1f} % cracks, {100 * section.contact_fraction:.0f} % contact"
)
for band, colour in enumerate(COLOURS):
    time, count = heard.cumulative(band)
    middle.step(time / 3600, count, color=colour, label=f"band {band + 1}")
middle.set_xlabel("Time (h)")
middle.set_ylabel("Cumulative hits")
middle.legend(loc="upper left")
volts = middle.twinx()
volts.plot(listened.time / 3600, listened.voltage, color="0.6", lw=0.9)
volts.set_ylabel("Voltage (V)")
time, count = simulated.cumulative(0)
right.step(time / 3600, 100 * count / count[-1], color=COLOURS[0])
volts = right.twinx()
volts.plot(result.time / 3600, result.voltage, color="0.6", lw=0.9)
volts.set_ylabel("Voltage (V)")
right.set_xlabel("Time (h)")
right.set_ylabel("Crack damage (% of that after five cycles)")

first = np.mean(simulated.cycle == simulated.cycle.min())
print(f"{section.count} particles, {100 * section.fraction:.2f} % cracks")
print(f"hits of the bands: {', '.join(str(int(np.sum(heard.band == k))) for k in range(3))}")
print(f"{100 * first:.0f} % of the simulated damage comes in the first cycle")
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "10_cracks_and_sound.png", dpi=200)
print(f"figure: {OUT / '10_cracks_and_sound.png'}")
