"""Read the claims and the errata; a mistake in them is one line with file, line and key."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from lithomech.errors import InputError
from lithomech.files.yamlfile import Document, join_key, read_document
from lithomech.validation.spec import KINDS, Claim, ClaimFile, ErrataFile, Erratum

FOLDER: Final = Path(__file__).parent
_CHECKS: Final = {
    "stored",
    "prediction",
    "erratum",
    "pending",
    "cannot",
    "panel",
    "definition",
}

M = TypeVar("M", bound=BaseModel)


class Register(NamedTuple):
    """All claims and errata by id, in the order of their files."""

    claims: Mapping[str, Claim]
    errata: Mapping[str, Erratum]


@cache
def load_register(folder: Path = FOLDER) -> Register:
    """Return all claims in `claims/*.yaml` and the errata in `errata.yaml`.

    Raises:
        InputError: a file does not follow the schema, an id stands twice or has another
            kind than its letters say, or a claim names an erratum that is not listed.
    """
    document = read_document(folder / "errata.yaml")
    errata = _read(document, ErrataFile).errata
    claims: dict[str, Claim] = {}
    for path in sorted((folder / "claims").glob("*.yaml")):
        document = read_document(path)
        for name, claim in _read(document, ClaimFile).claims.items():
            _check_claim(document, name, claim, claims, errata)
            claims[name] = claim
    return Register(dict(sorted(claims.items(), key=lambda item: _order(item[0]))), errata)


def _read(document: Document, model: type[M]) -> M:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = tuple(part for part in first["loc"] if part not in _CHECKS)
    message = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(
        first["type"], first["msg"].removeprefix("Value error, ")
    )
    raise InputError(message, document.name, document.line(place), join_key(place))


def _check_claim(
    document: Document,
    name: str,
    claim: Claim,
    earlier: Mapping[str, Claim],
    errata: Mapping[str, Erratum],
) -> None:
    """Check what the schema of one claim cannot see."""
    problem = ""
    if name in earlier:
        problem = "this id stands in an earlier file too"
    elif KINDS.get(name.partition("-")[0]) != claim.kind:
        problem = f"the kind {claim.kind!r} does not fit this id"
    elif unknown := [erratum for erratum in claim.errata if erratum not in errata]:
        problem = f"no erratum {unknown[0]}; known: {', '.join(errata)}"
    if problem:
        place = ("claims", name)
        raise InputError(problem, document.name, document.line(place), join_key(place))


def _order(name: str) -> tuple[int, str]:
    letters, _, number = name.partition("-")
    return list(KINDS).index(letters), number
