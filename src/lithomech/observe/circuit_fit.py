"""Parameters of a circuit from a spectrum, without start values by hand.

Many random candidates are weighed; the best of them walk downhill together (Levenberg and
Marquardt, all at once) until none that could win is still moving.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.circuit import Circuit
from lithomech.observe.spectrum import Spectrum

Floats = NDArray[np.float64]

CANDIDATES: Final = 1500
COARSE: Final = 24  # frequencies at which candidates are weighed
WALKERS: Final = 24
ROUNDS: Final = 5
WHITE: Final = 1.2  # von Neumann ratio of residuals; 2 if nothing is left in them, 0 if all is
STEPS: Final = 200
SETTLED: Final = 1e-7  # relative fall of the misfit at which a walker stands
SAME: Final = 1e-3  # relative difference of misfits that count as one minimum
ENOUGH: Final = 3  # walkers in the best minimum
LOWEST_N: Final = 0.3  # exponents reach from here to 1
WIDE: Final = np.log(1e7)  # how far a parameter may go from where candidates begin


class Fit(NamedTuple):
    """The best parameters.

    Attributes:
        values: in their units, in the order of the circuit.
        deviation: one standard deviation of each; inf where the data do not determine it.
        misfit: root mean square of |Z_fit - Z| / |Z|.
        at_bound: whether each stands at the end of what is allowed.
        agreed: how many of the walkers ended there.
        settled: whether the best one stands.
    """

    values: Floats
    deviation: Floats
    misfit: float
    at_bound: NDArray[np.bool_]
    agreed: int
    settled: bool


class _Problem(NamedTuple):
    omega: Floats
    z: NDArray[np.complex128]
    circuit: Circuit
    exponent: NDArray[np.bool_]
    low: Floats
    high: Floats

    def values(self, u: Floats) -> Floats:
        """Parameters of the free variables: exponentials, and a wave for exponents."""
        wave = LOWEST_N + (1.0 - LOWEST_N) * np.sin(u) ** 2
        return np.where(self.exponent, wave, np.exp(np.where(self.exponent, 0.0, u)))

    def residual(self, u: Floats) -> tuple[Floats, Floats]:
        """Relative residuals of shape (..., 2n) and their slopes (..., 2n, p)."""
        p = self.values(u)
        with np.errstate(all="ignore"):
            z, slopes = self.circuit.with_slopes(self.omega, p)
        weight = 1.0 / np.abs(self.z)
        r = (z - self.z) * weight
        chain = np.where(self.exponent, (1.0 - LOWEST_N) * np.sin(2.0 * u) / p, np.ones_like(u))
        j = np.stack([s * weight * chain[..., k, None] for k, s in enumerate(slopes)], -1)
        return (
            np.concatenate([r.real, r.imag], -1),
            np.concatenate([j.real, j.imag], -2),
        )


def fit_circuit(
    spectrum: Spectrum, circuit: Circuit, start: Floats | None = None, seed: int = 0
) -> Fit:
    """Fit a circuit with the modulus as weight.

    Args:
        spectrum: what was measured.
        circuit: what is fitted.
        start: values to begin with, such as those of the spectrum before.
        seed: of the random candidates.
    """
    chance = np.random.default_rng(seed)
    problem, first = _prepared(spectrum, circuit, chance)
    known = None if start is None else _inverse(problem, start)[None]
    ends, costs, still = _walk(problem, _best(problem, first) if known is None else known)
    for _ in range(ROUNDS):
        best = int(np.argmin(costs))
        if np.isfinite(costs[best]) and (_whiteness(problem.residual(ends[best])[0]) > WHITE):
            break
        # something is left in the residuals: this may not be the lowest minimum
        more = _walk(problem, _best(problem, _prepared(spectrum, circuit, chance)[1]))
        ends, costs, still = (
            np.concatenate(pair) for pair in zip((ends, costs, still), more, strict=True)
        )
    best = int(np.argmin(costs))
    agreed = int(np.sum(costs <= costs[best] * (1.0 + SAME) + 1e-30))
    return _result(problem, ends[best], float(costs[best]), agreed, settled=not still[best])


def _whiteness(r: Floats) -> float:
    """Mean square of the steps from frequency to frequency over the mean square itself."""
    parts = r.reshape(2, -1)
    return float(np.mean(np.diff(parts, axis=1) ** 2) / max(np.mean(parts**2), 1e-300))


def _prepared(
    spectrum: Spectrum, circuit: Circuit, chance: np.random.Generator
) -> tuple[_Problem, Floats]:
    """Random candidates of the size that the spectrum suggests, and the bounds."""
    omega, z = spectrum.omega, spectrum.impedance
    size = np.abs(z)
    largest = float(size.max())
    kinds = [parameter.kind for parameter in circuit.parameters]
    u = np.empty((CANDIDATES, len(kinds)))
    low, high = np.full(len(kinds), -np.inf), np.full(len(kinds), np.inf)
    log = np.log(omega)

    def spread(least: float, most: float) -> Floats:
        return chance.uniform(least * np.log(10), most * np.log(10), CANDIDATES)

    def drawn(kind: str) -> Floats:
        at = chance.uniform(log.min(), log.max(), CANDIDATES)  # where the element shows
        resistance = np.log(largest) + spread(-2.5, 0.0)
        n = chance.uniform(0.7, 1.0, CANDIDATES)
        over = np.interp(at, log[::-1], np.log(size)[::-1])
        return {
            "exponent": chance.uniform(np.pi / 4, np.pi / 2, CANDIDATES),
            "resistance": resistance,
            "time": spread(0.0, 0.5) - at,
            "inductance": np.log(size[0]) - log.max() + spread(-2.0, 0.3),
            "warburg": over + 0.5 * at + spread(-1.5, 0.0),
            "phase": -resistance - n * at,
            "capacitance": -resistance - at,
        }[kind]

    for k, kind in enumerate(kinds):
        u[:, k] = drawn(kind)
        if kind != "exponent":
            low[k], high[k] = u[:, k].min() - WIDE, u[:, k].max() + WIDE
    exponent = np.array([kind == "exponent" for kind in kinds])
    return _Problem(omega, z, circuit, exponent, low, high), u


def _best(problem: _Problem, u: Floats) -> Floats:
    """The candidates nearest to the data; distance by the logarithm, which sees all decades."""
    some = slice(None, None, max(1, problem.omega.size // COARSE))
    with np.errstate(all="ignore"):
        z, _ = problem.circuit.with_slopes(problem.omega[some], problem.values(u))
        distance = np.sum(np.abs(np.log(z / problem.z[some])) ** 2, axis=1)
    order = np.argsort(np.where(np.isfinite(distance), distance, np.inf), kind="stable")
    return u[order[:WALKERS]]


def _inverse(problem: _Problem, values: Floats) -> Floats:
    wave = np.arcsin(np.sqrt(np.clip((values - LOWEST_N) / (1.0 - LOWEST_N), 0.02, 0.98)))
    return np.where(problem.exponent, wave, np.log(np.maximum(values, 1e-300)))


def _walk(problem: _Problem, u: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Levenberg and Marquardt for all walkers; those that cannot win are left behind."""
    r, j = problem.residual(u)
    cost = np.sum(r * r, -1)
    damping = np.full(len(u), 1e-2)
    moving = np.isfinite(cost)
    cost = np.where(moving, cost, np.inf)
    for _ in range(STEPS):
        on = np.flatnonzero(moving)
        if not on.size:
            break
        step = _step(j[on], r[on], damping[on])
        tried = np.clip(u[on] + step, problem.low, problem.high)
        r_new, j_new = problem.residual(tried)
        new = np.sum(r_new * r_new, -1)
        better = np.isfinite(new) & (new < cost[on])
        fall = np.where(better, cost[on] - new, 0.0)
        still = ~better | (fall > SETTLED * cost[on])
        take = on[better]
        u[take], r[take], j[take], cost[take] = (
            tried[better],
            r_new[better],
            j_new[better],
            new[better],
        )
        damping[on] = np.where(better, np.maximum(damping[on] / 5.0, 1e-12), damping[on] * 4.0)
        moving[on] = still & (damping[on] < 1e8) & (cost[on] > 1e-26)
        done = cost[~moving]
        if done.size and np.sum(done <= done.min() * (1.0 + SAME)) >= ENOUGH:
            # what is far above a minimum that was found more than once is not waited for
            moving &= cost < done.min() * (1.0 - SAME)
    return u, cost, moving


def _step(j: Floats, r: Floats, damping: Floats) -> Floats:
    normal = np.einsum("bnp,bnq->bpq", j, j)
    diagonal = np.einsum("bpp->bp", normal)
    floor = 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    index = np.arange(normal.shape[1])
    normal[:, index, index] += damping[:, None] * np.maximum(diagonal, floor) + floor
    right = -np.einsum("bnp,bn->bp", j, r)
    return np.clip(np.linalg.solve(normal, right[..., None])[..., 0], -3.0, 3.0)


def _result(problem: _Problem, u: Floats, cost: float, agreed: int, *, settled: bool) -> Fit:
    """Values with their deviations from the curvature of the misfit."""
    r, j = problem.residual(u)
    free = max(r.size - u.size, 1)
    scaled = np.linalg.norm(j, axis=0)
    _, s, vt = np.linalg.svd(j / np.where(scaled > 0, scaled, 1.0), full_matrices=False)
    known = s > 1e-9 * s[0]
    variance = np.sum((vt[known].T / s[known]) ** 2, axis=1) * cost / free
    lost = np.sum(vt[~known] ** 2, axis=0) > 1e-6
    sigma = np.where(
        lost | (scaled == 0.0), np.inf, np.sqrt(variance) / np.maximum(scaled, 1e-300)
    )
    values = problem.values(u)
    steep = np.where(problem.exponent, np.abs((1.0 - LOWEST_N) * np.sin(2.0 * u)), values)
    at_bound = np.where(
        problem.exponent,
        values < LOWEST_N + 1e-3,
        (u <= problem.low + 1e-6) | (u >= problem.high - 1e-6),
    )
    deviation = np.where(
        np.isfinite(sigma), steep * np.where(np.isfinite(sigma), sigma, 0), np.inf
    )
    return Fit(
        values, deviation, float(np.sqrt(cost / problem.z.size)), at_bound, agreed, settled
    )
