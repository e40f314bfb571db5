"""The server on 127.0.0.1, in a thread, from its start to its end."""

import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn

from lithomech.app.web.desk import Desk
from lithomech.app.web.guard import Guard
from lithomech.app.web.server import workbench
from lithomech.errors import InputError

ADDRESS: Final = "127.0.0.1"
MOST_CONNECTIONS: Final = 200
WAIT: Final = 10.0  # s that the thread may take to end; a busy machine needs some


@contextmanager
def served(cell: str, port: int = 0) -> Iterator[str]:
    """Serve the page as long as the context lasts; its link is what the context gives.

    Args:
        cell: file or example that the page begins with.
        port: 0 takes a free one.

    Raises:
        InputError: the port is taken.
    """
    listening = _listen(port)
    port = listening.getsockname()[1]
    desk, token = Desk(), secrets.token_urlsafe(16)
    folder = tempfile.TemporaryDirectory(prefix="lithomech-", ignore_cleanup_errors=True)
    app = Guard(workbench(desk, cell, Path(folder.name)), token, port)
    config = uvicorn.Config(
        app, loop="asyncio", http="h11", ws="none", lifespan="off", log_level="critical",
        access_log=False, server_header=False, limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=10, timeout_graceful_shutdown=1, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, args=([listening],), daemon=True, name="lithomech-serve"
    )
    thread.start()
    try:
        yield f"http://{ADDRESS}:{port}/{token}/"
    finally:
        desk.close()
        server.should_exit = server.force_exit = True  # nobody waits for an answer now
        thread.join(WAIT)
        listening.close()
        folder.cleanup()


def _listen(port: int) -> socket.socket:
    """A socket that listens on this machine only."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"port {port}: {reason}; name another with --port") from None
    listening.listen(128)
    return listening
