"""Compile one kernel alone, on chosen types of numbers, and say in one line why it cannot be.

A kernel that is called by others is compiled with them, and the compiler's own message then
names all that stands between. Here it stands alone.
"""

import linecache
import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numba import from_dtype, types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError

from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import lanes

FAILED: Final = "Failed in nopython mode pipeline"
PLACE: Final = re.compile(r"^During: typing of .* at (.+) \((\d+)\)$", re.MULTILINE)
LACKING: Final = re.compile(r"No implementation of function Function\((?P<function>.+)\) found")
SIGNATURE: Final = re.compile(r">>> \w+(?P<types>\(.*\))")
OF_MODULE: Final = re.compile(r"Unknown attribute '(\w+)' of type Module")
ATTRIBUTE: Final = re.compile(r"Unknown attribute '(\w+)' of type (.+)")
UNBOUND: Final = re.compile(r"Cannot bind .* to signature '\((.*?)\)' due to \"\w+: (.*?)\"")
NAMED: Final = re.compile(r"<(?P<kind>[a-z\- ]+) '?(?P<name>[\w.]+)")
CONDITION: Final = "a condition on such numbers (if, while, and, or, not): use np.where"
TRUTHS: Final = ("bool", "truth")
OWNERS: Final = {"ufunc": "np."}
SHOWN: Final = {
    r"\w+\((?:float64 x 3)\)": "dual",
    r"\w+\((?:lanes8 x 3)\)": "dual of lanes",
    "lanes8": "lanes",
    "mask8": "mask",
    "float64": "float",
    "int64": "int",
}


class Numbers(Enum):
    """What the numbers are that a kernel is compiled for."""

    FLOATS = "floats"
    DUALS = "duals"
    LANES = "duals of lanes"

    @property
    def seeded(self) -> types.Type:
        """Type of a number that carries derivatives."""
        if self is Numbers.FLOATS:
            return types.float64
        return tuple_of(Dual, [self.value_type] * 3)

    @property
    def value_type(self) -> types.Type:
        """Type of a number without derivatives."""
        return lanes if self is Numbers.LANES else types.float64


class Compiled(NamedTuple):
    """What compiling a kernel gave: its type, or a line that says why there is none."""

    result: Any
    refusal: str | None


def tuple_of(kind: type[Any], members: Sequence[types.Type]) -> Any:  # noqa: ANN401
    """Type of a NamedTuple."""
    return types.BaseTuple.from_types(tuple(members), kind)


def record_of(record: np.dtype[Any]) -> Any:  # noqa: ANN401 - numba's own
    """Type of a record."""
    return from_dtype(record)


def is_kernel(function: object) -> bool:
    """Whether a function was made with ``kernel``, so that kernels can call it."""
    return isinstance(function, Dispatcher)


def compile_alone(function: Any, arguments: Sequence[types.Type]) -> Compiled:  # noqa: ANN401
    """Compile a kernel for these types of arguments."""
    try:
        function.compile(tuple(arguments))
    except KeyError as error:
        return Compiled(None, f"its parameters have no {error.args[0]!r}")
    except (NumbaError, NotImplementedError, RuntimeError) as error:
        return Compiled(None, refusal(str(error)))
    found = next(s for s in function.nopython_signatures if s.args == tuple(arguments))
    return Compiled(found.return_type, None)


def refusal(message: str) -> str:
    """One line out of a message of the compiler: where, what, and the line of the source."""
    reason = _reason(message)
    found = PLACE.search(message)
    if found is None:
        return reason
    path, line = found.group(1), int(found.group(2))
    source = linecache.getline(path, line).strip()
    return f"{Path(path).name}, line {line}: {reason}: {source}"


def _reason(message: str) -> str:
    lacking = LACKING.search(message)
    if lacking is not None:
        return _not_allowed(lacking.group("function"), SIGNATURE.search(message))
    law = OF_MODULE.search(message)
    if law is not None:
        return f"{law.group(1)} is not a kernel, make one with kernel(...)"
    attribute = ATTRIBUTE.search(message)
    if attribute is not None:
        name, owner = attribute.groups()
        return f"{_plain(owner).partition('(')[0]} has no {name!r}"
    unbound = UNBOUND.search(message)
    if unbound is not None:
        known, wrong = re.sub(r"=[^,]*", "", unbound.group(1)), unbound.group(2)
        return f"{wrong}; allowed: {known}"
    lines = [line.strip() for line in message.splitlines()]
    return next((line for line in lines if line and not line.startswith(FAILED)), "unknown")


def _not_allowed(function: str, signature: re.Match[str] | None) -> str:
    """Which operation is not there for which types."""
    named = NAMED.search(function)
    name = named.group("name") if named else function
    shown = _plain(signature.group("types")) if signature else ""
    if name in TRUTHS:
        return f"not allowed: {CONDITION}"
    before = OWNERS.get(named.group("kind"), "") if named else ""
    return f"{before}{name}{shown} is not allowed"


def _plain(text: str) -> str:
    """Types in words."""
    for pattern, word in SHOWN.items():
        text = re.sub(pattern, word, text)
    return text
