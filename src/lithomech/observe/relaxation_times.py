"""Distribution of relaxation times of a spectrum, with its smoothness chosen from the data."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import nnls

from lithomech.observe.spectrum import Spectrum

Floats = NDArray[np.float64]

PER_DECADE: Final = 15
BEYOND: Final = 0.7  # decades on both sides of what was measured
PENALTIES: Final = np.logspace(-7, 2, 46)
STANDS_OUT: Final = 0.05  # area of a peak over that of all
WEAK: Final = 1e-9  # penalty on all, so that nothing is free
ROUNDING: Final = 1e-12
CAUTION: Final = 1.4  # so that seldom the noise itself is fitted


class Peak(NamedTuple):
    """A peak of the distribution.

    Attributes:
        tau: its place [s].
        resistance: area under it [ohm].
        capacitance: tau over resistance [F].
    """

    tau: float
    resistance: float
    capacitance: float


class RelaxationTimes(NamedTuple):
    """Z = R + j omega L + 1/(j omega C) + int g(tau)/(1 + j omega tau) d ln tau.

    Attributes:
        tau: [s], increasing.
        density: g [ohm] at each.
        penalty: weight of its roughness, chosen by generalised cross-validation.
        resistance: R [ohm].
        residual: root mean square of the difference over |Z|.
        peaks: in the order of falling height.
    """

    tau: Floats
    density: Floats
    penalty: float
    resistance: float
    residual: float
    peaks: tuple[Peak, ...]


def relaxation_times(spectrum: Spectrum) -> RelaxationTimes:
    """Return the distribution: nowhere negative, and as smooth as the data ask for.

    References:
        CravenWahba1979 (choice of the penalty), Saccoccio2014 (both parts of the data at once).
    """
    omega, z = spectrum.omega, spectrum.impedance
    low, high = -np.log10(omega.max()) - BEYOND, -np.log10(omega.min()) + BEYOND
    tau = np.logspace(low, high, round(PER_DECADE * (high - low)) + 1)
    matrix, right = _system(omega, z, tau)
    size = np.linalg.norm(matrix, axis=0)
    size[: tau.size] = 1.0
    matrix = matrix / size  # an inductance comes in other numbers than a resistance
    rough = _roughness(tau.size)
    scale = float(np.linalg.norm(matrix[:, : tau.size]))
    extra = np.zeros((rough.shape[0], matrix.shape[1] - tau.size))
    smooth = scale * np.hstack([rough, extra])
    penalty = _best_penalty(matrix, smooth, right)
    stacked = np.vstack([matrix, np.sqrt(penalty) * smooth])
    norms = np.linalg.norm(stacked, axis=0)
    weights, _ = nnls(
        stacked / norms, np.concatenate([right, np.zeros(len(smooth))]), maxiter=4000
    )
    weights /= norms
    step = np.log(tau[1] / tau[0])
    residual = float(np.sqrt(2.0 * np.mean((matrix @ weights - right) ** 2)))
    density = weights[: tau.size] / step
    return RelaxationTimes(
        tau,
        density,
        penalty,
        float(weights[tau.size] / size[tau.size]),
        residual,
        _peaks(tau, density),
    )


def _system(omega: Floats, z: NDArray[np.complex128], tau: Floats) -> tuple[Floats, Floats]:
    """Relaxations, resistance, inductance and capacitance; real over imaginary, over |Z|."""
    wide = omega[:, None]
    columns = [1.0 / (1.0 + 1j * wide * tau), np.ones_like(wide) + 0j, 1j * wide, -1j / wide]
    matrix = np.hstack(columns) / np.abs(z)[:, None]
    right = z / np.abs(z)
    return (
        np.vstack([matrix.real, matrix.imag]),
        np.concatenate([right.real, right.imag]),
    )


def _roughness(n: int) -> Floats:
    """Second differences; beyond the ends the distribution is nil."""
    padded = np.eye(n + 2)[:, 1:-1]
    return padded[:-2] - 2.0 * padded[1:-1] + padded[2:]


def _best_penalty(matrix: Floats, smooth: Floats, right: Floats) -> float:
    """The penalty with the smallest generalised cross-validation score, without the sign."""
    size = float(np.sum(smooth**2)) / matrix.shape[1]
    known, vectors = eigh(
        matrix.T @ matrix, smooth.T @ smooth + WEAK * size * np.eye(matrix.shape[1])
    )
    along = (vectors.T @ (matrix.T @ right)) ** 2
    damped = known + PENALTIES[:, None]
    # |A x - b|^2 from the projections alone; never below what rounding leaves of |b|^2
    left = right @ right - np.sum(2.0 * along / damped - known * along / damped**2, axis=1)
    freedom = len(right) - CAUTION * np.sum(known / damped, axis=1)
    rounding = ROUNDING * float(right @ right)
    scores = np.maximum(left, rounding) / np.maximum(freedom, 1.0) ** 2
    # the smoothest of those that the data do not distinguish from the best
    error = np.sqrt(2.0 / len(right))
    return float(PENALTIES[np.flatnonzero(scores <= (1.0 + error) * min(scores))[-1]])


def _peaks(tau: Floats, density: Floats) -> tuple[Peak, ...]:
    """Maxima that stand out, each with the area between the minima beside it."""
    inner = np.flatnonzero((density[1:-1] > density[:-2]) & (density[1:-1] >= density[2:])) + 1
    inner = inner[density[inner] > 0.01 * max(float(density.max()), 1e-300)]
    log = np.log(tau)
    step = float(log[1] - log[0])
    peaks = []
    for k, at in enumerate(inner):
        left = 0 if k == 0 else inner[k - 1] + int(np.argmin(density[inner[k - 1] : at + 1]))
        right = (
            tau.size - 1
            if k == len(inner) - 1
            else at + int(np.argmin(density[at : inner[k + 1] + 1]))
        )
        area = float(np.sum(density[left : right + 1])) * step
        # the middle of its upper half: noise moves the top itself from point to point
        high = np.arange(left, right + 1)[density[left : right + 1] > 0.5 * density[at]]
        weight = density[high] - 0.5 * density[at]
        place = float(np.exp(np.sum(weight * log[high]) / np.sum(weight)))
        peaks.append((density[at], Peak(place, area, place / area)))
    least = STANDS_OUT * float(np.sum(density)) * step
    peaks = [(height, peak) for height, peak in peaks if peak.resistance > least]
    return tuple(peak for _, peak in sorted(peaks, key=lambda pair: -pair[0]))
