"""Where compiled kernels are kept between runs.

numba does not notice when a function that a cached kernel calls has changed in another file,
so the folder's name holds a hash of every source the kernels are made of. Import this module
before any kernel is declared.
"""

import hashlib
import os
import shutil
from functools import partial
from pathlib import Path
from typing import Final

from numba import njit
from numba.core import config as numba_config

PACKAGE: Final = Path(__file__).parents[1]
SOURCES: Final = (
    "constants.py",
    "laws/*.py",
    "numerics/*.py",
    "cell/*.py",
    "particle/opening.py",
)
# what tells a source of kernels: it is compiled itself, or holds laws, constants or layouts
COMPILED: Final = (b"from numba", b"lithomech.units", b"NamedTuple", b"np.dtype")
KEPT: Final = 4  # folders of other versions that stay


def _hash() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(PACKAGE.glob(pattern)):
            text = path.read_bytes()
            if any(mark in text for mark in COMPILED):
                digest.update(text)
    return digest.hexdigest()[:16]


def _choose_folder() -> Path:
    """Point numba to this version's folder, unless the user chose one, and tidy up."""
    chosen = getattr(numba_config, "CACHE_DIR", "")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    parent = Path(home).expanduser() / "lithomech"
    folder = parent / f"kernels-{_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = sorted(parent.glob("kernels-*"), key=lambda p: p.stat().st_mtime, reverse=True)
        for stale in [p for p in old if p != folder][KEPT:]:
            shutil.rmtree(stale, ignore_errors=True)
    except OSError:  # a home that cannot be written: numba looks for a place of its own
        return folder
    setattr(numba_config, "CACHE_DIR", str(folder))  # noqa: B010 - numba sets it dynamically
    return folder


FOLDER: Final = _choose_folder()


FAST: Final = {"contract", "reassoc", "arcp", "nsz"}  # NaN must stay visible
# Laws and kernels share one way of compiling; division by zero gives inf, as in numpy.
kernel: Final = partial(njit, error_model="numpy", fastmath=FAST)
entry: Final = partial(kernel, nogil=True, cache=True)


def must_compile(module: str) -> bool:
    """Whether this run has to compile the kernels of a module: no earlier run has kept them."""
    return not any(FOLDER.rglob(f"{module}.*.nbi"))
