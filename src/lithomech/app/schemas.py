"""JSON Schema of the files that people write, and what mechanisms declare."""

from collections.abc import Callable
from typing import Any, Final

from lithomech.app.mechanisms_text import MECHANISMS
from lithomech.cell.spec import schema as cell_schema
from lithomech.errors import InputError
from lithomech.materials.schema import MaterialFile
from lithomech.microstructure.spec import schema as structure_schema
from lithomech.observe.spec import schema as mapping_schema
from lithomech.particle.spec import schema as particle_schema
from lithomech.studies.spec import schema as study_schema
from lithomech.studies.spec.fit import schema as fit_schema
from lithomech.validation.case_spec import schema as case_schema
from lithomech.validation.spec import ClaimFile

SCHEMAS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "cell": cell_schema,
    "structure": structure_schema,
    "particle": particle_schema,
    "study": study_schema,
    "fit": fit_schema,
    "mapping": mapping_schema,
    "material": MaterialFile.model_json_schema,
    "claim": ClaimFile.model_json_schema,
    "case": case_schema,
}


def schema_of(kind: str) -> dict[str, Any]:
    """Return the schema of a kind of file.

    Raises:
        InputError: there is no such kind.
    """
    if kind not in SCHEMAS:
        known = ", ".join([*SCHEMAS, MECHANISMS])
        raise InputError(f"there is no schema {kind!r}; there are: {known}")
    return SCHEMAS[kind]()
