"""`lithomech app`: the workbench in the browser."""

# ruff: noqa: PLC0415  the server is imported when the command runs, so that --help is quick

from importlib.util import find_spec
from threading import Event as Ended
from typing import Annotated, Final

import typer

from lithomech.app.progress import progress_bar
from lithomech.errors import InputError

FIRST: Final = "ncm88_lpscl_liin"
NEEDED: Final = ("starlette", "uvicorn", "bokeh")


def app(
    cell: Annotated[
        str, typer.Argument(metavar="[CELL]", help="A cell file or packaged example.")
    ] = FIRST,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0: a free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the link.")
    ] = False,
) -> None:
    """Open the workbench: drag a slider, watch voltage, pressure and contact follow."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        words = ", ".join(missing)
        raise InputError(f"`lithomech app` needs {words}: pip install 'lithomech[app]'")
    from lithomech.app.web.serving import served
    from lithomech.app.web.work import first_text

    first_text(cell)
    with served(cell, port) as link:
        warm_up()
        typer.echo(f"lithomech: {link}")
        typer.echo("lithomech: Ctrl-C ends it", err=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(link)
        Ended().wait()


def warm_up() -> None:
    """Run a few seconds of a cell, so that the first run of the page is quick."""
    from lithomech.cell.run import run
    from lithomech.cell.spec import load_cell

    with progress_bar() as progress:
        progress(0.0, "loading the solver")
        run(load_cell(FIRST, [("protocol", ["Charge at 0.1C for 10 s"])]), progress=progress)
