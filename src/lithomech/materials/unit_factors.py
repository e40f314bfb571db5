"""Exact factors of the units in the packaged files, so that loading needs no unit registry."""

import math
from typing import Final

FACTORS: Final[dict[tuple[str, str], float]] = {
    ("GPa", "Pa"): 1e9,
    ("MPa", "Pa"): 1e6,
    ("MPa/um", "Pa/m"): 1e12,
    ("g/cm^3", "kg/m^3"): 1e3,
    ("g/mol", "kg/mol"): 1e-3,
    ("cm^3/mol", "m^3/mol"): 1e-6,
    ("mAh/g", "A*s/kg"): 3600.0,
    ("S/cm", "S/m"): 100.0,
    ("mS/cm", "S/m"): 0.1,
    ("mA/cm^2", "A/m^2"): 10.0,
    ("um", "m"): 1e-6,
    ("h", "s"): 3600.0,
    ("kJ/mol", "J/mol"): 1e3,
    ("MPa*m^0.5", "Pa*m^0.5"): 1e6,
    ("ohm*cm^2", "ohm*m^2"): 1e-4,
    ("uF/cm^2", "F/m^2"): 0.01,
    ("cm^2/s", "m^2/s"): 1e-4,
    ("mm", "m"): 1e-3,
    ("mg", "kg"): 1e-6,
    ("mAh/cm^2", "A*s/m^2"): 36000.0,
    ("mol/l", "mol/m^3"): 1e3,
    ("1/h", "1/s"): 1.0 / 3600.0,
    ("nm", "m"): 1e-9,
    ("deg", "rad"): math.pi / 180.0,
    ("mAh/cm^3", "A*s/m^3"): 3.6e6,
}
