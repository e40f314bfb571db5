"""State of charge from the stack pressure at n/p of 1.2, 1.4 and 1.7.

As in Fig. 11 of Song et al. 2021: graphite's own pressure is that of the full cell less that
of NCM811 | LTO, in the second cycle. Its slope is least at one lithium content, hence at a
later charge the more graphite there is. Both cells get 5 kPa of noise and steps of 7.4 kPa.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm
from lithomech.observe.differential import difference, slope
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.observe.state_of_charge import milestones, state_of_charge
from lithomech.observe.timeseries import TimeSeries

FULL, OUT = "ncm811_lpscl_graphite", Path("results")
NOISE, STEP, DRAWS, PRESSURE = 5e3, 7.4e3, 25, "Surface Pressure / Pa"  # Pa
RANDOM = np.random.default_rng(11)


def as_measured(series):
    """The same series through a noisy load cell with a coarse readout."""
    noisy = series.stack_pressure + NOISE * RANDOM.standard_normal(len(series))
    return TimeSeries({**series.columns, PRESSURE: STEP * np.round(noisy / STEP)})


def graphite_signals(full, reference):
    """Charge and discharge of the second cycle, less the cell with LTO."""
    pairs = zip(signals_over_charge(full), signals_over_charge(reference), strict=True)
    return [difference(*pair) for pair in pairs if pair[0].cycle == 2]


def state(curve, along):
    """True state of charge [%] of a place along a half cycle."""
    done = along / curve.signal.along[-1]
    return 100.0 * (done if curve.signal.is_charge else 1.0 - done)


lto = lm.load_cell("ncm811_lpscl_lto").anode
further = [("protocol[0].steps[0]", "Charge at 0.1C until 4.3 V")]  # past the full cell's end
reference = lm.run(lm.load_cell(FULL, further).replace(anode=lto, reference="li")).series
figure = Figure(figsize=(9.6, 5.4), layout="constrained")
panels = figure.subplots(3, 3, sharex="col", sharey="row")

print(" n/p  efficiency  charge at minimum  worst and median error of the state of charge")
for column, ratio in zip(panels.T, ("1.2", "1.4", "1.7"), strict=True):
    result = lm.run(lm.load_cell(FULL, [("anode.n_p_ratio", ratio)]))
    clean = [slope(signal) for signal in graphite_signals(result.series, reference)]
    known = [milestones(s) for s in clean]
    read = []
    for _ in range(DRAWS):
        seen = graphite_signals(as_measured(result.series), as_measured(reference))
        for number, (signal, marks) in enumerate(zip(seen, known, strict=True)):
            for reading in state_of_charge(slope(signal), marks):
                true = state(clean[number], reading.place)
                read.append((true, 100.0 * reading.state_of_charge))
    errors = np.abs(np.diff(read))
    minimum = min(clean[0].extrema(), key=lambda e: e.slope)  # the deepest
    efficiency = 100.0 * result.cycles[0]["coulombic_efficiency"]
    print(f" {ratio}  {efficiency:8.1f} %  {minimum.place / 3.6:12.2f} mAh"
          f"        {errors.max():.1f} and {np.median(errors):.1f} %")  # fmt: skip
    looks = (("C0", "charge", 0.0), ("C1", "discharge", clean[0].signal.values[-1]))
    for signal, curve, (look, name, offset) in zip(seen, clean, looks, strict=True):
        known_state, pressure = state(curve, signal.along), (signal.values + offset) / 1e3
        column[0].plot(known_state, pressure, ".", ms=2, color=look, label=name)
        column[1].plot(state(curve, curve.along), curve.slope * 3.6 / 1e3, color=look)
        flattest = min(curve.extrema(), key=lambda e: abs(e.slope))
        column[1].plot(state(curve, flattest.place), flattest.slope * 3.6 / 1e3, "ro", ms=5)
    column[0].set_title(f"n/p = {ratio}")
    column[2].plot(*np.array(read).T, "C2.", [0, 100], [0, 100], "k:", ms=4, lw=1)
    column[2].set_xlabel("State of charge (%)")
panels[0, 0].legend(frameon=False, markerscale=4)
for axes, name in zip(panels[:, 0], ("ΔP (kPa)", "dP/dQ (kPa/mAh)", "read (%)"), strict=True):
    axes.set_ylabel(name)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "07_state_of_charge.png", dpi=200)
