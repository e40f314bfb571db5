"""Misprints of the review that arithmetic on the library's numbers shows."""

import re
from collections.abc import Mapping
from typing import Any, Final

from lithomech.laws.elasticity import bulk_modulus
from lithomech.validation.library import Finding, Library

# Usual oxidation states; the transition metals of a layered oxide as made.
CHARGES: Final = {
    "Li": 1, "Na": 1, "Mg": 2, "Al": 3, "Si": 4, "P": 5, "S": -2, "Cl": -1, "Br": -1, "I": -1,
    "F": -1, "O": -2, "Ti": 4, "Ni": 3, "Co": 3, "Mn": 3, "Ge": 4, "Sn": 4, "Y": 3, "In": 3,
    "Sc": 3, "Er": 3, "Zr": 4, "La": 3, "Ta": 5, "Yb": 3, "Hf": 4, "Fe": 3,
}  # fmt: skip
GIGA: Final = 1e9


def charge(formula: str) -> float:
    """Return the sum of the usual charges of a formula without brackets."""
    parts = re.findall(r"([A-Z][a-z]?)([0-9.]*)", formula)
    return sum(CHARGES[element] * float(count or 1.0) for element, count in parts)


def pressure_order(library: Library, _: Mapping[str, Any]) -> Finding:
    """Conductivity falls with falling pressure, so the tortuosity factor rises (E-01)."""
    rows = ("T3-004", "T3-005", "T3-006")  # 20, 7 and 3 MPa
    found = {}
    for carrier in ("electronic", "ionic"):
        name, sigma = f"tortuosity_factor_{carrier}", f"{carrier}_conductivity"
        tau2 = [library.value("song2021_table3", name, claim=row) for row in rows]
        s = [library.value("song2021_table3", sigma, claim=row) for row in rows]
        found[carrier] = tau2[0] < tau2[1] < tau2[2] and s[0] > s[1] > s[2]
    text = "conductivity falls and tau2 rises from 20 to 7 to 3 MPa; the text has the reverse"
    return Finding(all(found.values()), text)


def bulk_modulus_repeats_shear(library: Library, _: Mapping[str, Any]) -> Finding:
    """The column K of the bromides is their G; E and nu give another K (E-02)."""
    texts, shown = [], True
    for name, row in (("li3scbr6", "T1-023"), ("li3ybr6", "T1-024"), ("li3erbr6", "T1-025")):
        E = library.value(name, "youngs_modulus", claim=row)
        nu = library.value(name, "poisson_ratio", claim=row)
        G = library.value(name, "shear_modulus", claim=row)
        printed = library.material(name).properties["bulk_modulus"].printed
        K = float(bulk_modulus(E, nu))
        shown &= printed == G and K > 1.2 * G
        texts.append(f"{name}: printed {G / GIGA:.2f}, E/(3(1 - 2 nu)) = {K / GIGA:.1f} GPa")
    return Finding(shown, "; ".join(texts))
