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
    from lithomech.cell.many import run_many
    from lithomech.cell.mechanisms.plugins import register_mechanism
    from lithomech.cell.readout.load import load_result
    from lithomech.cell.readout.result import Interrupted
    from lithomech.cell.run import run
    from lithomech.cell.spec import load_cell
    from lithomech.files.picture import read_grey
    from lithomech.microstructure.electrode import press_structure
    from lithomech.microstructure.result import load_effective
    from lithomech.microstructure.solve import conduct
    from lithomech.microstructure.spec import Conductors, load_structure
    from lithomech.observe.acoustic import acoustic
    from lithomech.observe.cracks import cracks
    from lithomech.observe.cycles import cycles
    from lithomech.observe.eis import eis
    from lithomech.observe.gitt import gitt
    from lithomech.observe.overlay import overlay
    from lithomech.observe.polarization import Sample, polarization
    from lithomech.observe.pressiometry import pressiometry
    from lithomech.observe.rate import rate
    from lithomech.observe.readers.files import read_series
    from lithomech.observe.readers.hits import read_hits
    from lithomech.observe.readers.spectra import read_spectra
    from lithomech.particle.fracture import crack_particle
    from lithomech.particle.spec import load_particle

__all__ = [
    "Conductors",
    "Interrupted",
    "Sample",
    "__version__",
    "acoustic",
    "conduct",
    "crack_particle",
    "cracks",
    "cycles",
    "eis",
    "gitt",
    "load_cell",
    "load_effective",
    "load_particle",
    "load_result",
    "load_structure",
    "overlay",
    "polarization",
    "press_structure",
    "pressiometry",
    "rate",
    "read_grey",
    "read_hits",
    "read_series",
    "read_spectra",
    "register_mechanism",
    "run",
    "run_many",
]

_HOME = {
    "Conductors": "lithomech.microstructure.spec",
    "Interrupted": "lithomech.cell.readout.result",
    "Sample": "lithomech.observe.polarization",
    "acoustic": "lithomech.observe.acoustic",
    "conduct": "lithomech.microstructure.solve",
    "crack_particle": "lithomech.particle.fracture",
    "cracks": "lithomech.observe.cracks",
    "cycles": "lithomech.observe.cycles",
    "eis": "lithomech.observe.eis",
    "gitt": "lithomech.observe.gitt",
    "load_cell": "lithomech.cell.spec",
    "load_effective": "lithomech.microstructure.result",
    "load_particle": "lithomech.particle.spec",
    "load_result": "lithomech.cell.readout.load",
    "load_structure": "lithomech.microstructure.spec",
    "overlay": "lithomech.observe.overlay",
    "polarization": "lithomech.observe.polarization",
    "press_structure": "lithomech.microstructure.electrode",
    "pressiometry": "lithomech.observe.pressiometry",
    "rate": "lithomech.observe.rate",
    "read_grey": "lithomech.files.picture",
    "read_hits": "lithomech.observe.readers.hits",
    "read_series": "lithomech.observe.readers.files",
    "read_spectra": "lithomech.observe.readers.spectra",
    "register_mechanism": "lithomech.cell.mechanisms.plugins",
    "run": "lithomech.cell.run",
    "run_many": "lithomech.cell.many",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
