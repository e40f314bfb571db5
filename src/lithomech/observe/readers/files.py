"""One door for every measured series."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.damaged import plain_size
from lithomech.files.origin import Source
from lithomech.observe.readers.arbin import read_res
from lithomech.observe.readers.neware import read_neware
from lithomech.observe.readers.series import read_text
from lithomech.observe.readers.workbook import read_workbook
from lithomech.observe.spec import Mapping, mapping_of
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


def read_series(path: str | Path, mapping: Mapping | Source | None = None) -> TimeSeries:
    """Read a measured file.

    Battery Data Format, delimited text of any kind, EC-Lab text (.mpt), text of Neware, Arbin
    and Maccor; .nda and .ndax with the extra ``neware``; .res of Arbin and workbooks (.xlsx,
    .xls, .ods) with the extra ``readers``.

    Args:
        path: the file.
        mapping: which column is what; its file, a dict, or None where the headers say it.

    Returns:
        Columns in SI, current positive on charge; ``notes`` say what was done.

    Raises:
        InputError: with the file and what is wrong in it.

    Examples:
        >>> import lithomech as lm
        >>> series = lm.read_series("measured/rate.csv")
        >>> series.voltage.shape == series.time.shape
        True
    """
    path = path_of(path)
    stated = mapping_of(mapping)
    plain_size(path)
    kind = path.suffix.lower()
    if kind == ".mpr":
        raise InputError(MPR, file=str(path))
    return BINARY.get(kind, read_text)(path, stated)
