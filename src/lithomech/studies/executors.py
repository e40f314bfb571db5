"""Where the members of a study run: threads of this process, or other processes."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.synchronize import Event as SharedEvent
from typing import Final, NamedTuple, Protocol, final

from lithomech.errors import InputError
from lithomech.files.yamlfile import KeyPath
from lithomech.studies.members import Member, Point
from lithomech.studies.readings import Readings
from lithomech.studies.subjects import Subject

GONE: Final = 1  # exit code of a worker whose parent is gone


class Work(NamedTuple):
    """What is the same for all members.

    Attributes:
        subject: that is varied.
        paths: where it is changed.
        readings: what is read out of each run.
    """

    subject: Subject
    paths: tuple[KeyPath, ...]
    readings: Readings

    def run(
        self, points: Sequence[Point], is_stopped: Callable[[], bool] = lambda: False
    ) -> list[Member]:
        """Run the members at some points, one after the other."""
        members = []
        for point in points:
            values = dict(zip(self.paths, point, strict=True))
            members.append(self.subject.run(values, self.readings, is_stopped))
        return members


class Crew(Protocol):
    """Workers that wait for members."""

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run; they count as one piece of work."""
        ...


class Workers(Protocol):
    """A way to run members."""

    @property
    def count(self) -> int:
        """How many members run at once."""
        ...

    @property
    def longest_piece(self) -> float:
        """Time [s] that a piece of several members may take; 0: one member a piece."""
        ...

    def check(self) -> None:
        """Raise where there can be no workers any more."""
        ...

    def crew(self, work: Work) -> AbstractContextManager[Crew]:
        """Start them; what is left undone at the end is stopped."""
        ...


def _checked(workers: int | None) -> int:
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int)):
        raise InputError("expected a whole number", key="workers")
    if workers is not None and workers < 1:
        raise InputError(f"{workers} is out of range; allowed: at least 1", key="workers")
    return workers or os.cpu_count() or 1


@final
class Threads:
    """Threads of this process: the solver does not hold Python's lock."""

    longest_piece = 0.0

    def __init__(self, workers: int | None = None) -> None:
        """Choose how many; default: one for each core."""
        self.count = _checked(workers)

    def check(self) -> None:
        """Threads are always there."""

    @contextmanager
    def crew(self, work: Work) -> Iterator[Crew]:
        """Start the threads; at the end those that still run stop within 50 ms or so."""
        stop = threading.Event()
        pool = ThreadPoolExecutor(self.count)
        try:
            yield _Threads(pool, work, stop)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


@final
class Processes:
    """Processes of this machine.

    A script that uses them must hold its own work under ``if __name__ == "__main__":``.
    """

    longest_piece = 0.2

    def __init__(self, workers: int | None = None) -> None:
        """Choose how many; default: one for each core."""
        self.count = _checked(workers)

    @contextmanager
    def crew(self, work: Work) -> Iterator[Crew]:
        """Start the processes; at the end those that still run stop within 50 ms or so."""
        pool = _Pool(self.count, work)
        try:
            yield pool
        finally:
            pool.stop()

    def check(self) -> None:
        """Processes can always be started anew."""


@final
@dataclass(frozen=True)
class _Threads:
    """Submits to threads."""

    pool: ThreadPoolExecutor
    work: Work
    stopped: threading.Event

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run."""
        return self.pool.submit(self.work.run, points, self.stopped.is_set)


@final
class _Pool:
    """Submits to processes; where one died all are started anew."""

    def __init__(self, count: int, work: Work) -> None:
        self._count, self._work = count, work
        self._context = get_context("spawn")  # a copy of a process with threads may hang
        self._stop = self._context.Event()
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        about = (self._work, self._stop)
        return ProcessPoolExecutor(self._count, self._context, _begin, about)

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run."""
        try:
            return self._pool.submit(_run, points)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._started()
            return self._pool.submit(_run, points)

    def stop(self) -> None:
        """End the processes; members that run stop within 50 ms or so."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


@final
class _Worker:
    """What a worker process holds."""

    work: Work
    stop: SharedEvent


def _begin(work: Work, stop: SharedEvent) -> None:
    """Prepare a worker process: Ctrl-C is for its parent, and without one it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Worker.work, _Worker.stop = work, stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(GONE)


def _run(points: Sequence[Point]) -> list[Member]:
    return _Worker.work.run(points, _Worker.stop.is_set)
