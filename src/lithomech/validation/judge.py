"""The status of each claim, computed: what the package stores or predicts against print."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from math import inf, isinf
from typing import Any, Final, NamedTuple

from lithomech.errors import InputError, LithomechError
from lithomech.files.quantity import convert, parse_quantity
from lithomech.materials.catalogue import RULES
from lithomech.units import Array
from lithomech.validation import capabilities
from lithomech.validation.library import Finding, Library, StoredValue, by_claim
from lithomech.validation.register import Register, load_register
from lithomech.validation.runs import Runs
from lithomech.validation.spec import (
    Cannot,
    Claim,
    Definition,
    Drawn,
    Misprint,
    Pending,
    Predicted,
    Published,
    Stored,
)

# In the order of the scoreboard; the last one is a mistake in the register.
STATUSES: Final = (
    "reproduced",
    "contradicted",
    "data",
    "erratum",
    "definition",
    "drawn",
    "pending",
    "cannot",
    "unknown",
)
SAME: Final = 1e-9  # relative; conversion of units is all that may differ
_PREDICTIONS: Final = "lithomech.validation.predictions"

Prediction = Callable[[Library, Mapping[str, Any]], dict[str, Array] | Finding]


class Number(NamedTuple):
    """One printed number beside what the package has, in the printed unit."""

    name: str
    published: tuple[float, float]  # lowest and highest; equal for one number
    found: tuple[float, float]
    unit: str

    def error(self) -> float:
        """Return found over published, less one; 0 inside a range, else of its near end."""
        low, high = self.published
        beyond = (self.found[1] - high, self.found[0] - low)
        if beyond[0] <= 0.0 <= beyond[1]:
            return 0.0
        difference, end = (beyond[0], high) if beyond[0] > 0.0 else (beyond[1], low)
        return difference / end if end else inf


class Verdict(NamedTuple):
    """What the register says of one claim.

    Attributes:
        id: of the claim.
        status: one of STATUSES.
        detail: one sentence that says why.
        numbers: printed numbers beside stored or predicted ones.
        inputs: values of the library that a prediction used, as material.property.
        circular: the prediction used a number that this very claim prints.
    """

    id: str
    status: str
    detail: str
    numbers: tuple[Number, ...] = ()
    inputs: tuple[str, ...] = ()
    circular: bool = False

    @property
    def relative_error(self) -> float | None:
        """The largest error of a number, with its sign; None where none can be given."""
        errors = [number.error() for number in self.numbers]
        return max(errors, key=abs) if errors else None

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech validate --json``; an error of a printed zero is null."""
        modelled = self.status in {"reproduced", "contradicted"}
        size = self.relative_error if modelled else None
        return {
            "id": self.id,
            "status": self.status,
            "published": _plain((n.name, n.published, n.unit) for n in self.numbers),
            "predicted": _plain((n.name, n.found, n.unit) for n in self.numbers if modelled),
            "relative_error": None if size is None or isinf(size) else size,
            "detail": self.detail,
            "inputs": list(self.inputs),
        }


def judge(
    ids: Iterable[str],
    progress: Callable[[float, str], None] | None = None,
    runs: Runs | None = None,
) -> list[Verdict]:
    """Return the verdicts of these claims by their own checks.

    Args:
        ids: of claims; those of figures are judged by their panels, see ``scoreboard``.
        progress: called with the fraction done and a text.
        runs: where results come from; those of this process if none are given.

    Raises:
        InputError: there is no such claim, or the register has a mistake.
    """
    register, wanted = load_register(), list(ids)
    check_ids(wanted, register)
    stored = by_claim()
    verdicts = []
    for number, name in enumerate(wanted):
        if progress is not None:
            progress(number / len(wanted), name)
        verdicts.append(_judge(name, register, stored, runs))
    return verdicts


def check_ids(ids: Iterable[str], register: Register) -> None:
    """Refuse ids that no claim has.

    Raises:
        InputError: there is no such claim.
    """
    if missing := [name for name in ids if name not in register.claims]:
        first, last = next(iter(register.claims)), list(register.claims)[-1]
        raise InputError(f"no claim {missing[0]!r}; ids run from {first} to {last}")


def _judge(
    name: str,
    register: Register,
    stored: Mapping[str, list[StoredValue]],
    runs: Runs | None,
) -> Verdict:
    """Judge one claim; whatever goes wrong on the way is its status `unknown`."""
    claim = register.claims[name]
    try:
        return _checked(name, claim, stored.get(name, []), runs)
    except LithomechError as error:
        return Verdict(name, "unknown", str(error))


def _checked(name: str, claim: Claim, stored: list[StoredValue], runs: Runs | None) -> Verdict:
    match claim.check:
        case Stored():
            verdict = _stored(name, claim, stored)
        case Predicted() as check:
            verdict = _predicted(name, claim, check, stored, runs)
        case Misprint(function=function):
            verdict = _misprint(name, function)
        case Pending(waits_for=capability, reason=reason):
            verdict = _pending(name, capability, reason)
        case Cannot(reason=reason):
            verdict = Verdict(name, "cannot", reason)
        case Drawn():
            verdict = Verdict(name, "unknown", "no panel of validation/figures names it")
        case Definition(code=code):
            verdict = _definition(name, code)
    return verdict


def _stored(name: str, claim: Claim, stored: list[StoredValue]) -> Verdict:
    """Compare every printed number with what the library holds for this claim."""
    if not claim.published:
        return Verdict(name, "unknown", "nothing printed that could be stored")
    numbers = []
    for key, published in claim.published.items():
        found = [_ends(value, published) for value in stored if value.property == key]
        if not found:
            return Verdict(name, "unknown", f"the library has no {key} that names {name}")
        low, high = min(ends[0] for ends in found), max(ends[1] for ends in found)
        numbers.append(Number(key, published.ends(), (low, high), published.unit))
    if wrong := [n for n in numbers if not _same(n)]:
        texts = (f"{n.name}: stored {_text(n.found)} {n.unit}" for n in wrong)
        return Verdict(name, "unknown", "; ".join(texts), tuple(numbers))
    places = dict.fromkeys(f"{value.material}.{value.property}" for value in stored)
    return Verdict(name, "data", f"stored as {', '.join(places)}", tuple(numbers))


def _ends(value: StoredValue, published: Published) -> tuple[float, float]:
    """Return a stored value, or its printed misprint or span, in the published unit."""
    found, unit = value.found, RULES[value.property].unit
    if found.value is None:
        raise InputError(f"{value.material}.{value.property} is a table")
    ends = found.span or (found.value, found.value)
    return convert(ends[0], unit, published.unit), convert(ends[1], unit, published.unit)


def _same(number: Number) -> bool:
    pairs = zip(number.published, number.found, strict=True)
    return all(abs(a - b) <= SAME * max(abs(a), abs(b)) for a, b in pairs)


def _predicted(
    name: str,
    claim: Claim,
    check: Predicted,
    stored: list[StoredValue],
    runs: Runs | None,
) -> Verdict:
    """Ask the function; a claim that it used as an input is not reproduced but stored."""
    library = Library() if runs is None else Library(runs=runs)
    outcome = _function(check.function)(library, _conditions(check))
    inputs = tuple(dict.fromkeys(f"{v.material}.{v.property}" for v in library.used))
    circular = any(name in value.found.source.claims for value in library.used)
    if circular:
        verdict = _stored(name, claim, stored)
        return verdict._replace(inputs=inputs, circular=True)
    if isinstance(outcome, Finding):
        status = "reproduced" if outcome.holds else "contradicted"
        return Verdict(name, status, outcome.text, inputs=inputs)
    numbers = tuple(_numbers(claim, outcome))
    worst = max(abs(number.error()) for number in numbers)
    status = "reproduced" if worst <= check.tolerance else "contradicted"
    detail = f"{check.function}; tolerance {check.tolerance:.3g}: {check.reason}"
    return Verdict(name, status, detail, numbers, inputs)


def _conditions(check: Predicted) -> dict[str, Any]:
    """Return the conditions in SI units, and the names."""
    found: dict[str, Any] = dict(check.names)
    for key, text in check.given.items():
        if key not in RULES:
            raise InputError(f"given.{key}: no property of the catalogue")
        found[key] = parse_quantity(text, RULES[key].unit)
    return found


def _numbers(claim: Claim, outcome: dict[str, Array]) -> Iterator[Number]:
    if not claim.published:
        raise InputError("numbers are predicted and none is published")
    for key, published in claim.published.items():
        if key not in outcome:
            raise InputError(f"{key} is published and not predicted")
        si = RULES[key].unit if key in RULES else published.unit
        value = convert(float(outcome[key]), si, published.unit)
        yield Number(key, published.ends(), (value, value), published.unit)


def _misprint(name: str, function: str) -> Verdict:
    library = Library()
    outcome = _function(function)(library, {})
    if not isinstance(outcome, Finding) or not outcome.holds:
        return Verdict(name, "unknown", f"{function} does not show a misprint")
    inputs = tuple(dict.fromkeys(f"{v.material}.{v.property}" for v in library.used))
    return Verdict(name, "erratum", outcome.text, inputs=inputs)


def _pending(name: str, capability: str, reason: str) -> Verdict:
    if capability not in capabilities.CAPABILITIES:
        return Verdict(name, "unknown", f"no capability {capability!r}")
    if capabilities.exists(capability):
        return Verdict(name, "unknown", f"{capability} exists by now: what does it say?")
    waits = f"waits for {capability}: {capabilities.CAPABILITIES[capability].meaning}"
    return Verdict(name, "pending", f"{waits}; {reason}")


def _definition(name: str, code: str) -> Verdict:
    """A definition needs code that exists: a module, or a name in one."""
    module, _, attribute = code.rpartition(".")
    try:
        owner = import_module(module)
        if not hasattr(owner, attribute):
            import_module(code)
    except ModuleNotFoundError:
        return Verdict(name, "unknown", f"there is no {code}")
    return Verdict(name, "definition", f"followed by {code}")


def _function(path: str) -> Prediction:
    module, _, function = path.partition(".")
    try:
        return getattr(import_module(f"{_PREDICTIONS}.{module}"), function)
    except (ModuleNotFoundError, AttributeError):
        raise InputError(f"there is no prediction {path}") from None


def _plain(numbers: Iterable[tuple[str, tuple[float, float], str]]) -> Any:  # noqa: ANN401
    """One number, or numbers by name; a range is a list. JSON cannot say more."""
    table = {
        name: {"value": ends[0] if ends[0] == ends[1] else list(ends), "unit": unit}
        for name, ends, unit in numbers
    }
    if not table:
        return None
    return next(iter(table.values()))["value"] if len(table) == 1 else table


def _text(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:.6g}" if low == high else f"{low:.6g} to {high:.6g}"
