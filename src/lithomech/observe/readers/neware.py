"""Neware binaries, by way of the extra package that knows them."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from lithomech.errors import InputError
from lithomech.files.damaged import damaged
from lithomech.observe.readers.archive import check_archive
from lithomech.observe.readers.dialects import Dialect
from lithomech.observe.readers.series import series_of, table_in_memory
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TimeSeries

DIALECT: Final = Dialect("Neware binary")


def read_neware(path: Path, mapping: Mapping) -> TimeSeries:
    """Read a .nda or .ndax file: all its columns, auxiliary channels as well.

    Raises:
        InputError: with the file: the extra is not installed, the archive is hostile, or the
            file is of no version that is known.
    """
    try:
        if path.suffix.lower() == ".ndax":
            check_archive(path)
        read = _reader()
        with damaged(path, "is no Neware file that can be read"):
            frame = read(str(path))
            cells = [frame[name].to_numpy() for name in frame.columns]
        return series_of(table_in_memory(path, frame.columns, cells, DIALECT, mapping), mapping)
    except InputError as error:
        raise error.located(file=str(path)) from None


def _reader() -> Callable[[str], Any]:
    try:
        return import_module("fastnda").read
    except ImportError:
        raise InputError(
            "reading it needs the extra package: pip install 'lithomech[neware]'"
        ) from None
