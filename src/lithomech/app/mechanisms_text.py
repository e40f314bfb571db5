"""What mechanisms declare, in the terminal and as JSON, and whether one of a user compiles."""

import importlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import typer
from rich.table import Table
from rich.text import Text

from lithomech.app.terminal import make_console
from lithomech.cell.mechanisms.check import ALLOWED, Trial, trials
from lithomech.cell.mechanisms.declare import Curve, Lanes, Mechanism, Parameter
from lithomech.cell.mechanisms.plugins import check_declared, mechanisms
from lithomech.cell.mechanisms.switches import parameters_of
from lithomech.errors import InputError

MECHANISMS: Final = "mechanisms"
KINDS: Final = {Parameter: "number", Curve: "curve", Lanes: "lanes"}
COMPILES, REFUSED = 0, 2  # exit codes


def show_mechanisms(check: str | None, *, as_json: bool) -> int:
    """Print every mechanism, or whether one of a user compiles; return the exit code.

    Args:
        check: file or name of the module of a mechanism; None prints them all.
        as_json: one JSON object instead of tables.
    """
    if check is not None:
        return _check(check, as_json=as_json)
    if as_json:
        typer.echo(json.dumps(described(), allow_nan=False, ensure_ascii=False))
    else:
        _print_all()
    return COMPILES


def described() -> dict[str, Any]:
    """Every mechanism with its states, parameters and assumed values, as plain data."""
    return {MECHANISMS: [_describe(mechanism) for mechanism in mechanisms()]}


def _describe(mechanism: Mechanism) -> dict[str, Any]:
    states = zip(mechanism.states.items(), mechanism.initial, strict=True)
    return {
        "name": mechanism.name,
        "site": mechanism.site.value,
        "pass": mechanism.order.value,
        "meaning": _meaning(mechanism.module),
        "states": [
            {
                "name": name,
                "unit": state.unit,
                "meaning": state.meaning,
                "tolerance": state.tolerance,
                "width": state.width,
                "initial": initial,
            }
            for (name, state), initial in states
        ],
        "parameters": [
            {
                "name": name,
                "unit": declared.unit if isinstance(declared, Parameter) else None,
                "meaning": declared.meaning,
                "kind": KINDS[type(declared)],
                "assumed": declared.assumed if isinstance(declared, Parameter) else "",
            }
            for name, declared in parameters_of(mechanism).items()
        ],
        "assumed": [
            {"name": name, "value": value, "why": why}
            for name, (value, why) in mechanism.assumed.items()
        ],
    }


def _meaning(module: ModuleType) -> str:
    """The first paragraph of what a module says of itself, on one line."""
    return " ".join((module.__doc__ or "").strip().partition("\n\n")[0].split())


def _print_all() -> None:
    """Print a table for each mechanism."""
    console = make_console()
    for content in described()[MECHANISMS]:
        where = f"at a {content['site']}, {content['pass']}"
        console.print(Text.assemble((content["name"], "bold"), f"  {where}"))
        console.print(Text(content["meaning"]))
        table = Table(box=None, header_style="bold", padding=(0, 1))
        for heading in ("", "Name", "Unit", "Meaning", "Note"):
            table.add_column(heading)
        for cells in _rows(content):
            table.add_row(*map(Text, cells))
        console.print(table)
        console.print()


def _rows(content: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Rows of the table of one mechanism."""
    states = [
        ("state", s["name"], s["unit"], s["meaning"], f"tolerance {s['tolerance']:g}")
        for s in content["states"]
    ]
    parameters = [
        (
            "parameter",
            p["name"],
            p["kind"] if p["unit"] is None else p["unit"],
            p["meaning"],
            f"assumed: {p['assumed']}" if p["assumed"] else "",
        )
        for p in content["parameters"]
    ]
    assumed = [
        ("assumed", a["name"], "", a["why"], f"{a['value']:g}") for a in content["assumed"]
    ]
    return [*states, *parameters, *assumed]


def _check(name: str, *, as_json: bool) -> int:
    """Compile a mechanism alone and say what happened."""
    module = _load(name)
    check_declared(module)
    made = trials(module)
    fine = all(trial.refusal is None for trial in made)
    if as_json:
        typer.echo(json.dumps(_checked(module, made), ensure_ascii=False))
    else:
        for trial in made:
            typer.echo(
                f"{trial.function} on {trial.numbers.value}: {trial.refusal or 'compiles'}"
            )
        if not fine:
            typer.echo(f"allowed: {ALLOWED}")
    return COMPILES if fine else REFUSED


def _checked(module: ModuleType, made: list[Trial]) -> dict[str, Any]:
    return {
        "module": module.__name__,
        "compiles": all(trial.refusal is None for trial in made),
        "trials": [
            {"function": t.function, "numbers": t.numbers.value, "refusal": t.refusal}
            for t in made
        ],
    }


def _load(name: str) -> ModuleType:
    """Import a module by its file or its name.

    Raises:
        InputError: there is none, or it cannot be imported.
    """
    path = Path(name)
    try:
        if path.suffix == ".py":
            return _load_file(path)
        return importlib.import_module(name)
    except InputError:
        raise
    except SyntaxError as error:
        raise InputError(f"{error.msg}", error.filename or name, error.lineno) from None
    except Exception as error:  # whatever a module of a user does while it is imported
        raise InputError(f"cannot import {name}: {type(error).__name__}: {error}") from None


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError("there is no such file", str(path))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError("not a Python file", str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
