"""Options of commands that run many members: where, and whether from the beginning."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

from typing import TYPE_CHECKING, Annotated

import typer

from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.studies.executors import Workers

WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", help="Members that run at once (all cores)."),
]
ProcessesOption = Annotated[
    bool, typer.Option("--processes", help="Run members in processes, not in threads.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Run members on a Dask scheduler: tcp://HOST:PORT, or its file (.json).",
    ),
]
RestartOption = Annotated[
    bool, typer.Option("--restart", help="Begin anew instead of where it stopped.")
]


def workers_of(count: int | None, scheduler: str | None, *, processes: bool) -> "Workers":
    """Return where members run.

    Raises:
        InputError: options that exclude each other, or a scheduler that is not there.
    """
    from lithomech.studies.executors import Processes, Threads

    if scheduler is None:
        return Processes(count) if processes else Threads(count)
    if processes or count is not None:
        raise InputError("--scheduler goes without --workers and --processes: it has its own")
    from lithomech.studies.cluster import DaskScheduler

    cluster = DaskScheduler(scheduler)
    typer.echo(f"lithomech: dashboard of the scheduler: {cluster.dashboard}", err=True)
    return cluster
