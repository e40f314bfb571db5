"""Thickness change by layer and cause."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.observation import Observation
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.result import ELASTIC
from lithomech.cell.state import SIDES

Floats = NDArray[np.float64]
Rows: TypeAlias = Iterator[tuple[str, Floats]]
STACK: Final = "stack"
GAP: Final = "lift-off gap"


def ledger(observation: Observation) -> dict[tuple[str, str], Floats]:
    """Thickness change [m] by layer and cause; the sum is the displacement of the pistons."""
    squeezed, compliance = observation.squeezed, observation.model.compliance
    elastic = {layer: -squeezed * softness for layer, softness in compliance.items()}
    rows: dict[tuple[str, str], Floats] = {}
    for side in reversed(SIDES):
        for cause, change in (*_by_particles(observation, side), *_by_side(observation, side)):
            rows[side, cause] = change
        rows[side, ELASTIC] = elastic[side]
        rows.setdefault(("separator", ELASTIC), elastic["separator"])
    rows[STACK, GAP] = _gap(observation)
    return rows


def displacement(rows: Mapping[tuple[str, str], Floats]) -> Floats:
    """Movement of the pistons [m]: the sum of a ledger."""
    return np.sum(list(rows.values()), axis=0)


def _by_particles(observation: Observation, side: str) -> Rows:
    """Causes of each class of particles: those that always name it first, then by class."""
    particles = observation.particles(side)
    for row in outputs().particle_ledger:
        for kind in particles if row.names_class else ():
            change = row.value(kind)
            if change is not None:
                yield f"{kind.label} {row.cause}", change
    for kind in particles:
        before = f"{kind.label} " if len(particles) > 1 else ""
        for row in outputs().particle_ledger:
            change = None if row.names_class else row.value(kind)
            if change is not None:
                yield f"{before}{row.cause}", change


def _by_side(observation: Observation, side: str) -> Rows:
    """Causes of an electrode as a whole."""
    electrode = getattr(observation.model.cell, side)
    for row in outputs().ledger:
        change = row.value(observation, side)
        if change is not None:
            before = f"{electrode.material} " if row.names_material else ""
            yield f"{before}{row.cause}", change


def _gap(observation: Observation) -> Floats:
    """Opening between pistons and stack since the first row [m]."""
    model = observation.model
    virtual = observation.state[:, model.layout.pressure]
    stiffness = model.arrays.stiffness
    open_by = observation.readout.pressure - virtual
    gap = open_by / stiffness if stiffness > 0.0 else 0.0 * virtual
    return gap - (gap[0] if len(gap) else 0.0)
