"""The materials that a file mentions, checked before anything is computed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lithomech.errors import InputError
from lithomech.files.yamlfile import KeyPath, join_key
from lithomech.materials.library import library
from lithomech.materials.load import material_of
from lithomech.materials.stock import Stock

OVERRIDES = "materials"


def material_mistakes(
    data: Mapping[str, object], folder: Path, stock: Stock | None = None
) -> Iterator[InputError]:
    """Yield what is wrong with the names and the overrides of materials in a file.

    Args:
        data: the content of a cell, structure or particle file.
        folder: of the file; ``materials`` in it counts before the package.
        stock: files that a result keeps; they count before those of the folder.
    """
    beside = folder / OVERRIDES
    where = library([beside] if beside.is_dir() else [], stock or Stock())
    own = data.get(OVERRIDES)
    overrides = own if isinstance(own, Mapping) else {}
    usable = {name: values for name, values in overrides.items() if isinstance(values, Mapping)}
    for name in usable:
        try:
            material_of(where, name, usable)
        except InputError as error:
            yield error.located(key=join_key((OVERRIDES, name)))
    for key, name in _names(data, ()):
        if name not in usable:
            try:
                material_of(where, name, {})
            except InputError as error:
                yield error.located(key=join_key(key))


def _names(data: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Key and value of every ``material``, outside the overrides."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "material" and isinstance(value, str):
                yield (*path, key), value
            elif (*path, key) != (OVERRIDES,):
                yield from _names(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _names(value, (*path, index))
