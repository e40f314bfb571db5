"""Everything that a cell takes from outside its own file, read once and kept with it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from lithomech.cell import spec
from lithomech.cell.enclosed import MARK, Enclosed, marked, not_enclosed
from lithomech.cell.resolve.feasible import named_materials
from lithomech.cell.resolve.segmented import imaged_of
from lithomech.cell.state import SIDES
from lithomech.errors import InputError, MaterialError, Mistakes
from lithomech.files.quantity import shown
from lithomech.materials.library import Library, library, take_stock
from lithomech.materials.load import material_of
from lithomech.materials.material import Material, TransportTable
from lithomech.materials.stock import Stock
from lithomech.microstructure.pressed import Pressed
from lithomech.microstructure.result import load_effective

FRAME: Final = "frame"  # use and role of what holds the pistons


def enclose(cell: spec.Cell) -> tuple[spec.Cell, dict[str, Material]]:
    """Return a cell that needs no files any more, and its materials.

    What it has enclosed already wins over all that lies on this machine.

    Args:
        cell: as declared, or as a result repeats it.

    Raises:
        InputError: a file is missing or wrong.
    """
    before = cell.enclosed
    materials, stock = _materials(cell, before.stock)
    transport: dict[str, TransportTable] = {}
    structures: dict[str, Pressed] = {}
    changed: dict[str, spec.CompositeElectrode] = {}
    for side in SIDES:
        transport |= _transport_table(cell, side, before.stock)
        found = _structure(cell, side, before) | imaged_of(cell, side, materials)
        for mark, pressed in found.items():
            structures[mark] = pressed
            electrode = getattr(cell, side)
            named = replace(electrode.transport, file=mark)
            changed[side] = replace(electrode, transport=named)
    stock = replace(stock, transport=transport)
    enclosed = replace(before, stock=stock, structures=structures)
    return cell.replace(**changed, enclosed=enclosed), materials


def load_materials(cell: spec.Cell) -> dict[str, Material]:
    """Load the materials of a cell by the names it uses; its overrides count most.

    Raises:
        InputError: a material is missing or wrong, with the key that names it.
    """
    return _materials(cell, cell.enclosed.stock)[0]


def _materials(cell: spec.Cell, kept: Stock) -> tuple[dict[str, Material], Stock]:
    """The materials by name, and all that was read for them."""
    beside = cell.folder / "materials"
    named = {name: (key, use) for key, name, use in reversed([*named_materials(cell)])}
    plain = not (kept.files or beside.is_dir() or "LITHOMECH_MATERIALS" in os.environ)
    where = library([beside] if beside.is_dir() else [], kept)
    changed = where.named(cell.materials)
    found: dict[str, Material] = {}
    mistakes, stock, as_they_are = Mistakes(), Stock(), []
    for name, (key, use) in reversed(named.items()):
        with mistakes.noted(key=key):
            if use == FRAME and name not in changed and where.find(name) is None:
                raise MaterialError(f"no {FRAME} {shown(name)}; {_frames(where)}")
            if plain and _is_packaged(name, changed):
                found[name] = material_of(library(), name, {})
                as_they_are.append(name)
                continue
            taken = take_stock(where, [name], cell.materials)
            found[name] = material_of(Library((), taken), name, cell.materials)
            stock = taken.joined(stock)
    mistakes.report()
    if as_they_are:
        packaged = _packaged_stock(tuple(sorted(as_they_are)))
        stock = stock.joined(packaged) if stock.files else packaged
    return dict(sorted(found.items())), stock


def _frames(where: Library) -> str:
    """The frames that there are: few, and none is meant by the name of another material."""
    return f"there are: {', '.join(where.of_role(FRAME))}"


def _is_packaged(name: str, changed: Mapping[str, object]) -> bool:
    """Whether a material of the package and all it is made of are used as they are."""
    return name not in changed and changed.keys().isdisjoint(_packaged_stock((name,)).files)


@lru_cache(maxsize=64)
def _packaged_stock(names: tuple[str, ...]) -> Stock:
    """All that these materials of the package are made of."""
    return take_stock(library(), names, {})


def _transport_table(cell: spec.Cell, side: str, kept: Stock) -> dict[str, TransportTable]:
    """The table of measured tortuosity factors that an electrode names."""
    transport = getattr(getattr(cell, side), "transport", None)
    if not isinstance(transport, spec.MeasuredTransport):
        return {}
    beside = cell.folder / "materials"
    with _at(f"{side}.transport.table"):
        where = library([beside] if beside.is_dir() else [], kept)
        return {transport.table: where.transport(transport.table)}


def _structure(cell: spec.Cell, side: str, kept: Enclosed) -> dict[str, Pressed]:
    """The pressed composite that an electrode names, by its mark."""
    transport = getattr(getattr(cell, side), "transport", None)
    if not isinstance(transport, spec.StructureTransport):
        return {}
    with _at(f"{side}.transport.file"):
        if transport.file.startswith(MARK):
            if transport.file not in kept.structures:
                raise not_enclosed(transport.file)
            return {transport.file: kept.structures[transport.file]}
        path = cell.folder / transport.file
        try:
            return _load(path, path.stat().st_mtime_ns if path.exists() else 0)
        except InputError as error:
            raise InputError(f"{path}: {error.message}") from None


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> dict[str, Pressed]:
    pressed = load_effective(path).numbers()
    return {marked(pressed.to_plain()): pressed}


@contextmanager
def _at(key: str) -> Iterator[None]:
    """Tell an error which key it is about."""
    try:
        yield
    except InputError as error:
        raise error.located(key=key) from None
