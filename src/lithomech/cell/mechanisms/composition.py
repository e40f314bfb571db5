"""What the solver calls: the composition that a cell's records belong to.

The type of a record says which mechanisms it holds, so that compiled code picks its composition
by type: the package's own in ``composed.py``, or one that a user's mechanisms made.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np
from numba import from_dtype
from numba.core import types
from numba.extending import overload

from lithomech.numerics.compiled import SHARED

OPTIONS: Final[Any] = {**SHARED, "_nrt": False}
_KNOWN: Final[dict[types.Type, ModuleType]] = {}


def register(particle: np.dtype[Any], foil: np.dtype[Any], module: ModuleType) -> None:
    """Let records of these types be computed by a composed module."""
    for record in (particle, foil):
        _KNOWN[from_dtype(record)] = module


def _find(record: types.Type, name: str) -> Callable[..., Any]:
    """The function of this name in the composition that a record belongs to."""
    return getattr(_KNOWN[record], name)


def present(c, y, place):
    """What mechanisms of particles come to at present."""
    raise NotImplementedError


@overload(present, jit_options=OPTIONS)
def _present(c, y, place):
    chosen = _find(c, "present")
    return lambda c, y, place: chosen(c, y, place)


def blocked(c, y, place):
    """What mechanisms of particles add to the resistivity of the ionic path, over its own."""
    raise NotImplementedError


@overload(blocked, jit_options=OPTIONS)
def _blocked(c, y, place):
    chosen = _find(c, "blocked")
    return lambda c, y, place: chosen(c, y, place)


def before(c, y, old, place, drive, h):
    """Sum of what wants room in particles, before the wall is known."""
    raise NotImplementedError


@overload(before, jit_options=OPTIONS)
def _before(c, y, old, place, drive, h):
    chosen = _find(c, "before")
    return lambda c, y, old, place, drive, h: chosen(c, y, old, place, drive, h)


def wall(c, y, old, place, drive, h):
    """Sum of what gives way at the wall of particles."""
    raise NotImplementedError


@overload(wall, jit_options=OPTIONS)
def _wall(c, y, old, place, drive, h):
    chosen = _find(c, "wall")
    return lambda c, y, old, place, drive, h: chosen(c, y, old, place, drive, h)


def after(c, y, old, place, drive, h, slopes):
    """Side current of what follows the contact of particles."""
    raise NotImplementedError


@overload(after, jit_options=OPTIONS)
def _after(c, y, old, place, drive, h, slopes):
    chosen = _find(c, "after")
    return lambda c, y, old, place, drive, h, slopes: chosen(c, y, old, place, drive, h, slopes)


def follow(c, y, place, slopes, change):
    """Let the states of ``after`` follow a change of the potential."""
    raise NotImplementedError


@overload(follow, jit_options=OPTIONS)
def _follow(c, y, place, slopes, change):
    chosen = _find(c, "follow")
    return lambda c, y, place, slopes, change: chosen(c, y, place, slopes, change)


def book(c, y, old, place, change):
    """Let what mechanisms note as taken follow what has crossed the surface of particles."""
    raise NotImplementedError


@overload(book, jit_options=OPTIONS)
def _book(c, y, old, place, change):
    chosen = _find(c, "book")
    return lambda c, y, old, place, change: chosen(c, y, old, place, change)


def causes(c, y, place, drive, out, start):
    """Store the linear misfit by each mechanism."""
    raise NotImplementedError


@overload(causes, jit_options=OPTIONS)
def _causes(c, y, place, drive, out, start):
    chosen = _find(c, "causes")
    return lambda c, y, place, drive, out, start: chosen(c, y, place, drive, out, start)


def foil_before(f, y, old, first, drive, h):
    """Sum of what happens at a foil."""
    raise NotImplementedError


@overload(foil_before, jit_options=OPTIONS)
def _foil_before(f, y, old, first, drive, h):
    chosen = _find(f, "foil_before")
    return lambda f, y, old, first, drive, h: chosen(f, y, old, first, drive, h)


def foil_after(f, y, old, first, drive, h):
    """Sum of what follows the contact of a foil."""
    raise NotImplementedError


@overload(foil_after, jit_options=OPTIONS)
def _foil_after(f, y, old, first, drive, h):
    chosen = _find(f, "foil_after")
    return lambda f, y, old, first, drive, h: chosen(f, y, old, first, drive, h)
