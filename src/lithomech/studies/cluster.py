"""Members on a Dask scheduler: many machines, the same command and the same digits.

This is the only module that imports Dask.
"""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from lithomech.errors import InputError, SolveError
from lithomech.studies.executors import Crew, Work
from lithomech.studies.members import Member, Point

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from distributed import Client

TIMEOUT: Final = 10.0  # s to find the scheduler
COUNTED: Final = 2.0  # s between two looks at how many workers there are


@final
class DaskScheduler:
    """Workers of a Dask scheduler; they come and go, and what a lost one did is done again."""

    longest_piece = 1.0

    def __init__(self, address: str | Path) -> None:
        """Connect.

        Args:
            address: such as ``tcp://10.0.0.1:8786``, or the scheduler's file (.json).

        Raises:
            InputError: Dask is not installed, or there is no scheduler.
        """
        self.address = str(address)
        self._client = _connected(self.address)
        self._counted = (0.0, 1)

    @property
    def dashboard(self) -> str:
        """Address of the page that shows the cluster at work."""
        return str(self._client.dashboard_link)

    @property
    def count(self) -> int:
        """Threads of all workers at present; one while there is none, so that work waits."""
        when, count = self._counted
        if time.monotonic() - when > COUNTED:
            self.check()
            threads: Any = self._client.nthreads()  # by worker
            count = max(1, sum(threads.values()))
            self._counted = (time.monotonic(), count)
        return count

    def check(self) -> None:
        """Stop where the scheduler is gone.

        Raises:
            SolveError: it is.
        """
        if self._client.status != "running":
            message = f"the scheduler at {self.address} is gone; the same command goes on"
            raise SolveError(message)

    @contextmanager
    def crew(self, work: Work) -> Iterator[Crew]:
        """Hand out members; at the end what is left is cancelled."""
        pool = self._client.get_executor()
        try:
            yield _Remote(self, pool, work)
        finally:
            pool.shutdown(wait=False)


@final
class _Remote:
    """Submits to the scheduler."""

    def __init__(self, scheduler: DaskScheduler, pool: "Executor", work: Work) -> None:
        self._scheduler, self._pool, self._work = scheduler, pool, work

    def submit(self, points: Sequence[Point]) -> "Future[list[Member]]":
        """Have some members run."""
        self._scheduler.check()
        return self._pool.submit(self._work.run, points)


def _connected(address: str) -> "Client":
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        message = "a scheduler needs Dask: pip install 'lithomech[hpc]'"
        raise InputError(message, key="scheduler") from None
    place = Path(address)
    if place.suffix == ".json" and not place.is_file():
        raise InputError("there is no such file", file=address, key="scheduler")
    about: dict[str, Any] = {"address": address}
    if place.is_file():
        about = {"scheduler_file": os.fspath(place)}
    try:
        return Client(timeout=TIMEOUT, set_as_default=False, **about)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"no Dask scheduler at {address!r}: {reason}", key="scheduler"
        ) from None
