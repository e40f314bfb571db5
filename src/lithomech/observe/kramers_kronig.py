"""Is a spectrum that of a linear system that did not change while it was measured?

Any such spectrum is a sum of relaxations (Lin-KK). What is left over beyond the noise is not.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.spectrum import Spectrum

Floats = NDArray[np.float64]

PER_DECADE: Final = (2, 3, 4, 5, 6)  # terms; the best by generalised cross-validation
LEAST: Final = 0.002  # residual that is never called a violation
ABOVE_NOISE: Final = 1.6  # residual over noise that is
SMOOTHED: Final = 5  # points
FEWEST: Final = 10  # points; fewer always fit some sum of relaxations


class KramersKronig(NamedTuple):
    """Outcome of the test.

    Attributes:
        consistent: whether the residual is noise, or there are too few points to say.
        residual: root mean square of the difference over |Z|.
        noise: what of it is uncorrelated from point to point.
        differences: (Z - Z_fit)/|Z|, complex, shape (n,).
        terms: relaxations used.
        verdict: in words.
    """

    consistent: bool
    residual: float
    noise: float
    differences: NDArray[np.complex128]
    terms: int
    verdict: str


def kramers_kronig(spectrum: Spectrum) -> KramersKronig:
    """Test a spectrum.

    References:
        Boukamp1995 (linear test), CravenWahba1979 (number of terms).
    """
    omega, z = spectrum.omega, spectrum.impedance
    decades = np.log10(omega.max() / omega.min())
    counts = {max(3, min(round(n * decades), omega.size - 3)) for n in PER_DECADE}
    best = min((_fit(omega, z, count) for count in sorted(counts)), key=lambda fit: fit[1])
    differences = best[0]
    parts = np.stack([differences.real, differences.imag])
    residual = float(np.sqrt(np.mean(parts**2) * 2.0))
    steps = np.diff(parts, axis=1)
    noise = float(np.sqrt(np.mean(steps**2)))  # of both parts: 2 x mean square / 2
    kernel = np.ones(SMOOTHED) / SMOOTHED
    bent = np.abs(np.array([np.convolve(p, kernel, "valid") for p in parts])).max()
    # the mean of a few points of noise alone seldom exceeds three of its deviations
    limit = max(LEAST, 3.5 * noise / np.sqrt(2.0 * SMOOTHED))
    good = bool(bent < limit and residual < max(LEAST, ABOVE_NOISE * noise))
    wrong = (
        f"differs by up to {100 * bent:.2g} % from any steady linear system: it drifted, or "
        "the amplitude was too large"
    )
    words = "steady and linear" if good else wrong
    if omega.size < FEWEST:
        good, words = True, f"not tested: fewer than {FEWEST} points"
    return KramersKronig(good, residual, noise, differences, best[2], words)


def _fit(
    omega: Floats, z: NDArray[np.complex128], terms: int
) -> tuple[NDArray[np.complex128], float, int]:
    """Residual of the best sum of relaxations, its score, and the number of terms."""
    tau = np.geomspace(1.0 / omega.max(), 1.0 / omega.min(), terms)
    columns = [1.0 / (1.0 + 1j * omega[:, None] * tau), np.ones((omega.size, 1))]
    columns += [1j * omega[:, None], 1.0 / (1j * omega[:, None])]
    matrix = np.hstack(columns) / np.abs(z)[:, None]
    real = np.vstack([matrix.real, matrix.imag])
    scale = np.linalg.norm(real, axis=0)
    right = z / np.abs(z)
    weights, *_ = np.linalg.lstsq(
        real / scale, np.concatenate([right.real, right.imag]), rcond=1e-12
    )
    left = right - matrix @ (weights / scale)
    freedom = 2 * omega.size - matrix.shape[1]
    return left, float(np.sum(np.abs(left) ** 2)) / freedom**2, terms
