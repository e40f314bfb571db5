"""Parameter sets that PyBaMM finds by name: packaged cells with their mechanics left out.

``pybamm.ParameterValues("lithomech_ncm811_li")`` belongs to a half cell, that is
``pybamm.lithium_ion.DFN({"working electrode": "positive", "contact resistance": "true"})``.
"""

from typing import Any

from lithomech.cell.spec import load_cell
from lithomech.interop.pybamm import ALL, to_pybamm


def ncm811_li() -> dict[str, Any]:
    """NCM811, Li6PS5Cl, lithium: the packaged ncm811_lpscl_li_spring."""
    return to_pybamm(load_cell("ncm811_lpscl_li_spring"), ALL).values()


def ncm811_graphite() -> dict[str, Any]:
    """NCM811, Li6PS5Cl, graphite: the packaged ncm811_lpscl_graphite."""
    return to_pybamm(load_cell("ncm811_lpscl_graphite"), ALL).values()
