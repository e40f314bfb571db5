"""How kernels are compiled, and where they are kept between runs.

Three decorators share the arithmetic (division by zero gives inf, as in numpy; NaN stays NaN):

- ``kernel`` for a function that allocates no array and returns none: references to the arrays
  that pass through it are not counted, which costs more than the work of a small function.
  Compiling one that allocates fails ("NRT required but not enabled"); one that returns an
  array is not noticed, and frees what it does not own.
- ``allocating`` for a function that other kernels call and that allocates.
- ``entry`` for a function that Python calls: it may allocate, and its machine code is kept. It
  returns numbers and fills arrays that its caller made. When numba turns an array or a
  NamedTuple into an object it runs Python; a KeyboardInterrupt that is raised there goes
  unnoticed, and Ctrl-C becomes a segmentation fault.

numba does not notice when a function that a kept kernel calls has changed in another file, so
each module with entries has a folder whose name holds a hash of its source and of every source
of the package that it imports, directly or not.
"""

import ast
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple

from numba import njit
from numba.core import config as numba_config

from lithomech.numerics.kept_code import keep_checked

PACKAGE: Final = Path(__file__).parents[1]
IMPORT: Final = re.compile(rb"^[ \t]*(?:from|import)[ \t][^\n(]*(?:\([^)]*\))?", re.M)
KEPT: Final = 4  # folders of other versions that stay, for each module
FAST: Final = {"contract", "reassoc", "arcp", "nsz"}  # NaN must stay visible
# numba reads its folder from a global variable, and modules may be imported by several threads
LOCK: Final = RLock()

SHARED: Final[dict[str, Any]] = {"error_model": "numpy", "fastmath": FAST}
kernel: Final[Callable[..., Any]] = partial(njit, **SHARED, _nrt=False)
allocating: Final[Callable[..., Any]] = partial(njit, **SHARED)


def entry(
    function: Callable[..., Any] | None = None,
    *,
    sources: Iterable[Path] = (),
    **options: Any,  # noqa: ANN401 - numba's own
) -> Any:  # noqa: ANN401 - the types of a compiled function are those of its arguments
    """Compile a function that Python calls, and keep its machine code between runs.

    Args:
        function: the function; without it, a decorator is returned.
        sources: files outside the package that the function is made of, too; what they import
            from the package is found, what they import from elsewhere must be listed.
        options: of numba, beside those that all kernels share.

    Returns:
        The compiled function.
    """
    if function is None:
        return partial(entry, sources=tuple(sources), **options)
    folder = _make_folder(kernel_folder(Path(function.__code__.co_filename), sources))
    options = {"nogil": True} | options
    if folder is None:
        return allocating(function, **options)
    with _numba_folder(folder):
        compiled = allocating(function, cache=True, **options)
    keep_checked(compiled)
    return compiled


_KEPT: Final[set[Path]] = set()  # folders in which compiled entries were found


def must_compile(module: str | Path, sources: Iterable[Path] = ()) -> bool:
    """Whether this run has to compile the entries of a module: no earlier run has kept them.

    Args:
        module: name inside the package, ``"cell.march"``, or the file of a module elsewhere.
        sources: as they are declared in ``entry``.
    """
    path = module if isinstance(module, Path) else _find(PACKAGE, module.split("."))
    if path is None:
        raise ModuleNotFoundError(f"no module {module} in {PACKAGE.name}")
    folder = kernel_folder(path, sources)
    if folder not in _KEPT and any(folder.rglob("*.nbi")):
        _KEPT.add(folder)
    return folder not in _KEPT


def kernel_folder(path: Path, sources: Iterable[Path] = ()) -> Path:
    """Where the entries of a module are kept, by its file and its other sources."""
    return kernels_home() / f"{_name(path)}-{_digest((path, *sources))[:16]}"


@cache
def _digest(paths: tuple[Path, ...]) -> str:
    """Hash of files and of all that they import, as they were when they were first read.

    Each run asks for it, and to resolve 300 paths takes longer than to solve a discharge.
    """
    digest = hashlib.sha256()
    for source in sorted(_all_sources(paths)):
        digest.update(_read(source).digest)
    return digest.hexdigest()


class Source(NamedTuple):
    """What decides about a file's machine code."""

    digest: bytes  # of its text
    imports: tuple[Path, ...]  # files of the package, and of relative imports


@cache
def _read(path: Path) -> Source:
    text = path.read_bytes()
    imports = []
    for node in _import_statements(text):
        if isinstance(node, ast.Import):
            imports += [_find_absolute(alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports += _find_members(path, node)
    return Source(hashlib.sha256(text).digest(), tuple(p for p in imports if p is not None))


def _import_statements(text: bytes) -> Iterator[ast.AST]:
    """The import statements of a source; only they are parsed, as parsing all takes 50 ms."""
    try:
        trees = [ast.parse(statement.strip()) for statement in IMPORT.findall(text)]
    except SyntaxError:  # a line of prose, or an import written in an unusual way
        trees = [ast.parse(text)]
    for tree in trees:
        yield from ast.walk(tree)


def _find_members(path: Path, node: ast.ImportFrom) -> list[Path | None]:
    """Files of a ``from`` import: the module, and its names that are modules themselves."""
    module = node.module.split(".") if node.module else []
    names: list[list[str]] = [[], *([alias.name] for alias in node.names)]
    if node.level > 0:
        return [_find(path.parents[node.level - 1], [*module, *name]) for name in names]
    return [_find_absolute(".".join([*module, *name])) for name in names]


def _find_absolute(name: str) -> Path | None:
    root, *parts = name.split(".")
    return _find(PACKAGE, parts) if root == PACKAGE.name else None


def _find(folder: Path, parts: list[str]) -> Path | None:
    """The file of a module or a package below a folder, if there is one."""
    place = folder.joinpath(*parts)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _all_sources(paths: Iterable[Path]) -> set[Path]:
    """The files and everything they import, directly or not."""
    known: set[Path] = set()
    waiting = [path.resolve() for path in paths]
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            waiting += [imported.resolve() for imported in _read(path).imports]
    return known


def _name(path: Path) -> str:
    """``cell.march`` for a module of the package, the file's name for others."""
    if path.is_relative_to(PACKAGE):
        return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return path.stem


@lru_cache(maxsize=1)
def kernels_home() -> Path:
    """The folder of all kernels: the user's choice, or one in the user's cache."""
    chosen = getattr(numba_config, "CACHE_DIR", "")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(home).expanduser() / "lithomech" / "kernels"
    except RuntimeError:  # a user without a home: a folder that cannot be made
        return Path(os.devnull) / "kernels"


def _make_folder(folder: Path) -> Path | None:
    """Make the folder where it is new, and tidy up; None where it cannot be written."""
    if folder.is_dir():
        return folder
    try:
        folder.mkdir(parents=True)
        same_module = folder.name.rpartition("-")[0] + "-" + "[0-9a-f]" * 16
        old = [path for path in folder.parent.glob(same_module) if path != folder]
        for stale in sorted(old, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
            shutil.rmtree(stale, ignore_errors=True)
    except OSError:
        return folder if folder.is_dir() else None
    return folder


@contextmanager
def _numba_folder(folder: Path) -> Iterator[None]:
    """Have numba keep what is declared meanwhile in a folder."""
    with LOCK:
        before = getattr(numba_config, "CACHE_DIR", "")
        # numba sets its variables dynamically
        setattr(numba_config, "CACHE_DIR", str(folder))  # noqa: B010
        try:
            yield
        finally:
            setattr(numba_config, "CACHE_DIR", before)  # noqa: B010
