"""The folder that a command writes where none is named: one per input, never another's."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import typer

from lithomech.errors import InputError

INPUTS: Final = "input.txt"  # in every folder of results: the files it came from
UNFINISHED: Final = "unfinished"  # folder of what long work goes on from
STANDARD_INPUT: Final = Path("-")
_RESULTS: Final = {"result.nc", "structure.nc"}  # named by the folder they lie in
_SUFFIX: Final = re.compile(r"\.[A-Za-z]\w*$")  # '.csv', but not the '.1C' of 'cell_0.1C'
_NOT_IN_NAMES: Final = re.compile(r'[<>:"|?*/\\\x00-\x1f]')


def stem_of(source: Path) -> str:
    """Return the name of an input as its folder of results carries it.

    Only the suffix goes: ``cell_0.1C.csv`` is ``cell_0.1C``. A result is named by its folder.

    Args:
        source: File that a command reads; ``-`` is the standard input.
    """
    if source == STANDARD_INPUT:
        return "stdin"
    name = source.name
    if name in _RESULTS and source.resolve().parent.name:
        name = source.resolve().parent.name
    else:
        name = _SUFFIX.sub("", name) or name
    readable = name.encode("utf-8", "replace").decode("utf-8")
    return _NOT_IN_NAMES.sub("_", readable).rstrip(". ") or "input"


def default_folder(sources: Sequence[Path], ending: str = "") -> Path:
    """Return the folder for results of some inputs, and report it if it is not the plain one.

    ``results/<stem><ending>`` if that is free or holds an earlier result of the same inputs;
    otherwise the first such folder with ``-2``, ``-3`` and so on behind it.

    Args:
        sources: Files that the command reads; the first one gives the name.
        ending: Behind the stem, such as ``-eis``.
    """
    plain = Path("results") / f"{stem_of(sources[0])}{ending}"
    if _is_open(plain, sources):
        return plain
    numbered = (plain.with_name(f"{plain.name}-{number}") for number in count(2))
    folder = next(one for one in numbered if _is_open(one, sources))
    typer.echo(
        f"lithomech: {plain} holds something other than a result of {sources[0]}; "
        f"the folder is {folder}",
        err=True,
    )
    return folder


def record_inputs(written: Path, folder: Path, sources: Sequence[Path]) -> None:
    """Write which files the results in a folder came from.

    Args:
        written: Folder to write to, which exists: ``folder``, or one that is moved there.
        folder: Final folder; the paths are relative to it, so that both can move together.
        sources: Files that the command read.
    """
    lines = "".join(f"{_path_from(folder, source)}\n" for source in sources)
    (written / INPUTS).write_text(lines, encoding="utf-8", errors="surrogateescape")


@contextmanager
def claimed(folder: Path | None, sources: Sequence[Path]) -> Iterator[None]:
    """Record the inputs before the work begins, so that a run that was stopped goes on here.

    Args:
        folder: Final folder; None if nothing is written. One with an earlier result keeps its
            record until it is replaced.
        sources: Files that the command reads.
    """
    if folder is None or (folder.exists() and any(folder.iterdir())):
        yield
        return
    first = not folder.parent.exists()
    folder.mkdir(parents=True, exist_ok=True)
    record_inputs(folder, folder, sources)
    try:
        yield
    except InputError:
        if [path.name for path in folder.iterdir()] == [INPUTS]:
            shutil.rmtree(folder)  # nothing half-written
            if first and not any(folder.parent.iterdir()):
                folder.parent.rmdir()
        raise


def _is_open(folder: Path, sources: Sequence[Path]) -> bool:
    """Whether a folder is missing, empty, or holds results of these inputs."""
    if not folder.is_dir():
        return not folder.exists()
    if all(path.name.startswith(".") for path in folder.iterdir()):
        return True
    try:
        text = (folder / INPUTS).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    before = [STANDARD_INPUT if line == "-" else folder / line for line in text.splitlines()]
    return [_whole(path) for path in before] == [_whole(path) for path in sources]


def _whole(source: Path) -> Path:
    return source if source == STANDARD_INPUT else source.resolve()


def _path_from(folder: Path, source: Path) -> str:
    if source == STANDARD_INPUT:
        return "-"
    try:
        return Path(os.path.relpath(source.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return source.resolve().as_posix()
