"""The PyBaMM model of pybamm_model.py, discretised and solved."""

import numpy as np
import pybamm

from oracles.plain_cell import PlainCell, PlainStep
from oracles.pybamm_model import Builder


def finite_volumes(order: str, use_border: bool) -> pybamm.FiniteVolume:
    order = {"gradient": "linear", "value": order}
    return pybamm.FiniteVolume({"extrapolation": {"order": order, "use bcs": use_border}})


class PybammCell:
    """A discretised cell; one instance serves every fixture and current.

    Args:
        cell: its numbers.
        nodes: across each composite electrode.
        shells: in each particle.
        tolerance: relative and absolute.
        holds: whether steps may hold a voltage; costs a little speed.
        options: of the solver.
    """

    def __init__(
        self, cell: PlainCell, nodes=20, shells=40, tolerance=1e-7, holds=False, options=None
    ):
        builder = Builder(cell, holds)
        self.holds, self.model = holds, builder.build()
        faces = 1 - (1 - np.linspace(0, 1, shells + 1)) ** 1.8
        graded = pybamm.MeshGenerator(pybamm.UserSupplied1DSubMesh, {"edges": faces})
        meshes, points, methods = {}, {}, {}
        for X in builder.positions:
            domain = X.domain[0]
            points[X], meshes[domain] = nodes, pybamm.Uniform1DSubMesh
            methods[domain] = finite_volumes("linear", use_border=True)
        for r in builder.radii:
            domain = r.domain[0]
            points[r], meshes[domain] = shells, graded
            methods[domain] = finite_volumes("quadratic", use_border=False)
        geometry = {v.domain[0]: {v: {"min": 0, "max": 1}} for v in points}
        mesh = pybamm.Mesh(geometry, meshes, points)
        pybamm.Discretisation(mesh, methods).process_model(self.model)
        self.solver = pybamm.IDAKLUSolver(rtol=tolerance, atol=tolerance, options=options)

    def run(self, step: PlainStep, stiffness, pressure, after=None):
        """Solve one step.

        Args:
            step: what to do.
            stiffness: of fixture and frame [Pa/m]; 0 keeps the pressure.
            pressure: set stack pressure [Pa].
            after: the solution of the step before.

        Returns:
            Solution; its times go on from the step before.
        """
        inputs = {
            "set current": step.current,
            "stiffness": stiffness,
            "set pressure": pressure,
            "low": step.low,
            "high": step.high,
        }
        if self.holds:
            held = step.held is not None
            inputs |= {"held": float(held), "held voltage": step.held or 0.0}
            inputs["least"] = step.least
        return self.solver.step(after, self.model, step.duration, inputs=inputs, save=False)
