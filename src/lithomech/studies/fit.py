"""Find parameters from measurements: starts, covariance, profiles, what stays open."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import SolveError
from lithomech.files.arguments import Progress, checked_progress, folder_of
from lithomech.files.origin import Source
from lithomech.numerics.compiled import must_compile
from lithomech.studies.executors import Threads, Work, Workers
from lithomech.studies.fit_result import FitResult, Found
from lithomech.studies.identifiability import Fisher, fisher
from lithomech.studies.misfit import FAILED, Misfit
from lithomech.studies.optimum import Optimum, Search, descend, on_bounds, search
from lithomech.studies.posterior import (
    Likelihood,
    Posterior,
    sample,
    sampled_box,
    sampler,
    sum_of_squares,
)
from lithomech.studies.profile import Profile, profile
from lithomech.studies.run import Waiting, open_journal
from lithomech.studies.spec.fit import Fit, fit_of

Floats = NDArray[np.float64]
SEARCHED: Final = 0.5  # share of the work that the search is
AGAIN: Final = 3  # times that a better place on a profile is followed


class Surroundings(NamedTuple):
    """What is known around the best place.

    Attributes:
        slopes: of the residuals, (values, parameters).
        scatter: variance of the residuals; at least 1, that of the noise.
        fisher: what the data say.
        profiles: of each parameter.
    """

    slopes: Floats
    scatter: float
    fisher: Fisher
    profiles: tuple[Profile, ...]


def run_fit(
    fit: Fit | Source,
    folder: Path | str | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
    *,
    restart: bool = False,
) -> FitResult:
    """Fit the parameters of a cell; a fit that was stopped or killed goes on.

    Args:
        fit: what to fit; or its file, the name of a packaged example, or a dict.
        folder: where the journal ``study.sqlite`` is; default: nowhere, it is in memory.
        workers: where members run, such as ``lm.Processes(4)``; default: ``lm.Threads()``.
        progress: called with the fraction done and a text; may raise.
        restart: whether the journal begins anew.

    Returns:
        Best values, intervals, and what the data cannot tell.

    Raises:
        InputError: the fit is wrong, or the folder holds another thing as its journal.
        SolveError: no start gave a run that completed.
        KeyboardInterrupt: Ctrl-C; what was done is in the journal.

    Examples:
        >>> import lithomech as lm
        >>> stiffness = {"from": "0.1 MPa/um", "to": "1 MPa/um", "scale": "log"}
        >>> changes = {"parameters": {"fixture.stiffness": stiffness}, "method.starts": 1}
        >>> result = lm.run_fit(lm.load_fit("fit_voltage_and_pressure", changes))
        >>> result.parameters[0].verdict
        'determined'
    """
    begun, report = time.perf_counter(), checked_progress(progress)
    fit, place = fit_of(fit), folder_of(folder, "folder")
    study = fit.study
    if fit.method.posterior is not None:
        sampler()  # before hours of work
    readings = tuple(
        {one.name: one for channel in fit.channels for one in channel.readings}.values()
    )
    journal = open_journal(study, readings, place, restart=restart)
    if must_compile(study.subject.kind.kernels):
        report(0.0, "compiling the solver: only this once, up to two minutes")
    with Waiting(workers or Threads(), Work(study.subject, study.paths, readings)) as crew:
        misfit = Misfit(fit, crew, journal)

        def say(share: float) -> None:
            report(share, f"{len(misfit.seen)} members, {misfit.failed} not completed")

        found = search(misfit, fit.method.starts, fit.seed, lambda s: say(SEARCHED * s))
        if found.best.cost >= FAILED**2:
            if not misfit.complaint:
                raise SolveError("no run has all that was measured, such as as many cycles")
            raise SolveError(f"no start gave a run that completed: {misfit.complaint}")
        best, around = _surroundings(misfit, found.best, say)
        drawn = None
        if fit.method.posterior is not None:
            drawn = _posterior(Reached(misfit, best.place, around), place, report)
    report(1.0, "done")
    found, spent = found._replace(best=best), time.perf_counter() - begun
    return replace(_result(misfit, found, around, spent), posterior=drawn)


class Reached(NamedTuple):
    """Where least squares ended.

    Attributes:
        misfit: of the fit.
        place: shares of the ranges.
        around: what is known there.
    """

    misfit: Misfit
    place: Floats
    around: Surroundings


def _posterior(reached: Reached, folder: Path | None, report: Progress) -> Posterior:
    """Sample the posterior; of its members the journal keeps the sum of squares only."""
    misfit, around = reached.misfit, reached.around
    box = sampled_box(reached.place, around.profiles)
    fit, study = misfit.fit, misfit.fit.study
    reading = sum_of_squares(fit.channels)
    journal = open_journal(study, (reading,), folder)
    work = Work(study.subject, study.paths, (reading,))
    with (
        Waiting(misfit.crew.workers, work) as crew,
        Likelihood(misfit, journal, reading, crew, reached.place, around.scatter, box) as asked,
    ):
        return sample(asked, fit.method.live_points, fit.seed, lambda text: report(1.0, text))


def _surroundings(
    misfit: Misfit, best: Optimum, say: Callable[[float], None]
) -> tuple[Optimum, Surroundings]:
    """What is known around the best place; it moves where a profile finds a better one."""
    size = best.place.size
    for left in reversed(range(AGAIN)):
        slopes = misfit.slopes(best.place, range(size), central=True)
        freedom = max(misfit.count - size, 1)
        scatter = max(1.0, best.cost / freedom)
        information = fisher(slopes, scatter)
        profiles: list[Profile] = []
        for k in range(size):
            profiles.append(profile(misfit, best, k, information.covariance, scatter))
            say(SEARCHED + (1.0 - SEARCHED) * (k + 1) / size)
            if profiles[-1].lower is not None and left:
                break
        lower = profiles[-1].lower
        if lower is None or not left:
            return best, Surroundings(slopes, scatter, information, tuple(profiles))
        best = on_bounds(misfit, descend(misfit, lower.place, range(size)))
    raise AssertionError("the last round returns")


def _result(misfit: Misfit, found: Search, around: Surroundings, spent: float) -> FitResult:
    place = found.best.place
    (member,) = misfit.journal.members([misfit.point(place)])
    return FitResult(
        misfit.fit,
        Found(
            place=place,
            cost=found.best.cost,
            scatter=around.scatter,
            predicted=tuple(misfit.predicted(member)),
            slopes=around.slopes,
            followed=found.followed,
            agreed=found.agreed,
            members=len(misfit.seen),
            failed=misfit.failed,
            complaint=misfit.complaint,
        ),
        around.fisher,
        around.profiles,
        misfit.journal,
        spent,
    )
