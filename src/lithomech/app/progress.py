"""A progress bar for the terminal."""

# ruff: noqa: PLC0415  rich is imported when a bar is shown, so that --help is quick

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A progress bar on standard error; only the compilation is told without a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)

        def show(fraction: float, text: str) -> None:
            bar.update(task, completed=fraction, description=text)
            if text.startswith("compiling"):  # the one wait that has to be explained
                console.print(f"lithomech: {text}", markup=False, soft_wrap=True)

        yield show
