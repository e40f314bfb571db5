"""What PyBaMM finds by name: every cell as a model, packaged cells as parameter sets.

Their mechanics are left out, whatever they are: PyBaMM has no place for them.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lithomech.cell.spec import Cell, load_cell
from lithomech.interop.pybamm import ALL, to_pybamm

if TYPE_CHECKING:
    import pybamm

HALF, FULL = "ncm811_lpscl_li_spring", "ncm811_lpscl_graphite"


def model(cell: Cell | Path | str = HALF) -> "pybamm.BaseModel":
    """A solid-state cell in PyBaMM's DFN, with its parameters and a mesh as defaults.

    ``pybamm.Model("lithomech", "cell.yaml")``; a half cell if the negative electrode is planar.

    Args:
        cell: a cell, a cell file or the name of a packaged example.
    """
    return to_pybamm(cell if isinstance(cell, Cell) else load_cell(cell), ALL).model()


def ncm811_li() -> dict[str, Any]:
    """NCM811, Li6PS5Cl, lithium (ncm811_lpscl_li_spring), for the half cell of this model."""
    return to_pybamm(load_cell(HALF), ALL).values()


def ncm811_graphite() -> dict[str, Any]:
    """NCM811, Li6PS5Cl, graphite: the packaged ncm811_lpscl_graphite."""
    return to_pybamm(load_cell(FULL), ALL).values()
