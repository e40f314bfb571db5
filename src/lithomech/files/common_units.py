"""The units that most files are made of, with exact factors; all others are left to pint."""

from typing import Final, NamedTuple


class Line(NamedTuple):
    """value in SI = value multiplier / divisor + offset; decimal factors stay exact."""

    si: str
    multiplier: float = 1.0
    divisor: float = 1.0
    offset: float = 0.0


COMMON_UNITS: Final[dict[str, Line]] = {
    "": Line(""),
    "%": Line("", divisor=100.0),
    "Pa": Line("Pa"),
    "MPa": Line("Pa", 1e6),
    "GPa": Line("Pa", 1e9),
    "Pa/m": Line("Pa/m"),
    "MPa/um": Line("Pa/m", 1e12),
    "N/m": Line("N/m"),
    "K": Line("K"),
    "degC": Line("K", offset=273.15),
    "V": Line("V"),
    "mV": Line("V", divisor=1e3),
    "A": Line("A"),
    "mA": Line("A", divisor=1e3),
    "A/m^2": Line("A/m^2"),
    "mA/cm2": Line("A/m^2", 10.0),
    "A/kg": Line("A/kg"),
    "mA/g": Line("A/kg"),
    "A*s": Line("A*s"),
    "mAh": Line("A*s", 3.6),
    "A*s/m^2": Line("A*s/m^2"),
    "mAh/cm2": Line("A*s/m^2", 36e3),
    "W": Line("W"),
    "s": Line("s"),
    "min": Line("s", 60.0),
    "minute": Line("s", 60.0),
    "minutes": Line("s", 60.0),
    "h": Line("s", 3600.0),
    "hour": Line("s", 3600.0),
    "hours": Line("s", 3600.0),
    "Hz": Line("Hz"),
    "mHz": Line("Hz", divisor=1e3),
    "kHz": Line("Hz", 1e3),
    "MHz": Line("Hz", 1e6),
    "m": Line("m"),
    "mm": Line("m", divisor=1e3),
    "um": Line("m", divisor=1e6),
    "nm": Line("m", divisor=1e9),
    "kg": Line("kg"),
    "mg": Line("kg", divisor=1e6),
    "kg/m^2": Line("kg/m^2"),
    "mg/cm2": Line("kg/m^2", divisor=100.0),
}
