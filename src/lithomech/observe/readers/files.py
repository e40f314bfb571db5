"""One door for every measured series."""

from pathlib import Path
from typing import Final

from lithomech.errors import InputError
from lithomech.observe.readers.binary import read_neware
from lithomech.observe.readers.series import read_text
from lithomech.observe.spec import Mapping, load_mapping
from lithomech.observe.timeseries import TimeSeries

BINARY: Final = {".nda", ".ndax"}
OTHERS: Final = {
    ".mpr": "a Biologic binary; export it as .mpt in EC-Lab",
    ".res": "an Arbin database; export it as CSV",
    ".xlsx": "an Excel workbook; save the sheet as CSV",
    ".xls": "an Excel workbook; save the sheet as CSV",
}


def read_series(path: str | Path, mapping: Mapping | str | Path | None = None) -> TimeSeries:
    """Read a measured file.

    Battery Data Format, delimited text of any kind, EC-Lab text (.mpt), text of Neware, Arbin
    and Maccor; .nda and .ndax with the extra package ``neware``.

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
    if kind in OTHERS:
        raise InputError(f"is {OTHERS[kind]}", file=str(path))
    return read_neware(path, said) if kind in BINARY else read_text(path, said)
