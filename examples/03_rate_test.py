"""The t_d-I test: slope -1 where a discharge fills the particles, near -2 where it cannot."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import lithomech as lm

OUT = Path("results")


def discharges(result):
    """Return current [A] and duration [s] of every discharge."""
    series, found = result.series, []
    for step in np.unique(series.step):
        rows = series.step == step
        current = float(np.median(series.current[rows]))
        if current < 0.0:  # charge is positive
            found.append((-current, float(np.ptp(series.time[rows]))))
    return np.array(found).T


result = lm.run(lm.load_cell("rate_test_td_i"))
current, duration = discharges(result)
slope = np.diff(np.log(duration)) / np.diff(np.log(current))

print("      mA         s   slope to the next")
for amperes, seconds, steepness in zip(current, duration, [*slope, np.nan], strict=True):
    print(f"{1e3 * amperes:8.3f}  {seconds:8.0f}   {steepness:.2f}")

figure = Figure(figsize=(4.6, 3.8), layout="constrained")
axes = figure.subplots()
axes.loglog(1e3 * current, duration, "o-", label="simulated")
axes.loglog(1e3 * current, duration[0] * current[0] / current, "k:", label="slope −1")
last = duration[-1] * (current[-1] / current) ** 2
axes.loglog(1e3 * current[3:], last[3:], "k--", label="slope −2")
axes.set(xlabel="Current (mA)", ylabel="Discharge time (s)")
axes.legend(frameon=False)
OUT.mkdir(exist_ok=True)
figure.savefig(OUT / "03_rate_test.png", dpi=200)
print(f"figure: {OUT / '03_rate_test.png'}")
