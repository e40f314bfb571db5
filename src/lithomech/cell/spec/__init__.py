"""What a cell is: the Python API, the form of a cell file and `lithomech schema cell` in one.

Every number is SI inside. Text such as "5 MPa" is read wherever a quantity stands; from a file
only text is accepted, so that no unit is ever guessed.
"""

from lithomech.cell.spec.cell import (
    Cell,
    Fabrication,
    Geometry,
    Initial,
    Output,
    Solver,
    cell_from_input,
    cell_of,
    cell_of_origin,
    changed_cell,
    load_cell,
    schema,
    to_input,
)
from lithomech.cell.spec.electrodes import (
    Active,
    AnodeFreeElectrode,
    Coating,
    CompositeElectrode,
    Electrode,
    Foil,
    FormulaTransport,
    ImageTransport,
    MeasuredTransport,
    PercolationTransport,
    PlanarElectrode,
    Separator,
    StatedTransport,
    StructureTransport,
    Transport,
)
from lithomech.cell.spec.fixture import Bolted, ConstantPressure, Fixture, Spring
from lithomech.files.quantity_types import Stiffness
from lithomech.microstructure.spec import Ingredient

__all__ = [
    "Active",
    "AnodeFreeElectrode",
    "Bolted",
    "Cell",
    "Coating",
    "CompositeElectrode",
    "ConstantPressure",
    "Electrode",
    "Fabrication",
    "Fixture",
    "Foil",
    "FormulaTransport",
    "Geometry",
    "ImageTransport",
    "Ingredient",
    "Initial",
    "MeasuredTransport",
    "Output",
    "PercolationTransport",
    "PlanarElectrode",
    "Separator",
    "Solver",
    "Spring",
    "StatedTransport",
    "Stiffness",
    "StructureTransport",
    "Transport",
    "cell_from_input",
    "cell_of",
    "cell_of_origin",
    "changed_cell",
    "load_cell",
    "schema",
    "to_input",
]
