"""Conjugate gradients for conduction between voxels, preconditioned by multigrid.

The energy of the potential is the conductance. It is second order in the error of the field,
falls from above, and conjugate gradients yield each decrease exactly: what is still to come
follows from how fast the decreases fall. That is the error estimate, of the conductance itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.numerics import stencil
from lithomech.numerics.stencil import Potential, Single
from lithomech.numerics.voxel_grids import AbstractGrid, Bodies, Unlike

OVER_CORRECTION: Final = 1.6  # piecewise constant aggregates correct too little
DENSE: Final = 4  # voxels along each axis below which the coarsest problem is inverted
SMALL: Final = 100_000  # voxels; on fewer, several threads only wait for each other
SAFETY: Final = 2.5  # of the estimated rest
SLOWEST: Final = 0.97  # decrease per iteration that the estimate extrapolates
RENEWED: Final = 20  # iterations after which the residual may be computed anew
CAREFUL: Final = 8  # the same with bodies, where slow modes hide longer
WINDOW: Final = 2  # iterations over which a slow decrease is looked for


class Outcome(NamedTuple):
    """What the solver reached.

    Attributes:
        energy: conductance between the ends.
        error: estimated relative error of it.
        mismatch: current in less current out, over the current.
        iterations: of conjugate gradients.
        converged: whether the estimate fell below the tolerance.
    """

    energy: float
    error: float
    mismatch: float
    iterations: int
    converged: bool


@final
@dataclass
class Hierarchy:
    """Grids from fine to coarse."""

    grids: list[AbstractGrid]
    inverse: Single
    periodic: bool
    bodies: "Bodies | None" = None

    @staticmethod
    def of(
        grid: AbstractGrid, *, periodic: bool, particle: NDArray[np.int32] | None = None
    ) -> "Hierarchy":
        """Coarsen down to a grid that is solved directly.

        Args:
            grid: the finest.
            periodic: whether the sides are joined to the opposite ones.
            particle: padded numbers, from 0, of bodies that touch through contacts; else -1.
        """
        grids = [grid]
        while max(grids[-1].x.shape) - 2 > DENSE or len(grids) == 1:
            faces = grids[-1].coarsen()
            if periodic:
                faces.g_1[:, -1] = faces.g_1[:, 1]
                faces.g_2[:, :, -1] = faces.g_2[:, :, 1]
            grids.append(Unlike(faces))
        bodies = None
        if particle is not None and isinstance(grid, Unlike):
            bodies = Bodies(grid.faces, particle, periodic=periodic)
        return Hierarchy(grids, _inverse(grids[-1], periodic), periodic, bodies)

    def precondition(self, level: int = 0) -> None:
        """Solve A x = r roughly on a grid; one V-cycle on the finest, W-cycles below."""
        grid = self.grids[level]
        if level == len(self.grids) - 1:
            inner = np.s_[1:-1, 1:-1, 1:-1]
            grid.x[inner] = (self.inverse @ grid.r[inner].ravel()).reshape(grid.x[inner].shape)
            return
        below = self.grids[level + 1]
        for cycle in range(1 if level == 0 else 2):
            self._sweep(grid, 0, first=cycle == 0)
            self._sweep(grid, 1)
            grid.residual()
            stencil.aggregate(grid.spare, below.r)
            if below.x.size < SMALL <= grid.x.size:
                with stencil.one_thread():
                    self.precondition(level + 1)
            else:
                self.precondition(level + 1)
            stencil.prolong(grid.active, grid.x, below.x, np.float32(OVER_CORRECTION))
            self.wrap(grid.x)
            self._sweep(grid, 1)
            self._sweep(grid, 0)

    def _sweep(self, grid: AbstractGrid, colour: int, *, first: bool = False) -> None:
        if first:
            grid.begin()
        else:
            grid.smooth(colour)
        self.wrap(grid.x)

    def wrap(self, x: Potential) -> None:
        """Renew the padding that stands for periodic neighbours."""
        if self.periodic:
            stencil.wrap(x)


def _inverse(grid: AbstractGrid, periodic: bool) -> Single:
    """Inverse of the coarsest operator; voxels that do not conduct stay at zero."""
    size = grid.x[1:-1, 1:-1, 1:-1].size
    matrix = np.zeros((size, size), np.float64)
    unit, image = np.zeros_like(grid.x), np.zeros_like(grid.x)
    for n in range(size):
        unit.fill(0.0)
        inner = unit[1:-1, 1:-1, 1:-1]
        inner[np.unravel_index(n, inner.shape)] = 1.0
        if periodic:
            stencil.wrap(unit)
        grid.apply(unit, image)
        matrix[:, n] = image[1:-1, 1:-1, 1:-1].ravel()
    return np.linalg.pinv(matrix, hermitian=True).astype(np.float32)


def solve(
    hierarchy: Hierarchy,
    ends: tuple[Single, Single],
    x: Potential,
    energy: Callable[[Potential], float],
    tolerance: float,
    most: int,
) -> Outcome:
    """Minimise the energy of a potential that is 1 at one end and 0 at the other.

    Args:
        hierarchy: of the operator; the residual of its finest grid is the solver's own.
        ends: conductance of the first and of the last layer to its end, without padding.
        x: first guess in, potential out, padded; in double precision where contacts are so weak
            that single precision cannot resolve the field inside particles.
        energy: conductance that belongs to a potential, in double precision.
        tolerance: largest relative error of the conductance.
        most: iterations allowed.

    Returns:
        Outcome.
    """
    fine, bodies = hierarchy.grids[0], hierarchy.bodies
    q, p = fine.spare, np.zeros_like(fine.x)  # what the preconditioner needs, q does not
    residual = fine.r if bodies is None else np.zeros_like(fine.x)
    renew(hierarchy, ends[0], x, residual)
    if bodies is not None:
        bodies.correct(residual, x)
        renew(hierarchy, ends[0], x, residual)
    left = exact = evaluate(hierarchy, x, energy)
    before, falls, fresh = np.inf, [], 0
    window = WINDOW if bodies is None else CAREFUL
    for iteration in range(1, most + 1):
        _precondition(hierarchy, residual, q)
        now = stencil.dot(residual, fine.x)
        if now <= 0.0:  # nothing left that single precision could resolve
            break
        stencil.turn(p, fine.x, np.float32(now / before))  # p is zero at first
        hierarchy.wrap(p)
        before = now
        step = now / fine.apply(p, q)
        stencil.advance(x, residual, p, q, np.float32(step))
        falls.append(step * now)
        left -= falls[-1]
        if left < 0.5 * exact or rest(falls, window) < tolerance * left:
            left = exact = evaluate(hierarchy, x, energy)  # differences lose digits
            found = judge(left, rest(falls, window), ends, x, iteration, tolerance)
            if found.converged:
                return found
            if iteration - fresh >= RENEWED and rest(falls, window) < tolerance * left:
                renew(hierarchy, ends[0], x, residual)  # the currents say it has drifted away
                before, fresh = np.inf, iteration
    left = evaluate(hierarchy, x, energy)
    remaining = rest(falls, window) if falls else 0.0
    return judge(left, remaining, ends, x, len(falls), tolerance)


def renew(hierarchy: Hierarchy, inflow: Single, x: Potential, residual: Single) -> None:
    """Compute the residual of a potential anew."""
    hierarchy.wrap(x)
    hierarchy.grids[0].remain(inflow, x, residual)


def evaluate(hierarchy: Hierarchy, x: Potential, energy: Callable[[Potential], float]) -> float:
    """Energy with the padding of periodic sides up to date."""
    hierarchy.wrap(x)
    return energy(x)


def judge(
    energy: float,
    remaining: float,
    ends: tuple[Single, Single],
    x: Potential,
    iterations: int,
    tolerance: float,
) -> Outcome:
    """Error by the falls to come, or by the currents at both ends, whichever is larger.

    Currents are first order in the error of the field, the energy second: where single
    precision cannot resolve the field (very weak contacts), only the currents tell.
    """
    first, last = x[1, 1:-1, 1:-1], x[-2, 1:-1, 1:-1]
    current_in = float(np.sum(ends[0].astype(float) * (1.0 - first.astype(float))))
    current_out = float(np.sum(ends[1].astype(float) * last.astype(float)))
    mismatch = abs(current_in - current_out) / energy
    error = max(remaining / energy, mismatch**2)
    return Outcome(energy, error, mismatch, iterations, error < tolerance)


def _precondition(hierarchy: Hierarchy, residual: Single, q: Single) -> None:
    """Multigrid, then the network of bodies on what it left (deflation after Tang's A-DEF2)."""
    fine, bodies = hierarchy.grids[0], hierarchy.bodies
    if bodies is None:
        hierarchy.precondition()
        return
    fine.r[:] = residual
    hierarchy.precondition()
    fine.apply(fine.x, q)
    np.subtract(residual, q, out=fine.r)
    bodies.correct(fine.r, fine.x)
    hierarchy.wrap(fine.x)


def rest(falls: list[float], window: int = WINDOW) -> float:
    """Estimated sum of the falls of the energy that are still to come.

    Args:
        falls: so far.
        window: over how many the slowest decrease counts.
    """
    if len(falls) < window:
        return np.inf
    last = falls[-window - 1 :]
    slowest = max(b / a for a, b in pairwise(last))
    rate = min(max(slowest, 1e-3), SLOWEST)
    return SAFETY * last[-1] * rate / (1.0 - rate)
