"""Who works on what: a newer request of a tab stops its older one, and work is bounded."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar, final

WORKERS: Final = 2
MOST_TABS: Final = 12  # that may have work at one time
LONGEST_RUN: Final = 120.0  # s
LONGEST_WATCHED: Final = 3600.0  # s of a life, a study or a fit
CONFLICT, TOO_BUSY = 409, 503  # statuses of HTTP
SUPERSEDED: Final = "stopped: a newer request has taken its place"

Made = TypeVar("Made")


@final
class UnansweredError(Exception):
    """Why a request has no answer.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@final
class Job:
    """Work of one tab, and how it is stopped.

    Attributes:
        limit: seconds that it may take.
    """

    def __init__(self, limit: float = LONGEST_RUN) -> None:
        self.limit = limit
        self._stopped = threading.Event()
        self._begun: float | None = None
        self._future: Future[object] | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._stopped.is_set()

    @property
    def is_over(self) -> bool:
        """Whether it is to end."""
        return self.is_stopped or self._is_late

    @property
    def _is_late(self) -> bool:
        return self._begun is not None and time.monotonic() - self._begun > self.limit

    def stop(self) -> None:
        """Stop it at its next pause; what has not begun never does."""
        self._stopped.set()
        if self._future is not None:
            self._future.cancel()

    def progress(self, _fraction: float, _text: str) -> None:
        """What ``lm.run`` calls every 50 ms or so; raises where the work is to end.

        Raises:
            UnansweredError: it was stopped, or takes too long.
        """
        if self.is_stopped:
            raise UnansweredError(CONFLICT, SUPERSEDED)
        if self._begun is None:
            self._begun = time.monotonic()
        if self._is_late:
            reason = f"stopped: it took more than {self.limit:.0f} s"
            raise UnansweredError(CONFLICT, reason)

    async def done_by(self, pool: ThreadPoolExecutor, work: Callable[["Job"], Made]) -> Made:
        """Have a thread do the work.

        Raises:
            UnansweredError: it was stopped before it began, or within.
        """
        future = pool.submit(work, self)
        self._future = future  # pyright: ignore[reportAttributeAccessIssue]
        if self.is_stopped:
            future.cancel()
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wake(_: Future[Made]) -> None:
            with suppress(RuntimeError):  # the server has closed: nobody waits
                loop.call_soon_threadsafe(done.set)

        future.add_done_callback(wake)
        await done.wait()
        if future.cancelled():
            raise UnansweredError(CONFLICT, SUPERSEDED)
        return future.result()


@final
class Desk:
    """The work of all tabs; what is watched for long does not keep a slider waiting."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="lithomech-run")
        self._watched = ThreadPoolExecutor(WORKERS, thread_name_prefix="lithomech-watched")
        self._jobs: dict[str, Job] = {}

    @property
    def busy(self) -> int:
        """Number of tabs that have work."""
        return len(self._jobs)

    async def perform(self, tab: str, job: Job, work: Callable[[Job], Made]) -> Made:
        """Do the work of a tab in a thread; its older work stops.

        Raises:
            UnansweredError: newer work of the tab has come, or too many tabs have work.
        """
        older = self._jobs.get(tab)
        if older is not None:
            older.stop()
        elif len(self._jobs) >= MOST_TABS:
            reason = f"{MOST_TABS} pages have work at present; close one of them"
            raise UnansweredError(TOO_BUSY, reason)
        self._jobs[tab] = job
        pool = self._pool if job.limit <= LONGEST_RUN else self._watched
        try:
            return await job.done_by(pool, work)
        finally:
            if self._jobs.get(tab) is job:
                del self._jobs[tab]

    def close(self) -> None:
        """Stop everything."""
        for job in list(self._jobs.values()):
            job.stop()
        for pool in (self._pool, self._watched):
            pool.shutdown(wait=False, cancel_futures=True)
