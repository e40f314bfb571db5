"""What the page asks for: a run, a life, a file of a result."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from lithomech.app.report import write_report
from lithomech.app.web.columns import answer
from lithomech.app.web.controls import settings, standing
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell
from lithomech.errors import InputError
from lithomech.files.edited import with_value
from lithomech.files.packaged import examples
from lithomech.files.yamlfile import parse_document

Progress = Callable[[float, str], None]
MOST_CYCLES: Final = 5000
GROWTH: Final = 1.5  # of the number of cycles from one piece of a life to the next
LONGEST_PIECE: Final = 25  # cycles
LIFE_KEYS: Final = (
    "discharge_capacity_mAh_per_g",
    "coulombic_efficiency",
    "energy_efficiency",
    "stack_pressure_end_of_charge_MPa",
    "stack_pressure_end_MPa",
    "contact_fraction_end",
    "isolated_share_end",
    "cathode_interface_resistance_ohm_cm2",
)


class Asked(NamedTuple):
    """A cell file, and what is changed in it."""

    text: str
    moves: tuple[tuple[str, Any], ...] = ()  # of controls: key and value

    @property
    def changed(self) -> str:
        """The text with the moves written into it.

        Raises:
            InputError: a control that there is not, or a key that cannot be reached.
        """
        text = self.text
        for control, value in self.moves:
            data = parse_document(f"{text}\n").data
            for key, written in settings(data, control, value):
                text = with_value(text, key, written)
        return text


def mistakes_of(error: InputError) -> list[dict[str, Any]]:
    """Mistakes one by one: file, line, key, message."""
    return [
        {"file": one.file, "line": one.line, "key": one.key, "message": one.message}
        for one in error.mistakes
    ]


def run_cell(asked: Asked, progress: Progress) -> dict[str, Any]:
    """Run a cell file; mistakes in it are part of the answer.

    Returns:
        ``text`` (as changed), ``values`` of the controls, and ``result`` or ``mistakes``.
    """
    shown: dict[str, Any] = {"text": asked.text, "values": {}}
    try:
        shown["text"] = asked.changed
        text = f"{shown['text']}\n"
        shown["values"] = standing(parse_document(text).data)
        shown["result"] = answer(run(load_cell(text), progress=progress))
    except InputError as error:
        shown["mistakes"] = mistakes_of(error)
    return shown


def first_text(cell: Path | str) -> str:
    """The text of a file or example, with one pass of its first repeat.

    Raises:
        InputError: no such file, or it is no YAML.
    """
    path = examples().get(str(cell), Path(cell))
    if not path.is_file():
        raise InputError("there is no such file or packaged example", file=str(cell))
    text = path.read_text(encoding="utf-8")
    protocol = parse_document(text + "\n", str(cell)).data.get("protocol")
    if isinstance(protocol, list):
        for place, step in enumerate(protocol):
            if isinstance(step, Mapping) and "repeat" in step:
                text = with_value(text, f"protocol[{place}].repeat", "1")
    return text


def live(asked: Asked, cycles: int, progress: Progress) -> Iterator[dict[str, Any]]:
    """Cycle a cell in pieces, each going on where the last ended.

    Yields:
        The quantities of the cycles of each piece, with the number of the first one.

    Raises:
        InputError: the file is wrong, or it has no charge and discharge to repeat.
    """
    cell, number, piece, before = _repeated(asked.changed, 1), 1, 1.0, None
    while number <= cycles:
        count = min(int(piece), cycles + 1 - number)
        result = run(_repeated(asked.changed, count), progress=progress, start=before)
        rows = [{key: cycle.get(key) for key in LIFE_KEYS} for cycle in result.cycles]
        yield {
            "first": number,
            "cycles": rows,
            "status": result.status,
            "reason": result.reason,
            "name": cell.name,
        }
        if result.status != "completed":
            return
        number, before, piece = number + count, result, min(piece * GROWTH, LONGEST_PIECE)


def _repeated(text: str, count: int) -> Cell:
    """The cell with its protocol repeated a number of times and no traces."""
    protocol = parse_document(f"{text}\n").data.get("protocol")
    steps = [
        step
        for entry in (protocol if isinstance(protocol, list) else [])
        for step in (entry.get("steps", []) if isinstance(entry, Mapping) else [entry])
    ]
    changed: list[tuple[str, Any]] = [("output.traces", "none")]
    if steps:
        changed.append(("protocol", [{"repeat": count, "steps": steps}]))
    return load_cell(f"{text}\n", changed)


def exported(asked: Asked, kind: str, progress: Progress) -> bytes:
    """A result as a file.

    Args:
        asked: the cell.
        kind: netcdf or report.
        progress: see ``lm.run``.

    Raises:
        InputError: the cell file is wrong, or there is no such kind.
    """
    if kind not in {"netcdf", "report"}:
        raise InputError(f"{kind!r} is not known; allowed: netcdf, report", key="kind")
    result = run(load_cell(f"{asked.changed}\n"), progress=progress)
    with tempfile.TemporaryDirectory(prefix="lithomech-") as folder:
        path = Path(folder) / "result"
        if kind == "netcdf":
            result.save(path.with_suffix(".nc"))
            return path.with_suffix(".nc").read_bytes()
        write_report(result, path.with_suffix(".html"))
        return path.with_suffix(".html").read_bytes()
