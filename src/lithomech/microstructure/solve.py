"""Effective conductivity of a labelled image."""

import dataclasses
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import expected, made_of, path_of
from lithomech.files.image import read_image
from lithomech.microstructure.equations import (
    BYTES,
    Problem,
    checked_image,
    chosen_conductors,
    connected,
    face_conductances,
    padded,
    pieces,
    set_up,
)
from lithomech.microstructure.result import Conduction
from lithomech.microstructure.spec import AXES, Conductors
from lithomech.numerics.multigrid import Hierarchy, Outcome, solve
from lithomech.numerics.stencil import Potential
from lithomech.numerics.voxel_faces import energy_alike, energy_faces
from lithomech.numerics.voxel_grids import AbstractGrid, Alike, Unlike

Single = NDArray[np.float32]
MOST_ITERATIONS: Final = 1000
EVERYTHING: Final = Conductors()


def conduct(
    image: NDArray[Any] | str | Path,
    spec: Conductors | Mapping[str, Any] = EVERYTHING,
    particles: NDArray[Any] | None = None,
) -> Conduction:
    """Conductivity of an image between two opposite sides.

    Ions, electrons and heat alike: give what the phases conduct.

    Args:
        image: whole labels, shape (z, y, x) or (y, x); or a file of them.
        spec: what conducts, along which axis, how exactly; a dict of its fields too.
        particles: number of the particle of each voxel, shape of the image.

    Returns:
        The result. Nothing that spans is a result too: a tortuosity factor of inf.

    Raises:
        InputError: the image or its description makes no sense, or it does not fit.

    Examples:
        >>> import lithomech as lm
        >>> import numpy as np
        >>> layers = np.repeat([[0], [1]], 4, axis=1)  # current along them
        >>> found = lm.conduct(layers, {"conductivities": {1: "2 mS/cm"}, "axis": "x"})
        >>> round(found.conductivity, 6)
        0.1
    """
    begun = time.perf_counter()
    spec = _conductors(spec)
    image = _image(image)
    labels = checked_image(image)
    where = _axis(spec.axis, np.ndim(image))
    sigma = chosen_conductors(labels, spec)
    problem, counts = set_up(labels, sigma, spec, where, particles)
    kept = connected(problem)
    best = max(sigma.values())
    conducting = int(counts[problem.sigma > 0.0].sum())
    share = int(np.count_nonzero(kept)) / max(conducting, 1)
    mean = float(counts @ problem.sigma) / labels.size
    if share == 0.0:
        outcome, potential = Outcome(0.0, 0.0, 0.0, 0, True), None
    else:
        outcome, potential = _solve(problem, kept, spec.tolerance)
    relative = float(outcome.energy) * labels.shape[where] / _section(labels, where)
    if not outcome.converged:  # no number that is not known to be right
        relative = np.nan
    status, reason = _status(outcome, share, AXES[where], spec.tolerance)
    return Conduction(
        status,
        reason,
        axis=AXES[where],
        tortuosity_factor=np.inf if relative == 0.0 else mean / relative,
        relative_conductivity=relative,
        conductivity=relative * best if spec.conductivities else None,
        error_estimate=float(outcome.error),
        flux_mismatch=float(outcome.mismatch),
        percolating_fraction=share,
        volume_fraction=conducting / labels.size,
        iterations=outcome.iterations,
        wall_time_s=time.perf_counter() - begun,
        potential=_field(potential, kept, where) if spec.keep_field else None,
        flux=_flux(problem, potential, kept, where) if spec.keep_field else None,
        labels=labels if spec.keep_field else None,
        edges=spec.edges,
    )


def _conductors(value: object) -> Conductors:
    if isinstance(value, Mapping):
        names = tuple(field.name for field in dataclasses.fields(Conductors))
        return made_of(Conductors, names, value)
    if not isinstance(value, Conductors):
        raise expected("Conductors, or a dict of its fields", value, "spec")
    return value


def _image(value: object) -> NDArray[Any]:
    """Labels: an array, a list, or a file."""
    if isinstance(value, str | Path):
        return read_image(path_of(value, "image"), BYTES["alike"])
    try:
        return np.asarray(value)
    except ValueError:
        raise expected("labels in rows and columns", value, "image") from None


def _axis(axis: str | None, dimensions: int) -> int:
    """Index of the axis in three dimensions."""
    allowed = AXES[3 - dimensions :]
    chosen = allowed[0] if axis is None else axis
    if chosen not in allowed:
        raise InputError(f"{chosen!r}; allowed: {', '.join(allowed)}", key="axis")
    return AXES.index(chosen)


def _section(labels: NDArray[Any], axis: int) -> int:
    """Voxels across the current."""
    return int(labels.size // labels.shape[axis])


def _solve(
    problem: Problem, kept: NDArray[np.uint8], tolerance: float
) -> tuple[Outcome, Potential]:
    """Solve on the voxels that span."""
    if kept.shape[0] == 1:  # both ends on one layer: every voxel for itself
        whole = float(problem.sigma[problem.kind].sum())
        return Outcome(whole, 0.0, 0.0, 0, True), np.full(kept.shape, 0.5, np.float32)
    periodic = problem.periodic
    solid = padded(kept, 0, periodic=periodic)
    inner = np.s_[1:-1, 1:-1]
    bodies = None
    if problem.alike:
        grid: AbstractGrid = Alike(solid)
        ends = [2.0 * solid[layer][inner].astype(np.float32) for layer in (1, -2)]

        def energy(x: Potential) -> float:
            return energy_alike(solid, x, periodic)
    else:
        faces = face_conductances(problem, kept)
        grid = Unlike(faces)
        ends = [faces.drain[layer][inner] for layer in (1, -2)]
        if problem.particle is not None and np.isfinite(problem.contact).any():
            bodies = padded(pieces(problem, kept), -1, periodic=periodic)

        def energy(x: Potential) -> float:
            return energy_faces(faces, x, periodic)

    hierarchy = Hierarchy.of(grid, periodic=periodic, particle=bodies)
    n = kept.shape[0]
    x = np.zeros(solid.shape, np.float32 if bodies is None else np.float64)
    x[1:-1] = (1.0 - (np.arange(n) + 0.5) / n)[:, None, None]
    x *= solid
    outcome = solve(hierarchy, (ends[0], ends[1]), x, energy, tolerance, MOST_ITERATIONS)
    return outcome, x[1:-1, 1:-1, 1:-1]


def _status(outcome: Outcome, share: float, axis: str, tolerance: float) -> tuple[str, str]:
    if share == 0.0:
        return "no path", f"nothing that conducts spans the image along {axis}"
    if not outcome.converged:
        reason = f"error {outcome.error:.1e} after {outcome.iterations} iterations"
        return "not converged", f"{reason}; asked for {tolerance:g}"
    return "completed", f"converged in {outcome.iterations} iterations"


def _flux(
    problem: Problem, potential: Potential | None, kept: NDArray[np.uint8], axis: int
) -> NDArray[np.float32]:
    """Current of each voxel along the axis, the mean of what comes in and what goes out."""
    if potential is None:
        return np.moveaxis(np.zeros(kept.shape, np.float32), 0, axis)
    faces = face_conductances(problem, kept)
    inner = np.s_[1:-1, 1:-1]
    through = np.empty((kept.shape[0] + 1, *kept.shape[1:]))
    through[1:-1] = faces.g_0[2:-1][:, 1:-1, 1:-1] * (potential[:-1] - potential[1:])
    through[0] = faces.drain[1][inner] * (1.0 - potential[0])
    through[-1] = faces.drain[-2][inner] * potential[-1]
    return np.moveaxis(0.5 * (through[:-1] + through[1:]), 0, axis).astype(np.float32)


def _field(potential: Single | None, kept: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    """The potential as the image lies, NaN where no current can come."""
    found = np.full(kept.shape, np.nan, np.float32)
    if potential is not None:
        found[kept > 0] = potential[kept > 0]
    return np.moveaxis(found, 0, axis)
