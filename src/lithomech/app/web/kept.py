"""Measured files that the page has put down: read once, kept for fits, a few of them."""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

from lithomech.app.web.columns import columns_of, thinned
from lithomech.errors import InputError
from lithomech.observe.readers.files import read_series

MOST_KEPT: Final = 12  # files; the oldest go


def keep(name: str, content: bytes, folder: Path) -> dict[str, Any]:
    """Return a measured file as columns, and the name under which it is kept.

    Args:
        name: of the file; its ending says what wrote it.
        content: of the file.
        folder: where files are kept.

    Raises:
        InputError: no reader knows it, or what is wrong in it.
    """
    ending = re.sub("[^.a-z0-9]", "", Path(name).suffix.lower())[:8]
    folder.mkdir(exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}{ending}"
    path.write_bytes(content)
    try:
        series = read_series(path)
    except InputError as error:
        path.unlink()
        raise error.each(
            lambda one: InputError(
                one.message.replace(str(path), name), name, one.line, one.key
            )
        ) from None
    oldest_first = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns)
    for old in oldest_first[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    rows = thinned(len(series.time))
    columns = columns_of(series, rows)
    return {"name": name, "file": path.name, "rows": len(rows), "columns": columns}
