"""Machine code kept between runs, with checksums: what is damaged is made again."""

import hashlib
from pathlib import Path
from typing import Any, final

from numba.core.caching import IndexDataCacheFile

SUM = ".sha256"  # ending of the file beside the data


@final
class CheckedFiles(IndexDataCacheFile):
    """numba's files of one function; one that cannot be read or written is as if missing."""

    def load(self, key: object) -> Any:  # noqa: ANN401 - numba's own
        """Return what is kept, or None."""
        try:
            return super().load(key)
        except Exception:
            return None

    def save(self, key: object, data: object) -> None:
        """Keep data if that is possible."""
        try:
            self._load_index()
        except Exception:
            self._discard_index()
        try:
            super().save(key, data)
        except OSError:  # a full disk, or one that only reads
            return

    def _discard_index(self) -> None:
        Path(self._index_path).unlink(missing_ok=True)

    def _load_data(self, name: str) -> Any:  # noqa: ANN401
        path = Path(self._data_path(name))
        if path.with_name(name + SUM).read_text(encoding="ascii") != _digest(path):
            raise OSError(f"{path} is damaged")
        return super()._load_data(name)

    def _save_data(self, name: str, data: object) -> None:
        super()._save_data(name, data)
        path = Path(self._data_path(name))
        with self._open_for_write(str(path.with_name(name + SUM))) as stream:
            stream.write(_digest(path).encode())


def keep_checked(compiled: Any) -> None:  # noqa: ANN401
    """Have a compiled function keep its machine code in files with checksums."""
    cache = compiled._cache
    compiled._cache._cache_file = CheckedFiles(
        cache._cache_path, cache._impl.filename_base, cache._impl.locator.get_source_stamp()
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
