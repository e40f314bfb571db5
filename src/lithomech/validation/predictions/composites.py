"""Statements on composites, from grains that are pressed."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from lithomech.files.quantity import parse_quantity
from lithomech.units import Array
from lithomech.validation.library import Finding, Library

FEW: Final = {"seeds": "3"}
COARSE: Final = "8 um"


def table_3(library: Library, given: Mapping[str, Any]) -> dict[str, Array] | Finding:
    """A row of Table 3: the packaged structure of its composition at its stack pressure.

    Nothing is set on the table: 370 MPa, moduli and strength from the library, grains of the
    sizes that section 2.2 recommends. The row's own numbers do not enter, but sigma_0 and the
    densities of section 5.2 do.
    """
    found = library.press(given["structure"], FEW)
    pressure = parse_quantity(given["pressure"], "Pa")
    k = int(np.argmin(np.abs(found.stack_pressures - pressure)))
    if not np.any(found.quantities["conductivity_electronic"][:, k] > 0.0):
        ions = float(found.mean("tortuosity_factor_ionic")[k])
        pieces = len(found.seeds)
        text = f"electrons find no path in any of {pieces} pieces; tau2 of ions {ions:.2f}"
        return Finding(False, text)
    names = ("conductivity", "tortuosity_factor")
    numbers: dict[str, Array] = {}
    for carrier in ("ionic", "electronic"):
        sigma, tau2 = (float(found.mean(f"{name}_{carrier}")[k]) for name in names)
        numbers |= {f"{carrier}_conductivity": sigma, f"tortuosity_factor_{carrier}": tau2}
    return numbers


def both_powders_fine(library: Library, given: Mapping[str, Any]) -> Finding:
    """Tortuosity factors when one of the two powders is coarse, beside those of fine ones."""
    name = given["structure"]
    wide = {"seeds": "1", "box": "26 um", "voxel_size": "0.5 um"}
    cases = {
        "fine": {},
        "coarse electrolyte": {"composition.electrolyte.diameter": COARSE},
        "coarse active": {"composition.active[0].diameter": COARSE},
    }
    ions, electrons = {}, {}
    for case, settings in cases.items():
        found = library.press(name, wide | settings)
        ions[case] = float(found.mean("tortuosity_factor_ionic")[0])
        electrons[case] = float(found.mean("tortuosity_factor_electronic")[0])
    holds = (
        ions["coarse electrolyte"] > ions["fine"]
        and electrons["coarse active"] > electrons["fine"]
    )
    text = (
        f"ions {ions['fine']:.1f}, with electrolyte of {COARSE} "
        f"{ions['coarse electrolyte']:.1f}; electrons {electrons['fine']:.0f}, with active "
        f"grains of {COARSE} {electrons['coarse active']:.0f}"
    )
    return Finding(holds, text)


def utilisation(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Active material with paths for ions and electrons at a size ratio and a composition."""
    active, ratio = given["particle_diameter"], given["size_ratio"]
    weight = given["active_weight_fraction"]
    settings = {
        "seeds": "2",
        "box": "18 um",
        "voxel_size": "0.5 um",
        "composition.active[0].weight": f"{100 * weight:g} %",
        "composition.electrolyte.weight": f"{100 - 100 * weight:g} %",
        "composition.active[0].diameter": f"{1e6 * active:g} um",
        "composition.electrolyte.diameter": f"{1e6 * active / ratio:.4g} um",
    }
    found = library.press(given["structure"], settings)
    top = int(np.argmax(found.stack_pressures))
    return {"utilisation": float(found.mean("utilisation")[top])}
