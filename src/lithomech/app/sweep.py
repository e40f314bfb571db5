"""`lithomech run CELL --sweep KEY=V1,V2,...`: a study of one factor without a study file."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from lithomech.app.default_folder import STANDARD_INPUT, default_folder
from lithomech.app.settings import split_setting
from lithomech.app.study_command import Asked, carry_out
from lithomech.errors import InputError
from lithomech.files.packaged import located
from lithomech.files.yamlfile import dump_yaml, read_value
from lithomech.studies.executors import Threads
from lithomech.studies.spec import Study, load_study

_BETWEEN: Final = re.compile(r",(?![^\[{(]*[\]})])")  # commas outside of brackets
TEXT: Final = "<text>"  # what messages call text that is no file


class Sweep(NamedTuple):
    """What the command line asks for.

    Attributes:
        source: of the cell.
        settings: KEY=VALUE, the same for all runs.
        wanted: KEY=V1,V2,...
        folder: of the results; None for the default one.
        as_json: whether one JSON object is printed and nothing is written.
        quiet: whether nothing else is printed.
    """

    source: str
    settings: Sequence[str]
    wanted: str
    folder: Path | None
    as_json: bool
    quiet: bool


def run_sweep(sweep: Sweep) -> int:
    """Run the study and show its table."""
    if sweep.source == str(STANDARD_INPUT) or sweep.source.endswith(".nc"):
        raise InputError("--sweep needs the file of a cell, or the name of a packaged example")
    place = located(sweep.source)
    declared = study_of_sweep(place, sweep.settings, sweep.wanted)
    folder = sweep.folder
    if folder is None and not sweep.as_json:
        folder = default_folder([place], "-sweep")
    return carry_out(
        declared, Asked(place, folder, Threads(), False, sweep.as_json, sweep.quiet)
    )


def study_of_sweep(place: Path, settings: Sequence[str], wanted: str) -> Study:
    """Return the study of one factor.

    Args:
        place: of the cell file.
        settings: KEY=VALUE, the same for all runs.
        wanted: KEY=V1,V2,...; a value with a comma of its own stands in brackets.

    Raises:
        InputError: something is wrong with the cell, a setting or a value.
    """
    key, equals, values = wanted.partition("=")
    listed = [one.strip() for one in _BETWEEN.split(values)]
    if not (key.strip() and equals and all(listed)):
        example = "fixture.pressure='5 MPa,20 MPa'"
        raise InputError(f"--sweep {wanted!r}: expected KEY=V1,V2,..., such as {example}")
    data = {
        "name": f"{place.stem} over {key.strip()}",
        "base": str(place),
        "set": {k: read_value(value) for k, value in map(split_setting, settings)},
        "vary": {key.strip(): [read_value(value) for value in listed]},
    }
    try:
        return load_study(dump_yaml(data))
    except InputError as error:
        raise error.each(_of_option) from None


def _of_option(error: InputError) -> InputError:
    """A mistake in what was made here is one of the command line."""
    if error.file != TEXT:
        return error
    return InputError(error.message, "--sweep", key=error.key)
