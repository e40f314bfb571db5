"""Threads for members of studies and fits: reported as they are done, ended with a job."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import final

from lithomech.app.web.desk import Job
from lithomech.studies.executors import Crew, Work
from lithomech.studies.members import Member, Point

Report = Callable[[list[Member]], None]


@final
class Watched:
    """Workers of ``run_study`` and ``run_fit``; one core is left to the page."""

    longest_piece = 0.0

    def __init__(self, job: Job, report: Report) -> None:
        """Take the job that ends them, and what is called with members that are done."""
        self.count = max(1, (os.cpu_count() or 1) - 1)
        self._job, self._report = job, report

    def check(self) -> None:
        """Threads are always there."""

    @contextmanager
    def crew(self, work: Work) -> Iterator[Crew]:
        """Start the threads; at the end those that still run stop within 50 ms or so."""
        ended = threading.Event()
        pool = ThreadPoolExecutor(self.count, thread_name_prefix="lithomech-member")

        def is_stopped() -> bool:
            return ended.is_set() or self._job.is_over

        def run(points: Sequence[Point]) -> list[Member]:
            members = work.run(points, is_stopped)
            self._report(members)
            return members

        try:
            yield _Submitting(pool, run)
        finally:
            ended.set()
            pool.shutdown(wait=True, cancel_futures=True)


@final
@dataclass(frozen=True)
class _Submitting:
    """Submits to threads."""

    pool: ThreadPoolExecutor
    run: Callable[[Sequence[Point]], list[Member]]

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run."""
        return self.pool.submit(self.run, points)


@contextmanager
def ended_by(job: Job) -> Iterator[None]:
    """Turn the end of members that were stopped into the reason why the job ended.

    Raises:
        UnansweredError: it was stopped, or took too long.
    """
    try:
        yield
    except InterruptedError:
        job.progress(0.0, "")
        raise
