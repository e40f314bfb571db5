"""Find, layer and check material files.

Layers, the highest first, each overriding single properties: the cell file, the folders
beside it, the folder named by LITHOMECH_MATERIALS, the package.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from lithomech.errors import MaterialError, Mistakes
from lithomech.materials.layer import Layer
from lithomech.materials.library import PACKAGED, Library, library
from lithomech.materials.material import PACKAGE, Material, SIProperty, TransportTable
from lithomech.materials.rules import Role
from lithomech.materials.scaled import scaled
from lithomech.materials.si import to_si


def load_material(
    name: str,
    overrides: Mapping[str, Mapping[str, object]] | None = None,
    folders: Sequence[Path] = (),
) -> Material:
    """Return a material with all its values in SI units.

    Args:
        name: file name without ending, or an alias such as "Li6PS5Cl".
        overrides: the `materials` section of a cell file: for each material single
            properties, as text ("0.5 A/m2"), as a factor on what the files say
            ({scale: 0.5}) or in the form of a material file, and `based_on` for a new
            material.
        folders: folders with material files that come before the package's own, the
            first one counts most.

    Raises:
        MaterialError: unknown material, or a wrong or incomplete file; one line with
            file, line and key.
    """
    material = material_of(library(folders), name, overrides or {})
    return replace(material, properties=dict(material.properties))  # the caller's own


def material_of(
    where: Library, name: str, overrides: Mapping[str, Mapping[str, object]]
) -> Material:
    """Return a material with all its values in SI units.

    As the package has it, it is one object for all who ask: not to be changed.

    Args:
        where: to look for its files.
        name: see ``load_material``.
        overrides: see ``load_material``.

    Raises:
        MaterialError: see ``load_material``.
    """
    overrides = where.named(overrides)
    if name not in overrides:
        name = where.resolve(name)
    layers = tuple(where.layers(name, overrides))
    if where.is_packaged and all(layer.origin == PACKAGE for layer in layers):
        return _packaged(name)
    return _merge(name, layers, where)


def load_transport_table(name: str, folders: Sequence[Path] = ()) -> TransportTable:
    """Return measured tortuosity factors of a composite.

    Args:
        name: file name without ending, such as "song2021_ncm88_li6ps5cl".
        folders: material folders whose `tables` come before the package's own.

    Raises:
        MaterialError: no such table, or it is no complete grid of composition and pressure.
    """
    return library(folders).transport(name)


def known(folders: Sequence[Path] = ()) -> list[str]:
    """Return the names of all material files."""
    return sorted(library(folders).names())


def resolve(name: str, folders: Sequence[Path] = ()) -> str:
    """Return the file name that a name or an alias stands for; case does not matter.

    Raises:
        MaterialError: no material has this name.
    """
    return library(folders).resolve(name)


def canonical(material: Material, names: Iterable[str] | None = None) -> dict[str, object]:
    """Return all that a calculation can use of a material, for the input hash.

    Args:
        material: with values in SI units.
        names: of the properties; those that a cell calculates with if None.
    """
    properties: dict[str, object] = {}
    for name in sorted(material.cell_properties() if names is None else names):
        quantity = material.properties[name]
        entry: dict[str, object] = {"value": quantity.value, "unit": quantity.unit}
        if quantity.curve is not None:
            entry |= {"x": quantity.curve.x.tolist(), "value": quantity.curve.y.tolist()}
        if quantity.activation_energy:
            entry |= {"at": quantity.at, "activation_energy": quantity.activation_energy}
            entry |= {"range": quantity.range}
        if quantity.vogel_temperature:
            entry |= {"vogel_temperature": quantity.vogel_temperature}
        properties[name] = entry
    return {"role": material.role, "formula": material.formula, "properties": properties}


@cache
def _packaged(name: str) -> Material:
    """A material as the package has it; most runs ask for no other."""
    where = Library((PACKAGED,))
    return _merge(name, tuple(where.layers(name, {})), where)


def _merge(name: str, layers: Sequence[Layer], where: Library) -> Material:
    """Combine layers, the first of which counts most, into one material."""
    contents = [layer.content for layer in layers]
    role: Role | None = next((c.role for c in contents if c.role), None)
    if role is None:
        raise MaterialError(f"{name} has no role; is it based_on another material?")
    properties = _properties(layers, role, where)
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


def _properties(layers: Sequence[Layer], role: Role, where: Library) -> dict[str, SIProperty]:
    """Each property of the first layer that has it, times the factors of those above."""
    properties: dict[str, SIProperty] = {}
    factors: dict[str, float] = {}
    mistakes = Mistakes()
    for layer in layers:
        for key, factor in layer.scales.items():
            if key not in properties:
                factors[key] = factors.get(key, 1.0) * factor
        for key, declared in layer.content.properties.items():
            if key not in properties:
                with mistakes.noted():
                    found = to_si(key, declared, role, layer, where)
                    factor = factors.pop(key, 1.0)
                    properties[key] = (
                        found if factor == 1.0 else scaled(key, found, factor, layers[0])
                    )
    for key in factors:
        with mistakes.noted():
            raise layers[0].error(("properties", key), "there is no value to scale")
    mistakes.report()
    return properties
