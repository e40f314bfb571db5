"""Which composition and which size of the electrolyte: what conducts, and what is in use.

NCM88 of 4 um in Li6PS5Cl of 4 and 1.9 um, pressed at 370 MPa. Song et al. 2021 (section 2.2)
take 98 % of the active material to be in use at 75:25 and a size ratio of 2.1. Writes
results/09_composition.png.
"""

from pathlib import Path

import lithomech as lm
from lithomech.studies.composition import composition_map

OUT = Path("results")

structure = lm.load_structure(
    "table3_70_30",
    [("box", "16 um"), ("seeds", "1"), ("voxel_size", "0.5 um")],
).replace(stack_pressures=(20e6,))
study = composition_map(
    structure, weights=(0.6, 0.75, 0.9), size_ratios=(1.0, 2.1), folder=OUT / "09_composition"
)

in_use = study.table("utilisation")[:, :, 0]
for i, weight in enumerate(study.weights):
    shown = ", ".join(
        f"{100 * in_use[i, j]:.0f} % at a size ratio of {ratio:g}"
        for j, ratio in enumerate(study.size_ratios)
    )
    print(f"{100 * weight:.0f} % active material: in use {shown}")
between = study.at("conductivity_ionic", weight=0.7, size_ratio=1.5, stack_pressure=20e6)
print(f"70 %, size ratio 1.5: ions {10 * between:.2f} mS/cm, between the points")

OUT.mkdir(exist_ok=True)
study.plot().savefig(OUT / "09_composition.png", dpi=200)
