"""Find, layer and check material files.

Layers, the highest first, each overriding single properties: the cell file, the folders
beside it, the folder named by LITHOMECH_MATERIALS, the package.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from lithomech.errors import InputError, MaterialError
from lithomech.files.quantity import convert, parse_quantity
from lithomech.files.yamlfile import Document, KeyPath, join_key, read_document
from lithomech.materials.catalogue import RULES, allowed
from lithomech.materials.material import (
    PACKAGE,
    Curve,
    Material,
    SIProperty,
    TransportTable,
)
from lithomech.materials.rules import PropertyRule, Role
from lithomech.materials.schema import (
    AbstractValue,
    Arrhenius,
    Constant,
    MaterialFile,
    Property,
    Table,
)
from lithomech.materials.tables import read_curve, read_transport
from lithomech.materials.unit_factors import FACTORS

_PACKAGE = Path(__file__).parent / "data"
_MAX_ANCESTORS = 5
_PLAIN_MESSAGES = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "union_tag_not_found": "needs a form: constant, arrhenius or table",
    "union_tag_invalid": "the form must be constant, arrhenius or table",
}
_FORMS = {"constant", "arrhenius", "table"}


@dataclass(frozen=True)
class _Layer:
    """One file, or one entry of a cell file's `materials` section (then without a document)."""

    content: MaterialFile
    name: str
    document: Document | None
    origin: str = "cell file"

    def error(self, place: KeyPath, message: str) -> MaterialError:
        """Return an error at a key path of the material file form."""
        return _error(self.name, self.document, place, message)


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
    overrides = overrides or {}
    places = _places(folders)
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
    path = _find_table(f"{name}.csv", places)
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


def _resolve(name: str, index: Mapping[str, Path]) -> str:
    if name in index:
        return name
    wanted = name.casefold()
    for candidate, path in sorted(index.items()):
        aliases = _read(path).content.aliases
        if wanted in {alias.casefold() for alias in (candidate, *aliases)}:
            return candidate
    raise MaterialError(f"no material {name!r}; {_suggestion(name, index)}")


def _suggestion(name: str, index: Mapping[str, Path], more: Iterable[str] = ()) -> str:
    """Return what may have been meant, or where all names are."""
    names = sorted({*index, *more})
    near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.7)
    letters = re.match(r"[a-z]{3,}", name.casefold())
    if not near and letters:  # ncm999: what begins alike
        near = [known for known in names if known.startswith(letters[0])]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"`lithomech materials list` shows all {len(names)}"


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
) -> Iterator[_Layer]:
    """Yield the layers of a material, the highest first, then those it is based on."""
    for _ in range(_MAX_ANCESTORS):
        own: list[_Layer] = []
        if name in overrides:
            own.append(_override(name, overrides[name]))
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


def _read(path: Path) -> _Layer:
    return _read_packaged(path) if path.is_relative_to(_PACKAGE) else _read_file(path)


@cache
def _read_packaged(path: Path) -> _Layer:
    return replace(_read_file(path), origin=PACKAGE)


def _read_file(path: Path) -> _Layer:
    try:
        document = read_document(path)
    except InputError as error:
        raise MaterialError(error.message, error.file, error.line, error.key) from None
    layer = replace(_check(path.stem, document.data, document), origin=document.name)
    if layer.content.name not in {None, path.stem}:
        raise layer.error(("name",), f"must be that of the file, {path.stem!r}")
    return layer


def _override(name: str, values: Mapping[str, object]) -> _Layer:
    """Turn one entry of a cell file's `materials` section into a layer."""
    about = {"based_on", "role", "formula", "note"}
    data: dict[str, object] = {key: values[key] for key in values if key in about}
    data["properties"] = {
        key: _written_out(name, key, values[key]) for key in values if key not in about
    }
    return _check(name, data, None)


def _written_out(name: str, key: str, value: object) -> object:
    """Return a text quantity in the form of a material file; mappings pass unchanged.

    The quantity then holds at every temperature and every x.
    """
    place = ("properties", key)
    if key not in RULES:
        raise _error(name, None, place, f"unknown; {_nearest(key, RULES)}")
    if isinstance(value, Mapping):
        return value
    unit = RULES[key].unit
    try:
        number = parse_quantity(value, unit)
    except InputError as error:
        raise _error(name, None, place, error.message) from None
    source = {"ref": "user", "where": f"override: {value}", "method": "assumed"}
    return {"form": "constant", "value": number, "unit": unit, "source": source}


def _nearest(key: str, known: Iterable[str]) -> str:
    """Return what may have been meant, or all that is allowed."""
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    return (
        f"did you mean {' or '.join(near)}?" if near else f"allowed: {', '.join(sorted(known))}"
    )


def _check(name: str, data: Mapping[str, object], document: Document | None) -> _Layer:
    """Check the content of a layer against the schema; the first mistake is the error."""
    try:
        return _Layer(MaterialFile.model_validate(data), name, document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = first["loc"]
    place = tuple(part for part in place if part not in _FORMS)  # pydantic's, no keys
    message = _PLAIN_MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, "))
    raise _error(name, document, place, message)


def _error(name: str, document: Document | None, place: KeyPath, message: str) -> MaterialError:
    if document is not None:
        return MaterialError(message, document.name, document.line(place), join_key(place))
    below = place[1:] if place[0] == "properties" else place
    return MaterialError(message, key=join_key(("materials", name, *below)))


def _merge(name: str, layers: Sequence[_Layer], places: Sequence[Path]) -> Material:
    """Combine layers, the first of which counts most, into one material."""
    contents = [layer.content for layer in layers]
    role: Role | None = next((c.role for c in contents if c.role), None)
    if role is None:
        raise MaterialError(f"{name} has no role; is it based_on another material?")
    properties: dict[str, SIProperty] = {}
    for layer in layers:
        for key, found in layer.content.properties.items():
            if key not in properties:
                properties[key] = _to_si(key, found, role, layer, places)
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


def _to_si(
    key: str, found: Property, role: Role, layer: _Layer, places: Sequence[Path]
) -> SIProperty:
    """Convert one property, and check that this role may have it and its bounds."""
    place, rule = ("properties", key), RULES.get(key)
    if rule is None or role not in rule.roles:
        nearest = _nearest(key, allowed(role))
        raise layer.error(place, f"unknown for the role {role}; {nearest}")
    others = (
        _checked_si(rule, other, layer, (*place, "others", n), places)
        for n, other in enumerate(found.others)
    )
    return replace(
        _checked_si(rule, found, layer, place, places),
        preferred=found.preferred,
        others=tuple(others),
    )


def _checked_si(
    rule: PropertyRule, found: Property, layer: _Layer, place: KeyPath, places: Sequence[Path]
) -> SIProperty:
    """Convert one value, and check that it lies inside the bounds of its property."""
    if isinstance(found, Table) and not rule.axis:
        raise layer.error(place, "cannot be a table")
    try:
        converted = _convert_form(found, rule.unit, places)
        about = _about(found, rule.unit)
    except InputError as error:
        raise layer.error(place, str(error)) from None
    values = converted.curve.y if converted.curve else np.array([converted.value])
    low, high = float(values.min()), float(values.max())
    if not rule.low <= low <= high <= rule.high:
        limits = f"{rule.low:g} to {rule.high:g} {rule.unit}"
        reached = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        raise layer.error(place, f"{reached} {rule.unit} is outside {limits}")
    return replace(converted, **about, owner=layer.name, origin=layer.origin)


def _about(found: AbstractValue, unit: str) -> dict[str, Any]:
    """Return the fields that every form of a value shares."""
    about: dict[str, Any] = {"conditions": found.conditions}
    if found.span is not None:
        about["span"] = tuple(_si(end, found.unit, unit) for end in found.span)
    if found.printed is not None:
        about["printed"] = _si(found.printed.value, found.unit, unit)
        about["erratum"] = found.printed.erratum
    return about


def _convert_form(found: Property, unit: str, places: Sequence[Path]) -> SIProperty:
    if isinstance(found, Constant):
        return SIProperty(unit, _si(found.value, found.unit, unit), None, found.source)
    energy = found.activation_energy * 1e3
    thermal = {"at": found.at, "activation_energy": energy, "range": found.range}
    if isinstance(found, Arrhenius):
        value = _si(found.value, found.unit, unit)
        extra = found.activation_source
        return SIProperty(unit, value, None, found.source, activation_source=extra, **thermal)
    x, y = read_curve(_table_path(found, places))
    scaled = y * _si(1.0, found.unit, unit)
    return SIProperty(unit, None, Curve(x, scaled), found.source, **thermal)


def _table_path(table: Table, places: Sequence[Path]) -> Path:
    path = _find_table(table.file, places)
    if path is None:
        raise MaterialError(
            f"no table {table.file} in the folder `tables` of a material folder"
        )
    return path


def _find_table(file: str, places: Sequence[Path]) -> Path | None:
    paths = (place / "tables" / file for place in places)
    return next((path for path in paths if path.is_file()), None)


def _si(value: float, unit: str, to: str) -> float:
    if unit == to:
        return value
    factor = FACTORS.get((unit, to))
    return value * factor if factor is not None else convert(value, unit, to)
