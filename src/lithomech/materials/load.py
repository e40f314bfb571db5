"""Find, layer and check material files.

Layers, the highest first, each overriding single properties: the cell file, the folders
beside it, the folder named by LITHOMECH_MATERIALS, the package.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from lithomech.errors import MaterialError, Mistakes
from lithomech.files.quantity import shown
from lithomech.materials.layer import Layer, override_layer, read_layer
from lithomech.materials.material import PACKAGE, Material, SIProperty, TransportTable
from lithomech.materials.rules import Role
from lithomech.materials.si import find_table, to_si
from lithomech.materials.tables import read_transport

_PACKAGE = Path(__file__).parent / "data"
_MAX_ANCESTORS = 5


def load_material(
    name: str,
    overrides: Mapping[str, Mapping[str, object]] | None = None,
    folders: Sequence[Path] = (),
) -> Material:
    """Return a material with all its values in SI units.

    Args:
        name: file name without ending, or an alias such as "Li6PS5Cl".
        overrides: the `materials` section of a cell file: for each material single
            properties, as text ("0.5 A/m2") or in the form of a material file, and
            `based_on` for a new material.
        folders: folders with material files that come before the package's own, the
            first one counts most.

    Raises:
        MaterialError: unknown material, or a wrong or incomplete file; one line with
            file, line and key.
    """
    places = _places(folders)
    overrides = _by_file_name(overrides or {}, places)
    if name not in overrides:
        name = _resolve(name, _index(places))
    layers = list(_layers(name, overrides, places))
    return _merge(name, layers, places)


def load_transport_table(name: str, folders: Sequence[Path] = ()) -> TransportTable:
    """Return measured tortuosity factors of a composite.

    Args:
        name: file name without ending, such as "song2021_ncm88_li6ps5cl".
        folders: material folders whose `tables` come before the package's own.

    Raises:
        MaterialError: no such table, or it is no complete grid of composition and pressure.
    """
    places = _places(folders)
    path = find_table(f"{name}.csv", places)
    if path is None:
        raise MaterialError(f"no table {name}.csv in the folder `tables` of a material folder")
    return read_transport(path)


def known(folders: Sequence[Path] = ()) -> list[str]:
    """Return the names of all material files."""
    return sorted(_index(_places(folders)))


def resolve(name: str, folders: Sequence[Path] = ()) -> str:
    """Return the file name that a name or an alias stands for; case does not matter.

    Raises:
        MaterialError: no material has this name.
    """
    return _resolve(name, _index(_places(folders)))


def canonical(material: Material) -> dict[str, object]:
    """Return all that a calculation can use of a material, for the input hash."""
    properties: dict[str, object] = {}
    for name in sorted(material.cell_properties()):
        found = material.properties[name]
        entry: dict[str, object] = {"value": found.value, "unit": found.unit}
        if found.curve is not None:
            entry |= {"x": found.curve.x.tolist(), "value": found.curve.y.tolist()}
        if found.activation_energy:
            entry |= {"at": found.at, "activation_energy": found.activation_energy}
            entry |= {"range": found.range}
        properties[name] = entry
    return {"role": material.role, "formula": material.formula, "properties": properties}


def _places(folders: Sequence[Path]) -> list[Path]:
    """Return all folders with materials, the one that counts most first."""
    folder = os.environ.get("LITHOMECH_MATERIALS")
    return [*folders, *([Path(folder)] if folder else []), _PACKAGE]


def _by_file_name(
    overrides: Mapping[str, Mapping[str, object]], places: Sequence[Path]
) -> dict[str, Mapping[str, object]]:
    """Overrides under the name of the material's file; a new material keeps its own."""
    index, found = _index(places), {}
    for name, values in overrides.items():
        known = None if "based_on" in values else _find(name, index)
        found[known or name] = {**found.get(known or name, {}), **values}
    return found


def _find(name: str, index: Mapping[str, Path]) -> str | None:
    """Return the file name that a name or an alias stands for, if there is one."""
    if name in index:
        return name
    wanted = name.casefold()
    for candidate, path in sorted(index.items()):
        aliases = _read(path).content.aliases
        if wanted in {alias.casefold() for alias in (candidate, *aliases)}:
            return candidate
    return None


def _resolve(name: str, index: Mapping[str, Path]) -> str:
    known = _find(name, index)
    if known is None:
        raise MaterialError(f"no material {shown(name)}; {_suggestion(name, index)}")
    return known


def _suggestion(name: str, index: Mapping[str, Path], more: Iterable[str] = ()) -> str:
    """Return what may have been meant and what that is, or where all names are."""
    names = sorted({*index, *more})
    near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.7)
    letters = re.match(r"[a-z]{3,}", name.casefold())
    if not near and letters:  # ncm999: what begins alike
        near = [known for known in names if known.startswith(letters[0])]
    if near:
        return f"did you mean {', '.join(_what_it_is(one, index) for one in near)}?"
    return f"`lithomech materials list` shows all {len(names)}"


def _what_it_is(name: str, index: Mapping[str, Path]) -> str:
    if name not in index:
        return name
    content = _read(index[name]).content
    return f"{name} ({', '.join(filter(None, (content.formula, content.role)))})"


def _index(places: Sequence[Path]) -> dict[str, Path]:
    """Return the file of each material; of several the one that counts most."""
    found: dict[str, Path] = {}
    for place in places:
        for path in _packaged_files() if place == _PACKAGE else sorted(place.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


@cache
def _packaged_files() -> list[Path]:
    return sorted(_PACKAGE.glob("*/*.yaml"))


def _layers(
    name: str, overrides: Mapping[str, Mapping[str, object]], places: Sequence[Path]
) -> Iterator[Layer]:
    """Yield the layers of a material, the highest first, then those it is based on."""
    for _ in range(_MAX_ANCESTORS):
        own: list[Layer] = []
        if name in overrides:
            own.append(override_layer(name, overrides[name]))
        for place in places:
            path = _index([place]).get(name)
            if path is not None:
                own.append(_read(path))
        if not own:
            suggestion = _suggestion(name, _index(places), overrides)
            raise MaterialError(f"no material {name!r}; {suggestion}")
        yield from own
        parent = next((layer.content.based_on for layer in own if layer.content.based_on), None)
        if parent is None:
            return
        name = parent if parent in overrides else _resolve(parent, _index(places))
    raise MaterialError(f"{name}: based_on leads through more than {_MAX_ANCESTORS} materials")


def _read(path: Path) -> Layer:
    return _read_packaged(path) if path.is_relative_to(_PACKAGE) else read_layer(path)


@cache
def _read_packaged(path: Path) -> Layer:
    return replace(read_layer(path), origin=PACKAGE)


def _merge(name: str, layers: Sequence[Layer], places: Sequence[Path]) -> Material:
    """Combine layers, the first of which counts most, into one material."""
    contents = [layer.content for layer in layers]
    role: Role | None = next((c.role for c in contents if c.role), None)
    if role is None:
        raise MaterialError(f"{name} has no role; is it based_on another material?")
    properties: dict[str, SIProperty] = {}
    mistakes = Mistakes()
    for layer in layers:
        for key, found in layer.content.properties.items():
            if key not in properties:
                with mistakes.noted():
                    properties[key] = to_si(key, found, role, layer, places)
    mistakes.report()
    return Material(
        name=name,
        role=role,
        formula=next((c.formula for c in contents if c.formula), name),
        properties=properties,
        family=next((c.family for c in contents if c.family), None),
        aliases=tuple(
            a for layer in layers if layer.name == name for a in layer.content.aliases
        ),
        based_on=next((c.based_on for c in contents if c.based_on), None),
        note=next((c.note for c in contents if c.note), ""),
    )
