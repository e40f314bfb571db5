"""`lithomech materials`: the library, one material, a comparison, what is not certain."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from lithomech.app.materials_page import Comparison
    from lithomech.materials.material import Material

materials = typer.Typer(
    name="materials",
    help="The material library: list, show, compare, audit.",
    invoke_without_command=True,
)

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Also write a page with pictures to this folder."
    ),
]


@materials.callback()
def start(context: typer.Context) -> None:
    """The material library: list, show, compare, audit."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@materials.command("list")
def list_all(as_json: JsonOption = False, out: OutOption = None) -> None:
    """List every material: what it is, how well it is known, whether a cell can use it."""
    from lithomech.app.materials_page import OVERVIEW, check_folder, write_overview

    if out is not None:
        check_folder(out, OVERVIEW)
    library = _library()
    if out is not None:
        write_overview(library, out)
    if as_json:
        from lithomech.app.materials_json import listed

        _print({"materials": [listed(m) for m in library]})
        return
    from lithomech.app.materials_text import print_list

    print_list(library)
    _report_page(out, OVERVIEW)


@materials.command("show")
def show_one(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name or alias: Li6PS5Cl.")],
    as_json: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Show every value of a material with its conditions, source and standing."""
    from lithomech.app.materials_page import REPORT, check_folder, write_material
    from lithomech.materials.load import load_material

    m = load_material(name)
    if out is not None:
        check_folder(out, REPORT)
        write_material(m, out)
    if as_json:
        from lithomech.app.materials_json import shown

        _print(shown(m))
        return
    from lithomech.app.materials_text import print_material

    print_material(m)
    _report_page(out, REPORT)


@materials.command("compare")
def compare_some(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Electrolytes, hosts, metals.")
    ],
    potential: Annotated[
        list[str] | None,
        typer.Option("--potential", metavar="V", help="Potential such as '4.3 V'. Repeatable."),
    ] = None,
    electrode: Annotated[
        list[str] | None,
        typer.Option("--electrode", metavar="NAME", help="Material beside them. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder (default: results/compare-<names>)."),
    ] = None,
) -> None:
    """Compare materials: which is best in what, and which potential excludes which."""
    from lithomech.app.materials_page import REPORT, check_folder, comparison, write_comparison

    made = comparison(names, potential or [], electrode or [])
    folder = out if out is not None or as_json else Path("results") / _folder_name(made)
    if folder is not None:
        check_folder(folder, REPORT)
        write_comparison(made, folder)
    if as_json:
        from lithomech.app.materials_json import compared

        _print(compared(made.electrolytes, made.hosts, made.conclusions))
        return
    from lithomech.app.materials_text import print_comparison

    print_comparison(made)
    _report_page(folder, REPORT)


@materials.command("audit")
def audit_all(as_json: JsonOption = False) -> None:
    """List all that is assumed, calibrated, borrowed or not checked by a second reader."""
    from lithomech.materials.inventory import doubts

    doubtful = [entry for m in _library() for entry in doubts(m)]
    if as_json:
        from lithomech.app.materials_json import audited

        _print(audited(doubtful))
        return
    from lithomech.app.materials_text import print_audit

    print_audit(doubtful)


def _library() -> "list[Material]":
    from lithomech.materials.load import known, load_material

    return [load_material(name) for name in known()]


def _folder_name(made: "Comparison") -> str:
    names = [m.name for m in (*made.electrolytes, *made.hosts)]
    few = names if len(names) <= 4 else [*names[:3], f"and-{len(names) - 3}-more"]
    return f"compare-{'-'.join(few)}"


def _print(content: "dict[str, Any]") -> None:
    typer.echo(json.dumps(content, allow_nan=False))


def _report_page(folder: Path | None, page: str) -> None:
    """Say where the page is, on one line however narrow the terminal."""
    if folder is not None:
        typer.echo(f"page: {folder / page}")
