"""Forward-mode differentiation inside compiled kernels.

A ``Dual`` carries a value and its derivatives with respect to two seeds. The operators and
ufuncs below are taught to numba for it, so that a compiled law of any function in laws/ also
returns exact derivatives: the Jacobian of the cell is never written by hand. Values may be
complex (impedance); branches look at the real part.
"""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import overload

from lithomech.numerics.compiled import FAST

OPTIONS = {"error_model": "numpy", "fastmath": FAST}


class Dual(NamedTuple):
    """A value with its derivatives with respect to the two seeds."""

    value: float
    first: float
    second: float


def _is_dual(kind: types.Type) -> bool:
    named = isinstance(kind, types.NamedTuple | types.NamedUniTuple)
    return named and kind.instance_class is Dual  # pyright: ignore[reportAttributeAccessIssue]


def _is_number(kind: types.Type) -> bool:
    return isinstance(kind, types.Float | types.Integer | types.Complex)


def _teach_binary(
    function: Callable[..., Any],
    both: Callable[..., Any],
    left: Callable[..., Any],
    right: Callable[..., Any],
) -> None:
    @overload(function, jit_options=OPTIONS)
    def _choose(x, y):
        if _is_dual(x) and _is_dual(y):
            return both
        if _is_dual(x) and _is_number(y):
            return left
        if _is_number(x) and _is_dual(y):
            return right
        return None


def _teach_unary(function: Callable[..., Any], rule: Callable[..., Any]) -> None:
    @overload(function, jit_options=OPTIONS)
    def _choose(x):
        return rule if _is_dual(x) else None


_teach_binary(
    operator.add,
    lambda x, y: Dual(x.value + y.value, x.first + y.first, x.second + y.second),
    lambda x, y: Dual(x.value + y, x.first, x.second),
    lambda x, y: Dual(x + y.value, y.first, y.second),
)
_teach_binary(
    operator.sub,
    lambda x, y: Dual(x.value - y.value, x.first - y.first, x.second - y.second),
    lambda x, y: Dual(x.value - y, x.first, x.second),
    lambda x, y: Dual(x - y.value, -y.first, -y.second),
)
_teach_binary(
    operator.mul,
    lambda x, y: Dual(
        x.value * y.value,
        x.first * y.value + x.value * y.first,
        x.second * y.value + x.value * y.second,
    ),
    lambda x, y: Dual(x.value * y, x.first * y, x.second * y),
    lambda x, y: Dual(x * y.value, x * y.first, x * y.second),
)


def _divide(x, y):
    inverse = 1.0 / y.value
    ratio = x.value * inverse
    first = (x.first - ratio * y.first) * inverse
    return Dual(ratio, first, (x.second - ratio * y.second) * inverse)


def _divide_by_number(x, y):
    inverse = 1.0 / y
    return Dual(x.value * inverse, x.first * inverse, x.second * inverse)


def _divide_number(x, y):
    inverse = 1.0 / y.value
    ratio = x * inverse
    return Dual(ratio, -ratio * y.first * inverse, -ratio * y.second * inverse)


_teach_binary(operator.truediv, _divide, _divide_by_number, _divide_number)


@overload(operator.pow, jit_options=OPTIONS)
def _power(x, y):
    def rule(x, y):
        power = x.value**y
        # the power of a number too small to divide by is zero
        slope = y * power / x.value if power != 0.0 else 0.0 * power
        return Dual(power, slope * x.first, slope * x.second)

    return rule if _is_dual(x) and _is_number(y) else None


def _exp(x):
    e = np.exp(x.value)
    return Dual(e, e * x.first, e * x.second)


def _sqrt(x):
    root = np.sqrt(x.value)
    slope = 0.5 / root
    return Dual(root, slope * x.first, slope * x.second)


def _arcsinh(x):
    slope = 1.0 / np.sqrt(1.0 + x.value * x.value)
    return Dual(np.arcsinh(x.value), slope * x.first, slope * x.second)


_teach_unary(operator.neg, lambda x: Dual(-x.value, -x.first, -x.second))
_teach_unary(np.exp, _exp)
_teach_unary(np.sqrt, _sqrt)
_teach_unary(np.arcsinh, _arcsinh)


def softplus(x: float, width: float) -> float:
    """Smooth max(x, 0), ``width log(1 + exp(x / width))``; it and its mirror differ by x."""
    if x.real > 0.0:
        return x + width * np.log1p(np.exp(-x / width))
    return width * np.log1p(np.exp(x / width))


@overload(softplus, jit_options=OPTIONS)
def _softplus(x, width):  # noqa: ARG001 - the signature is what is overloaded
    def number(x, width):
        if x.real > 0.0:
            return x + width * np.log1p(np.exp(-x / width))
        return width * np.log1p(np.exp(x / width))

    def dual(x, width):
        e = np.exp(-x.value / width) if x.value.real > 0.0 else np.exp(x.value / width)
        rest = width * np.log1p(e)
        if x.value.real > 0.0:
            slope = 1.0 / (1.0 + e)
            return Dual(x.value + rest, slope * x.first, slope * x.second)
        slope = e / (1.0 + e)
        return Dual(rest, slope * x.first, slope * x.second)

    return dual if _is_dual(x) else number


def ramp(x: float, width: float) -> float:
    """C1 max(x, 0) that is exactly zero for x <= 0: ``x^2 / (x + width)``."""
    return x * x / (x + width) if x.real > 0.0 else 0.0 * x


@overload(ramp, jit_options=OPTIONS)
def _ramp(x, width):  # noqa: ARG001 - the signature is what is overloaded
    def number(x, width):
        return x * x / (x + width) if x.real > 0.0 else 0.0 * x

    def dual(x, width):
        return x * x / (x + width) if x.value.real > 0.0 else 0.0 * x

    return dual if _is_dual(x) else number
