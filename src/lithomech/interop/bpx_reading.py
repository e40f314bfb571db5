"""Cells out of BPX documents that lithomech wrote, and that other tools may have changed."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from lithomech.cell.spec import Cell, CompositeElectrode, changed_cell
from lithomech.cell.spec.cell import cell_from_input
from lithomech.errors import InputError, SeveralMistakesError
from lithomech.interop.bpx import CONDUCTIVITY, DIFFUSIVITY, FORMAT, MARK, RATE, to_bpx

SAME: Final = 1e-9  # relative: closer values are one
HEADER: Final = "Header"
ENDING: Final = ".bpx.json"
PARAMETERS: Final = "Parameterisation"
USER: Final = "User-defined"
ELECTROLYTE: Final = "Electrolyte"
SIDES: Final = {"Positive electrode": "cathode", "Negative electrode": "anode"}
CARRIED_BACK: Final = {DIFFUSIVITY: "diffusivity", RATE: "exchange_current_density"}
STAND_IN: Final = (ELECTROLYTE, DIFFUSIVITY)  # has no effect

Place = tuple[str, ...]
Leaf = float | str | tuple[float, ...] | None


def is_bpx(path: Path) -> bool:
    """Whether a file is a BPX document, not a cell file that happens to be JSON."""
    if path.name.lower().endswith(ENDING):  # damaged ones too
        return True
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and {HEADER, PARAMETERS} <= set(document)


def read_bpx(source: Path | str | Mapping[str, Any]) -> Cell:
    """Return the cell of a BPX document that ``write_bpx`` wrote.

    Another tool may have changed numbers since: new diffusivities, reaction rate constants and
    conductivities of the electrolyte are taken over as factors on the values of the material.

    Args:
        source: path of a JSON file, or the document.

    Raises:
        InputError: the cell of lithomech does not stand in its description, which alone says
            what a solid-state cell is made of; or something else was changed, one line for
            each value.
    """
    document, name = _document(source)
    _check_blocks(document, name)
    try:
        cell = cell_from_input(_input(document, name))
        own = dict(_leaves(to_bpx(cell)[PARAMETERS]))
    except InputError as error:  # its keys are those of the line in the description
        raise error.located(file=name) from None
    written = dict(_leaves(document[PARAMETERS]))
    factors = dict(_factors(cell, own, written))
    if factors:
        cell = changed_cell(cell, list(factors.items()), name)
        own = dict(_leaves(to_bpx(cell)[PARAMETERS]))
    changed = [p for p in {**own, **written} if not _same(own.get(p), written.get(p))]
    if changed:
        raise SeveralMistakesError(
            InputError(
                "was changed since lithomech wrote the file: set it in the cell instead; a new "
                "diffusivity, reaction rate constant or conductivity of the electrolyte is "
                "taken over where it is one factor",
                file=name,
                key=" / ".join(place),
            )
            for place in changed
        )
    return cell


def _check_blocks(document: object, name: str) -> None:
    """Raise an error unless header and parameters are what the standard says."""
    blocks = [document]
    if isinstance(document, Mapping):
        blocks += [document.get(block, {}) for block in (HEADER, PARAMETERS)]
    if not all(isinstance(block, Mapping) for block in blocks):
        message = f"is damaged: {HEADER} and {PARAMETERS} must be sets of keys with values"
        raise InputError(message, file=name)


def _input(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the description says of the cell itself."""
    text = str(document.get(HEADER, {}).get("Description", ""))
    lines = [line.removeprefix(MARK) for line in text.splitlines() if line.startswith(MARK)]
    if not lines or PARAMETERS not in document:
        raise InputError(
            "this BPX file was not written by lithomech, and the standard has no place for "
            "what a solid-state cell is made of (pellet, pressure, moduli, contact): describe "
            "the cell in a cell file and take numbers over as overrides under `materials:`",
            file=name,
        )
    try:
        whole = json.loads(lines[0])
        known = whole["format"] <= FORMAT
        cell = {**whole["input"]}
    except (KeyError, TypeError, ValueError):
        message = "the line of the cell in the description is damaged"
        raise InputError(message, file=name) from None
    if not known:
        message = f"a newer lithomech ({whole.get('version')}) wrote this file"
        raise InputError(message, file=name)
    return cell


def _document(source: Path | str | Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    if isinstance(source, Mapping):
        return source, "BPX"
    try:
        return json.loads(Path(source).read_text(encoding="utf-8")), str(source)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(source)) from None
    except ValueError as error:
        raise InputError(f"this is no JSON: {error}", file=str(source)) from None


def _leaves(block: Mapping[str, Any], above: Place = ()) -> Iterator[tuple[Place, Leaf]]:
    """Numbers and tables of the schema by their place; our own block is not compared."""
    for name, value in block.items():
        place = (*above, name)
        if place in ((USER,), STAND_IN):
            continue
        if isinstance(value, Mapping) and set(value) != {"x", "y"}:
            yield from _leaves(value, place)
        elif isinstance(value, Mapping):
            x, y = value["x"], value["y"]
            yield place, (*x, *y) if _is_row(x) and _is_row(y) else str(value)
        else:
            yield place, value


def _is_row(value: object) -> bool:
    """Whether it is a list of numbers."""
    return isinstance(value, list | tuple) and all(
        isinstance(one, int | float) for one in value
    )


def _same(one: Leaf, other: Leaf) -> bool:
    ratio = _ratio(one, other)
    return one == other or (ratio is not None and abs(ratio - 1.0) < SAME)


def _ratio(one: Leaf, other: Leaf) -> float | None:
    """The factor between two numbers, or between the values of two tables; None if none."""
    if not (_is_numeric(one) and _is_numeric(other)):
        return None
    a, b = np.atleast_1d(np.asarray(one, float)), np.atleast_1d(np.asarray(other, float))
    if a.shape != b.shape:
        return None
    values = slice(a.size // 2, None) if a.size > 1 else slice(None)
    if np.any(a[: values.start or 0] != b[: values.start or 0]):
        return None
    if np.array_equal(a[values], b[values]):
        return 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = b[values] / a[values]
    ratios = ratios[~((a[values] == 0.0) & (b[values] == 0.0))]
    if not np.all(np.isfinite(ratios)) or np.ptp(ratios) > SAME * abs(ratios[0]):
        return None
    return float(ratios[0])


def _is_numeric(leaf: Leaf) -> bool:
    return isinstance(leaf, int | float | tuple) and not isinstance(leaf, bool)


def _factors(
    cell: Cell, own: dict[Place, Leaf], written: dict[Place, Leaf]
) -> Iterator[tuple[str, float]]:
    """Overrides of material properties for what another tool changed by one factor."""
    for place, value in written.items():
        ratio = _ratio(own.get(place), value)
        if ratio is None or abs(ratio - 1.0) < SAME:
            continue
        name = _property(cell, place)
        if name:
            yield f"materials.{name}.scale", ratio


def _property(cell: Cell, place: Place) -> str:
    """Material and property that a value of the schema stands for; "" for all others."""
    if place == (ELECTROLYTE, CONDUCTIVITY):
        sides = (cell.cathode, cell.anode)
        composite = next(s for s in sides if isinstance(s, CompositeElectrode))
        return f"{composite.electrolyte.material}.ionic_conductivity"
    if place[0] not in SIDES or place[-1] not in CARRIED_BACK:
        return ""
    electrode = getattr(cell, SIDES[place[0]])
    labels = place[1:-1]  # of a blend: material, size and morphology
    materials = [active.material for active in electrode.active]
    known = [m for m in materials if not labels or labels[-1].split()[0] == m]
    return f"{known[0]}.{CARRIED_BACK[place[-1]]}" if known else ""
