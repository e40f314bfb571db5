"""Requests of the page, read and checked; nothing is allocated for one that is too large."""

import json
from contextlib import suppress
from typing import Any, Final, NamedTuple

from starlette.requests import Request

from lithomech.app.web.desk import UnansweredError
from lithomech.app.web.work import Asked

MOST_TEXT: Final = 1_200_000  # bytes of a request with a cell file
MOST_MOVES: Final = 40


class Ask(NamedTuple):
    """A request in JSON."""

    tab: str
    asked: Asked
    data: dict[str, Any]


async def read_ask(request: Request) -> Ask:
    """Return the request in JSON that holds a file as text.

    Raises:
        UnansweredError: it is something else.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise UnansweredError(415, "expected application/json")
    body = await read_body(request, MOST_TEXT)
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
    return Ask(tab_of(request), asked, data)


def tab_of(request: Request) -> str:
    """Return which page asks."""
    return request.headers.get("x-tab", "")[:40]


async def read_body(request: Request, most: int) -> bytes:
    """Return the body of a request.

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
