"""What does a battery management system learn from the stack pressure?

A cell that has lost contact and lithium, simulated in full, is followed by an unscented filter
on the fresh cell reduced to tables, with sensors that have noise and drift: by its voltage
alone, and with its stack pressure. The exported ``estimator.py`` needs numpy only.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.observe.estimator import Estimator, Guess, Sensors
from lithomech.studies.reduced import export_estimator, reduce_cell

OUT, BASE, CONTACT, LESS = Path("results"), "ncm811_lpscl_graphite", 0.5, 0.05
SLOW = ["Charge at 0.05C until 4.2 V", "Discharge at 0.05C until 2.5 V"]  # as in the tables
FULL = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.5 V"]
PULSES = {"repeat": 9, "steps": ["Discharge at 0.5C for 9 minutes", "Rest for 20 minutes"]}
COURSE = [*FULL, FULL[0], "Rest for 1 hour", PULSES]
SENSORS = {"V": Sensors(2e-3), "V + P": Sensors(2e-3, 5e3, 1e-3, 1e3, 5e3)}
GUESS = Guess(0.5, 0.3, 0.0, 0.1, 0.7, 1.0, 1e-2, 3e4, 2e5)
FRESH, AGED, COLOURS = "fresh", "aged", {"V": "#d55e00", "V + P": "#0072b2"}

reduced = reduce_cell(BASE, "4.2 V", "2.5 V")
OUT.mkdir(exist_ok=True)
export_estimator(reduced, OUT / "estimator.py")

worn = {"materials.ncm811.exchange_current_density.scale": CONTACT,
        "initial.cathode": 0.93 - LESS}  # fmt: skip
courses = {FRESH: {"protocol": [*SLOW, *SLOW]}, AGED: {**worn, "protocol": COURSE}}
runs = {name: lm.run(lm.load_cell(BASE, changes)) for name, changes in courses.items()}
passed = {
    name: np.concatenate([[0.0], np.cumsum(0.5 * (r.current[1:] + r.current[:-1])
                                           * np.diff(r.time))])
    for name, r in runs.items()
}  # fmt: skip


def held(side: str) -> np.ndarray:
    """Charge of the aged cell [C], by the lithium in one of its electrodes."""
    x = {k: r.profiles[f"{side}_stoichiometry"].mean(axis=(1, 2)) for k, r in runs.items()}
    new = runs[FRESH].series.cycle == 2
    q = passed[FRESH][new] - passed[FRESH][new].min()
    return np.polyval(np.polyfit(x[FRESH][new], q, 1), x[AGED])


truth, size, draw = runs[AGED], reduced.capacity, np.random.default_rng(4)
begin = truth.time[truth.series.cycle >= 2][0]
time = np.arange(begin + 60.0, truth.time[-1], 60.0)
volts = truth.series.columns["Positive Electrode Potential / V"]
volts = volts - truth.series.columns["Negative Electrode Potential / V"]
rows = [
    np.interp(time, truth.time, one) for one in (truth.current, volts, truth.stack_pressure)
]
rows[1] += draw.normal(0.0, 2e-3, time.size)
rows[2] += draw.normal(0.0, 5e3, time.size) + np.cumsum(draw.normal(0.0, 650.0, time.size))
real = {
    "state_of_charge": np.interp(time, truth.time, held("anode")) / size,
    "lost": np.interp(time, truth.time, held("cathode") - held("anode")) / size,
    "contact": np.full(time.size, CONTACT),
}
figure = Figure(figsize=(9.6, 3.2), layout="constrained")
panels = dict(zip(real, figure.subplots(1, 3), strict=True))
for name, sensors in SENSORS.items():
    step = Estimator(reduced, sensors, GUESS).step
    seen = [step(60.0, *map(float, row)) for row in zip(*rows, strict=True)]
    for key, panel in panels.items():
        values = np.array([getattr(one, key) for one in seen])
        error = np.sqrt(np.mean((values - real[key])[time.size // 4 :] ** 2))
        print(f"{name}, {key.replace('_', ' ')}: root mean square error {error:.3f}")
        panel.plot((time - begin) / 3600.0, values, color=COLOURS[name], label=name)
for key, panel in panels.items():
    panel.plot((time - begin) / 3600.0, real[key], "k--", lw=1.0, label="truth")
    panel.set(xlabel="Time (h)", ylabel=key.replace("_", " ").capitalize())
figure.legend(*panel.get_legend_handles_labels(), loc="outside upper left", ncols=3)
panels["lost"].set(ylabel="Lithium lost, share of the capacity", ylim=(-0.05, 0.4))
figure.savefig(OUT / "24_estimator.png", dpi=150)
