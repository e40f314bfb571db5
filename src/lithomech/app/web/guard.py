"""Who may ask: this machine's browser, on the page that the command printed, and nobody else.

The token is the first part of every path, so that neither another user of the machine nor
another page in the browser knows an address that answers. Host is checked against names that
a foreign site could point here, Origin against its scripts. No script is evaluated from text;
styles stand in elements because the chart library makes them so.
"""

import secrets
from typing import Final, NamedTuple, final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PROTECTING: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    reason: str


@final
class Guard:
    """Answers only requests that know the token and come from the page itself.

    Attributes:
        app: what answers them; sees paths without the token.
        token: first part of every path.
        port: that the server listens on.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self.app = app
        self.token = token
        self.port = port
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is None:
            _, _, rest = scope["path"].removeprefix("/").partition("/")
            scope = {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}
            await self.app(scope, receive, _protected(send))
        else:
            answer = PlainTextResponse(f"{refusal.reason}\n", refusal.status)
            await answer(scope, receive, _protected(send))

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return Refusal(421, "this server answers to 127.0.0.1 and localhost only")
        if origin is not None and origin not in {f"http://{name}" for name in self._hosts}:
            return Refusal(403, "requests from other pages are not answered")
        if origin is None and scope["method"] not in {"GET", "HEAD"}:
            return Refusal(403, "a request that changes something must name its origin")
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return Refusal(403, "requests from other pages are not answered")
        token, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not (slash and secrets.compare_digest(token.encode(), self.token.encode())):
            return Refusal(404, "not found: open the whole link that `lithomech app` printed")
        return None


def _protected(send: Send) -> Send:
    async def send_protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(PROTECTING)
        await send(message)

    return send_protected
