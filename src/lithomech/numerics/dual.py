"""Forward-mode differentiation inside compiled kernels.

A ``Dual`` carries a value and its derivatives with respect to two seeds. The operators and
ufuncs below are taught to numba for it, so that a compiled law of any function in laws/ also
returns exact derivatives: the Jacobian of the cell is never written by hand. Its values and
derivatives are numbers or lanes; a law that branches with np.where only, or with the smooth
functions below, runs on numbers, lanes, duals and duals of lanes alike. Derivatives that are
the same in all lanes may stay numbers: ``Dual(x, 1.0, 0.0)``.

Sums, products, powers, exp, sqrt, arcsinh, softplus and ramp also take complex values (branches
look at the real part): the complex step is what the tests compare derivatives with.
"""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from lithomech.numerics.compiled import FAST
from lithomech.numerics.lanes import any_lane, is_number, lanes

OPTIONS = {"error_model": "numpy", "fastmath": FAST, "forceinline": True}
FAR = 38.0  # widths above the kink of a softplus: from here on rounding hides it


class Dual(NamedTuple):
    """A value with its derivatives with respect to the two seeds."""

    value: float
    first: float
    second: float


def _is_dual(kind: types.Type) -> bool:
    named = isinstance(kind, types.NamedTuple | types.NamedUniTuple)
    return named and kind.instance_class is Dual  # pyright: ignore[reportAttributeAccessIssue]


def _is_number(kind: types.Type) -> bool:
    return is_number(kind) or isinstance(kind, types.Complex) or kind == lanes


def _has_lanes(kind: types.Type) -> bool:
    """Whether a type is lanes, or a dual of lanes."""
    return (kind.types[0] if _is_dual(kind) else kind) == lanes


def _teach_binary(
    function: Callable[..., Any],
    both: Callable[..., Any],
    left: Callable[..., Any],
    right: Callable[..., Any],
) -> None:
    # before numba's own rules for tuples, which a dual is, too
    @overload(function, jit_options=OPTIONS, target="cpu")
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
    # the power of a number too small to divide by is zero
    def rule(x, y):
        power = x.value**y
        slope = y * power / x.value if power != 0.0 else 0.0 * power
        return Dual(power, slope * x.first, slope * x.second)

    def by_lane(x, y):
        power = x.value**y
        slope = np.where(power == 0.0, 0.0, y * power / x.value)
        return Dual(power, slope * x.first, slope * x.second)

    if not (_is_dual(x) and _is_number(y)):
        return None
    return by_lane if _has_lanes(x) else rule


def _exp(x):
    e = np.exp(x.value)
    return Dual(e, e * x.first, e * x.second)


def _expm1(x):
    e = np.expm1(x.value)
    slope = e + 1.0
    return Dual(e, slope * x.first, slope * x.second)


def _sqrt(x):
    root = np.sqrt(x.value)
    slope = 0.5 / root
    return Dual(root, slope * x.first, slope * x.second)


def _arcsinh(x):
    slope = 1.0 / np.sqrt(1.0 + x.value * x.value)
    return Dual(np.arcsinh(x.value), slope * x.first, slope * x.second)


def _log(x):
    slope = 1.0 / x.value
    return Dual(np.log(x.value), slope * x.first, slope * x.second)


def _log1p(x):
    slope = 1.0 / (1.0 + x.value)
    return Dual(np.log1p(x.value), slope * x.first, slope * x.second)


def _tanh(x):
    t = np.tanh(x.value)
    slope = 1.0 - t * t
    return Dual(t, slope * x.first, slope * x.second)


def _abs(x):
    slope = np.where(x.value < 0.0, -1.0, 1.0)
    return Dual(abs(x.value), slope * x.first, slope * x.second)


_teach_unary(operator.neg, lambda x: Dual(-x.value, -x.first, -x.second))
_teach_unary(np.exp, _exp)
_teach_unary(np.expm1, _expm1)
_teach_unary(np.sqrt, _sqrt)
_teach_unary(np.arcsinh, _arcsinh)
_teach_unary(np.log, _log)
_teach_unary(np.log1p, _log1p)
_teach_unary(np.tanh, _tanh)
_teach_unary(np.abs, _abs)
_teach_unary(abs, _abs)


def value_of(x):
    """Value of a dual, or the number itself; only in compiled code."""
    raise NotImplementedError


def _first(x):  # of a dual, zero for a number; only in compiled code
    raise NotImplementedError


def _second(x):  # of a dual, zero for a number; only in compiled code
    raise NotImplementedError


@overload(value_of, jit_options=OPTIONS)
def _value_of(x):
    return (lambda x: x.value) if _is_dual(x) else (lambda x: x)


@overload(_first, jit_options=OPTIONS)
def _first_of(x):
    return (lambda x: x.first) if _is_dual(x) else (lambda x: 0.0)  # noqa: ARG005


@overload(_second, jit_options=OPTIONS)
def _second_of(x):
    return (lambda x: x.second) if _is_dual(x) else (lambda x: 0.0)  # noqa: ARG005


def _smaller(x, y):
    lower = value_of(x) < value_of(y)
    return Dual(
        np.minimum(value_of(x), value_of(y)),
        np.where(lower, _first(x), _first(y)),
        np.where(lower, _second(x), _second(y)),
    )


def _larger(x, y):
    higher = value_of(x) > value_of(y)
    return Dual(
        np.maximum(value_of(x), value_of(y)),
        np.where(higher, _first(x), _first(y)),
        np.where(higher, _second(x), _second(y)),
    )


_teach_binary(np.minimum, _smaller, _smaller, _smaller)
_teach_binary(np.maximum, _larger, _larger, _larger)
for _function, _compare in (
    (operator.lt, lambda x, y: value_of(x) < value_of(y)),
    (operator.le, lambda x, y: value_of(x) <= value_of(y)),
    (operator.gt, lambda x, y: value_of(x) > value_of(y)),
    (operator.ge, lambda x, y: value_of(x) >= value_of(y)),
):
    _teach_binary(_function, _compare, _compare, _compare)


@overload(np.where, jit_options=OPTIONS, target="cpu")
def _where(chosen, x, y):  # noqa: ARG001 - the signature is what is overloaded
    def rule(chosen, x, y):
        return Dual(
            np.where(chosen, value_of(x), value_of(y)),
            np.where(chosen, _first(x), _first(y)),
            np.where(chosen, _second(x), _second(y)),
        )

    known = all(_is_dual(k) or _is_number(k) for k in (x, y))
    return rule if known and (_is_dual(x) or _is_dual(y)) else None


def softplus(x: float, width: float) -> float:
    """Smooth max(x, 0), ``width log(1 + exp(x / width))``; it and its mirror differ by x."""
    if x.real > FAR * width:
        return x
    if x.real > 0.0:
        return x + width * np.log1p(np.exp(-x / width))
    return width * np.log1p(np.exp(x / width))


@overload(softplus, jit_options=OPTIONS)
def _softplus(x, width):  # noqa: ARG001 - the signature is what is overloaded
    def number(x, width):
        if x.real > FAR * width:
            return x
        if x.real > 0.0:
            return x + width * np.log1p(np.exp(-x / width))
        return width * np.log1p(np.exp(x / width))

    def dual(x, width):
        if x.value.real > FAR * width:
            return x
        e = np.exp(-x.value / width) if x.value.real > 0.0 else np.exp(x.value / width)
        rest = width * np.log1p(e)
        if x.value.real > 0.0:
            slope = 1.0 / (1.0 + e)
            return Dual(x.value + rest, slope * x.first, slope * x.second)
        slope = e / (1.0 + e)
        return Dual(rest, slope * x.first, slope * x.second)

    def lane_dual(x, width):
        e = np.exp(-abs(x.value) / width)
        inverse = 1.0 / (1.0 + e)
        slope = np.where(x.value > 0.0, inverse, e * inverse)
        value = np.maximum(x.value, 0.0) + width * np.log1p(e)
        return Dual(value, slope * x.first, slope * x.second)

    def lane(x, width):
        return np.maximum(x, 0.0) + width * np.log1p(np.exp(-abs(x) / width))

    if _has_lanes(x):
        return lane_dual if _is_dual(x) else lane
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

    def lane_dual(x, width):
        above = np.maximum(x.value, 0.0)
        inverse = 1.0 / (above + width)
        value = above * above * inverse
        slope = (2.0 * above - value) * inverse
        return Dual(value, slope * x.first, slope * x.second)

    def lane(x, width):
        above = np.maximum(x, 0.0)
        return above * above / (above + width)

    if _has_lanes(x):
        return lane_dual if _is_dual(x) else lane
    return dual if _is_dual(x) else number


@register_jitable(**OPTIONS)
def smooth_abs(x: float, width: float) -> float:
    """Smooth ``|x|`` that is zero at zero: ``sqrt(x^2 + width^2) - width``."""
    return np.sqrt(x * x + width * width) - width


def positive(x: float) -> bool:
    """Whether x is above zero, in any lane: work for x <= 0 may be left out where it is not."""
    return x > 0.0


@overload(positive, jit_options=OPTIONS)
def _positive(x):
    if _has_lanes(x):
        return lambda x: any_lane(value_of(x) > 0.0)
    return lambda x: value_of(x).real > 0.0


def if_positive(test: float, x: float, y: float) -> float:
    """Take x where ``test`` is above zero, else y."""
    return x if test > 0.0 else y


@overload(if_positive, jit_options=OPTIONS)
def _if_positive(test, x, y):  # noqa: ARG001 - the signature is what is overloaded
    value = test.types[0] if _is_dual(test) else test
    if isinstance(value, types.Complex):
        return lambda test, x, y: x if value_of(test).real > 0.0 else y
    return lambda test, x, y: np.where(value_of(test) > 0.0, x, y)
