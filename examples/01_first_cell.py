"""Run one cell, look at what it says, change one thing, look again."""

from pathlib import Path

import lithomech as lm

OUT = Path("results")

cell = lm.load_cell("ncm88_lpscl_liin")
result = lm.run(cell)
print(f"{result.name}: {result.status} after {result.wall_time_s:.2f} s")

pressure = result.stack_pressure / 1e6  # arrays are in SI units
print(f"stack pressure {pressure.min():.2f} to {pressure.max():.2f} MPa")
for number, cycle in enumerate(result.cycles, start=1):
    print(
        f"cycle {number}: {cycle['discharge_capacity_mAh_per_g']:.1f} mAh/g, contact left at "
        f"the end of charge {100 * cycle['contact_fraction_end_of_charge']:.0f} %"
    )

# What moved the pistons? The ledger holds the thickness change of every layer by cause.
for (layer, cause), change in result.ledger.items():
    print(f"{1e6 * change.min():8.2f} to {1e6 * change.max():6.2f} um  {layer}: {cause}")

# Any key of the file can be changed, in the words of the file.
stiffer = lm.load_cell(
    "ncm88_lpscl_liin", [("fixture.stiffness", "4 MPa/um"), ("name", "stiffer")]
)
pressure = lm.run(stiffer).stack_pressure / 1e6
print(f"ten times stiffer: {pressure.min():.2f} to {pressure.max():.2f} MPa")

OUT.mkdir(exist_ok=True)
result.plot().savefig(OUT / "01_first_cell.png", dpi=200)
result.save(OUT / "01_first_cell.nc")  # lm.load_result reads it back
print(f"figure and result: {OUT / '01_first_cell'}.*")
