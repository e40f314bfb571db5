"""Cells drawn at random from what laboratories build and do; SI units.

The ranges are those of the experimental sections behind the examples: pressed pellets, 5 to 40
mg of composite per cm2, particles of 2 to 12 um, C/20 to 1C, 5 to 150 MPa.
"""

import numpy as np

from lithomech.cell import spec
from lithomech.files.quantity_types import Stiffness
from support.random_cells import Draw

SEED = 20261


def laboratory_cell(number):
    """The cell of this number: the same one on every machine."""
    draw = Draw(np.random.default_rng([SEED, number]))
    weight = draw.even(0.65, 0.85)
    cathode = spec.CompositeElectrode(
        active=(
            spec.Active(
                draw.one_of(("ncm811", "ncm88", "ncm622", "lco")),
                weight=weight,
                diameter=draw.between(2e-6, 12e-6),
                morphology=draw.one_of(("random", "single_crystal")),
            ),
        ),
        electrolyte=spec.Ingredient("li6ps5cl", weight=1.0 - weight),
        porosity=draw.even(0.05, 0.25),
        thickness=draw.between(30e-6, 120e-6),
    )
    rate = draw.between(0.05, 1.0)
    return spec.Cell(
        name="laboratory",
        cathode=cathode,
        separator=spec.Separator("li6ps5cl", thickness=draw.between(30e-6, 800e-6)),
        anode=spec.PlanarElectrode("li_in", thickness=100e-6),
        fixture=spec.Spring(
            pressure=draw.between(5e6, 150e6),
            stiffness=Stiffness(draw.between(0.05e12, 0.5e12), "Pa/m"),
        ),
        protocol=(
            f"Charge at {rate:.3f}C until 4.25 V",
            "Rest for 30 min",
            f"Discharge at {rate:.3f}C until 2.8 V",
        ),
    )
