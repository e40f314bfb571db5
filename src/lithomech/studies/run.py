"""Run the members of a study that are not done yet, and keep each in the journal."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self, final

from lithomech.errors import InputError
from lithomech.files.arguments import Progress, checked_progress, folder_of
from lithomech.files.origin import Source
from lithomech.numerics.compiled import must_compile
from lithomech.studies import plans
from lithomech.studies.executors import Crew, Threads, Work, Workers
from lithomech.studies.journal import NAME, Journal, Wanted, remove
from lithomech.studies.members import Member, Point, text_of
from lithomech.studies.readings import Readings
from lithomech.studies.spec.study import Study, study_of
from lithomech.studies.table import StudyResult

WAITING: Final = 2  # pieces that wait for each worker
MOST_IN_PIECE: Final = 256
PATIENCE: Final = 0.2  # s between two looks for Ctrl-C
Pending = dict["Future[list[Member]]", list[Point]]


def run_study(
    study: Study | Source,
    folder: Path | str | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
    *,
    restart: bool = False,
) -> StudyResult:
    """Run a study; one that was stopped or killed goes on from its journal.

    Args:
        study: what to run; or its file, the name of a packaged example, or a dict.
        folder: where the journal ``study.sqlite`` is; default: nowhere, it is in memory.
        workers: where members run, such as ``lm.Processes(4)``; default: ``lm.Threads()``.
        progress: called with the fraction done and a text; may raise.
        restart: whether the journal begins anew.

    Returns:
        The table of all members; a member that failed is a row with its status.

    Raises:
        InputError: the study is wrong, or the folder holds another thing as its journal.
        KeyboardInterrupt: Ctrl-C; what was done is in the journal.

    Examples:
        >>> import lithomech as lm
        >>> short = {"protocol": ["Charge at 0.1C for 1 min"], "solver.nodes": 2}
        >>> pressures = {"fixture.pressure": ["5 MPa", "20 MPa"]}
        >>> study = {"base": "ncm88_lpscl_liin", "set": short, "vary": pressures}
        >>> lm.run_study(study).column("status").tolist()
        ['completed', 'completed']
    """
    begun, report = time.perf_counter(), checked_progress(progress)
    study, place = study_of(study), folder_of(folder, "folder")
    try:
        total = plans.size(study)
    except InputError as error:
        raise study.locate(error) from None
    journal = open_journal(study, study.readings, place, restart=restart)
    if must_compile(study.subject.kind.kernels):
        report(0.0, "compiling the solver: only this once, up to two minutes")
    work = Work(study.subject, study.paths, study.readings)
    visited: dict[str, Point] = {}
    with Waiting(workers or Threads(), work) as crew:
        tally = Tally(total, report)
        for points in _rounds(study, journal):
            for members in run_points(crew, _left(journal, points, tally)):
                journal.add(members)
                tally.note(members)
            if isinstance(points, list):
                visited.update((text_of(point), point) for point in points)
    report(1.0, "done")
    found = tuple(visited.values()) if plans.is_adaptive(study) else None
    return StudyResult(study, journal, time.perf_counter() - begun, found)


def _rounds(study: Study, journal: Journal) -> Iterator[Iterable[Point]]:
    """Yield the points of each round; an adaptive study learns from the one before."""
    plan = plans.rounds(study)
    points = next(plan, ())
    while True:
        yield points
        if not plans.is_adaptive(study):
            return
        try:
            points = plan.send(list(journal.members(points)))
        except StopIteration:
            return


def open_journal(
    study: Study, readings: Readings, folder: Path | None, *, restart: bool = False
) -> Journal:
    """Return the journal of a study, for members of which these readings are kept.

    Raises:
        InputError: something else stands in its place.
    """
    path = None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME
        if restart:
            remove(folder)
    names = tuple(reading.name for reading in readings)
    return Journal(path, study.subject.mark, Wanted(tuple(study.vary), names))


@final
class Waiting:
    """Workers that are started when there is something to do."""

    def __init__(self, workers: Workers, work: Work) -> None:
        """Take what is started when it is needed."""
        self.workers, self._work = workers, work
        self.outputs = [reading.name for reading in work.readings]
        self._open = ExitStack()
        self._crew: Crew | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started."""
        self._open.close()

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run."""
        if self._crew is None:
            self._crew = self._open.enter_context(self.workers.crew(self._work))
        return self._crew.submit(points)


def run_points(crew: Waiting, points: Iterable[Point]) -> Iterator[list[Member]]:
    """Yield members as they are done, in any order, several at once.

    As few points are taken ahead as keep the workers busy. What was on its way when a worker
    died is run again, one member at a time: the one with which it dies again has failed.
    """
    left = iter(points)
    pace, suspects = Pace(crew.workers.longest_piece), deque[Point]()
    pending: Pending = {}
    while True:
        if suspects and not pending:
            yield [_alone(crew, suspects.popleft())]
            continue
        if not suspects:
            _fill(crew, pending, left, pace.size)
        if not pending:
            return
        ready, _ = wait(pending, PATIENCE, FIRST_COMPLETED)
        for future in ready:
            piece = pending.pop(future)
            members = _outcome(future)
            if members is None:
                suspects.extend(piece)
            else:
                pace.note(members)
                yield members


def _fill(crew: Waiting, pending: Pending, left: Iterator[Point], size: int) -> None:
    """Hand out pieces of some members until enough of them are pending."""
    most = WAITING * crew.workers.count
    while len(pending) < most and (piece := list(islice(left, size))):
        pending[crew.submit(piece)] = piece


def _outcome(future: "Future[list[Member]]") -> list[Member] | None:
    """What a piece of work gave; None if its worker died.

    Raises:
        InputError: the workers cannot do this work.
    """
    try:
        return future.result()
    except ModuleNotFoundError as error:
        raise InputError(
            f"a module is missing on the workers: {error}", key="workers"
        ) from None
    except InterruptedError:
        raise
    except (Exception, CancelledError):
        return None


def _alone(crew: Waiting, point: Point) -> Member:
    """Run one member while no other one runs."""
    crew.workers.check()
    members = _outcome(crew.submit([point]))
    if members is not None:
        return members[0]
    crew.workers.check()
    nothing = dict.fromkeys(crew.outputs, None)
    return Member(point, "not converged", "its worker died twice", nothing, None, 0.0)


@final
@dataclass
class Pace:
    """Sizes pieces of work by the time that members take.

    Attributes:
        longest: that a piece may take [s]; 0: one member a piece.
    """

    longest: float
    spent: float = 0.0
    done: int = 0

    def note(self, members: Sequence[Member]) -> None:
        """Count members that are done."""
        self.spent += sum(one.wall_time_s for one in members)
        self.done += len(members)

    @property
    def size(self) -> int:
        """Members in the next piece."""
        if self.done == 0:
            return 1
        fitting = self.longest * self.done / max(self.spent, 1e-9)
        return max(1, min(MOST_IN_PIECE, int(fitting)))


@final
@dataclass
class Tally:
    """Counts members and reports the progress.

    Attributes:
        total: members of the study.
        report: called with the fraction done and a text.
        done: members that are done.
        failed: those of them that did not complete.
        found: those that an earlier run of the study had done.
    """

    total: int
    report: Progress
    done: int = 0
    failed: int = 0
    found: int = 0

    def note(self, members: Iterable[Member]) -> None:
        """Count members that have just been run, and report."""
        for member in members:
            self.done += 1
            self.failed += member.status != "completed"
        self._say()

    def note_found(self, member: Member) -> None:
        """Count a member of an earlier run of the study."""
        self.done, self.found = self.done + 1, self.found + 1
        self.failed += member.status != "completed"

    def begin(self) -> None:
        """Report what an earlier run has left."""
        if self.found:
            self.report(
                min(1.0, self.done / self.total),
                f"resuming: {self.found} of {self.total} members were done before",
            )

    def _say(self) -> None:
        failed = f", {self.failed} not completed" if self.failed else ""
        self.report(
            min(1.0, self.done / self.total), f"{self.done} of {self.total} members{failed}"
        )


def _left(journal: Journal, points: Iterable[Point], tally: Tally) -> Iterator[Point]:
    """Yield the points that are not in the journal."""
    begins = True
    for point in points:
        member = journal.find(point)
        if member is not None:
            tally.note_found(member)
            continue
        if begins:
            tally.begin()
            begins = False
        yield point
