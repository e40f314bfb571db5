"""Unit-carrying array types.

A law is annotated ``phi: Volt``; at run time ``Volt`` is just an array, so laws cost
nothing. The test-suite reads the unit back and checks every law dimensionally.
All values inside the package are in these SI units; conversion happens only at the
borders (material files, readers, command line).
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

Array = float | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit tag inside ``Annotated``; ``symbol`` is readable by pint."""

    symbol: str


Ratio = Annotated[Array, Unit("dimensionless")]
Second = Annotated[Array, Unit("s")]
PerSecond = Annotated[Array, Unit("1/s")]
Metre = Annotated[Array, Unit("m")]
MetrePerSecond = Annotated[Array, Unit("m/s")]
Kelvin = Annotated[Array, Unit("K")]
Volt = Annotated[Array, Unit("V")]
Newton = Annotated[Array, Unit("N")]
Pascal = Annotated[Array, Unit("Pa")]
KilogramPerM3 = Annotated[Array, Unit("kg/m^3")]
MolPerM3 = Annotated[Array, Unit("mol/m^3")]
M3PerMol = Annotated[Array, Unit("m^3/mol")]
Ampere = Annotated[Array, Unit("A")]
AmperePerM2 = Annotated[Array, Unit("A/m^2")]
OhmM2 = Annotated[Array, Unit("ohm*m^2")]
OhmM4PerCoulomb = Annotated[Array, Unit("ohm*m^4/C")]
RootSecondM2PerCoulomb = Annotated[Array, Unit("m^2*s^0.5/C")]
Siemens = Annotated[Array, Unit("S")]
SiemensPerM = Annotated[Array, Unit("S/m")]
M2PerSecond = Annotated[Array, Unit("m^2/s")]
PerMetre = Annotated[Array, Unit("1/m")]
JoulePerMol = Annotated[Array, Unit("J/mol")]
JoulePerM2 = Annotated[Array, Unit("J/m^2")]
PascalRootMetre = Annotated[Array, Unit("Pa*m^0.5")]
PascalPerMetre = Annotated[Array, Unit("Pa/m")]
JoulePerMolKelvin = Annotated[Array, Unit("J/mol/K")]
CoulombPerMol = Annotated[Array, Unit("C/mol")]
CoulombPerKilogram = Annotated[Array, Unit("C/kg")]
CoulombPerM2 = Annotated[Array, Unit("C/m^2")]
CoulombPerM3 = Annotated[Array, Unit("C/m^3")]
KilogramPerMol = Annotated[Array, Unit("kg/mol")]
