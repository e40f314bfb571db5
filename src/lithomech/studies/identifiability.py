"""What the data cannot tell apart: weak directions of the Fisher matrix, in words."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.studies.factors import LOG
from lithomech.studies.profile import DEVIATIONS
from lithomech.studies.spec.vary import Range

Floats = NDArray[np.float64]
WIDE: Final = 0.25  # half of a 90 % interval, share of the range: wider says nothing
PART: Final = 0.2  # smallest share in a direction that counts
ALIKE: Final = 0.1  # of exponents: 1 is a product, -1 a ratio
WEAK: Final = (
    0.02  # eigenvalue of the normalised Fisher matrix of a pair that is hardly distinguished
)
FLAT: Final = 12.0  # 1 / variance of an even spread over a range


class Fisher(NamedTuple):
    """What the data say of all parameters together.

    Attributes:
        matrix: slopes' slopes over the scatter, in shares of the ranges.
        normalised: the same with ones on its diagonal.
        values: eigenvalues of the normalised matrix, increasing.
        vectors: its eigenvectors, one a column.
    """

    matrix: Floats
    normalised: Floats
    values: Floats
    vectors: Floats

    @property
    def covariance(self) -> Floats:
        """Covariance of the shares; what the data leave open is as wide as the range."""
        matrix = self.matrix + FLAT * np.eye(len(self.matrix))
        return np.asarray(np.linalg.inv(matrix), np.float64)

    @property
    def correlation(self) -> Floats:
        """Correlation of the parameters."""
        size = np.sqrt(np.diag(self.covariance))
        return np.asarray(self.covariance / np.outer(size, size), np.float64)


def fisher(slopes: Floats, scatter: float) -> Fisher:
    """Return the Fisher matrix of residuals with these slopes, (values, parameters)."""
    matrix = slopes.T @ slopes / scatter
    size = np.sqrt(np.diag(matrix))
    size[size == 0.0] = 1.0
    normalised = matrix / np.outer(size, size)
    values, vectors = np.linalg.eigh(normalised)
    return Fisher(matrix, normalised, values, vectors)


class Open(NamedTuple):
    """A combination that the data leave open.

    Attributes:
        direction: of it in shares of the ranges, a unit vector.
        keys: parameters that take part.
        words: what that means.
    """

    direction: Floats
    keys: tuple[str, ...]
    words: str


def open_combinations(
    found: Fisher, ranges: dict[str, Range], held: Sequence[bool]
) -> list[Open]:
    """Return the combinations that the data leave open, the weakest first.

    Args:
        found: of the fit.
        ranges: of the parameters by key.
        held: which of them are on a bound, and take no part.
    """
    keys = list(ranges)
    free = [k for k in range(len(keys)) if not held[k]]
    if not free:
        return []
    values, vectors = np.linalg.eigh(found.matrix[np.ix_(free, free)])
    combinations = []
    for value, vector in zip(values, vectors.T, strict=True):
        if value > 0.0 and DEVIATIONS / math.sqrt(value) < WIDE:
            break
        direction = np.zeros(len(keys))
        direction[free] = vector
        parts = [k for k in free if abs(direction[k]) > PART]
        words = _words([keys[k] for k in parts], direction[parts], ranges, found, parts)
        combinations.append(Open(direction, tuple(keys[k] for k in parts), words))
    return combinations


def confounded_pairs(
    found: Fisher, keys: Sequence[str], determined: Sequence[bool]
) -> list[str]:
    """Say of which pairs a combination is known far better than either of them."""
    return [
        f"{keys[n]} and {keys[k]}: one combination is known far better than either"
        for k in range(len(keys))
        for n in range(k)
        if determined[k] and determined[n] and 1.0 - abs(float(found.normalised[k, n])) < WEAK
    ]


def _words(
    keys: Sequence[str],
    direction: Floats,
    ranges: dict[str, Range],
    found: Fisher,
    parts: Sequence[int],
) -> str:
    """Say what an open direction leaves known."""
    if len(keys) == 1:
        return f"the data do not tell {keys[0]}"
    logs = [ranges[key].scale == LOG for key in keys]
    if len(keys) > 2 or len(set(logs)) > 1:
        return f"the data do not tell {', '.join(keys[:-1])} and {keys[-1]} apart"
    spans = [_span(ranges[key]) for key in keys]
    power = -(direction[0] * spans[0]) / (direction[1] * spans[1])
    slope = np.zeros(len(found.matrix))
    slope[list(parts)] = [spans[0], power * spans[1]]
    error = DEVIATIONS * math.sqrt(slope @ found.covariance @ slope)
    one, other = keys
    if not all(logs):
        return f"{one} and {other}: only {one} {power:+.3g} {other} is known"
    known = f"{one} x {other}^{power:.2g}"
    if abs(power - 1.0) < ALIKE:
        known = "their product"
    elif abs(power + 1.0) < ALIKE:
        known = "their ratio"
    return f"{one} and {other}: only {known} is known, within a factor of {math.exp(error):.3g}"


def _span(one: Range) -> float:
    """Length of a range: of its logarithm where it is one."""
    between = one.between
    low, high = between.low, between.high.value
    return math.log(high / low) if one.scale == LOG else high - low
