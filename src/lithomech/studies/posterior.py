"""The posterior of a fit by nested sampling: what is left of the ranges once data are seen.

The prior is even over each range, or over its logarithm; the likelihood is that of the same
residuals and scatter as the intervals of least squares.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.studies.fitted_channels import Channel
from lithomech.studies.journal import Journal
from lithomech.studies.members import Member, Point, text_of
from lithomech.studies.misfit import COMPLETED, FAILED, Misfit
from lithomech.studies.profile import CONFIDENCE, Profile
from lithomech.studies.readings import AtTime, Reading
from lithomech.studies.run import PATIENCE, Waiting, run_points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
QUEUE: Final = 16  # proposals at once, however many workers: digits depend on it
MANY: Final = 6  # parameters from which on ellipsoids are too wide to draw from them
DRAWS: Final = 100  # members behind the predictive bands
TAILS: Final = (0.5 - 0.5 * CONFIDENCE, 0.5, 0.5 + 0.5 * CONFIDENCE)
ACCEPTED: Final = 1e300  # ends the search of a thread whose work nobody waits for
BEYOND: Final = 4.0  # half widths of the 90 % interval to each side of the best place
REMAINING: Final = 0.1  # of the logarithm of the evidence, at the end
# Below this share of useful draws [%] they come from ellipsoids around the live points, no more
# from the whole box: with the usual 10 % it takes three times the members for the same samples.
BOUNDED: Final = 50.0


class SumOfSquares(NamedTuple):
    """Reads the sum of squares of all residuals of a run."""

    channels: tuple[Channel, ...]

    def __call__(self, result: Any) -> float | None:  # noqa: ANN401 - a CellResult
        """Return the sum; None where the run lacks a value."""
        total = 0.0
        for channel in self.channels:
            values = _values(channel, result)
            if values is None:
                return None
            off = (values - channel.measured) / channel.noise
            total += float(off @ off)
        return total


def _values(channel: Channel, result: Any) -> Floats | None:  # noqa: ANN401
    """What a run gives for a channel; a trace all at once."""
    first = channel.readings[0].read
    if isinstance(first, AtTime):
        return first.at(result, channel.at)
    values = [one.read(result) for one in channel.readings]
    return None if any(value is None for value in values) else np.array(values, np.float64)


def sum_of_squares(channels: tuple[Channel, ...]) -> Reading:
    """Return the reading of the misfit; other measurements have another name."""
    parts = [np.asarray(v, np.float64) for c in channels for v in (c.at, c.measured, c.noise)]
    mark = sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16]
    return Reading(f"sum of squares {mark}", "Sum of squares", SumOfSquares(channels))


class Band(NamedTuple):
    """Values of a channel that the posterior predicts, in SI: 5 %, median, 95 %."""

    low: Floats
    middle: Floats
    high: Floats


class Row(NamedTuple):
    """What the posterior says of one parameter; numbers in its unit."""

    key: str
    unit: str
    low: float
    median: float
    high: float


@final
@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted places of the parameters.

    Attributes:
        keys: of the parameters.
        units: of their values.
        logs: whether a range was even in its logarithm.
        values: of the samples, (samples, parameters).
        weights: of the samples; their sum is 1.
        log_evidence: natural logarithm of the evidence, with its standard error.
        members: likelihoods that were asked for.
        bands: predictions, one for each channel.
    """

    keys: tuple[str, ...]
    units: tuple[str, ...]
    logs: tuple[bool, ...]
    values: Floats
    weights: Floats
    log_evidence: tuple[float, float]
    members: int
    bands: tuple[Band, ...]

    @property
    def effective(self) -> float:
        """Number of equal samples that say as much."""
        return float(1.0 / np.sum(self.weights**2))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Median and 90 % interval of each parameter."""
        ends = [weighted_quantiles(column, self.weights, TAILS) for column in self.values.T]
        named = zip(self.keys, self.units, ends, strict=True)
        return tuple(Row(key, unit, *map(float, three)) for key, unit, three in named)

    @property
    def answers(self) -> tuple[str, ...]:
        """The intervals in words."""
        return tuple(
            f"posterior, {row.key}: {row.median:.4g}{f' {row.unit}' if row.unit else ''} "
            f"({row.low:.4g} to {row.high:.4g})"
            for row in self.rows
        )

    @property
    def summary(self) -> dict[str, Any]:
        """What it says, without its samples."""
        return {
            "rows": [row._asdict() for row in self.rows],
            "log_evidence": list(self.log_evidence),
            "members": self.members,
            "effective_samples": self.effective,
        }

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain data; ``load_posterior`` reads it."""
        return self.summary | {
            "keys": list(self.keys),
            "units": list(self.units),
            "logs": list(self.logs),
            "values": self.values.tolist(),
            "weights": self.weights.tolist(),
            "bands": [[part.tolist() for part in band] for band in self.bands],
        }

    def save(self, path: Path | str) -> None:
        """Write it as JSON."""
        with replacing(Path(path)) as temporary:
            temporary.write_text(json.dumps(self.to_json()) + "\n", encoding="utf-8")

    def plot(self) -> "Figure":
        """Draw the samples: each parameter alone, and all pairs."""
        from lithomech.plot.posterior import corner  # noqa: PLC0415 - the upward reference

        return corner(self)


def load_posterior(path: Path | str) -> Posterior:
    """Read what ``Posterior.save`` wrote.

    Raises:
        InputError: it is none.
    """
    try:
        held = json.loads(Path(path).read_text(encoding="utf-8"))
        bands = [Band(*(np.array(part, np.float64) for part in band)) for band in held["bands"]]
        return Posterior(
            tuple(held["keys"]), tuple(held["units"]), tuple(held["logs"]),
            np.array(held["values"], np.float64), np.array(held["weights"], np.float64),
            (held["log_evidence"][0], held["log_evidence"][1]), held["members"], tuple(bands),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"is no posterior of a fit ({error})", file=str(path)) from None


def weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Return the values below which shares of the weight lie."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.interp(shares, below / np.sum(weights), values[order])


@final
@dataclass(eq=False)
class Likelihood:
    """The likelihood of places, asked for by many threads; the pool of the sampler.

    Attributes:
        misfit: of the fit.
        journal: that keeps the sums of squares.
        reading: that gives them.
        crew: runs members.
        best: the place where least squares ended.
        scatter: variance of the residuals.
        box: part of the ranges that is sampled, (parameters, 2) in shares of them.
    """

    misfit: Misfit
    journal: Journal
    reading: Reading
    crew: Waiting
    best: Floats
    scatter: float
    box: Floats
    asked: int = 0
    _fresh: list[Member] = field(default_factory=list)
    _known: dict[str, Member] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _stopped: Event = field(default_factory=Event)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(QUEUE))

    def __enter__(self) -> Self:
        """Take what an earlier run of the fit has left."""
        self._known = {text_of(one.point): one for one in self.journal.everything()}
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what is done; the sampler's threads end with their next question."""
        self._stopped.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._keep()

    def __call__(self, place: Floats) -> float:
        """Return the logarithm of the likelihood; far below all others of a failed member."""
        point = self.misfit.point(place)
        text = text_of(point)
        with self._lock:
            self.asked += 1
            member = self._known.get(text)
        if member is None:
            try:
                member = self._run(point)
            except (InterruptedError, RuntimeError):  # no workers any more
                if not self._stopped.is_set():
                    raise
        if member is None or self._stopped.is_set():
            return ACCEPTED
        if text not in self._known:
            with self._lock:
                self._known[text] = member
                self._fresh.append(member)
        cost = member.outputs[self.reading.name]
        if member.status != COMPLETED or cost is None:  # lower with the distance: no plateau
            cost = (
                FAILED**2 * self.misfit.count * (1.0 + float(np.sum((place - self.best) ** 2)))
            )
        return -0.5 * cost / self.scatter

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Call a function for each item, side by side, and keep what was run."""
        pending = [self._pool.submit(function, item) for item in items]
        while wait(pending, PATIENCE).not_done:
            pass  # Ctrl-C comes between two looks
        self._keep()
        return [one.result() for one in pending]

    def _run(self, point: Point) -> Member:
        future = self.crew.submit([point])
        while not self._stopped.is_set():
            try:
                return future.result(PATIENCE)[0]
            except TimeoutError:
                continue
            except (BrokenExecutor, CancelledError):  # its worker died: once more, alone
                ((member,),) = run_points(self.crew, [point])
                return member
        raise InterruptedError

    def _keep(self) -> None:
        with self._lock:
            fresh, self._fresh = self._fresh, []
        if fresh:
            self.journal.add(fresh)


def sample(
    likelihood: Likelihood, live: int, seed: int, say: Callable[[str], None]
) -> Posterior:
    """Return the posterior.

    The prior is even over the ranges. Only the box is sampled, outside of which the profiles
    leave nothing; its share of the volume is in the evidence.

    Args:
        likelihood: that was entered.
        live: number of live points.
        seed: of the random numbers.
        say: called with words on how far it is; may raise.
    """
    size = likelihood.best.size

    def report(latest: Any, number: int, _calls: int, **_: object) -> None:  # noqa: ANN401
        left = min(float(latest.delta_logz), 1e4)
        say(f"posterior: {number} samples, {likelihood.asked} members, ln Z open by {left:.3g}")

    low, wide = likelihood.box[:, 0], np.diff(likelihood.box)[:, 0]
    nested = sampler()(
        likelihood, lambda share: low + wide * share, size, nlive=live,
        sample="unif" if size < MANY else "rwalk",
        first_update={"min_ncall": live, "min_eff": BOUNDED},
        rstate=np.random.default_rng(seed), pool=likelihood, queue_size=QUEUE,
        use_pool={"prior_transform": False, "update_bound": False},
    )  # fmt: skip
    nested.run_nested(dlogz=REMAINING, print_func=report)
    found = nested.results
    weights = np.exp(found.logwt - found.logz[-1])
    weights = weights / np.sum(weights)
    misfit, places = likelihood.misfit, np.asarray(found.samples, np.float64)
    keys, ranges = list(misfit.fit.parameters), list(misfit.fit.parameters.values())
    axes = [one.axis(key) for key, one in zip(keys, ranges, strict=True)]
    columns = zip(axes, ranges, places.T.tolist(), strict=True)
    values = [[float(a.place(r.at(s))) for s in shares] for a, r, shares in columns]
    draw = np.random.default_rng(seed).choice(len(places), DRAWS, p=weights)
    return Posterior(
        tuple(keys), tuple(axis.unit or "" for axis in axes), tuple(axis.log for axis in axes),
        np.array(values, np.float64).T, weights,
        (float(found.logz[-1] + np.sum(np.log(wide))), float(found.logzerr[-1])),
        likelihood.asked,
        predicted(misfit, [places[k] for k in draw]),
    )  # fmt: skip


def sampled_box(best: Floats, profiles: Sequence[Profile]) -> Floats:
    """Return the part of the ranges that is sampled, (parameters, 2) in shares of them.

    Four half widths of an interval are six and a half standard deviations. Where a profile
    has no end inside the range, all of that side is sampled.
    """
    box = np.tile([0.0, 1.0], (best.size, 1))
    for k, line in enumerate(profiles):
        if line.low is not None:
            box[k, 0] = max(0.0, best[k] - BEYOND * (best[k] - line.low))
        if line.high is not None:
            box[k, 1] = min(1.0, best[k] + BEYOND * (line.high - best[k]))
    return box


def predicted(misfit: Misfit, places: Sequence[Floats]) -> tuple[Band, ...]:
    """Return what members at places of the posterior give for each channel."""
    misfit.residuals(places)
    points = [misfit.point(place) for place in places]
    completed = [m for m in misfit.journal.members(points) if m.status == COMPLETED]
    runs = zip(*(misfit.predicted(member) for member in completed), strict=True)
    return tuple(Band(*np.quantile(np.array(values), TAILS, axis=0)) for values in runs)


def sampler() -> Any:  # noqa: ANN401 - a class of dynesty
    """Return the nested sampler.

    Raises:
        InputError: it is not installed.
    """
    try:
        from dynesty import NestedSampler  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        message = "a posterior needs dynesty: pip install 'lithomech[bayes]'"
        raise InputError(message, key="method.posterior") from None
    return NestedSampler
