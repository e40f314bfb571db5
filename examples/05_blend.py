"""LCO swells on charge, NCM811 shrinks: which blend holds the pressure?

Fig. 10e of Song et al. 2021 has LCO:NCM811 = 55:45 by weight; a digest of its source has the
other order. Both are run, and the flat blend is found by root search. Each material reaches
its own lithium content at 4.2 V, as the cell is simulated.
"""

from pathlib import Path

import lithomech as lm
from lithomech.studies.blend import flat_blend

OUT = Path("results")

study = flat_blend(lm.load_cell("lco_ncm811_lpscl_lto"), shares=(0.55, 0.45))
print("LCO share  pressure at end of charge  largest on the way (kPa)")
for share in sorted({0.0, 0.45, 0.55, 1.0, study.share}):
    end, largest = study.change(share) / 1e3, study.excursion(share) / 1e3
    print(f"{share:8.3f}  {end:+20.1f}  {largest:+20.1f}")
print(f"{study.status}: {study.reason}")
OUT.mkdir(exist_ok=True)
study.plot().savefig(OUT / "05_blend.png", dpi=200)
print(f"figure: {OUT / '05_blend.png'}")
