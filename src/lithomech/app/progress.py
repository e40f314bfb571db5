"""A progress bar for the terminal."""

# ruff: noqa: PLC0415  rich is imported when a bar is shown, so that --help is quick

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on standard error; without a terminal only the compilation is reported.

    Args:
        quiet: whether nothing is shown at all.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from lithomech.app.terminal import make_console

    console = make_console(stderr=True, quiet=quiet)
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
