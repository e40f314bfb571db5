"""A cell with a single-ion conductor in PyBaMM, from plain numbers and tables.

This file stands in every script that `lithomech export --format pybamm` writes: it needs
PyBaMM only.
"""

import os
from functools import partial
from typing import Any

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")  # read when pybamm is imported

import numpy as np
import pybamm

# with 60 in a particle, 0.5 mV off where the diffusivity falls towards full; with 120, 0.15 mV
POINTS = {"x_n": 20, "x_s": 4, "x_p": 20, "r_n": 120, "r_p": 120}


def table(x: list[float], y: list[float], argument: pybamm.Symbol) -> pybamm.Symbol:
    """A table against stoichiometry, monotone cubic."""
    if min(y) == max(y):
        return pybamm.Scalar(y[0]) + 0 * argument
    return pybamm.Interpolant(np.array(x), np.array(y), [argument], interpolator="pchip")


def of_content(
    x: list[float], y: list[float], content: pybamm.Symbol, *_: pybamm.Symbol
) -> pybamm.Symbol:
    """A parameter of the stoichiometry: potential, diffusivity."""
    return table(x, y, content)


def of_surface(
    x: list[float], y: list[float], c_e: pybamm.Symbol, *surface: pybamm.Symbol
) -> pybamm.Symbol:
    """An exchange current density: of the stoichiometry at the surface alone.

    ``surface`` is the concentration there, the maximum concentration and the temperature.
    """
    return table(x, y, surface[0] / surface[1]) + 0 * c_e + 0 * surface[2]


def constant(value: float, *_: pybamm.Symbol) -> pybamm.Symbol:
    """A parameter that PyBaMM calls as a function."""
    return pybamm.Scalar(value)


def parameter_values(
    numbers: dict[str, float], tables: dict[str, dict[str, list[float]]]
) -> pybamm.ParameterValues:
    """PyBaMM's parameters; see ``values_of``."""
    return pybamm.ParameterValues(values_of(numbers, tables))


def values_of(
    numbers: dict[str, float], tables: dict[str, dict[str, list[float]]]
) -> dict[str, Any]:
    """Numbers and functions by PyBaMM's names.

    Args:
        numbers: by PyBaMM's names.
        tables: x and y by PyBaMM's names, against stoichiometry.
    """
    values: dict[str, Any] = dict(numbers)
    for name, points in tables.items():
        kind = of_surface if "exchange-current" in name else of_content
        values[name] = partial(kind, points["x"], points["y"])
    for name in ("Electrolyte conductivity [S.m-1]", "Electrolyte diffusivity [m2.s-1]"):
        values[name] = partial(constant, numbers[name])
    metal = "Exchange-current density for lithium metal electrode [A.m-2]"
    if metal in numbers:
        values[metal] = partial(constant, numbers[metal])
    return values


class CellModel(pybamm.lithium_ion.DFN):
    """PyBaMM's porous-electrode model, with the parameters and a mesh for one cell."""

    def __init__(self, values: pybamm.ParameterValues, *, half: bool) -> None:
        """Build the equations.

        Args:
            values: see ``parameter_values``.
            half: whether the negative electrode is planar.
        """
        options = {"contact resistance": "true"}
        if half:
            options["working electrode"] = "positive"
        super().__init__(options)
        self.own_values = values

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Those of the cell."""
        return self.own_values.copy()

    @property
    def default_var_pts(self) -> dict[str, int]:
        """Points of the mesh."""
        return super().default_var_pts | POINTS

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Particles finely divided at their surface, where profiles are steep."""
        fine = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, {"side": "right"})
        meshes = super().default_submesh_types
        return {k: fine if k.endswith(" particle") else v for k, v in meshes.items()}

    @property
    def default_solver(self) -> pybamm.IDAKLUSolver:
        """IDAKLU with tolerances that suit flat voltage curves."""
        return pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-7)


def simulate(
    model: CellModel, steps: list[str], points: dict[str, int] | None = None
) -> pybamm.Solution:
    """Run steps in PyBaMM's words, such as "Discharge at C/10 until 2.5 V".

    Args:
        model: of a cell.
        steps: one cycle of them.
        points: of the mesh, by PyBaMM's names [POINTS].
    """
    experiment = pybamm.Experiment([*steps])
    simulation = pybamm.Simulation(model, experiment=experiment, var_pts=points)
    return simulation.solve()
