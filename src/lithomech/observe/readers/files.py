"""One door for every measured series."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lithomech.errors import InputError
from lithomech.observe.readers.arbin import read_res
from lithomech.observe.readers.neware import read_neware
from lithomech.observe.readers.series import read_text
from lithomech.observe.readers.workbook import read_workbook
from lithomech.observe.spec import Mapping, load_mapping
from lithomech.observe.timeseries import TimeSeries

BINARY: Final[dict[str, Callable[[Path, Mapping], TimeSeries]]] = {
    ".nda": read_neware,
    ".ndax": read_neware,
    ".res": read_res,
    ".xls": read_workbook,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".ods": read_workbook,
}
MPR: Final = (
    "is a Biologic binary, which only programs under the GPL read; export it in EC-Lab: "
    "Experiment > Export as Text, which writes .mpt"
)


def read_series(path: str | Path, mapping: Mapping | str | Path | None = None) -> TimeSeries:
    """Read a measured file.

    Battery Data Format, delimited text of any kind, EC-Lab text (.mpt), text of Neware, Arbin
    and Maccor; .nda and .ndax with the extra ``neware``; .res of Arbin and workbooks (.xlsx,
    .xls, .ods) with the extra ``readers``.

    Args:
        path: the file.
        mapping: which column is what; a file of it, or nothing where the headers say it.

    Returns:
        Columns in SI, current positive on charge; ``notes`` say what was done.

    Raises:
        InputError: with the file and what is wrong in it.
    """
    path = Path(path)
    said = mapping if isinstance(mapping, Mapping) else None
    said = said or (load_mapping(mapping) if isinstance(mapping, str | Path) else Mapping())
    if not path.is_file():
        raise InputError("there is no such file", file=str(path))
    kind = path.suffix.lower()
    if kind == ".mpr":
        raise InputError(MPR, file=str(path))
    return BINARY.get(kind, read_text)(path, said)
