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
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

from lithomech.cell.mechanisms.compose import composition_text
from lithomech.cell.mechanisms.declare import Mechanism, Pass, SiteKind
from lithomech.cell.mechanisms.registry import BUILT_IN, MODULES, Composition, compose
from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.numerics.compiled import kernels_home

GROUP: Final = "lithomech.mechanisms"
NEEDED: Final = ("NAME", "SITE", "PASS", "States", "Parameters", "resolve", "advance")
_OWN: dict[str, ModuleType] = {}


def register_mechanism(module: ModuleType) -> None:
    """Add a mechanism of your own to every cell that is resolved from now on.

    The next run compiles the solver with it, once per change of its source.

    Args:
        module: declares what ``mechanisms/declare.py`` asks for; see
            docs/howto/add_a_mechanism.md.

    Raises:
        InputError: something is missing, or its name is taken.
    """
    missing = [name for name in NEEDED if name not in vars(module)]
    if missing:
        raise InputError(f"{module.__name__} is not a mechanism: it lacks {', '.join(missing)}")
    if not isinstance(module.SITE, SiteKind) or not isinstance(module.PASS, Pass):
        raise InputError(f"{module.__name__}: SITE must be a SiteKind and PASS a Pass")
    taken = {m.name for m in BUILT_IN.mechanisms} | {"host"}
    if module.NAME in taken or not module.NAME.isidentifier():
        names = ", ".join(sorted(taken))
        raise InputError(f"{module.NAME!r}: a mechanism needs a name of its own, not {names}")
    sys.modules.setdefault(module.__name__, module)
    _OWN[module.NAME] = module


def composition() -> Composition:
    """The mechanisms that a cell is resolved with at present."""
    own = {**_installed(), **_OWN}
    if not own:
        return BUILT_IN
    digest = hashlib.sha256()
    for name in sorted(own):
        digest.update(f"{own[name].__name__}\n{inspect.getsource(own[name])}\n".encode())
    return compose([*MODULES, *own.values()], digest.hexdigest()[:16])


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
    found = [point.load() for point in entry_points(group=GROUP)]
    return {module.NAME: module for module in found}


def mechanisms() -> tuple[Mechanism, ...]:
    """Every mechanism that there is at present."""
    return composition().mechanisms
