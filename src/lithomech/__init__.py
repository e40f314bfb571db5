"""Electrochemistry and mechanics of all-solid-state batteries.

>>> import lithomech as lm
>>> cell = lm.load_cell("cell.yaml")
>>> result = lm.run(cell)

The names below are imported when they are first used, so that ``import lithomech`` costs
nothing. Modules of the package import from one another, never from here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from lithomech.version import __version__

if TYPE_CHECKING:
    from lithomech.cell.result import load_result
    from lithomech.cell.solve import run
    from lithomech.cell.spec import load_cell
    from lithomech.microstructure.electrode import press_structure
    from lithomech.microstructure.result import load_effective
    from lithomech.microstructure.solve import conduct
    from lithomech.microstructure.spec import Conductors, load_structure
    from lithomech.observe.pressiometry import pressiometry

__all__ = [
    "Conductors",
    "__version__",
    "conduct",
    "load_cell",
    "load_effective",
    "load_result",
    "load_structure",
    "press_structure",
    "pressiometry",
    "run",
]

_HOME = {
    "Conductors": "lithomech.microstructure.spec",
    "conduct": "lithomech.microstructure.solve",
    "load_cell": "lithomech.cell.spec",
    "load_effective": "lithomech.microstructure.result",
    "load_result": "lithomech.cell.result",
    "load_structure": "lithomech.microstructure.spec",
    "press_structure": "lithomech.microstructure.electrode",
    "pressiometry": "lithomech.observe.pressiometry",
    "run": "lithomech.cell.solve",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
