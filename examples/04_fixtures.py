"""One NCM811 | Li cell in four fixtures: Fig. 9 of Song et al. 2021, computed.

In a stiff frame the charge turns into stress, in a free stack or under a dead weight into
thickness; the contact that the cathode keeps falls with the pressure.
"""

from pathlib import Path

import lithomech as lm
from lithomech.cell.spec import ConstantPressure, Spring, Stiffness
from lithomech.studies.fixture import fixture_study

OUT = Path("results")


def frame(pressure, stiffness):
    """A spring: stack pressure [MPa], stiffness [MPa/um]."""
    return Spring(1e6 * pressure, Stiffness(1e12 * stiffness, "Pa/m"))


cell = lm.load_cell("ncm811_lpscl_li_spring")
study = fixture_study(
    cell,
    {
        "low, free\n1 MPa, 0.004 MPa/µm": frame(1.0, 0.004),
        "medium\n20 MPa, 0.4 MPa/µm": frame(20.0, 0.4),
        "high, dead weight\n60 MPa": ConstantPressure(60e6),
        "high, stiff\n60 MPa, 4 MPa/µm": frame(60.0, 4.0),
    },
)
print("fixture                    dP (MPa)  cathode  separator  lithium (um)  contact  cracks")
for case in study.cases:
    rise = (case.pressure[1] - case.pressure[0]) / 1e6
    grown = "  ".join(f"{1e6 * case.grown[k]:+8.3f}" for k in ("cathode", "separator", "anode"))
    shares = f"{100 * case.contact:8.1f} % {100 * case.crack_area:6.2f} %"
    print(f"{case.label.replace(chr(10), ', '):<28}{rise:+7.2f} {grown}  {shares}")
OUT.mkdir(exist_ok=True)
study.plot().savefig(OUT / "04_fixtures.png", dpi=200)
print(f"figure: {OUT / '04_fixtures.png'}")
