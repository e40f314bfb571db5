"""What answers the page: its files, and a few requests in JSON."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from lithomech.app.json_text import json_text
from lithomech.app.web.asking import read_ask, read_body, tab_of
from lithomech.app.web.charts import CHARTS, charts_folder
from lithomech.app.web.controls import controls
from lithomech.app.web.desk import LONGEST_WATCHED, Desk, Job, UnansweredError
from lithomech.app.web.fits import chosen_of, example, proposed, watch_fit
from lithomech.app.web.kept import keep
from lithomech.app.web.library import library
from lithomech.app.web.presets import presets
from lithomech.app.web.stream import Put, Work, streamed
from lithomech.app.web.studies import member_text, watch_study
from lithomech.app.web.work import (
    MOST_CYCLES,
    Asked,
    exported,
    first_text,
    live,
    mistakes_of,
    run_cell,
)
from lithomech.errors import InputError
from lithomech.files.packaged import examples

STATIC: Final = Path(__file__).with_name("static")
MOST_MEASURED: Final = 32_000_000  # bytes of a measured file
KINDS: Final = {  # what tells examples of one kind from others
    "examples": ("\nfixture:", "\ncathode:"),
    "studies": ("\nbase:", "\nvary:"),
}
DOWNLOADS: Final = {
    "netcdf": ("application/x-netcdf", "result.nc"),
    "report": ("text/html; charset=utf-8", "report.html"),
}


def workbench(desk: Desk, cell: str, folder: Path) -> Starlette:
    """Return what answers the page.

    Args:
        desk: does the work.
        cell: file or example that the page begins with.
        folder: of journals and measured files, as long as the server runs.
    """
    page = Page(desk, cell, folder)
    routes = [
        Route("/", partial(_file, STATIC / "index.html")),
        *(
            Route(f"/static/{path.name}", partial(_file, path))
            for path in sorted(STATIC.iterdir())
        ),
        *(Route(f"/charts/{name}", partial(_file, charts_folder() / name)) for name in CHARTS),
        Route("/start", page.start),
        Route("/example/{name}", page.example),
        Route("/materials", page.materials),
        Route("/run", _refusable(page.run), methods=["POST"]),
        Route("/life", _refusable(page.life), methods=["POST"]),
        Route("/study", _refusable(page.study), methods=["POST"]),
        Route("/member", _refusable(page.member), methods=["POST"]),
        Route("/parameters", _refusable(page.parameters), methods=["POST"]),
        Route("/fit-example", page.fit_example),
        Route("/fit", _refusable(page.fit), methods=["POST"]),
        Route("/export/{kind}", _refusable(page.export), methods=["POST"]),
        Route("/measured", _refusable(page.measured), methods=["POST"]),
    ]
    return Starlette(routes=routes)


async def _file(path: Path, _request: Request) -> Response:
    return FileResponse(path)


@final
class Page:
    """The requests of the page."""

    def __init__(self, desk: Desk, cell: str, folder: Path) -> None:
        self._desk = desk
        self._cell = cell
        self._studies, self._measured = folder / "studies", folder / "measured"

    async def start(self, _request: Request) -> Response:
        """What the page begins with."""
        shown = {
            "text": await run_in_threadpool(first_text, self._cell),
            "controls": controls(),
            "presets": presets(),
            **await run_in_threadpool(_examples),
        }
        return _json(shown)

    async def example(self, request: Request) -> Response:
        """The text of an example."""
        name = request.path_params["name"]
        if name not in examples():
            return _json({"reason": "there is no example of this name"}, 404)
        return _json({"text": await run_in_threadpool(first_text, name)})

    async def materials(self, _request: Request) -> Response:
        """The material library."""
        return _json(await run_in_threadpool(library))

    async def run(self, request: Request) -> Response:
        """Run a cell file."""
        ask = await read_ask(request)
        work = partial(_run, ask.asked)
        async with _watched(request, job := Job()):
            return _json(await self._desk.perform(ask.tab, job, work))

    async def export(self, request: Request) -> Response:
        """A result as a file."""
        ask, kind = await read_ask(request), request.path_params["kind"]
        if kind not in DOWNLOADS:
            raise UnansweredError(404, "there is no such file")
        work = partial(_export, ask.asked, kind)
        async with _watched(request, job := Job()):
            content = await self._desk.perform(f"{ask.tab} export", job, work)
        media, name = DOWNLOADS[kind]
        named = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media, headers=named)

    async def measured(self, request: Request) -> Response:
        """A measured file as columns."""
        name, tab = request.query_params.get("name", "")[:200], tab_of(request)
        content = await read_body(request, MOST_MEASURED)

        def work(_job: Job) -> dict[str, Any]:
            try:
                return keep(name, content, self._measured)
            except InputError as error:
                return {"mistakes": mistakes_of(error)}

        async with _watched(request, job := Job()):
            return _json(await self._desk.perform(f"{tab} measured", job, work))

    async def life(self, request: Request) -> Response:
        """Cycle a cell; an event for every piece."""
        ask = await read_ask(request)
        cycles = ask.data.get("cycles")
        if type(cycles) is not int or not 1 <= cycles <= MOST_CYCLES:
            raise UnansweredError(400, f"cycles: a whole number from 1 to {MOST_CYCLES}")

        def work(job: Job, put: Put) -> None:
            for piece in live(ask.asked, cycles, job.progress):
                put(piece)

        return self._streamed(f"{ask.tab} life", work)

    async def study(self, request: Request) -> Response:
        """Run a study; events for its members and findings."""
        ask = await read_ask(request)
        named = ask.data.get("folder") or ""
        if not isinstance(named, str):
            raise UnansweredError(400, "folder: a path")
        folder = Path(named) if named else self._studies
        work = partial(watch_study, ask.asked.text, folder)
        return self._streamed(f"{ask.tab} study", work)

    async def member(self, request: Request) -> Response:
        """The cell file of a member of a study."""
        ask = await read_ask(request)
        point = ask.data.get("point")
        return _json({"text": await run_in_threadpool(member_text, ask.asked.text, point)})

    async def parameters(self, request: Request) -> Response:
        """What of a cell file can be fitted."""
        ask = await read_ask(request)
        return _json({"parameters": await run_in_threadpool(proposed, ask.asked.text)})

    async def fit_example(self, _request: Request) -> Response:
        """A fit to try."""
        return _json(await run_in_threadpool(example, self._measured))

    async def fit(self, request: Request) -> Response:
        """Run a fit; events for its best curves and what was found."""
        ask = await read_ask(request)
        chosen = chosen_of(ask.asked.text, ask.data, self._measured)
        work = partial(watch_fit, chosen, self._studies)
        return self._streamed(f"{ask.tab} fit", work)

    def _streamed(self, tab: str, work: Work) -> Response:
        events = streamed(self._desk, tab, Job(LONGEST_WATCHED), work)
        return StreamingResponse(events, media_type="text/event-stream")


def _run(asked: Asked, job: Job) -> dict[str, Any]:
    return run_cell(asked, job.progress)


def _export(asked: Asked, kind: str, job: Job) -> bytes:
    return exported(asked, kind, job.progress)


def _examples() -> dict[str, list[dict[str, str]]]:
    """The packaged examples by kind, with their titles."""
    listed: dict[str, list[dict[str, str]]] = {kind: [] for kind in KINDS}
    for name, path in examples().items():
        text = f"\n{path.read_text(encoding='utf-8')}"
        title = next((t for t in text.splitlines() if t.startswith("name:")), name)
        for kind, keys in KINDS.items():
            if all(key in text for key in keys):
                shown = {"name": name, "title": title.removeprefix("name:").strip()}
                listed[kind].append(shown)
    return listed


Answer = Callable[[Request], Awaitable[Response]]


def _refusable(answer: Answer) -> Answer:
    """The same; what is refused, stopped or gone becomes a status with a line."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except UnansweredError as error:
            return _json({"reason": str(error)}, error.status)
        except InputError as error:
            return _json({"mistakes": mistakes_of(error)}, 400)
        except ClientDisconnect:
            return _json({}, 400)

    return answered


@asynccontextmanager
async def _watched(request: Request, job: Job) -> AsyncIterator[None]:
    """Stop the job when the client goes."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        job.stop()

    watcher = asyncio.ensure_future(watch())
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


def _json(data: object, status: int = 200) -> Response:
    return Response(json_text(data), status, media_type="application/json")
