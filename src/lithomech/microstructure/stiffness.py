"""Effective stiffness of an image, with the bounds that it has to keep."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.laws.elasticity import bulk_modulus, shear_modulus
from lithomech.microstructure.equations import checked_image
from lithomech.microstructure.labels import index_labels
from lithomech.numerics.fft_elasticity import Block, Load, isotropic

Floats = NDArray[np.float64]
MOST_ITERATIONS: Final = 3000
LOADS: Final = 6
NORMAL: Final = np.s_[:3, :3]  # of a stiffness: stretches against normal stresses


@final
@dataclass(frozen=True)
class Stiffness:
    """Effective elasticity of a periodic image.

    Attributes:
        status: completed | not converged.
        reason: one sentence.
        matrix: [Pa], (6, 6): stresses xx, yy, zz, yz, xz, xy over engineering strains, where x
            is the first axis of the image (z of ``conduct``, along which a pellet is pressed).
        bulk_bounds: Hashin and Shtrikman's on the bulk modulus [Pa], lower and upper.
        shear_bounds: of the shear modulus [Pa].
        iterations: of all loads.
        wall_time_s: of everything.
    """

    status: str
    reason: str
    matrix: Floats = field(repr=False)
    bulk_bounds: tuple[float, float]
    shear_bounds: tuple[float, float]
    iterations: int
    wall_time_s: float

    @property
    def bulk_modulus(self) -> float:
        """Of the isotropic mean [Pa]."""
        return float(np.sum(self.matrix[NORMAL])) / 9.0

    @property
    def shear_modulus(self) -> float:
        """Of the isotropic mean [Pa]."""
        normal = self.matrix[NORMAL]
        trace = float(np.trace(normal))
        across = (float(np.sum(normal)) - trace) / 2.0
        return (trace - across + 3.0 * float(np.trace(self.matrix[3:, 3:]))) / 15.0

    @property
    def constrained_modulus(self) -> float:
        """Stress over strain along the first axis, no strain across [Pa]."""
        return float(self.matrix[0, 0])

    @property
    def anisotropy(self) -> float:
        """Distance from the isotropic mean over its size."""
        K, G = self.bulk_modulus, self.shear_modulus
        mean = isotropic(K, G)
        return float(np.linalg.norm(self.matrix - mean) / np.linalg.norm(mean))


def stiffness(
    image: NDArray[Any],
    moduli: Mapping[int, tuple[float, float]],
    tolerance: float = 1e-3,
    progress: Callable[[float, str], None] | None = None,
) -> Stiffness:
    """Effective stiffness of a periodic image of isotropic solids, perfectly bonded.

    Args:
        image: whole labels, shape (z, y, x).
        moduli: Young's modulus [Pa] and Poisson's ratio of labels; others are voids.
        tolerance: of the residual force. The error of the stiffness is of its square, without
            voids; with voids that of the voxels is larger.
        progress: called with the fraction completed and a status message.

    Raises:
        InputError: moduli or labels make no sense.
    """
    begun = time.perf_counter()
    labels = checked_image(np.asarray(image))
    _check(moduli)
    named = sorted(moduli)
    index, counts = index_labels(labels, named, {"moduli": named})
    # what has no modulus is a void
    K = np.array([0.0, *(float(bulk_modulus(*moduli[label])) for label in named)])
    G = np.array([0.0, *(float(shear_modulus(*moduli[label])) for label in named)])
    solids = np.array([isotropic(k, g) for k, g in zip(K, G, strict=True)])
    block = Block(index, solids)
    there = counts > 0
    K, G, share = K[there], G[there], counts[there] / labels.size
    matrix, iterations, worst = np.zeros((6, 6)), 0, 0.0
    for load in range(LOADS):
        if progress is not None:
            progress(load / LOADS, f"load {load + 1} of {LOADS}")
        found = block.solve(Load(np.eye(6)[load]), tolerance, MOST_ITERATIONS)
        matrix[:, load] = found.stress
        iterations += found.iterations
        worst = max(worst, found.residual)
    met = worst <= tolerance
    return Stiffness(
        "completed" if met else "not converged",
        f"residual {worst:.1e} after {iterations} iterations",
        0.5 * (matrix + matrix.T) if met else np.full((6, 6), np.nan),
        (_bulk(share, K, float(G.min())), _bulk(share, K, float(G.max()))),
        (_shear(share, K, G, int(np.argmin(G))), _shear(share, K, G, int(np.argmax(G)))),
        iterations,
        time.perf_counter() - begun,
    )


def pressed_modulus(
    image: NDArray[np.uint8], moduli: Mapping[int, tuple[float, float]], tolerance: float
) -> float:
    """Constrained modulus along the first axis of a periodic image [Pa]; NaN if not found.

    Args:
        image: labels from 0 upwards, (z, y, x).
        moduli: Young's modulus [Pa] and Poisson's ratio of labels; others are voids.
        tolerance: as of ``stiffness``.
    """
    solids = np.zeros((int(image.max()) + 1, 6, 6))
    for label, (E, nu) in moduli.items():
        if label < len(solids):
            solids[label] = isotropic(float(bulk_modulus(E, nu)), float(shear_modulus(E, nu)))
    found = Block(image, solids).solve(Load(np.eye(6)[0]), tolerance, MOST_ITERATIONS)
    return float(found.stress[0]) if found.converged else np.nan


def _check(moduli: Mapping[int, tuple[float, float]]) -> None:
    if not moduli:
        raise InputError("no label has a stiffness", key="moduli")
    for label, (E, nu) in moduli.items():
        if not (np.isfinite(E) and E > 0.0 and -1.0 < nu < 0.5):
            raise InputError(
                f"label {label}: E {E:g} Pa, nu {nu:g}; allowed: E above 0, nu above -1 and "
                "below 0.5",
                key="moduli",
            )


def _bulk(share: Floats, K: Floats, G_ref: float) -> float:
    """Hashin and Shtrikman's bound on the bulk modulus, of a comparison solid [Pa]."""
    around = 4.0 / 3.0 * G_ref
    return _harmonic(share, K, around)


def _shear(share: Floats, K: Floats, G: Floats, ref: int) -> float:
    """The same on the shear modulus; bounds where one solid is stiffest in K and in G."""
    if G[ref] == 0.0:
        return 0.0
    around = G[ref] / 6.0 * (9.0 * K[ref] + 8.0 * G[ref]) / (K[ref] + 2.0 * G[ref])
    return _harmonic(share, G, float(around))


def _harmonic(share: Floats, modulus: Floats, around: float) -> float:
    shifted = modulus + around
    if np.any(shifted[share > 0.0] == 0.0):
        return 0.0
    return float(1.0 / np.sum(share / shifted) - around)
