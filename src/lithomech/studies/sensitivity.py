"""Which factor an output depends on: Sobol' indices with intervals.

First order: the share of the variance that a factor explains alone; total: with all its
interactions (Saltelli et al. 2010, Comput. Phys. Commun. 181, 259, Table 2, b and f). Both as
in ``scipy.stats.sobol_indices``, which takes no gaps: here the rows of members that failed are
left out, and intervals are those of resampled rows, the same for the same seed.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from lithomech.errors import InputError
from lithomech.studies.members import Point
from lithomech.studies.spec.study import Study

if TYPE_CHECKING:
    from lithomech.studies.table import StudyResult

Floats = NDArray[np.float64]
RUNS: Final = 1024
RESAMPLES: Final = 999
WITHIN: Final = 0.90  # of the intervals
LEAST_ROWS: Final = 8


class Indices(NamedTuple):
    """Sobol' indices of one output.

    Attributes:
        output: its name.
        first: share of the variance that each factor explains alone, (factors,).
        first_interval: 90 % interval, (2, factors).
        total: the same with all interactions, (factors,).
        total_interval: 90 % interval, (2, factors).
        rows: how many rows of the design count.
        planned: how many rows it has.
    """

    output: str
    first: Floats
    first_interval: Floats
    total: Floats
    total_interval: Floats
    rows: int
    planned: int


def row_count(study: Study) -> int:
    """Rows of the design: the largest power of two that the runs allow.

    Raises:
        InputError: there are too few runs.
    """
    blocks = len(study.vary) + 2
    allowed = (study.runs or RUNS) // blocks
    if allowed < LEAST_ROWS:
        message = f"{study.runs} are too few; allowed: at least {LEAST_ROWS * blocks}"
        raise InputError(message, key="runs")
    return 1 << (allowed.bit_length() - 1)


def points(study: Study) -> Iterator[Point]:
    """Yield rows A, rows B, then for each factor rows A with its values of B."""
    factors, rows = list(study.vary.values()), row_count(study)
    both = qmc.Sobol(2 * len(factors), rng=study.seed).random(rows)
    a, b = both[:, : len(factors)], both[:, len(factors) :]
    blocks = [a, b]
    for k in range(len(factors)):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        blocks.append(mixed)
    for block in blocks:
        for shares in block.tolist():
            yield tuple(f.at(share) for f, share in zip(factors, shares, strict=True))


def indices(result: "StudyResult") -> list[Indices]:
    """Return the indices of every output that has enough values."""
    study = result.study
    rows, blocks = row_count(study), len(study.vary) + 2
    found = []
    for reading in study.readings:
        values = result.column(reading.name).astype(np.float64).reshape(blocks, rows)
        whole = np.isfinite(values).all(axis=0)
        if whole.sum() >= LEAST_ROWS:
            found.append(_of_output(reading.name, values[:, whole], rows, study.seed))
    return found


def _of_output(name: str, values: Floats, planned: int, seed: int) -> Indices:
    """Indices from values of all blocks, (blocks, rows)."""
    rng, rows = np.random.default_rng(seed), values.shape[1]
    first, total = estimate(values)
    drawn = [estimate(values[:, rng.integers(0, rows, rows)]) for _ in range(RESAMPLES)]
    ends = [50.0 * (1.0 - WITHIN), 50.0 * (1.0 + WITHIN)]
    intervals = np.percentile(np.array(drawn), ends, axis=0)
    return Indices(name, first, intervals[:, 0], total, intervals[:, 1], rows, planned)


def estimate(values: Floats) -> tuple[Floats, Floats]:
    """Return first order and total indices, (factors,) each.

    Args:
        values: of rows A, B and of A with one column of B each, (2 + factors, rows).
    """
    centred = values - values[:2].mean()
    a, b, mixed = centred[0], centred[1], centred[2:]
    variance = np.var(centred[:2])
    if variance == 0.0:
        nothing = np.zeros(len(mixed))
        return nothing, nothing
    first = np.mean(b * (mixed - a), axis=1) / variance
    total = 0.5 * np.mean((a - mixed) ** 2, axis=1) / variance
    return first, total


def answers(study: Study, found: Sequence[Indices]) -> list[str]:
    """Say in words what each output depends on most."""
    lines = []
    for one in found:
        order = np.argsort(one.total)[::-1][:3]
        keys = list(study.vary)
        parts = ", ".join(f"{keys[k]} {100.0 * one.total[k]:.0f} %" for k in order)
        left = one.planned - one.rows
        gaps = f" ({left} of {one.planned} rows left out: members failed)" if left else ""
        lines.append(f"{one.output} depends on {parts} (total shares of the variance){gaps}")
    return lines
