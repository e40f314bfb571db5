"""Eight numbers at once, as one instruction of the processor takes them.

A kernel loads lanes from an array, computes with them as with a number, and stores them::

    for start in range(0, x.size, WIDTH):
        chosen = first_lanes(x.size - start)
        store(y, start, chosen, np.exp(2.0 * load(x, start, chosen)))

Operators, comparisons (which give a mask), np.where and the functions below work lane by lane;
numbers mix with lanes. A law written with them runs on numbers and on lanes alike, as long as
it branches with np.where only. NaN stays NaN; results too small for a normal number (2e-308)
become zero, and such arguments count as zero.
"""

import operator
from functools import partial

import numpy as np
from numba import types
from numba.extending import overload

from lithomech.numerics.compiled import kernel
from lithomech.numerics.vector import (
    WIDTH,
    any_lane,
    exact_difference,
    exact_sum,
    first_lanes,
    highest,
    is_number,
    lanes,
    larger,
    load,
    magnitude,
    mask,
    maximum,
    minimum,
    nearest,
    power_of_two,
    round_down,
    rows,
    select,
    smaller,
    split,
    spread,
    square_root,
    store,
    times_plus,
    total,
    with_sign,
)

__all__ = [
    "OPTIONS",
    "WIDTH",
    "any_lane",
    "first_lanes",
    "highest",
    "is_number",
    "lanes",
    "larger",
    "load",
    "mask",
    "rows",
    "smaller",
    "spread",
    "store",
]

# The operators of lanes are free to reorder by themselves. numba's fastmath would set every
# instruction free, those too whose order matters here.
OPTIONS = {"error_model": "numpy", "fastmath": False, "forceinline": True}
inlined = partial(kernel, fastmath=False, forceinline=True)
LOG2_E, LN_2 = 1.4426950408889634, 0.6931471805599453
LN_2_HIGH, LN_2_LOW = (
    0.6931471803691238,
    1.9082149292705877e-10,
)  # sum to ln 2; n LN_2_HIGH is exact
SMALLEST = 2.2250738585072014e-308  # normal number
LARGE = 1e100  # its square is a number, and adding 1 to it changes nothing
SATURATED = 20.0  # tanh is 1 from here on
FADED = -40.0  # exp is nothing beside 1 below, and
BEYOND_ONE = 100.0  # 1 nothing beside a power of 2 above
SQUARINGS = 8.0  # largest exponent that is taken by multiplying
NAN, INF = np.nan, np.inf


@overload(abs, jit_options=OPTIONS)
@overload(np.abs, jit_options=OPTIONS)
def _abs(x):
    return (lambda x: magnitude(x)) if x == lanes else None


@overload(np.sqrt, jit_options=OPTIONS)
def _sqrt(x):
    return (lambda x: square_root(x)) if x == lanes else None


@overload(np.floor, jit_options=OPTIONS)
def _floor(x):
    return (lambda x: round_down(x)) if x == lanes else None


@overload(np.sum, jit_options=OPTIONS)
def _sum(x):
    return (lambda x: total(x)) if x == lanes else None


def _mixed(x, y):
    """Whether two types are lanes, or lanes and a number."""
    return lanes in (x, y) and all(k == lanes or is_number(k) for k in (x, y))


@overload(np.minimum, jit_options=OPTIONS)
def _minimum(x, y):
    return (lambda x, y: minimum(x, y)) if _mixed(x, y) else None


@overload(np.maximum, jit_options=OPTIONS)
def _maximum(x, y):
    return (lambda x, y: maximum(x, y)) if _mixed(x, y) else None


@overload(np.where, jit_options=OPTIONS, target="cpu")
def _where(chosen, x, y):
    """Lane by lane; of numbers a number, where numba would allocate an array."""
    if chosen == mask or (isinstance(chosen, types.Boolean) and _mixed(x, y)):
        known = all(k == lanes or is_number(k) for k in (x, y))
        return (lambda chosen, x, y: select(chosen, x, y)) if known else None
    if isinstance(chosen, types.Boolean) and is_number(x) and is_number(y):
        return lambda chosen, x, y: x if chosen else y
    return None


@inlined
def _exp_less_one(r):
    """exp(r) - 1 for |r| < 0.3466."""
    r2 = r * r
    r4 = r2 * r2
    a = 0.5 + r * (1.0 / 6.0)
    b = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5040.0))
    c = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + r2 * (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
    d = 1.0 / 479001600.0 + r * (1.0 / 6227020800.0)
    return r + (r2 * a + r4 * (b + r4 * (c + r4 * d)))


@inlined
def _log_near_one(f):
    """log(1 + f) for 1 + f from sqrt(1/2) to sqrt(2)."""
    s = f / (2.0 + f)
    q = s * s
    q2 = q * q
    a = (1.0 / 3.0 + q * (1.0 / 5.0)) + q2 * (1.0 / 7.0 + q * (1.0 / 9.0))
    b = (1.0 / 11.0 + q * (1.0 / 13.0)) + q2 * (1.0 / 15.0 + q * (1.0 / 17.0))
    return 2.0 * s + 2.0 * s * (q * (a + q2 * q2 * (b + q2 * q2 * (1.0 / 19.0))))


@inlined
def _scaled(p, n):
    """P 2^n for p from 0.7 to 1.42 and any whole n."""
    scaled = 2.0 * p * power_of_two(n - 1.0)
    return select(n > 1024.0, INF, select(n < -1021.0, 0.0, scaled))


@inlined
def _reduced(x):
    """Whole n and rest r of x = n ln 2 + r."""
    n = nearest(x * LOG2_E)
    return n, times_plus(-n, LN_2_LOW, times_plus(-n, LN_2_HIGH, x))


@inlined
def _log_with_ends(x, regular):
    """The logarithm of x, where it is regular and where not."""
    low = select(x < 0.0, NAN, -INF)
    return select(x < INF, select(x < SMALLEST, low, regular), x)


@overload(np.exp, jit_options=OPTIONS)
def _exp(x):
    def rule(x):
        n, r = _reduced(x)
        return _scaled(1.0 + _exp_less_one(r), n)

    return rule if x == lanes else None


@overload(np.expm1, jit_options=OPTIONS)
def _expm1(x):
    def rule(x):
        n, r = _reduced(maximum(x, FADED))
        less = _exp_less_one(r)
        scale = power_of_two(minimum(n, BEYOND_ONE))
        near = scale * less + (scale - 1.0)
        return select(n > BEYOND_ONE, _scaled(1.0 + less, n), near)

    return rule if x == lanes else None


@overload(np.log, jit_options=OPTIONS)
def _log(x):
    def rule(x):
        m, n = split(x)
        small = n * LN_2_LOW + _log_near_one(m - 1.0)
        return _log_with_ends(x, n * LN_2_HIGH + small)

    return rule if x == lanes else None


@overload(np.log1p, jit_options=OPTIONS)
def _log1p(x):
    def rule(x):
        u = exact_sum(1.0, x)
        m, n = split(u)
        lost = exact_difference(x, exact_difference(u, 1.0))  # in rounding 1 + x
        f = exact_difference(m, 1.0) + lost * power_of_two(-n)
        small = n * LN_2_LOW + _log_near_one(f)
        return _log_with_ends(u, n * LN_2_HIGH + small)

    return rule if x == lanes else None


@overload(np.arcsinh, jit_options=OPTIONS)
def _arcsinh(x):
    def rule(x):
        a = magnitude(x)
        square = a * a
        grown = a + square / (1.0 + square_root(1.0 + square))
        large = a > LARGE
        y = np.log1p(select(large, a, grown)) + select(large, LN_2, 0.0)
        return with_sign(y, x)

    return rule if x == lanes else None


@overload(np.tanh, jit_options=OPTIONS)
def _tanh(x):
    def rule(x):
        n, r = _reduced(-2.0 * minimum(magnitude(x), SATURATED))
        scale = power_of_two(n)
        t = scale * _exp_less_one(r) + (scale - 1.0)  # exp(-2 |x|) - 1
        return with_sign(-t / (2.0 + t), x)

    return rule if x == lanes else None


@inlined
def _whole_power(x, n):
    """The power x^n by multiplying."""
    power, square, left = spread(1.0), x, abs(n)
    while left > 0:
        if left % 2 == 1:
            power = power * square
        square = square * square
        left = left // 2
    return 1.0 / power if n < 0 else power


@inlined
def _any_power(x, y):
    """The power x^y of numbers x >= 0 as 2^(y log2 x); y is a single number, not zero."""
    high = np.float64(np.float32(y))  # its product with an exponent is exact
    m, n = split(x)
    log = _log_near_one(m - 1.0) * LOG2_E
    k = nearest(y * (n + log))
    r = exact_difference(n * high, k) + (n * (y - high) + y * log)
    regular = _scaled(1.0 + _exp_less_one(LN_2 * r), k)
    end = x if y > 0.0 else 1.0 / x
    return select(x < INF, select(x < SMALLEST, select(x < 0.0, NAN, end), regular), end)


@overload(operator.pow, jit_options=OPTIONS)
def _power(x, y):
    def by_number(x, y):
        low = np.floor(abs(y))
        rest = abs(y) - low
        if low > SQUARINGS or 2.0 * rest != np.floor(2.0 * rest):
            return _any_power(x, y)
        power = _whole_power(x, int(low))
        if rest > 0.0:
            power = power * square_root(x)
        return 1.0 / power if y < 0.0 else power

    if x == lanes and isinstance(y, types.Integer):
        return lambda x, y: _whole_power(x, y)
    return by_number if x == lanes and isinstance(y, types.Float) else None
