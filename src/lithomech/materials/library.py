"""Where material files and tables are looked for.

What a result keeps comes first and stands alone. Otherwise the folders beside a cell file, the
folder named by LITHOMECH_MATERIALS and the package override one another, property by property.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import MaterialError
from lithomech.files.quantity import shown
from lithomech.materials.layer import CELL_FILE, Layer, override_layer, read_layer
from lithomech.materials.material import PACKAGE, TransportTable
from lithomech.materials.schema import Property, Table
from lithomech.materials.stock import Stock
from lithomech.materials.tables import read_curve, read_transport

Floats = NDArray[np.float64]
FOLDER: Final = "LITHOMECH_MATERIALS"  # names the user's own folder
_MAX_ANCESTORS: Final = 5
EMPTY: Final = Stock()


class Place(NamedTuple):
    """A folder with material files, and its name in results, which keep no paths."""

    folder: Path
    label: str


PACKAGED: Final = Place(Path(__file__).parent / "data", PACKAGE)


@final
@dataclass(frozen=True)
class Library:
    """What a result keeps, and folders, the one that counts most first.

    Attributes:
        places: folders.
        stock: of a result; empty otherwise.
    """

    places: tuple[Place, ...]
    stock: Stock = EMPTY

    @property
    def is_packaged(self) -> bool:
        """Whether the files of the package are all there is."""
        return self.places == (PACKAGED,) and not self.stock.files

    def names(self) -> set[str]:
        """Return the names of all materials."""
        return {*self.stock.files, *_index(self.places)}

    def find(self, name: str) -> str | None:
        """Return the file name that a name or an alias stands for, if there is one."""
        if name in self.stock.files:
            return name
        wanted = name.casefold()
        for known, layers in self.stock.files.items():
            if wanted in _names_of(known, layers):
                return known
        index = _index(self.places)
        if name in index:
            return name
        for known, located in sorted(index.items()):
            if wanted in _names_of(known, (_read(*located),)):
                return known
        return None

    def of_role(self, role: str) -> list[str]:
        """Return the names of all materials of a role."""
        return [n for n in sorted(self.names()) if self.files(n)[0].content.role == role]

    def resolve(self, name: str) -> str:
        """Return the file name that a name or an alias stands for; case does not matter.

        Raises:
            MaterialError: no material has this name.
        """
        known = self.find(name)
        if known is None:
            raise MaterialError(f"no material {shown(name)}; {self._suggestion(name)}")
        return known

    def named(
        self, overrides: Mapping[str, Mapping[str, object]]
    ) -> dict[str, Mapping[str, object]]:
        """Overrides under the name of the material's file; a new material keeps its own."""
        renamed: dict[str, Mapping[str, object]] = {}
        for name, values in overrides.items():
            known = None if "based_on" in values else self.find(name)
            renamed[known or name] = {**renamed.get(known or name, {}), **values}
        return renamed

    def files(self, name: str) -> tuple[Layer, ...]:
        """Return the files of a material, without those it is based on; none if unknown."""
        if name in self.stock.files:
            return self.stock.files[name]
        located = (_index((place,)).get(name) for place in self.places)
        return tuple(_read(*one) for one in located if one is not None)

    def layers(
        self, name: str, overrides: Mapping[str, Mapping[str, object]]
    ) -> Iterator[Layer]:
        """Yield the layers of a material, the highest first, then those it is based on.

        Raises:
            MaterialError: a material has no file, or too many ancestors.
        """
        for _ in range(_MAX_ANCESTORS):
            own = [override_layer(name, overrides[name])] if name in overrides else []
            own += self.files(name)
            if not own:
                suggestion = self._suggestion(name, overrides)
                raise MaterialError(f"no material {shown(name)}; {suggestion}")
            yield from own
            parents = [layer.content.based_on for layer in own]
            parent = next((p for p in parents if p), None)
            if parent is None:
                return
            name = parent if parent in overrides else self.resolve(parent)
        raise MaterialError(
            f"{name}: based_on leads through more than {_MAX_ANCESTORS} materials"
        )

    def curve(self, file: str) -> tuple[Floats, Floats]:
        """Return x and value of a table, each of shape (n,).

        Raises:
            MaterialError: there is no such table, or it cannot be read.
        """
        if file in self.stock.curves:
            return self.stock.curves[file]
        return read_curve(self._table(file))

    def transport(self, name: str) -> TransportTable:
        """Return measured tortuosity factors of a composite.

        Raises:
            MaterialError: there is no such table, or it cannot be read.
        """
        if name in self.stock.transport:
            return self.stock.transport[name]
        return read_transport(self._table(f"{name}.csv"))

    def _suggestion(self, name: str, more: Iterable[str] = ()) -> str:
        """Return what may have been meant and what that is, or where all names are."""
        names = sorted({*self.names(), *more})
        near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.7)
        letters = re.match(r"[a-z]{3,}", name.casefold())
        if not near and letters:  # ncm999: what begins alike
            near = [known for known in names if known.startswith(letters[0])]
        if near:
            return f"did you mean {', '.join(map(self._what_it_is, near))}?"
        return f"`lithomech materials list` shows all {len(names)}"

    def _what_it_is(self, name: str) -> str:
        layers = self.files(name)
        if not layers:
            return name
        content = layers[0].content
        return f"{name} ({', '.join(filter(None, (content.formula, content.role)))})"

    def _table(self, file: str) -> Path:
        for place in self.places:
            path = place.folder / "tables" / file
            if path.is_file():
                return path
        raise MaterialError(f"no table {file} in the folder `tables` of a material folder")


def library(folders: Sequence[Path] = (), stock: Stock = EMPTY) -> Library:
    """Return everything that can be found.

    Args:
        folders: come before that of LITHOMECH_MATERIALS and the package, the first counts most.
        stock: comes before all folders.
    """
    own = os.environ.get(FOLDER)
    places = [Place(folder, folder.name) for folder in folders]
    places += [Place(Path(own), FOLDER)] if own else []
    return Library((*places, PACKAGED), stock)


def take_stock(
    where: Library, names: Iterable[str], overrides: Mapping[str, Mapping[str, object]]
) -> Stock:
    """Return all that loading these materials reads.

    Args:
        where: to look for them.
        names: of materials, or aliases.
        overrides: the `materials` section of a cell file.

    Raises:
        MaterialError: a file is missing or wrong.
    """
    overrides = where.named(overrides)
    files: dict[str, tuple[Layer, ...]] = {}
    tables: dict[str, tuple[Floats, Floats]] = {}
    for name in names:
        own: dict[str, tuple[Layer, ...]] = {}
        start = name if name in overrides else where.resolve(name)
        for layer in where.layers(start, overrides):
            if layer.origin != CELL_FILE:
                own[layer.name] = (*own.get(layer.name, ()), layer)
            for file in _tables(layer.content.properties.values()):
                tables[file] = tables.get(file) or where.curve(file)
        files = own | files
    return Stock(files, tables)


def _tables(properties: Iterable[Property]) -> Iterator[str]:
    for declared in properties:
        yield from (
            form.file for form in (declared, *declared.others) if isinstance(form, Table)
        )


def _names_of(name: str, layers: Iterable[Layer]) -> set[str]:
    aliases = (alias for layer in layers for alias in layer.content.aliases)
    return {alias.casefold() for alias in (name, *aliases)}


def _index(places: Sequence[Place]) -> dict[str, tuple[Path, Place]]:
    """Return the file of each material; of several the one that counts most."""
    index: dict[str, tuple[Path, Place]] = {}
    for place in places:
        own = _packaged_files() if place is PACKAGED else _files(place, "*.yaml")
        index = own | index
    return index


@cache
def _packaged_files() -> dict[str, tuple[Path, Place]]:
    return _files(PACKAGED, "*/*.yaml")


def _files(place: Place, pattern: str) -> dict[str, tuple[Path, Place]]:
    return {path.stem: (path, place) for path in sorted(place.folder.glob(pattern))}


def _read(path: Path, place: Place) -> Layer:
    if place is PACKAGED:
        return _read_packaged(path)
    return replace(read_layer(path), origin=f"{place.label}/{path.name}")


@cache
def _read_packaged(path: Path) -> Layer:
    return replace(read_layer(path), origin=PACKAGE)
