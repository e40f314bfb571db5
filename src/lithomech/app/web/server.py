"""What answers the page: its files, and a few requests in JSON."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple, final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from lithomech.app.json_text import json_text
from lithomech.app.web.controls import controls
from lithomech.app.web.desk import LONGEST_LIFE, Desk, Job, UnansweredError
from lithomech.app.web.library import library
from lithomech.app.web.presets import presets
from lithomech.app.web.work import (
    MOST_CYCLES,
    Asked,
    exported,
    first_text,
    live,
    measured,
    mistakes_of,
    run_cell,
)
from lithomech.errors import InputError
from lithomech.files.packaged import examples

STATIC: Final = Path(__file__).with_name("static")
CHARTS: Final = ("bokeh.min.js", "bokeh-api.min.js")
MOST_TEXT: Final = 1_200_000  # bytes of a request with a cell file
MOST_MEASURED: Final = 32_000_000  # bytes of a measured file
MOST_MOVES: Final = 40
CELL_KEYS: Final = ("fixture:", "cathode:")  # what tells a cell from other examples
DOWNLOADS: Final = {
    "netcdf": ("application/x-netcdf", "result.nc"),
    "report": ("text/html; charset=utf-8", "report.html"),
}


class Ask(NamedTuple):
    """A request in JSON."""

    tab: str
    asked: Asked
    data: dict[str, Any]


def workbench(desk: Desk, cell: str) -> Starlette:
    """Return what answers the page.

    Args:
        desk: does the work.
        cell: file or example that the page begins with.
    """
    page = Page(desk, cell)
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
        Route("/export/{kind}", _refusable(page.export), methods=["POST"]),
        Route("/measured", _refusable(page.measured), methods=["POST"]),
    ]
    return Starlette(routes=routes)


def charts_folder() -> Path:
    """Where the wheel of the chart library keeps its JavaScript; its Python is not imported.

    Raises:
        InputError: it is not installed.
    """
    found = find_spec("bokeh")
    if found is None or found.origin is None:
        raise InputError("the charts of the page need bokeh: pip install 'lithomech[app]'")
    return Path(found.origin).parent / "server" / "static" / "js"


async def _file(path: Path, _request: Request) -> Response:
    return FileResponse(path)


@final
class Page:
    """The requests of the page."""

    def __init__(self, desk: Desk, cell: str) -> None:
        self._desk = desk
        self._cell = cell

    async def start(self, _request: Request) -> Response:
        """What the page begins with."""
        shown = {
            "text": await run_in_threadpool(first_text, self._cell),
            "controls": controls(),
            "presets": presets(),
            "examples": await run_in_threadpool(_cells),
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
        ask = await _ask(request)
        work = partial(_run, ask.asked)
        async with _watched(request, job := Job()):
            return _json(await self._desk.perform(ask.tab, job, work))

    async def export(self, request: Request) -> Response:
        """A result as a file."""
        ask, kind = await _ask(request), request.path_params["kind"]
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
        name, tab = request.query_params.get("name", "")[:200], _tab(request.headers)
        content = await _body(request, MOST_MEASURED)

        def work(_job: Job) -> dict[str, Any]:
            try:
                return measured(name, content)
            except InputError as error:
                return {"mistakes": mistakes_of(error)}

        async with _watched(request, job := Job()):
            return _json(await self._desk.perform(f"{tab} measured", job, work))

    async def life(self, request: Request) -> Response:
        """Cycle a cell; an event for every piece."""
        ask = await _ask(request)
        cycles = ask.data.get("cycles")
        if type(cycles) is not int or not 1 <= cycles <= MOST_CYCLES:
            raise UnansweredError(400, f"cycles: a whole number from 1 to {MOST_CYCLES}")
        events = self._lived(ask, cycles)
        return StreamingResponse(events, media_type="text/event-stream")

    async def _lived(self, ask: Ask, cycles: int) -> AsyncIterator[str]:
        """Events of a life; ends when the page goes."""
        loop, job = asyncio.get_running_loop(), Job(LONGEST_LIFE)
        pieces: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

        def put(piece: dict[str, Any] | None) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        def work(job: Job) -> None:
            try:
                for piece in live(ask.asked, cycles, job.progress):
                    put(piece)
            except InputError as error:
                put({"mistakes": mistakes_of(error)})

        task = asyncio.ensure_future(self._desk.perform(f"{ask.tab} life", job, work))
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


def _run(asked: Asked, job: Job) -> dict[str, Any]:
    return run_cell(asked, job.progress)


def _export(asked: Asked, kind: str, job: Job) -> bytes:
    return exported(asked, kind, job.progress)


def _cells() -> list[dict[str, str]]:
    """The packaged examples of cells, with their titles."""
    listed = []
    for name, path in examples().items():
        text = path.read_text(encoding="utf-8")
        if all(key in text for key in CELL_KEYS):
            title = next((t for t in text.splitlines() if t.startswith("name:")), name)
            listed.append({"name": name, "title": title.removeprefix("name:").strip()})
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


async def _ask(request: Request) -> Ask:
    """The request in JSON that holds a cell file.

    Raises:
        UnansweredError: it is something else.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise UnansweredError(415, "expected application/json")
    body = await _body(request, MOST_TEXT)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise UnansweredError(400, "not JSON") from None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise UnansweredError(400, "expected an object with text")
    moves = data.get("moves", [])
    if not isinstance(moves, list) or len(moves) > MOST_MOVES:
        raise UnansweredError(400, f"moves: at most {MOST_MOVES} pairs of key and value")
    for move in moves:
        if not (isinstance(move, list) and len(move) == 2 and isinstance(move[0], str)):
            raise UnansweredError(400, "moves: pairs of key and value")
    asked = Asked(data["text"], tuple((move[0], move[1]) for move in moves))
    return Ask(_tab(request.headers), asked, data)


def _tab(headers: Any) -> str:  # noqa: ANN401  headers of Starlette
    return str(headers.get("x-tab", ""))[:40]


async def _body(request: Request, most: int) -> bytes:
    """The body of a request.

    Raises:
        UnansweredError: it is too long; the rest is not read.
    """
    too_long = UnansweredError(413, f"larger than {most / 1e6:g} MB")
    with suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > most:
            raise too_long
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_long
        parts.append(part)
    return b"".join(parts)


def _json(data: object, status: int = 200) -> Response:
    return Response(json_text(data), status, media_type="application/json")
