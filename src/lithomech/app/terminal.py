"""What a command prints: readable in any encoding, and never a command to the terminal."""

# ruff: noqa: PLC0415  rich is imported when it prints, so that --help is quick

import io
import logging
import sys
from typing import TYPE_CHECKING

from lithomech.errors import printable

if TYPE_CHECKING:
    from rich.console import Console


def accept_any_text() -> None:
    """Have standard output and error escape what their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def quieten() -> None:
    """Have no library write about itself, as matplotlib does of a home that it cannot use."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # of workers that are lost


def complain(text: object) -> None:
    """Write one line to standard error, which may be gone."""
    line = " ".join(str(text).split())
    if sys.stderr is None:  # closed before the start
        return
    try:
        sys.stderr.write(f"lithomech: {printable(line)}\n")
        sys.stderr.flush()
    except OSError:
        pass


def make_console(*, stderr: bool = False, quiet: bool = False) -> "Console":
    """Return a console that escapes control characters in all text that it is handed.

    Args:
        stderr: whether it writes to standard error.
        quiet: whether it writes nothing.
    """
    from rich.console import Console
    from rich.text import Text

    class PlainConsole(Console):
        def render_str(self, text: str, *arguments: object, **options: object) -> Text:
            return super().render_str(printable(text), *arguments, **options)

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PlainConsole(stderr=stderr, quiet=quiet, highlight=False)
