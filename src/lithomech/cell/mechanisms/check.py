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
    SiteKind,
    Wall,
    record_type,
)
from lithomech.numerics.alone import Numbers, compile_alone, is_kernel, record_of, tuple_of

ALLOWED: Final = (
    "+ - * / and ** with a constant exponent, np.exp, log, log1p, sqrt, arcsinh, tanh, abs, "
    "minimum, maximum, where; softplus, ramp, smooth_abs and lookup_dual of lithomech.numerics"
)
DRIVES: Final[dict[tuple[SiteKind, Pass], Any]] = {
    (SiteKind.PARTICLE, Pass.BEFORE): Before,
    (SiteKind.PARTICLE, Pass.WALL): Wall,
    (SiteKind.PARTICLE, Pass.AFTER): After,
    (SiteKind.FOIL, Pass.BEFORE): FoilBefore,
    (SiteKind.FOIL, Pass.AFTER): FoilAfter,
}
EFFECTS: Final = {SiteKind.PARTICLE: Effect, SiteKind.FOIL: FoilEffect}
VALUES_AFTER: Final = ("theta", "pressure", "gap")  # of After: values without derivatives


class Trial(NamedTuple):
    """Whether one function compiles on one kind of numbers; if not, why."""

    function: str
    numbers: Numbers
    refusal: str | None


def trials(module: ModuleType) -> list[Trial]:
    """Compile ``advance``, and ``diffusivity`` and ``standing`` if they exist, alone."""
    mechanism = Mechanism(module)
    found = []
    for name in ("advance", "diffusivity", "standing"):
        if mechanism.has(name):
            found += [Trial(name, kind, _refusal(mechanism, name, kind)) for kind in Numbers]
    return found


def _refusal(mechanism: Mechanism, name: str, numbers: Numbers) -> str | None:
    """Why a function of a mechanism does not compile, or does not return what is expected."""
    function = vars(mechanism.module)[name]
    if not is_kernel(function):
        return f"{name} is not a kernel: put @kernel of lithomech.numerics.compiled before it"
    compiled = compile_alone(function, _arguments(mechanism, name, numbers))
    if compiled.refusal is not None:
        return compiled.refusal
    if name == "advance":
        return _wrong_result(mechanism, compiled.result, numbers)
    if name == "standing" and not _is_tuple(compiled.result, Effect):
        return "standing must return effect(...)"
    return None


def _arguments(mechanism: Mechanism, name: str, numbers: Numbers) -> list[Any]:
    """Types of the arguments as the solver passes them."""
    parameters = record_of(record_type(mechanism.parameters))
    seeded, value = numbers.seeded, numbers.value_type
    states = tuple_of(mechanism.module.States, [value] * len(mechanism.states))
    if name != "advance":
        return [parameters, states]
    plain = Numbers.FLOATS.value_type
    kind = DRIVES[mechanism.site, mechanism.order]
    drive = [
        plain
        if f == "temperature"
        else value
        if kind is After and f in VALUES_AFTER
        else seeded
        for f in kind._fields
    ]
    return [parameters, states, tuple_of(kind, drive), plain]


def _wrong_result(mechanism: Mechanism, result: Any, numbers: Numbers) -> str | None:  # noqa: ANN401
    """What is wrong with the type that ``advance`` returns."""
    kind = EFFECTS[mechanism.site]
    parts = tuple(getattr(result, "types", ()))
    if len(parts) != 2 or not _is_tuple(parts[0], mechanism.module.States):
        return "advance must return States(...) and an effect"
    if not _is_tuple(parts[1], kind):
        made = "effect" if kind is Effect else "foil_effect"
        return f"advance must return what {made}(...) makes as its second value"
    for name, found in zip(mechanism.states, parts[0].types, strict=True):
        if found != numbers.seeded:
            return (
                f"state {name!r} returns without derivatives: compute it from what drives it, "
                "such as old.x + 0.0 * drive.P"
            )
    return None


def _is_tuple(found: Any, kind: type[Any]) -> bool:  # noqa: ANN401
    return getattr(found, "instance_class", None) is kind
