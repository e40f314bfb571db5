"""numba types for WIDTH numbers, or WIDTH truths, in one register of the processor.

This file holds what has to be written in the compiler's own language: the types, their
operators, and the few instructions that ``lanes`` builds its functions from. Where a processor
has narrower registers, LLVM splits them.
"""

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.typing.templates import infer_global, make_concrete_template
from numba.core.typing.templates import signature as typed
from numba.extending import intrinsic, lower_builtin, models, register_model

from lithomech.numerics.compiled import FAST

WIDTH: Final = 8
# an intrinsic is called without its typing context, which a type checker cannot see
instruction: Final[Callable[..., Any]] = intrinsic
FLAGS: Final = tuple(sorted(FAST))
DOUBLE, LONG, INDEX, BIT = ir.DoubleType(), ir.IntType(64), ir.IntType(32), ir.IntType(1)
DOUBLES, LONGS, INDICES, BITS = (ir.VectorType(t, WIDTH) for t in (DOUBLE, LONG, INDEX, BIT))
EXPONENT: Final = 52  # place of the exponent in the bits of a double
BIAS: Final = 1023  # what is added to it there
ONE_BITS: Final = BIAS << EXPONENT  # the bits of 1
HALF_ROOT_BITS: Final = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
COUNTER: Final = 2.0**EXPONENT  # in doubles from here on, the lowest bits count whole numbers
COUNTER_BITS: Final = (BIAS + EXPONENT) << EXPONENT


class LanesType(types.Type):
    """Type of WIDTH numbers."""

    def __init__(self) -> None:
        super().__init__(name=f"lanes{WIDTH}")


class MaskType(types.Type):
    """Type of WIDTH truths."""

    def __init__(self) -> None:
        super().__init__(name=f"mask{WIDTH}")


lanes, mask = LanesType(), MaskType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:  # noqa: ANN401 - numba's own
        super().__init__(manager, kind, DOUBLES)


@register_model(MaskType)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:  # noqa: ANN401 - numba's own
        super().__init__(manager, kind, BITS)


def is_number(kind: types.Type) -> bool:
    """Whether a type is that of a single real number."""
    return isinstance(kind, types.Float | types.Integer)


def _constant(value, kind=DOUBLES):
    return ir.Constant(kind, [value] * WIDTH)


def _spread(builder, value):
    """One value to every lane; lanes stay as they are."""
    if isinstance(value.type, ir.VectorType):
        return value
    kind = ir.VectorType(value.type, WIDTH)
    unknown = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(unknown, value, INDEX(0))
    return builder.shuffle_vector(first, unknown, _constant(0, INDICES))


def _call(builder, name, kind, arguments, fastmath=()):
    function = ir.FunctionType(kind, [a.type for a in arguments])
    callee = cgutils.get_or_insert_function(builder.module, function, name)
    return builder.call(callee, arguments, fastmath=fastmath)


def _operator(
    function: Callable[..., Any],
    emit: Callable[..., Any],
    cases: list[tuple[types.Type, ...]],
    result: types.Type,
) -> None:
    """Teach numba an operator on lanes."""
    name = f"lanes_{function.__name__}"
    template = make_concrete_template(name, function, [typed(result, *case) for case in cases])
    infer_global(function)(template)  # pyright: ignore[reportOptionalCall]

    def lower(context, builder, sig, args):  # noqa: ARG001
        return emit(builder, *(_spread(builder, a) for a in args))

    for case in cases:
        lower_builtin(function, *case)(lower)


ARITHMETIC: Final = {"add": "fadd", "sub": "fsub", "mul": "fmul", "truediv": "fdiv"}
COMPARISONS: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=="}
PAIRS: Final = [(lanes, lanes), (lanes, types.float64), (types.float64, lanes)]


def _arithmetic(instruction: str) -> Callable[..., Any]:
    return lambda builder, x, y: getattr(builder, instruction)(x, y, flags=FLAGS)


def _comparison(sign: str) -> Callable[..., Any]:
    return lambda builder, x, y: builder.fcmp_ordered(sign, x, y)


for _name, _instruction in ARITHMETIC.items():
    for _prefix in ("", "i"):
        _function = getattr(operator, _prefix + _name)
        _operator(_function, _arithmetic(_instruction), PAIRS, lanes)
for _name, _sign in COMPARISONS.items():
    _operator(getattr(operator, _name), _comparison(_sign), PAIRS, mask)
_operator(operator.ne, lambda b, x, y: b.fcmp_unordered("!=", x, y), PAIRS, mask)
_operator(operator.neg, lambda b, x: b.fneg(x, flags=FLAGS), [(lanes,)], lanes)
_operator(operator.and_, lambda b, x, y: b.and_(x, y), [(mask, mask)], mask)
_operator(operator.or_, lambda b, x, y: b.or_(x, y), [(mask, mask)], mask)
_operator(operator.invert, lambda b, x: b.not_(x), [(mask,)], mask)


def _of_one(emit: Callable[..., Any], result: types.Type = lanes) -> Any:  # noqa: ANN401
    """An instruction on lanes."""

    @instruction
    def take(typingctx, x):  # noqa: ARG001
        def lower(context, builder, sig, args):  # noqa: ARG001
            return emit(builder, args[0])

        return result(lanes), lower

    return take


def _of_two(emit: Callable[..., Any]) -> Any:  # noqa: ANN401
    """An instruction on lanes and lanes, or lanes and a number."""

    @instruction
    def take(typingctx, x, y):  # noqa: ARG001
        def lower(context, builder, sig, args):  # noqa: ARG001
            return emit(builder, *(_spread(builder, a) for a in args))

        return lanes(*(types.float64 if is_number(k) else lanes for k in (x, y))), lower

    return take


def _named(name: str) -> Callable[..., Any]:
    """One of LLVM's functions of one vector."""
    return lambda builder, x: _call(builder, f"llvm.{name}.v{WIDTH}f64", DOUBLES, [x])


def _propagating(sign: str) -> Callable[..., Any]:
    def emit(builder, x, y):
        extreme = builder.select(builder.fcmp_unordered(sign, x, y), x, y)
        return builder.select(builder.fcmp_unordered("uno", y, y), y, extreme)

    return emit


def _power_of_two(builder, n):
    # the sum holds n + BIAS in its lowest bits
    shifted = builder.fadd(n, _constant(1.5 * COUNTER + BIAS))
    bits = builder.shl(builder.bitcast(shifted, LONGS), _constant(EXPONENT, LONGS))
    return builder.bitcast(bits, DOUBLES)


def _highest(builder, x):
    return _call(builder, f"llvm.vector.reduce.fmaximum.v{WIDTH}f64", DOUBLE, [x])


def _total(builder, x):
    name = f"llvm.vector.reduce.fadd.v{WIDTH}f64"
    return _call(builder, name, DOUBLE, [DOUBLE(-0.0), x], fastmath=("reassoc",))


def _with_sign(builder, x, y):
    return _call(builder, f"llvm.copysign.v{WIDTH}f64", DOUBLES, [x, y])


square_root = _of_one(_named("sqrt"))
magnitude = _of_one(_named("fabs"))
round_down = _of_one(_named("floor"))
nearest = _of_one(_named("nearbyint"))
total = _of_one(_total, types.float64)
highest = _of_one(_highest, types.float64)  # NaN where any lane is NaN
power_of_two = _of_one(_power_of_two)  # of whole numbers from -1022 to 1023
minimum, maximum = _of_two(_propagating("<")), _of_two(_propagating(">"))  # NaN stays NaN
# the second where either is NaN
smaller = _of_two(lambda b, x, y: b.select(b.fcmp_ordered("<", x, y), x, y))
larger = _of_two(lambda b, x, y: b.select(b.fcmp_ordered(">", x, y), x, y))
# these are not reordered with what comes before or after
exact_sum = _of_two(lambda b, x, y: b.fadd(x, y))
exact_difference = _of_two(lambda b, x, y: b.fsub(x, y))
with_sign = _of_two(_with_sign)  # of the second


@instruction
def times_plus(typingctx, x, y, z):  # noqa: ARG001
    """Evaluate x y + z in this order; rounded once where the processor can."""

    def lower(context, builder, sig, args):  # noqa: ARG001
        x, y, z = (_spread(builder, a) for a in args)
        return builder.fadd(builder.fmul(x, y, flags=("contract",)), z, flags=("contract",))

    return lanes(*(types.float64 if is_number(k) else lanes for k in (x, y, z))), lower


@instruction
def split(typingctx, x):  # noqa: ARG001
    """Mantissa from sqrt(1/2) to sqrt(2), and exponent, of positive normal numbers."""

    def lower(context, builder, sig, args):
        bits = builder.bitcast(args[0], LONGS)
        shifted = builder.add(bits, _constant(ONE_BITS - HALF_ROOT_BITS, LONGS))
        biased = builder.lshr(shifted, _constant(EXPONENT, LONGS))
        mantissa = builder.sub(bits, builder.shl(biased, _constant(EXPONENT, LONGS)))
        mantissa = builder.add(mantissa, _constant(ONE_BITS, LONGS))
        whole = builder.sub(biased, _constant(BIAS, LONGS))
        exponent = builder.sitofp(builder.trunc(whole, INDICES), DOUBLES)
        both = [builder.bitcast(mantissa, DOUBLES), exponent]
        return context.make_tuple(builder, sig.return_type, both)

    return types.UniTuple(lanes, 2)(lanes), lower


@instruction
def select(typingctx, chosen, x, y):  # noqa: ARG001
    """Take x where chosen, else y; chosen may be a single truth."""

    def lower(context, builder, sig, args):  # noqa: ARG001
        return builder.select(args[0], _spread(builder, args[1]), _spread(builder, args[2]))

    return lanes(chosen, *(types.float64 if is_number(k) else lanes for k in (x, y))), lower


@instruction
def any_lane(typingctx, chosen):  # noqa: ARG001
    """Whether a mask is true in any lane."""
    if chosen != mask:
        raise TypingError(f"any_lane takes a mask, not {chosen}")

    def lower(context, builder, sig, args):  # noqa: ARG001
        together = ir.IntType(WIDTH)
        return builder.icmp_unsigned("!=", builder.bitcast(args[0], together), together(0))

    return types.boolean(mask), lower


@instruction
def first_lanes(typingctx, count):  # noqa: ARG001
    """Mask of the first ``count`` lanes; none for negative counts, all from WIDTH on."""

    def lower(context, builder, sig, args):  # noqa: ARG001
        number = ir.Constant(LONGS, list(range(WIDTH)))
        return builder.icmp_signed("<", number, _spread(builder, args[0]))

    return mask(types.int64), lower


@instruction
def spread(typingctx, x):  # noqa: ARG001
    """The same number in every lane."""

    def lower(context, builder, sig, args):  # noqa: ARG001
        return _spread(builder, args[0])

    return lanes(types.float64), lower


def _check_array(kind: types.Type, dimensions: tuple[int, ...]) -> None:
    if not (
        isinstance(kind, types.Array)
        and kind.is_c_contig
        and kind.dtype == types.float64
        and (not dimensions or kind.ndim in dimensions)
    ):
        raise TypingError(f"lanes come from contiguous arrays of float64, not from {kind}")


def _data(context, builder, kind, array):
    return context.make_array(kind)(context, builder, array).data


@instruction
def load(typingctx, array, start, chosen):  # noqa: ARG001
    """The chosen lanes from a contiguous array, from a flat index on; the others are 1/2."""
    _check_array(array, ())

    def lower(context, builder, sig, args):
        data = builder.gep(_data(context, builder, sig.args[0], args[0]), [args[1]])
        place = builder.bitcast(data, DOUBLES.as_pointer())
        name = f"llvm.masked.load.v{WIDTH}f64.p0"
        return _call(builder, name, DOUBLES, [place, INDEX(8), args[2], _constant(0.5)])

    return lanes(array, types.intp, mask), lower


@instruction
def store(typingctx, array, start, chosen, x):  # noqa: ARG001
    """Put the chosen lanes into a contiguous array, from a flat index on."""
    _check_array(array, ())

    def lower(context, builder, sig, args):
        data = builder.gep(_data(context, builder, sig.args[0], args[0]), [args[1]])
        place = builder.bitcast(data, DOUBLES.as_pointer())
        name, value = f"llvm.masked.store.v{WIDTH}f64.p0", _spread(builder, args[3])
        _call(builder, name, ir.VoidType(), [value, place, INDEX(8), args[2]])
        return context.get_dummy_value()

    return types.none(array, types.intp, mask, types.float64 if is_number(x) else lanes), lower


def _shuffle(builder, x, y, pattern):
    order = ir.Constant(ir.VectorType(INDEX, len(pattern)), pattern)
    return builder.shuffle_vector(x, y, order)


def _columns(builder, read):
    """Four columns from eight rows of four numbers."""
    both = [_shuffle(builder, read[i], read[i + 4], list(range(8))) for i in range(4)]
    even, odd = [0, 8, 2, 10, 4, 12, 6, 14], [1, 9, 3, 11, 5, 13, 7, 15]
    low, high = [0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]
    pairs = [
        [_shuffle(builder, both[i], both[i + 1], order) for order in (even, odd)]
        for i in (0, 2)
    ]
    return [
        _shuffle(builder, pairs[0][column], pairs[1][column], order)
        for order in (low, high)
        for column in (0, 1)
    ]


@instruction
def rows(typingctx, table, number):  # noqa: ARG001
    """Four columns of the rows with these whole, valid numbers of a table (n, 4)."""
    _check_array(table, (2,))
    row = ir.VectorType(DOUBLE, 4)

    def lower(context, builder, sig, args):
        data = _data(context, builder, sig.args[0], args[0])
        counted = builder.bitcast(builder.fadd(args[1], _constant(COUNTER)), LONGS)
        index = builder.xor(counted, _constant(COUNTER_BITS, LONGS))
        read = []
        for i in range(WIDTH):
            start = builder.shl(builder.extract_element(index, INDEX(i)), LONG(2))
            pointer = builder.bitcast(builder.gep(data, [start]), row.as_pointer())
            read.append(builder.load(pointer, align=np.dtype(float).itemsize))
        return context.make_tuple(builder, sig.return_type, _columns(builder, read))

    return types.UniTuple(lanes, 4)(table, lanes), lower
