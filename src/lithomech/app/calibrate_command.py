"""`lithomech calibrate`: a cell file that shows what was measured on the cell."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lithomech.app.default_folder import default_folder
from lithomech.app.fit_command import run_and_show
from lithomech.app.settings import JsonOption, OutOption, SetOption, split_setting
from lithomech.app.worker_options import (
    ProcessesOption,
    RestartOption,
    SchedulerOption,
    WorkersOption,
    workers_of,
)
from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.studies.fit_result import FitResult

FIT: Final = "calibrate.yaml"
CELL: Final = "calibrated.yaml"
MEASURED: Final = ("slow", "fast", "spectrum", "swing")

SlowOption = Annotated[
    Path, typer.Option("--slow", metavar="FILE", help="A slow cycle, such as at C/20.")
]
FastOption = Annotated[
    Path | None,
    typer.Option("--fast", metavar="FILE", help="A fast step, such as at 1C, after that."),
]
SpectrumOption = Annotated[
    Path | None, typer.Option("--spectrum", metavar="FILE", help="A spectrum after these.")
]
SwingOption = Annotated[
    Path | None,
    typer.Option(
        "--swing",
        metavar="FILE",
        help="Stack pressure over the slow cycle, if it stands in a file of its own.",
    ),
]
MappingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mapping", metavar="KIND=MAP.yaml", help="Columns of slow, fast, ... Repeatable."
    ),
]
NoiseOption = Annotated[
    list[str] | None,
    typer.Option(
        "--noise",
        metavar="QUANTITY=VALUE",
        help="Standard deviation (voltage=2 mV, stack_pressure=5 kPa, impedance=1 %).",
    ),
]
FreeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--free",
        metavar="KEY=RANGE",
        help="One more parameter, such as KEY='1 MPa to 20 MPa, log'. Repeatable.",
    ),
]
HoldOption = Annotated[
    list[str] | None,
    typer.Option("--hold", metavar="KEY", help="One of the usual that stays. Repeatable."),
]
StartsOption = Annotated[
    int, typer.Option("--starts", metavar="N", help="Places where the search begins.")
]


def calibrate(
    source: Annotated[
        str, typer.Argument(metavar="CELL", help="Cell file (YAML), or packaged example.")
    ],
    slow: SlowOption,
    fast: FastOption = None,
    spectrum: SpectrumOption = None,
    swing: SwingOption = None,
    mapping: MappingOption = None,
    noise: NoiseOption = None,
    free: FreeOption = None,
    hold: HoldOption = None,
    starts: StartsOption = 8,
    settings: SetOption = None,
    out: OutOption = None,
    workers: WorkersOption = None,
    processes: ProcessesOption = False,
    scheduler: SchedulerOption = None,
    restart: RestartOption = False,
    as_json: JsonOption = False,
) -> int:
    """Fit a cell to a slow cycle, a fast step, a spectrum and a pressure swing.

    Writes calibrated.yaml, the cell file with the best values and in its first lines what the
    data leave open; calibrate.yaml, which `lithomech fit` takes; and all that a fit writes.
    """
    from lithomech.files.origin import read_origin
    from lithomech.files.packaged import located
    from lithomech.files.yamlfile import dump_yaml, join_key
    from lithomech.studies.calibration import Asked, Measured, fit_content
    from lithomech.studies.spec.fit import load_fit

    path, maps = located(source), _pairs("--mapping", mapping, MEASURED)
    given = zip(MEASURED, (slow, fast, spectrum, swing), strict=True)
    files = {
        kind: Measured(located(file), Path(maps[kind]) if kind in maps else None)
        for kind, file in given
        if file is not None
    }
    origin = read_origin(path)
    asked = Asked(
        origin,
        files,
        _pairs("--noise", noise, ("voltage", "stack_pressure", "impedance")),
        {key: _range(key, text) for key, text in _pairs("--free", free).items()},
        tuple(hold or ()),
        {"starts": starts},
    )
    content = fit_content(asked, str(path.resolve()))
    changes = [split_setting(setting) for setting in settings or []]
    settings_of_cell = [(join_key(("set", key)), value) for key, value in changes]
    try:
        fit = load_fit(dump_yaml(content), settings_of_cell)
    except InputError as error:  # its text is not yet a file that could be looked at
        raise error.each(lambda one: InputError(one.message, key=one.key)) from None
    sources = [path, *(one.file for one in files.values())]
    folder = out if out is not None or as_json else default_folder(sources, "-calibrated")
    crew = workers_of(workers, scheduler, processes=processes)
    names = [one.file.name for one in files.values()]

    def texts(result: "FitResult") -> dict[str, str]:
        text = dump_yaml(fit.origin.document.data) if fit.origin else ""
        return {FIT: text, CELL: _calibrated(result, path, names)}

    return run_and_show(fit, folder, sources, crew, texts, restart=restart, as_json=as_json)


def _pairs(
    option: str, words: Sequence[str] | None, known: Sequence[str] = ()
) -> dict[str, str]:
    """What stands behind an option that is repeated, by name.

    Raises:
        InputError: no equals sign, or another name than those that are known.
    """
    found = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not equals or (known and name not in known):
            allowed = f"; names: {', '.join(known)}" if known else ""
            raise InputError(f"{option} {word!r}: expected NAME=VALUE{allowed}")
        found[name.strip()] = value.strip()
    return found


def _range(key: str, text: str) -> dict[str, object]:
    """A range from "1 MPa to 20 MPa, log".

    Raises:
        InputError: it is none.
    """
    ends, _, scale = text.partition(",")
    low, to, high = ends.partition(" to ")
    if not to or scale.strip() not in {"", "log", "linear"}:
        raise InputError(f"--free {key}={text}: expected a range such as '1 to 20, log'")
    return {"from": low.strip(), "to": high.strip(), "scale": scale.strip() or "linear"}


def _calibrated(result: "FitResult", cell: Path, names: Sequence[str]) -> str:
    """The cell file with the best values, and in comments how well they are known."""
    from lithomech.files.origin import read_origin
    from lithomech.files.yamlfile import dump_yaml
    from lithomech.studies.fit_result import best_values

    head = [
        f"Calibrated by `lithomech calibrate` on {', '.join(names)}; brackets: 90 %",
        *result.answers,
        *(f"warning: {line}" for line in result.warnings),
    ]
    data = read_origin(cell).with_values(best_values(result)).document.data
    comments = "".join(f"# {line}\n" for line in head)
    return comments + dump_yaml(data)
