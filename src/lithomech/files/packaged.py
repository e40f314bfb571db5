"""The packaged examples, which can be named wherever a file is read."""

import difflib
from functools import cache
from pathlib import Path

from lithomech.errors import InputError
from lithomech.files.quantity import shown

EXAMPLES = Path(__file__).parents[1] / "examples"


@cache
def examples() -> dict[str, Path]:
    """The packaged examples of cells, structures and particles by name."""
    return {path.stem: path for path in sorted(EXAMPLES.glob("*.yaml"))}


@cache
def measured() -> dict[str, Path]:
    """Packaged files of measurements, made up with known truth: "measured/rate.csv"."""
    return {f"measured/{path.name}": path for path in sorted(EXAMPLES.glob("measured/*"))}


def located(source: Path | str) -> Path:
    """Return the path of a file, or of the packaged example of this name.

    Args:
        source: a path; or a name such as ``ncm88_lpscl_liin`` or ``measured/rate.csv``, if no
            such file exists.

    Raises:
        InputError: neither a file nor an example.
    """
    path = Path(source)
    try:
        exists = path.exists()
    except (OSError, ValueError) as error:  # a name too long, or with a null character
        raise InputError(f"{shown(str(source))} cannot be the name of a file") from error
    known = examples() | measured()
    if exists or path.as_posix() not in known:
        if not exists and path.suffix == "" and path.name == str(source):
            raise InputError(_neither(path.name), file=str(source))
        return path
    return known[path.as_posix()]


def _neither(name: str) -> str:
    near = difflib.get_close_matches(name, examples(), n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "`lithomech examples` lists them"
    return f"there is no such file, and no packaged example of this name; {hint}"
