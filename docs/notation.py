"""Writes docs/notation.md: every symbol of laws/ with its unit and meaning.

python docs/notation.py            writes the page
python docs/notation.py --check    fails when the page is not what the laws say
"""

import inspect
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import lithomech.constants
import lithomech.laws
from lithomech.units import Unit

PAGE = Path(__file__).with_name("notation.md")
Law = Callable[..., Any]

HEAD = """\
# Notation

The symbols of `laws/`, written by `docs/notation.py` from the annotations of the laws: one
symbol has one unit. Inside the package every value is in these units. Stress: tension
positive; pressure: a positive quantity of its own. Potentials against Li/Li+.
"""

# What laws take for granted, so that not each of them has to say it.
COMMON = {
    "E": "Young's modulus",
    "E_2": "Young's modulus of the second body",
    "E_a": "activation energy",
    "G": "shear modulus",
    "G_eff": "shear modulus of the composite",
    "G_m": "shear modulus of the electrolyte around the particles",
    "G_p": "shear modulus of the particles",
    "K": "bulk modulus",
    "K_eff": "bulk modulus of the composite",
    "K_m": "bulk modulus of the electrolyte around the particles",
    "K_p": "bulk modulus of the particles",
    "Pi": "gap against the flattening under load",
    "T": "temperature",
    "T_ref": "temperature at which a property was measured",
    "V_Li": "molar volume of lithium metal",
    "chi_D": "share of the diffusivity that full damage takes",
    "dx": "change or difference of the stoichiometry at the surface",
    "eps": "uniaxial strain, tension positive",
    "i": "current density, positive leaves the solid",
    "i_00": "exchange current density at half filling",
    "k": "stiffness, pressure per displacement",
    "k_2": "stiffness of the second spring",
    "k_r": "crack volume wedged open per change of stoichiometry at full damage",
    "nu": "Poisson's ratio",
    "nu_2": "Poisson's ratio of the second body",
    "rho": "density without pores, of the first where there are two",
    "sigma_Y": "yield strength; where there are particles, of the electrolyte around them",
    "tau2": "tortuosity factor (tau^2 of Song et al. 2021)",
    "vf": "volume fraction, of the total volume with pores",
    "w": "mean depth of the voids in lithium",
    "w_0": "void depth at which contact has fallen to 1/e",
    "x": "stoichiometry, lithium per formula unit",
    "zeta": "(c/R)^3, yielded volume with the particle over that of the particle",
}


def law_modules() -> list[ModuleType]:
    """Every module of laws/."""
    folder = lithomech.laws.__path__
    return [import_module(m.name) for m in pkgutil.iter_modules(folder, "lithomech.laws.")]


def all_laws() -> Iterator[tuple[str, Law]]:
    """Every public law with its name, such as ``kinetics.butler_volmer``."""
    for module in law_modules():
        for name, law in inspect.getmembers(module, inspect.isfunction):
            if law.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", law


def unit_of(hint: Any) -> str:
    """Unit that an annotation such as ``Volt`` or ``Final[Volt]`` carries."""
    if not hasattr(hint, "__metadata__"):
        return unit_of(get_args(hint)[0])
    return next(tag.symbol for tag in hint.__metadata__ if isinstance(tag, Unit))


def arguments_of(law: Law) -> dict[str, Any]:
    """Annotations of a law's arguments, without what it returns."""
    hints = get_type_hints(law, include_extras=True)
    return {name: hint for name, hint in hints.items() if name != "return"}


def constant_units() -> dict[str, str]:
    """Unit of every constant, by name."""
    return {n: unit_of(h) for n, h in lithomech.constants.__annotations__.items()}


def meanings_of(law: Law) -> dict[str, str]:
    """What the section ``Args`` of a law says about each symbol."""
    section = re.search(r"^Args:\n((?: +.*\n?)+)", inspect.getdoc(law) or "", re.MULTILINE)
    lines = re.sub(r"\n {5,}", " ", section[1]) if section else ""
    return dict(re.findall(r"^ +(\w+): (.*?)\.?$", lines, re.MULTILINE))


def render() -> str:
    """Text of the page."""
    units, meanings, users = {}, defaultdict(dict), defaultdict(list)
    for name, law in all_laws():
        for symbol, hint in arguments_of(law).items():
            units[symbol] = unit_of(hint)
            users[symbol].append(f"`{name}`")
            if text := meanings_of(law).get(symbol):
                meanings[symbol][text] = None  # a dict keeps the order and drops repetitions
    rows = ["| symbol | unit | meaning | laws |", "| --- | --- | --- | --- |"]
    for symbol in sorted(units, key=lambda s: (s.casefold(), s)):
        unit = units[symbol].replace("dimensionless", "1")
        text = COMMON.get(symbol) or "; ".join(meanings[symbol])
        rows.append(f"| `{symbol}` | {unit} | {text} | {', '.join(users[symbol])} |")
    constants = ["| constant | unit | value |", "| --- | --- | --- |"]
    for symbol, unit in constant_units().items():
        constants.append(f"| `{symbol}` | {unit} | {getattr(lithomech.constants, symbol)!r} |")
    return "\n".join([HEAD, *rows, "", *constants, ""])


def main(arguments: list[str]) -> int:
    """Write the page, or compare it with what it should be."""
    if "--check" not in arguments:
        PAGE.write_text(render(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == render():
        return 0
    print("docs/notation.md is out of date: run `python docs/notation.py`")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
