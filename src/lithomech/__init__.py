"""Electrochemistry and mechanics of all-solid-state batteries.

>>> import lithomech as lm
>>> cell = lm.load_cell("ncm88_lpscl_liin", {"fixture.pressure": "5 MPa"})
>>> cell.fixture.pressure
5000000.0

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
    from lithomech.cell.readout.result import CellResult, Event, ImpedanceSpectrum, Interrupted
    from lithomech.cell.run import run
    from lithomech.cell.spec import (
        Active,
        AnodeFreeElectrode,
        Bolted,
        Cell,
        Coating,
        CompositeElectrode,
        ConstantPressure,
        Fabrication,
        FormulaTransport,
        Geometry,
        ImageTransport,
        Ingredient,
        Initial,
        MeasuredTransport,
        Output,
        PercolationTransport,
        PlanarElectrode,
        Separator,
        Solver,
        Spring,
        StatedTransport,
        StructureTransport,
        load_cell,
    )
    from lithomech.errors import InputError, LithomechError, MaterialError, SolveError
    from lithomech.files.picture import read_grey
    from lithomech.microstructure.electrode import press_structure
    from lithomech.microstructure.result import Conduction, EffectiveProperties, load_effective
    from lithomech.microstructure.solve import conduct
    from lithomech.microstructure.spec import Conductors, Structure, load_structure
    from lithomech.observe.acoustic import Acoustic, acoustic
    from lithomech.observe.cracks import Cracks, cracks
    from lithomech.observe.cycles import Cycles, cycles
    from lithomech.observe.eis import Impedance, eis
    from lithomech.observe.gitt import Gitt, gitt
    from lithomech.observe.hits import Hits
    from lithomech.observe.overlay import Overlay, overlay
    from lithomech.observe.polarization import Polarization, Sample, polarization
    from lithomech.observe.pressiometry import Pressiometry, pressiometry
    from lithomech.observe.rate import Rate, rate
    from lithomech.observe.readers.files import read_series
    from lithomech.observe.readers.hits import read_hits
    from lithomech.observe.readers.spectra import read_spectra
    from lithomech.observe.spec import Mapping, load_mapping
    from lithomech.observe.spectrum import Spectrum
    from lithomech.observe.timeseries import TimeSeries
    from lithomech.particle.fracture import crack_particle
    from lithomech.particle.result import CrackedParticle
    from lithomech.particle.spec import Particle, load_particle
    from lithomech.studies.cluster import DaskScheduler
    from lithomech.studies.executors import Processes, Threads
    from lithomech.studies.fit import run_fit
    from lithomech.studies.fit_result import FitResult
    from lithomech.studies.run import run_study
    from lithomech.studies.spec import Study, load_study
    from lithomech.studies.spec.fit import Fit, load_fit
    from lithomech.studies.table import StudyResult

__all__ = [
    "Acoustic",
    "Active",
    "AnodeFreeElectrode",
    "Bolted",
    "Cell",
    "CellResult",
    "Coating",
    "CompositeElectrode",
    "Conduction",
    "Conductors",
    "ConstantPressure",
    "CrackedParticle",
    "Cracks",
    "Cycles",
    "DaskScheduler",
    "EffectiveProperties",
    "Event",
    "Fabrication",
    "Fit",
    "FitResult",
    "FormulaTransport",
    "Geometry",
    "Gitt",
    "Hits",
    "ImageTransport",
    "Impedance",
    "ImpedanceSpectrum",
    "Ingredient",
    "Initial",
    "InputError",
    "Interrupted",
    "LithomechError",
    "Mapping",
    "MaterialError",
    "MeasuredTransport",
    "Output",
    "Overlay",
    "Particle",
    "PercolationTransport",
    "PlanarElectrode",
    "Polarization",
    "Pressiometry",
    "Processes",
    "Rate",
    "Sample",
    "Separator",
    "SolveError",
    "Solver",
    "Spectrum",
    "Spring",
    "StatedTransport",
    "Structure",
    "StructureTransport",
    "Study",
    "StudyResult",
    "Threads",
    "TimeSeries",
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
    "load_fit",
    "load_mapping",
    "load_particle",
    "load_result",
    "load_structure",
    "load_study",
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
    "run_fit",
    "run_many",
    "run_study",
]

_NAMES = {
    "lithomech.cell.many": ("run_many",),
    "lithomech.cell.mechanisms.plugins": ("register_mechanism",),
    "lithomech.cell.readout.load": ("load_result",),
    "lithomech.cell.readout.result": (
        "CellResult",
        "Event",
        "ImpedanceSpectrum",
        "Interrupted",
    ),
    "lithomech.cell.run": ("run",),
    "lithomech.cell.spec": (
        "Active",
        "Bolted",
        "Cell",
        "Coating",
        "CompositeElectrode",
        "ConstantPressure",
        "Fabrication",
        "FormulaTransport",
        "Geometry",
        "Ingredient",
        "ImageTransport",
        "Initial",
        "MeasuredTransport",
        "Output",
        "PercolationTransport",
        "AnodeFreeElectrode",
        "PlanarElectrode",
        "Separator",
        "Solver",
        "Spring",
        "StatedTransport",
        "StructureTransport",
        "load_cell",
    ),
    "lithomech.errors": ("InputError", "LithomechError", "MaterialError", "SolveError"),
    "lithomech.files.picture": ("read_grey",),
    "lithomech.microstructure.electrode": ("press_structure",),
    "lithomech.microstructure.result": ("Conduction", "EffectiveProperties", "load_effective"),
    "lithomech.microstructure.solve": ("conduct",),
    "lithomech.microstructure.spec": ("Conductors", "Structure", "load_structure"),
    "lithomech.observe.acoustic": ("Acoustic", "acoustic"),
    "lithomech.observe.cracks": ("Cracks", "cracks"),
    "lithomech.observe.cycles": ("Cycles", "cycles"),
    "lithomech.observe.eis": ("Impedance", "eis"),
    "lithomech.observe.gitt": ("Gitt", "gitt"),
    "lithomech.observe.hits": ("Hits",),
    "lithomech.observe.overlay": ("Overlay", "overlay"),
    "lithomech.observe.polarization": ("Polarization", "Sample", "polarization"),
    "lithomech.observe.pressiometry": ("Pressiometry", "pressiometry"),
    "lithomech.observe.rate": ("Rate", "rate"),
    "lithomech.observe.readers.files": ("read_series",),
    "lithomech.observe.readers.hits": ("read_hits",),
    "lithomech.observe.readers.spectra": ("read_spectra",),
    "lithomech.observe.spec": ("Mapping", "load_mapping"),
    "lithomech.observe.spectrum": ("Spectrum",),
    "lithomech.observe.timeseries": ("TimeSeries",),
    "lithomech.particle.fracture": ("crack_particle",),
    "lithomech.particle.result": ("CrackedParticle",),
    "lithomech.particle.spec": ("Particle", "load_particle"),
    "lithomech.studies.cluster": ("DaskScheduler",),
    "lithomech.studies.executors": ("Processes", "Threads"),
    "lithomech.studies.fit": ("run_fit",),
    "lithomech.studies.fit_result": ("FitResult",),
    "lithomech.studies.run": ("run_study",),
    "lithomech.studies.spec.fit": ("Fit", "load_fit"),
    "lithomech.studies.spec": ("Study", "load_study"),
    "lithomech.studies.table": ("StudyResult",),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
