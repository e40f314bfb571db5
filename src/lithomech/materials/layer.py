"""One layer of a material: a file, or an entry of a cell file's `materials` section."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast, final

from pydantic import ValidationError

from lithomech.errors import InputError, MaterialError, Mistakes
from lithomech.files.mistakes import nearest
from lithomech.files.quantity import parse_quantity
from lithomech.files.yamlfile import Document, KeyPath, join_key, read_document
from lithomech.materials.catalogue import RULES
from lithomech.materials.schema import MaterialFile

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_PLAIN_MESSAGES: Final = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "union_tag_not_found": "needs a form: constant, arrhenius or table",
    "union_tag_invalid": "the form must be constant, arrhenius or table",
}
CELL_FILE: Final = "cell file"  # origin of the overrides in it
SCALE: Final = "scale"
_FORMS: Final = {"constant", "arrhenius", "table"}


@final
@dataclass(frozen=True)
class Layer:
    """One file, or one entry of a cell file's `materials` section (then without a document).

    Attributes:
        content: what it says.
        name: of the material.
        document: the file, for messages.
        origin: "package", "cell file", or folder and name of a user's material file.
        scales: factors on properties of the layers below it, by name.
    """

    content: MaterialFile
    name: str
    document: Document | None
    origin: str = CELL_FILE
    scales: Mapping[str, float] = field(default_factory=dict)

    def error(self, place: KeyPath, message: str) -> MaterialError:
        """Return an error at a key path of the material file form."""
        return _error(self.name, self.document, place, message)


def read_layer(path: Path) -> Layer:
    """Return the layer that a material file is.

    Raises:
        InputError: all mistakes of the file, with file, line and key.
    """
    try:
        document = read_document(path)
    except InputError as error:
        raise MaterialError(error.message, error.file, error.line, error.key) from None
    layer = check_layer(path.stem, document.data, document)
    if layer.content.name not in {None, path.stem}:
        raise layer.error(("name",), f"must be that of the file, {path.stem!r}")
    return layer


def override_layer(name: str, values: Mapping[str, object]) -> Layer:
    """Turn one entry of a cell file's `materials` section into a layer."""
    about = {"based_on", "role", "formula", "note"}
    data: dict[str, object] = {key: values[key] for key in values if key in about}
    properties, scales, mistakes = {}, {}, Mistakes()
    for key in values:
        if key not in about:
            with mistakes.noted():
                value = values[key]
                if isinstance(value, Mapping) and SCALE in value:
                    scales[key] = _factor(name, key, value)
                else:
                    properties[key] = _written_out(name, key, value)
    layer = None
    with mistakes.noted():
        layer = check_layer(name, {**data, "properties": properties}, None)
    mistakes.report()
    return replace(cast("Layer", layer), scales=scales)


def _factor(name: str, key: str, value: Mapping[str, object]) -> float:
    """Return the factor of ``{scale: 0.5}`` on what the layers below say."""
    place = ("properties", key)
    if key not in RULES:
        raise _error(name, None, place, f"unknown; {nearest(key, list(RULES))}")
    if len(value) > 1:
        raise _error(name, None, place, "scale stands alone, as in {scale: 0.5}")
    try:
        factor = parse_quantity(value[SCALE], "dimensionless")
    except InputError as error:
        raise _error(name, None, (*place, SCALE), error.message) from None
    if not factor > 0.0:
        raise _error(name, None, (*place, SCALE), "must be more than 0")
    return factor


def _written_out(name: str, key: str, value: object) -> object:
    """Return a text quantity in the form of a material file; mappings pass unchanged.

    The quantity then holds at every temperature and every x.
    """
    place = ("properties", key)
    if key not in RULES:
        raise _error(name, None, place, f"unknown; {nearest(key, list(RULES))}")
    if isinstance(value, Mapping):
        return value
    unit = RULES[key].unit
    try:
        number = parse_quantity(value, unit)
    except InputError as error:
        raise _error(name, None, place, error.message) from None
    source = {"ref": "user", "where": f"override: {value}", "method": "assumed"}
    return {"form": "constant", "value": number, "unit": unit, "source": source}


def check_layer(name: str, data: Mapping[str, object], document: Document | None) -> Layer:
    """Check the content of a layer against the schema; all its mistakes are the error."""
    mistakes = Mistakes()
    try:
        return Layer(MaterialFile.model_validate(data), name, document)
    except ValidationError as error:
        mistakes.all += _explain_all(name, document, error.errors())
    mistakes.report()
    raise AssertionError("a ValidationError has errors")


def _explain_all(
    name: str, document: Document | None, problems: "Sequence[ErrorDetails]"
) -> Iterator[MaterialError]:
    """Explain each problem; a key that is missing because it is misspelt is one mistake."""
    missing = {one["loc"] for one in problems if one["type"] == "missing"}
    hints: dict[KeyPath, str] = {}
    for one in problems:
        *owner, key = one["loc"]
        wanted = {str(loc[-1]): loc for loc in missing if loc[:-1] == tuple(owner)}
        near = difflib.get_close_matches(str(key), wanted, n=1)
        if one["type"] == "extra_forbidden" and near:
            hints[one["loc"]] = f"; did you mean {near[0]}?"
            missing.discard(wanted[near[0]])
    for one in problems:
        if one["type"] != "missing" or one["loc"] in missing:
            place = tuple(part for part in one["loc"] if part not in _FORMS)  # pydantic's
            message = _PLAIN_MESSAGES.get(one["type"], one["msg"])
            words = message.removeprefix("Value error, ") + hints.get(one["loc"], "")
            yield _error(name, document, place, words)


def _error(name: str, document: Document | None, place: KeyPath, message: str) -> MaterialError:
    if document is not None:
        return MaterialError(message, document.name, document.line(place), join_key(place))
    below = place[1:] if place[0] == "properties" else place
    return MaterialError(message, key=join_key(("materials", name, *below)))
