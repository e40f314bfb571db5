"""Values in the units that people use, as text."""

from typing import Final, NamedTuple

from lithomech.materials.material import SIProperty


class Shown(NamedTuple):
    """A unit to show values in: shown = SI value / size."""

    unit: str
    size: float


# By SI unit: from the largest to the smallest, the first that is not above the value counts.
_UNITS: Final[dict[str, tuple[Shown, ...]]] = {
    "Pa": (Shown("GPa", 1e9), Shown("MPa", 1e6), Shown("kPa", 1e3), Shown("Pa", 1.0)),
    "Pa/m": (Shown("MPa/µm", 1e12),),
    "S/m": (Shown("mS/cm", 0.1),),
    "kg/m^3": (Shown("g/cm³", 1e3),),
    "kg/mol": (Shown("g/mol", 1e-3),),
    "m^3/mol": (Shown("cm³/mol", 1e-6),),
    "A*s/kg": (Shown("mAh/g", 3600.0),),
    "A*s/m^2": (Shown("mAh/cm²", 36e3),),
    "A*s/m^3": (Shown("mAh/cm³", 3.6e6),),
    "A/m^2": (Shown("mA/cm²", 10.0),),
    "m": (Shown("mm", 1e-3), Shown("µm", 1e-6), Shown("nm", 1e-9), Shown("Å", 1e-10)),
    "m^2/s": (Shown("cm²/s", 1e-4),),
    "ohm*m^2": (Shown("Ω cm²", 1e-4),),
    "F/m^2": (Shown("µF/cm²", 0.01),),
    "J/mol": (Shown("kJ/mol", 1e3),),
    "J/m^2": (Shown("J/m²", 1.0),),
    "Pa*m^0.5": (Shown("MPa √m", 1e6),),
    "s": (Shown("h", 3600.0), Shown("s", 1.0)),
    "kg": (Shown("mg", 1e-6),),
    "dimensionless": (Shown("", 1.0),),
}
# Shares and strains read better in percent.
_PERCENT: Final = ("strain", "fraction", "_change", "loss", "relative_density", "mismatch")
_PERCENT_EXACT: Final = {"utilisation", "substituted_share", "void_occlusion"}
# Lattice constants are written in angstrom whatever their size.
_ANGSTROM: Final = {"lattice_a", "lattice_c"}
_OUTSIDE: Final = (1e-3, 1e5)  # numbers beyond are written with an exponent


def unit_of(name: str, value: float, unit: str) -> Shown:
    """Return the unit in which a value of a property reads best.

    Args:
        name: property.
        value: in SI units; the largest of several decides.
        unit: SI unit.
    """
    if name in _ANGSTROM:
        return Shown("Å", 1e-10)
    percent = name in _PERCENT_EXACT or any(word in name for word in _PERCENT)
    if unit == "dimensionless" and percent:
        return Shown("%", 0.01)
    known = _UNITS.get(unit, (Shown(unit, 1.0),))
    return next((shown for shown in known if abs(value) >= shown.size), known[-1])


def value_text(name: str, quantity: SIProperty) -> str:
    """Return a value with its unit, and its range where it has one."""
    if quantity.curve is not None:
        low, high = float(quantity.curve.y.min()), float(quantity.curve.y.max())
        shown = unit_of(name, max(abs(low), abs(high)), quantity.unit)
        text = f"table, {number(low / shown.size)} to {number(high / shown.size)}"
        return f"{text} {shown.unit}".rstrip()
    value = 0.0 if quantity.value is None else quantity.value
    shown = unit_of(name, value, quantity.unit)
    text = number(value / shown.size)
    if quantity.span is not None:
        low, high = (number(end / shown.size) for end in quantity.span)
        text += f" ({low} to {high})"
    return f"{text} {shown.unit}".rstrip()


def misprint(name: str, quantity: SIProperty) -> str:
    """Return what the source prints instead; "" where it prints what is right."""
    if quantity.printed is None:
        return ""
    shown = unit_of(name, quantity.value or quantity.printed, quantity.unit)
    return f"printed {number(quantity.printed / shown.size)} {shown.unit}".rstrip() + (
        f" ({quantity.erratum})"
    )


def number(value: float) -> str:
    """Return a number with up to five significant digits."""
    if value != 0.0 and not _OUTSIDE[0] <= abs(value) < _OUTSIDE[1]:
        return f"{value:.4g}"
    return f"{value:.5g}"


def words(name: str) -> str:
    """Return a property as a person says it."""
    return name.replace("_", " ").replace("youngs", "Young's").replace("poisson ", "Poisson ")
