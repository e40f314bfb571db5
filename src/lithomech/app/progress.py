"""Progress for the terminal: a bar, or now and then a line where standard error is a file."""

# ruff: noqa: PLC0415  rich is imported when a bar is shown, so that --help is quick

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, final

SHARE: Final = 0.05  # of the work after which a line is due
NOTED: Final = ("compiling", "resuming")  # what a line is written on in any case
WAIT, LONGEST = 5.0, 20.0  # s between lines: at least, and at most


@final
@dataclass
class Lines:
    """Says at which calls a line is due, and what it says.

    Attributes:
        clock: seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _begun: float = field(init=False)
    _shown: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Begin to count."""
        self._begun = self._shown = self.clock()

    def line(self, fraction: float, text: str) -> str | None:
        """Return the line of a fraction of the work that is done; None where none is due."""
        now = self.clock()
        silent, more = now - self._shown, fraction - self._at
        if silent < WAIT or (more < SHARE and silent < LONGEST):
            return None
        self._shown, self._at = now, fraction
        return f"{100.0 * fraction:.0f} % {text}; {self._left(now, fraction)}"

    def _left(self, now: float, fraction: float) -> str:
        """Time that is left if the rest is as quick as what was done."""
        if fraction <= 0.0:
            return "time left unknown"
        seconds = (now - self._begun) * (1.0 - fraction) / fraction
        minutes = f"{seconds / 60.0:.0f} min" if seconds > 90.0 else f"{seconds:.0f} s"
        return f"about {minutes} left"


@contextmanager
def progress_bar(
    *, quiet: bool = False, lines: bool = False
) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on standard error; without a terminal only the compilation is reported.

    Args:
        quiet: whether nothing is shown at all.
        lines: whether a line with the time left is written now and then without a terminal.
    """
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from lithomech.app.terminal import make_console

    console = make_console(stderr=True, quiet=quiet)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    if lines:
        columns = (*columns, TimeRemainingColumn())
    schedule = Lines() if lines and not console.is_terminal else None
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)

        def show(fraction: float, text: str) -> None:
            bar.update(task, completed=fraction, description=text)
            line = None if schedule is None else schedule.line(fraction, text)
            if text.startswith(NOTED):
                line = text
            if line is not None:
                console.print(f"lithomech: {line}", markup=False, soft_wrap=True)

        yield show
