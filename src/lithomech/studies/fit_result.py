"""What a fit found: values with intervals, and what the data cannot tell."""

import csv
import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.files.atomic import replacing
from lithomech.files.notebook import notebook_view
from lithomech.files.yamlfile import KeyPath, dump_yaml
from lithomech.studies.identifiability import (
    WIDE,
    Fisher,
    Open,
    confounded_pairs,
    open_combinations,
)
from lithomech.studies.journal import Journal
from lithomech.studies.posterior import Posterior
from lithomech.studies.profile import DEVIATIONS, Profile
from lithomech.studies.spec.fit import Fit
from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.cell.spec import Cell

Floats = NDArray[np.float64]
DETERMINED, LOWER, UPPER, NOT_DETERMINED = (
    "determined",
    "on its lower bound",
    "on its upper bound",
    "not determined",
)
AT_LEAST, AT_MOST = "at least", "at most"
NOISY: Final = 1.5  # variance of the residuals over that of the noise that is worth a line
CLOSE: Final = 1e-3  # share of a range that counts as its bound


class Found(NamedTuple):
    """The best place.

    Attributes:
        place: shares of the ranges.
        cost: sum of squares of the residuals.
        scatter: their variance, at least 1: intervals widen with its root.
        predicted: values of each channel.
        slopes: of the residuals by the shares.
        followed: starts that were followed.
        agreed: starts that led here.
        members: that were run or found in the journal.
        failed: those of them that did not complete.
        complaint: their most frequent reason.
    """

    place: Floats
    cost: float
    scatter: float
    predicted: tuple[Floats, ...]
    slopes: Floats
    followed: int
    agreed: int
    members: int
    failed: int
    complaint: str


class Parameter(NamedTuple):
    """One row of the table.

    Attributes:
        key: of the cell file.
        unit: of all numbers.
        value: best value; None where the data do not tell it.
        low: lower end of the 90 % interval; None where the data do not give one.
        high: upper end, likewise.
        best: value of the best fit, determined or not.
        verdict: determined | at least | at most | on its lower bound | on its upper bound |
            not determined.
    """

    key: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    best: float
    verdict: str


@final
@dataclass(frozen=True, eq=False)
class FitResult:
    """Parameters of a cell that were fitted.

    Attributes:
        fit: that was asked for.
        found: the best place.
        fisher: what the data say around it.
        profiles: one for each parameter.
        journal: that holds all members.
        wall_time_s: of this run of it.
        status: a fit that found nothing raises.
        posterior: samples of what the data leave; None where they were not asked for.
    """

    fit: Fit
    found: Found
    fisher: Fisher
    profiles: tuple[Profile, ...]
    journal: Journal
    wall_time_s: float
    status: str = "completed"
    posterior: Posterior | None = None

    @property
    def reason(self) -> str:
        """What was done, in one sentence."""
        found = self.found
        return (
            f"{found.agreed} of {found.followed} starts agree; {found.members} members, "
            f"{found.failed} not completed"
        )

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The table, in the order of the file."""
        return tuple(map(self._parameter, range(len(self.fit.parameters))))

    def _repr_html_(self) -> str:
        """Show the parameters in a notebook."""
        head = ("Parameter", "Value", "Low", "High", "Unit", "Verdict")
        rows = [(p.key, p.value, p.low, p.high, p.unit, p.verdict) for p in self.parameters]
        return notebook_view("Fit", f"{self.status}, {self.reason}", head, rows, self.warnings)

    @cached_property
    def open_combinations(self) -> list[Open]:
        """What the data leave open."""
        held = [self._bound(k) != "" for k in range(len(self.profiles))]
        return open_combinations(self.fisher, self.fit.parameters, held)

    @property
    def answers(self) -> tuple[str, ...]:
        """What was found, in words."""
        lines = [line for row in self.parameters for line in _in_words(row)]
        keys = [row.key for row in self.parameters]
        determined = [row.verdict == DETERMINED for row in self.parameters]
        pairs = confounded_pairs(self.fisher, keys, determined)
        one_sided = {row.key for row in self.parameters if row.verdict in (AT_LEAST, AT_MOST)}
        left = [one for one in self.open_combinations if not one_sided.issuperset(one.keys)]
        drawn = () if self.posterior is None else self.posterior.answers
        return (*lines, *(one.words for one in left), *pairs, *drawn)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What limits trust in the numbers."""
        found, lines = self.found, []
        if found.scatter > NOISY:
            lines.append(
                f"the residuals are {math.sqrt(found.scatter):.3g} times the noise: the model "
                "or the noise is wrong; intervals were widened by as much, which does not "
                "cover a parameter that is missing"
            )
        if found.agreed == 1 and found.followed > 1:
            lines.append("only one start led to the best fit; give more starts")
        if found.failed:
            counts = f"{found.failed} of {found.members} members did not complete"
            lines.append(f"{counts} and count as far off, as: {found.complaint}")
        if any(one.lower is not None for one in self.profiles):
            lines.append("a profile found a better fit than the search; give more starts")
        return tuple(lines)

    @cached_property
    def bands(self) -> tuple[Floats, ...]:
        """Half width of the 90 % band of each channel's prediction, in SI, without noise."""
        slopes, covariance = self.found.slopes, self.fisher.covariance
        wide = DEVIATIONS * np.sqrt(np.einsum("ik,kl,il->i", slopes, covariance, slopes))
        sizes = np.cumsum([channel.at.size for channel in self.fit.channels])[:-1]
        parts = np.split(wide, sizes)
        return tuple(p * c.noise for p, c in zip(parts, self.fit.channels, strict=True))

    def value(self, k: int, share: float) -> float:
        """Return the number of a parameter at a share of its range, in its unit."""
        key, one = list(self.fit.parameters.items())[k]
        return float(one.axis(key).place(one.at(share)))

    def to_json(self) -> dict[str, Any]:
        """Return the keys of ``lithomech fit --json``."""
        found = self.found
        return {
            "status": self.status,
            "reason": self.reason,
            "parameters": [row._asdict() for row in self.parameters],
            "answers": list(self.answers),
            "warnings": list(self.warnings),
            "sum_of_squares": found.cost,
            "values": int(found.slopes.shape[0]),
            "scatter": found.scatter,
            "correlation": self.fisher.correlation.tolist(),
            "covariance_of_shares": self.fisher.covariance.tolist(),
            "fisher": {
                "normalised": self.fisher.normalised.tolist(),
                "eigenvalues": self.fisher.values.tolist(),
                "eigenvectors": self.fisher.vectors.T.tolist(),
            },
            "open": [
                {"parameters": list(one.keys), "direction": one.direction.tolist()}
                for one in self.open_combinations
            ],
            "profiles": [
                {
                    "values": [self.value(k, share) for share in one.shares.tolist()],
                    "rises": one.rises.tolist(),
                }
                for k, one in enumerate(self.profiles)
            ],
            "posterior": None if self.posterior is None else self.posterior.summary,
            "wall_time_s": self.wall_time_s,
            "version": __version__,
        }

    def save(self, path: Path | str) -> None:
        """Write the table of parameters as text (csv)."""
        with (
            replacing(Path(path)) as temporary,
            temporary.open("w", newline="", encoding="utf-8") as stream,
        ):
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(Parameter._fields)
            out.writerows(["" if v is None else v for v in row] for row in self.parameters)

    @property
    def cell(self) -> "Cell":
        """The cell with the best values."""
        return self.fit.study.subject.declare(best_values(self))

    @property
    def fitted(self) -> str:
        """The cell file with the best values, as ``lithomech run`` takes it."""
        data = self.fit.study.subject.origin.with_values(best_values(self)).document.data
        return dump_yaml(json.loads(json.dumps(data)))  # plain numbers

    def plot(self) -> "Figure":
        """Draw what was measured, the fit with its band, and the residuals."""
        from lithomech.plot.fit import curves  # noqa: PLC0415 - the upward reference

        return curves(self)

    def _bound(self, k: int) -> str:
        share = float(self.found.place[k])
        return LOWER if share < CLOSE else UPPER if share > 1.0 - CLOSE else ""

    def _parameter(self, k: int) -> Parameter:
        key, one = list(self.fit.parameters.items())[k]
        line, share = self.profiles[k], float(self.found.place[k])
        ends = [None if end is None else self.value(k, end) for end in (line.low, line.high)]
        verdict = self._verdict(k)
        value = self.value(k, share)
        determined = value if verdict == DETERMINED else None
        if verdict == NOT_DETERMINED:
            ends = [None, None]
        return Parameter(
            key, one.axis(key).unit or "", determined, ends[0], ends[1], value, verdict
        )

    def _verdict(self, k: int) -> str:
        """What the data say of one parameter.

        Where only a combination is known, an end of the interval of one parameter is that of
        the range of another, and says nothing.
        """
        low, high = self.profiles[k].low, self.profiles[k].high
        if low is not None and high is not None:
            return DETERMINED if high - low < 2.0 * WIDE else NOT_DETERMINED
        key = list(self.fit.parameters)[k]
        shared = any(key in one.keys and len(one.keys) > 1 for one in self.open_combinations)
        if shared or (low is None and high is None):
            return NOT_DETERMINED
        return self._bound(k) or (AT_MOST if low is None else AT_LEAST)


def best_values(result: FitResult) -> dict[KeyPath, object]:
    """Return the values of the best place, as a cell file would hold them, by path."""
    ranges = result.fit.parameters.values()
    place = result.found.place.tolist()
    best = [one.at(share) for one, share in zip(ranges, place, strict=True)]
    return dict(zip(result.fit.study.paths, best, strict=True))


def _in_words(row: Parameter) -> list[str]:
    """A row of the table in words; what is not determined is stated for combinations."""
    unit = f" {row.unit}" if row.unit else ""
    if row.verdict == DETERMINED:
        return [f"{row.key}: {row.value:.4g}{unit} ({row.low:.4g} to {row.high:.4g})"]
    if row.verdict == AT_LEAST:
        return [f"{row.key}: at least {row.low:.4g}{unit}"]
    if row.verdict == AT_MOST:
        return [f"{row.key}: at most {row.high:.4g}{unit}"]
    if row.verdict == NOT_DETERMINED:
        return [f"{row.key}: not determined by these data"]
    limit = row.high if row.verdict == LOWER else row.low
    word = "at most" if row.verdict == LOWER else "at least"
    return [f"{row.key}: {row.verdict}, {row.best:.4g}{unit}; {word} {limit:.4g}{unit}"]
