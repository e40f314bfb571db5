"""Cells drawn at random from ranges far wider than anyone builds; SI units."""

import numpy as np

from lithomech.cell import spec
from lithomech.files.quantity_types import Stiffness

HOSTS = ("ncm811", "ncm88", "ncm622", "lco")
MORPHOLOGIES = ("random", "textured", "single_crystal")
SEED = 20211
COMPOSITIONS = ((0.85, 0.345), (0.70, 0.23), (0.50, 0.375))  # of the measured transport table


def numbered_cell(number):
    """The cell of this number in the sweep: the same one on every machine."""
    return random_cell(np.random.default_rng([SEED, number]))


def random_cell(generator):
    """Draw a cell and a protocol for it."""
    draw = Draw(generator)
    host = draw.one_of(HOSTS)
    reference = draw.one_of(("li", "cell"))
    diameter = draw.between(1e-3, 0.1)
    return spec.Cell(
        name="random",
        geometry=spec.Geometry(diameter),
        temperature=draw.even(253.15, 353.15),
        fabrication=spec.Fabrication(
            pressure=draw.between(1e6, 1e9),
            residual_pressure=draw.one_of((None, 0.0, draw.between(1e5, 1e8))),
        ),
        fixture=fixture(draw),
        cathode=cathode(draw, host),
        separator=spec.Separator(
            "li6ps5cl", thickness=draw.between(1e-6, 3e-3), porosity=draw.even(0.0, 0.5)
        ),
        anode=anode(draw),
        reference=reference,
        materials=overrides(draw, host),
        protocol=protocol(draw, np.pi * diameter**2 / 4.0),
        solver=spec.Solver(nodes=draw.whole(5, 9), shells=draw.whole(6, 10)),
    )


class Draw:
    """Random numbers of the kinds a cell needs."""

    def __init__(self, generator):
        self.generator = generator

    def between(self, low, high):
        """A number whose logarithm is spread evenly."""
        return float(np.exp(self.generator.uniform(np.log(low), np.log(high))))

    def even(self, low, high):
        return float(self.generator.uniform(low, high))

    def whole(self, low, high):
        return int(self.generator.integers(low, high + 1))

    def one_of(self, choices):
        return choices[self.generator.integers(len(choices))]


def fixture(draw):
    pressure, soft = draw.between(1e4, 1e8), draw.between(1e9, 5e13)
    stiffness = Stiffness(soft, "Pa/m")
    kind = draw.whole(0, 2)
    if kind == 0:
        return spec.ConstantPressure(pressure)
    if kind == 1:
        return spec.Bolted(pressure, stiffness)
    frame = Stiffness(draw.between(1e9, 5e13), "Pa/m")
    return spec.Spring(pressure, stiffness, draw.one_of((None, frame)))


def cathode(draw, host):
    weight, porosity = draw.even(0.3, 0.95), draw.even(0.0, 0.6)
    transport = spec.FormulaTransport(exponent=draw.even(1.0, 3.0))
    if draw.whole(0, 3) == 0:
        weight, porosity = draw.one_of(COMPOSITIONS)
        transport = spec.MeasuredTransport("song2021_ncm88_li6ps5cl")
    classes = draw.whole(1, 3)
    active = tuple(
        spec.Active(
            draw.one_of((host, "ncm811")) if number else host,
            weight / classes,
            draw.between(1e-7, 1e-4),
            draw.one_of(MORPHOLOGIES),
        )
        for number in range(classes)
    )
    size = {"thickness": draw.between(1e-6, 1e-3)}
    if draw.whole(0, 1):
        size = {"areal_capacity": draw.between(0.1, 20.0) * 36e3}
    return spec.CompositeElectrode(
        active,
        spec.Ingredient("li6ps5cl", 1.0 - weight),
        porosity,
        transport=transport,
        load_share=draw.between(0.01, 1.0),
        **size,
    )


def anode(draw):
    kind = draw.whole(0, 4)
    if kind == 0:
        thickness = draw.one_of((0.0, draw.between(1e-6, 3e-4)))
        return spec.PlanarElectrode("li", thickness) if thickness else spec.AnodeFreeElectrode()
    if kind in (1, 2):
        return spec.PlanarElectrode("li_in", draw.between(1e-5, 1e-3))
    if kind == 3:
        return spec.PlanarElectrode("lto", draw.between(1e-5, 1e-3))
    weight = draw.even(0.3, 0.9)
    return spec.CompositeElectrode(
        (spec.Active("lto", weight, draw.between(1e-7, 2e-5)),),
        spec.Ingredient("li6ps5cl", 0.97 - weight),
        draw.even(0.0, 0.5),
        n_p_ratio=draw.between(0.3, 3.0),
        additives=(spec.Ingredient("carbon", 0.03),),
        transport=spec.FormulaTransport(),  # a law of percolation would leave many without path
    )


def overrides(draw, host):
    return {
        host: {
            "diffusivity": f"{draw.between(1e-19, 1e-11)} m^2/s",
            "exchange_current_density": f"{draw.between(1e-4, 1e3)} A/m^2",
            "electronic_conductivity": f"{draw.between(1e-4, 1e3)} S/m",
            "film_resistance": f"{draw.between(1e-6, 1.0)} ohm*m^2",
        },
        "li6ps5cl": {
            "ionic_conductivity": f"{draw.between(1e-5, 3.0)} S/m",
            "shell_yield_strength": f"{draw.between(1e6, 1e9)} Pa",
            "relaxation_time": f"{draw.between(1e-2, 1e5)} s",
        },
    }


def protocol(draw, area):
    rate, back = draw.between(0.02, 20.0), draw.between(0.02, 20.0)
    top, bottom = draw.even(2.5, 5.0), draw.even(0.5, 3.9)
    hold = draw.one_of(("until 0.02C", "for 1 hour", "for 2 hours or until 0.05C"))
    steps = [
        f"Charge at {rate:.6g}C until {top:.6g} V",
        f"Hold at {top:.6g} V {hold}",
        "Rest for 30 min",
        f"Discharge at {back:.6g}C until {bottom:.6g} V",
        "Rest for 10 s",
    ]
    extra = (
        f"Set stack pressure to {draw.between(1e-2, 100.0):.6g} MPa",
        f"Discharge at {draw.between(1e-3, 3e3) * area:.6g} W until {bottom:.6g} V",
        f"Hold at {draw.even(1.0, 5.0):.6g} V for 10 min",
        f"Charge at {0.1 * rate:.6g}C for 10 s",
    )
    steps.insert(draw.whole(0, len(steps)), draw.one_of(extra))
    return ({"repeat": draw.whole(1, 2), "steps": steps},)
