"""Options that several commands have, and what --set KEY=VALUE says."""

from pathlib import Path
from typing import Annotated

import typer

from lithomech.app.web.charts import charts_folder
from lithomech.errors import InputError

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one key, such as cathode.active[0].diameter='10 um'. Repeatable.",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Result folder (default: results/<file stem>)."),
]
InteractiveOption = Annotated[
    bool,
    typer.Option(
        "--interactive", help="The report has the plots of the workbench: extra app, 2 to 3 MB."
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]


def split_setting(setting: str) -> tuple[str, str]:
    """Key and value.

    Raises:
        InputError: no equals sign, or nothing before it.
    """
    key, equals, value = setting.partition("=")
    if not (key.strip() and equals):
        raise InputError(
            f"--set {setting!r}: expected KEY=VALUE, such as temperature='60 degC'"
        )
    return key.strip(), value.strip()


def check_interactive(interactive: bool) -> None:
    """Refuse an interactive report where its charts are not installed.

    Raises:
        InputError: they are not.
    """
    if interactive:
        charts_folder()
