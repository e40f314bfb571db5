"""Table 3 and Fig. 12 from grains: both carriers at three compositions and stack pressures.

Nothing is calibrated on the table of Song et al. 2021, which does not print the sizes of the
grains: 4 and 3 um are assumed. Writes results/08_table_3.png and prints the 18 pairs.
"""

from pathlib import Path

import numpy as np

import lithomech as lm
from lithomech.materials.load import load_transport_table
from lithomech.plot.structure import against_measurement

COMPOSITIONS = {"85:15": 0.85, "70:30": 0.70, "50:50": 0.50}

table = load_transport_table("song2021_ncm88_li6ps5cl")
results, measured = {}, {}
for name, weight in COMPOSITIONS.items():
    stem = f"table3_{name.replace(':', '_')}"
    structure = lm.load_structure(stem)
    # pieces are kept: a second run only draws
    results[name] = lm.press_structure(structure, folder=Path("results") / stem / "pieces")
    row = int(np.argmin(abs(table.weight_fraction - weight)))
    measured[name] = (table.pressure_Pa, table.tau2_ionic[row], table.tau2_electronic[row])

print("wt      P (MPa)   tau2 of ions: printed, here      tau2 of electrons: printed, here")
for name, result in results.items():
    ions = result.mean("tortuosity_factor_ionic")
    electrons = result.mean("tortuosity_factor_electronic")
    spread = result.deviation("tortuosity_factor_ionic")
    for k, pressure in enumerate(result.stack_pressures):
        at = int(np.argmin(abs(measured[name][0] - pressure)))
        spans = 100 * result.spanning_probability("electronic")[k]
        print(
            f"{name}   {pressure / 1e6:4.0f}   {measured[name][1][at]:13.2f} {ions[k]:7.2f} "
            f"± {spread[k]:4.2f}   {measured[name][2][at]:18.1f} {electrons[k]:8.1f}"
            f"   ({spans:.0f} % of the pieces conduct electrons)"
        )

exponents = {}
for name in ("85:15", "70:30"):
    result = results[name]
    tau2 = result.mean("tortuosity_factor_electronic")
    exponents[name] = -np.polyfit(np.log(result.stack_pressures), np.log(tau2), 1)[0]
    print(f"{name}: 1/tau2 of electrons rises as P^{exponents[name]:.2f}")

figure = against_measurement(results, measured)
Path("results").mkdir(exist_ok=True)
figure.savefig("results/08_table_3.png", dpi=200)
