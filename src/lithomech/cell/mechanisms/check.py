"""Compile what a mechanism declares alone, before a cell is compiled with it."""

from types import ModuleType
from typing import Any, Final, NamedTuple

from lithomech.cell.mechanisms.declare import (
    After,
    Before,
    Effect,
    FoilAfter,
    FoilBefore,
    FoilEffect,
    Mechanism,
    Pass,
    Present,
    SiteKind,
    Wall,
    record_type,
)
from lithomech.numerics.alone import Numbers, compile_alone, record_of, tuple_of

ALLOWED: Final = (
    "+ - * / and ** with a constant exponent, np.exp, expm1, log, log1p, sqrt, arcsinh, tanh, "
    "abs, minimum, maximum, where; softplus, ramp, smooth_abs and lookup_dual of "
    "lithomech.numerics"
)
DRIVES: Final[dict[tuple[SiteKind, Pass], Any]] = {
    (SiteKind.PARTICLE, Pass.BEFORE): Before,
    (SiteKind.PARTICLE, Pass.WALL): Wall,
    (SiteKind.PARTICLE, Pass.AFTER): After,
    (SiteKind.FOIL, Pass.BEFORE): FoilBefore,
    (SiteKind.FOIL, Pass.AFTER): FoilAfter,
}
EFFECTS: Final = {SiteKind.PARTICLE: Effect, SiteKind.FOIL: FoilEffect}
STEP: Final = "advance"
OF_STATES: Final[dict[str, type[Any] | None]] = {
    "standing": Effect,
    "blocking": None,
    **dict.fromkeys(Present._fields),
}
SINGLE: Final = ("temperature",)  # one number for all members
VALUES: Final[dict[type[Any], tuple[str, ...]]] = {  # without derivatives
    Wall: ("give", "crept"),
    After: ("theta", "pressure", "gap", "cracks", "swelling", "rate", "slope"),
}


class Trial(NamedTuple):
    """Whether one function compiles on one kind of numbers; if not, why."""

    function: str
    numbers: Numbers
    refusal: str | None


def trials(module: ModuleType) -> list[Trial]:
    """Compile ``advance``, and what else there is of ``OF_STATES``, alone."""
    mechanism = Mechanism(module)
    kinds = (Numbers.DUALS,) if mechanism.spots else Numbers
    found = [Trial(STEP, kind, _refusal_of_step(mechanism, kind)) for kind in kinds]
    for name, result in OF_STATES.items():
        if mechanism.has(name):
            function = vars(module)[name]
            found += [
                Trial(name, kind, _refusal(mechanism, function, kind, result))
                for kind in Numbers
            ]
    return found


def _refusal(
    mechanism: Mechanism,
    function: Any,  # noqa: ANN401 - a kernel
    numbers: Numbers,
    expected: type[Any] | None,
) -> str | None:
    """Why a function of parameters and states is refused."""
    compiled = compile_alone(function, _own_types(mechanism, numbers))
    if compiled.refusal is None and expected and not _is_tuple(compiled.result, expected):
        return "it must return effect(...)"
    return compiled.refusal


def _refusal_of_step(mechanism: Mechanism, numbers: Numbers) -> str | None:
    """Why ``advance`` is refused."""
    kind, plain = DRIVES[mechanism.site, mechanism.order], Numbers.FLOATS.value_type
    drive = [numbers.seeded for _ in kind._fields]
    for number, name in enumerate(kind._fields):
        if name in SINGLE:
            drive[number] = plain
        elif name in VALUES.get(kind, ()):
            drive[number] = numbers.value_type
    arguments = [*_own_types(mechanism, numbers), tuple_of(kind, drive), plain]
    compiled = compile_alone(mechanism.module.advance, arguments)
    if compiled.refusal is not None:
        return compiled.refusal
    return _wrong_result(mechanism, compiled.result, numbers)


def _own_types(mechanism: Mechanism, numbers: Numbers) -> list[Any]:
    """Types of parameters and states as the solver passes them."""
    wide = Numbers.LANES.value_type
    values = [wide if s.width > 1 else numbers.value_type for s in mechanism.states.values()]
    return [
        record_of(record_type(mechanism.parameters)),
        tuple_of(mechanism.module.States, values),
    ]


def _wrong_result(mechanism: Mechanism, result: Any, numbers: Numbers) -> str | None:  # noqa: ANN401
    """What is wrong with the type that ``advance`` returns."""
    kind = EFFECTS[mechanism.site]
    parts = tuple(getattr(result, "types", ()))
    if len(parts) != 2 or not _is_tuple(parts[0], mechanism.module.States):
        return "advance must return States(...) and an effect"
    if not _is_tuple(parts[1], kind):
        at_wall = mechanism.order is Pass.WALL
        made = "foil_effect" if kind is FoilEffect else "wall_effect" if at_wall else "effect"
        return f"advance must return what {made}(...) makes as its second value"
    for name, found in zip(mechanism.states, parts[0].types, strict=True):
        wide = mechanism.states[name].width > 1
        if found != (Numbers.LANES if wide else numbers).seeded:
            return (
                f"state {name!r} returns without derivatives: compute it from what drives it, "
                "such as old.x + 0.0 * drive.P"
            )
    return None


def _is_tuple(found: Any, kind: type[Any]) -> bool:  # noqa: ANN401
    return getattr(found, "instance_class", None) is kind
