"""What was probably meant by a sentence that has none of the forms of a protocol."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from lithomech.cell.protocol import amounts, forms
from lithomech.errors import InputError

Amounts: TypeAlias = Mapping[str, list[str]]

_AMOUNT = re.compile(
    r"[0-9.]*C ?/ ?[0-9.]+|[0-9][0-9.]*(?:e[-+]?[0-9]+)? ?%(?: soc)?"
    r"|[0-9][0-9.]*(?:e[-+]?[0-9]+)? ?(?:\u00b0 ?)?[a-z\u00b5\u03bc][a-z0-9/^]*",
    re.IGNORECASE,
)
_CELSIUS = re.compile(r"([0-9.]+) ?(?:\u00b0|deg)? ?c", re.IGNORECASE)
_UNITS: Final = {
    "rate": (*amounts.CURRENT_UNITS, "W"),
    "voltage": ("V",),
    "pressure": ("Pa",),
    "time": ("s",),
    "capacity": ("A*s",),
    "frequency": ("Hz",),
}
# Words by which a form is recognised; the first that has one of them counts.
_WORDS: Final[tuple[tuple[forms.Form, str], ...]] = (
    (forms.GITT, "gitt|titration"),
    (forms.IMPEDANCE, "impedance|eis|peis|geis|spectrum"),
    (forms.SET_TEMPERATURE, "temperature|heat|cool|chamber"),
    (forms.HOLD_PRESSURE, "(?:hold|keep|constant|maintain).*pressure"),
    (forms.SET_PRESSURE, "pressure|torque|retighten"),
    (forms.HOLD, "hold|cv|constant voltage|potentiostatic|keep"),
    (forms.DRIVEN, "(?:dis)?charg.*|strip.*|plat.*|(?:de)?lithiat.*|cc|constant current"),
    (forms.REST, "rest|ocv|wait|pause|relax|open circuit|equilibrate"),
)


def nearest(sentence: str) -> str:
    """Return a hint: the sentence with the same amounts, or how the nearest form is written.

    Args:
        sentence: on one line, without commas.
    """
    if re.search(r"\bcc-?cv\b", sentence, re.IGNORECASE):
        two = "'Charge at 0.1C until 4.3 V' and 'Hold at 4.3 V until 0.02C'"
        return f"write two steps, such as {two}"
    form = _recognised(sentence)
    if form is None:
        known = "; ".join(known.usage for known in forms.FORMS)
        return f"sentences of a protocol are: {known}"
    compose = _COMPOSE.get(form)
    suggestion = compose(sentence, _sorted(sentence)) if compose else ""
    if _is_right(suggestion):
        return f"did you mean {suggestion!r}?"
    return f"write it as {form.usage!r}"


def _recognised(sentence: str) -> forms.Form | None:
    for form, words in _WORDS:
        if re.search(rf"\b(?:{words})\b", sentence, re.IGNORECASE):
            return form
    return None


def _sorted(sentence: str) -> Amounts:
    """The amounts in a sentence by their kind; a C-rate is a rate."""
    found: dict[str, list[str]] = {}
    for text in _AMOUNT.findall(sentence):
        kind = next((kind for kind, units in _UNITS.items() if _reads(text, units)), None)
        if kind is None and text.endswith(("%", "soc", "SOC")):
            kind, number = "share", text.partition("%")[0].strip()
            text = f"{number} % SOC"
        if kind is not None:
            found.setdefault(kind, []).append(text)
    return found


def _reads(text: str, units: tuple[str, ...]) -> bool:
    read = amounts.rate if "A" in units else amounts.quantity
    try:
        read(text, units)
    except InputError:
        return False
    return True


def _is_right(sentence: str) -> bool:
    try:
        return forms.build(sentence) is not None
    except InputError:
        return False


def _driven(sentence: str, found: Amounts) -> str:
    """Charge, discharge, strip or plate; nothing where an amount stands twice."""
    word = re.search("discharg|charg|strip|plat|delithiat|lithiat", sentence, re.IGNORECASE)
    if word is None or any(len(texts) > 1 for texts in found.values()):
        return ""
    verb = _VERBS[word[0].lower()]
    ends = [f"for {found[kind][0]}" for kind in ("time", "capacity", "share") if kind in found]
    ends += [f"until {found[kind][0]}" for kind in ("voltage", "pressure") if kind in found]
    return f"{verb} at {found.get('rate', [''])[0]} {' or '.join(ends)}"


_VERBS: Final = {
    "discharg": "Discharge",
    "charg": "Charge",
    "strip": "Strip",
    "plat": "Plate",
    "delithiat": "Charge",
    "lithiat": "Discharge",
}


def _hold(_: str, found: Amounts) -> str:
    ends = [f"for {found['time'][0]}"] if "time" in found else []
    ends += [f"until {found['rate'][0]}"] if "rate" in found else []
    return f"Hold at {found.get('voltage', [''])[0]} {' or '.join(ends)}"


def _temperature(sentence: str, _: Amounts) -> str:
    celsius = _CELSIUS.search(sentence)
    kelvin = re.search(r"[0-9.]+ ?K\b", sentence)
    if celsius:
        return f"Set temperature to {celsius[1]} degC"
    return f"Set temperature to {kelvin[0]}" if kelvin else ""


def _impedance(sentence: str, found: Amounts) -> str:
    points = re.search(r"([0-9]+) ?(?:points|ppd|pts)", sentence, re.IGNORECASE)
    both = " to ".join(found.get("frequency", []))
    return f"Impedance from {both} {points[1] if points else 10} points per decade"


def _one(start: str, kind: str) -> Callable[[str, Amounts], str]:
    return lambda _, found: f"{start} {found.get(kind, [''])[0]}"


_COMPOSE: Final[Mapping[forms.Form, Callable[[str, Amounts], str]]] = {
    forms.DRIVEN: _driven,
    forms.HOLD: _hold,
    forms.REST: _one("Rest for", "time"),
    forms.SET_PRESSURE: _one("Set stack pressure to", "pressure"),
    forms.HOLD_PRESSURE: _one("Hold stack pressure at", "pressure"),
    forms.SET_TEMPERATURE: _temperature,
    forms.IMPEDANCE: _impedance,
}
