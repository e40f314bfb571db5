"""Long work as server-sent events: it ends when the page goes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from lithomech.app.json_text import json_text
from lithomech.app.web.desk import Desk, Job
from lithomech.app.web.work import mistakes_of
from lithomech.errors import InputError, SolveError

Piece = dict[str, Any]
Put = Callable[[Piece], None]
Work = Callable[[Job, Put], None]


async def streamed(desk: Desk, tab: str, job: Job, work: Work) -> AsyncIterator[str]:
    """Yield an event for each piece that the work puts, and one at its end.

    Args:
        desk: has a thread for it.
        tab: whose older work of this kind stops.
        job: stops the work when nobody reads any more.
        work: is called in the thread; its mistakes become a piece.
    """
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[Piece | None] = asyncio.Queue()

    def put(piece: Piece) -> None:
        loop.call_soon_threadsafe(pieces.put_nowait, piece)

    def in_thread(job: Job) -> None:
        try:
            work(job, put)
        except InputError as error:
            put({"mistakes": mistakes_of(error)})
        except SolveError as error:
            put(
                {"mistakes": [{"file": None, "line": None, "key": None, "message": str(error)}]}
            )

    task = asyncio.ensure_future(desk.perform(tab, job, in_thread))
    problem = ""

    def ended(task: asyncio.Task[None]) -> None:
        nonlocal problem
        error = None if task.cancelled() else task.exception()
        problem = "" if error is None else str(error)
        pieces.put_nowait(None)

    task.add_done_callback(ended)
    try:
        while (piece := await pieces.get()) is not None:
            yield f"data: {json_text(piece)}\n\n"
        yield f"event: end\ndata: {json_text({'reason': problem})}\n\n"
    finally:
        job.stop()
