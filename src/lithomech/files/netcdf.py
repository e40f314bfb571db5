"""Reading the netCDF files that results save."""

from pathlib import Path
from typing import TYPE_CHECKING

from lithomech.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

RESULT = "result"  # what a file without a mark holds: those of a cell came first


def read_tree(path: Path | str, kind: str, newest: int) -> "xr.DataTree":
    """Read a saved result whole.

    Args:
        path: of the file.
        kind: what it has to be, the attribute ``kind`` of the file.
        newest: format that the caller can read.

    Raises:
        InputError: no such file, something else, or a newer format.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import

    name = str(path)
    try:
        tree = xr.open_datatree(Path(path), engine="h5netcdf")
    except FileNotFoundError:
        raise InputError("no such file", file=name) from None
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"is no netCDF file of a {kind}: {error}", file=name) from None
    with tree:
        if "lithomech" not in tree.attrs or tree.attrs.get("kind", RESULT) != kind:
            raise InputError(f"is no {kind} of lithomech", file=name)
        if int(tree.attrs["format"]) > newest:
            told = f"has format {tree.attrs['format']}; this version reads up to {newest}"
            raise InputError(told, file=name)
        return tree.load()
