"""Mechanisms of a user beside the package's own.

They come from ``register_mechanism`` in a script, or from installed packages with an entry
point in the group ``lithomech.mechanisms``. A composition with them is a small generated module
whose name holds the hash of their sources. It stands in a folder of the user's own and holds
names of modules and states only.
"""

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

from lithomech.cell.mechanisms.compose import alias, composition_text
from lithomech.cell.mechanisms.declare import Mechanism, Pass, Present, SiteKind, fields_of
from lithomech.cell.mechanisms.registry import BUILT_IN, MODULES, Composition, compose
from lithomech.errors import InputError
from lithomech.files.arguments import expected
from lithomech.files.atomic import replacing
from lithomech.numerics.alone import is_kernel
from lithomech.numerics.compiled import kernels_home

GROUP: Final = "lithomech.mechanisms"
NEEDED: Final = ("NAME", "SITE", "PASS", "States", "Parameters", "resolve", "advance")
COMPILED: Final = ("advance", "standing", *Present._fields)
# what else the text of a composition imports
IMPORTED: Final = (
    "Effect", "FoilEffect", "Present", "kernel", "load", "spread", "store", "value_of",
)  # fmt: skip
_OWN: dict[str, ModuleType] = {}


def register_mechanism(module: ModuleType) -> None:
    """Add a mechanism of your own to every cell that is resolved from now on.

    The next run compiles the solver with it, once per change of its source.

    Args:
        module: declares what ``mechanisms/declare.py`` asks for; see
            docs/howto/add_a_mechanism.md.

    Raises:
        InputError: something is missing, or its name is taken.

    Examples:
        >>> import lithomech as lm
        >>> import math  # a module, but not of a mechanism
        >>> lm.register_mechanism(math)
        Traceback (most recent call last):
        lithomech.errors.InputError: ...
    """
    if not isinstance(module, ModuleType):
        raise expected("a module", module, "module")
    check_declared(module, [own for name, own in _OWN.items() if name != module.NAME])
    sys.modules[module.__name__] = module
    _OWN[module.NAME] = module


def check_declared(module: ModuleType, others: Iterable[ModuleType] = ()) -> None:
    """Check that a module declares a mechanism that can stand beside the others.

    Args:
        module: what is to be added.
        others: of the user, beside the package's own.

    Raises:
        InputError: with what is missing or taken.
    """
    who = module.__name__
    missing = [name for name in NEEDED if name not in vars(module)]
    if missing:
        raise InputError(f"{who} is not a mechanism: it lacks {', '.join(missing)}")
    if not isinstance(module.SITE, SiteKind) or not isinstance(module.PASS, Pass):
        raise InputError(f"{who}: SITE must be a SiteKind and PASS a Pass")
    if module.SITE is SiteKind.FOIL and module.PASS is Pass.WALL:
        raise InputError(f"{who}: a foil has no wall; PASS must be Pass.BEFORE or Pass.AFTER")
    for name in COMPILED:
        if name in vars(module) and not is_kernel(vars(module)[name]):
            raise InputError(f"{who}: {name} is not compiled; put @kernel before it")
    _check_fields(module)
    if module not in MODULES:
        _check_names(module, others)
    _source(module)


def _check_fields(module: ModuleType) -> None:
    """Refuse states and parameters that are not declared."""
    for kind, declaration in ((module.States, "State"), (module.Parameters, "Parameter")):
        try:
            names = [name for name, _, _ in fields_of(kind)]
        except (TypeError, ValueError):
            message = f"each field must be Annotated[float, {declaration}(...)]"
            raise InputError(f"{module.__name__}.{kind.__name__}: {message}") from None
        if "active" in names:
            raise InputError(f"{module.__name__}: the name 'active' is reserved")


def _check_names(module: ModuleType, others: Iterable[ModuleType]) -> None:
    """Refuse a name of a mechanism or of its file that something else has."""
    taken = {m.name for m in BUILT_IN.mechanisms} | {"host"}
    if module.NAME in taken or not str(module.NAME).isidentifier():
        names = ", ".join(sorted(taken))
        raise InputError(f"{module.NAME!r}: a mechanism needs a name of its own, not {names}")
    file = alias(Mechanism(module))
    files = {alias(m) for m in BUILT_IN.mechanisms} | {alias(Mechanism(m)) for m in others}
    if file in files | set(IMPORTED) or not file.isidentifier():
        raise InputError(f"the file of a mechanism needs a name of its own, not {file!r}")


def _source(module: ModuleType) -> str:
    """The text of a module.

    Raises:
        InputError: it has no file that can be read.
    """
    try:
        return inspect.getsource(module)
    except (OSError, TypeError):
        raise InputError(f"{module.__name__}: a mechanism must be a file of its own") from None


def composition() -> Composition:
    """The mechanisms that a cell is resolved with at present."""
    own = {**_installed(), **_OWN}
    return _compose(tuple(own[name] for name in sorted(own))) if own else BUILT_IN


@cache
def _compose(own: tuple[ModuleType, ...]) -> Composition:
    """The package's own mechanisms and those of a user."""
    digest = hashlib.sha256()
    for module in own:
        digest.update(f"{module.__name__}\n{_source(module)}\n".encode())
    return compose([*MODULES, *own], digest.hexdigest()[:16])


@cache
def composed_module(chosen: Composition) -> ModuleType:
    """Write and import the module that composes these mechanisms."""
    folder = kernels_home() / "compositions"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"composed_{chosen.key}.py"
    with replacing(path) as temporary:
        Path(temporary).write_text(
            composition_text(chosen.particle, chosen.foil), encoding="utf-8"
        )
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@cache
def _installed() -> dict[str, ModuleType]:
    """Mechanisms of installed packages, by name."""
    found: dict[str, ModuleType] = {}
    for point in entry_points(group=GROUP):
        try:
            module = point.load()
        except (ImportError, AttributeError) as error:
            raise InputError(f"mechanism {point.name} ({point.value}): {error}") from None
        check_declared(module, found.values())
        found[module.NAME] = module
    return found


def mechanisms() -> tuple[Mechanism, ...]:
    """Every mechanism that there is at present."""
    return composition().mechanisms
