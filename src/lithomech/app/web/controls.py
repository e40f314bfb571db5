"""What laboratories change most: where it stands in a cell file, and within which limits."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from lithomech.errors import InputError
from lithomech.files.quantity import parse_quantity
from lithomech.files.yamlfile import join_key, split_key

PERCOLATION: Final = ("cathode.transport", "{type: percolation}")
RATE: Final = re.compile(r"\b(?:C/(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?|\.\d+)C)\b(?=.*(?:until|for))")
UNTIL: Final = re.compile(r"(?<=until )(-?\d+(?:\.\d+)?)(?= V\b)")
HOLD: Final = re.compile(r"(?<=Hold at )(-?\d+(?:\.\d+)?)(?= V\b)", re.IGNORECASE)
Settings = list[tuple[str, str]]


class Slider(NamedTuple):
    """A number of a cell file.

    Attributes:
        key: where it stands; or ``protocol`` and what of it.
        label: what the page calls it.
        unit: of low and high, and as it is written.
        low: where the slider begins.
        high: where it ends.
        log: whether it moves in ratios.
        also: other keys to set at the same time, with their values.
        hint: one sentence.
    """

    key: str
    label: str
    unit: str
    low: float
    high: float
    log: bool = False
    also: tuple[tuple[str, str], ...] = ()
    hint: str = ""


class Choice(NamedTuple):
    """One of several words or blocks of a cell file.

    Attributes:
        key: where it stands.
        label: what the page calls it.
        options: what is written there, by the word that the page shows.
        stands_in: key whose value says which one stands there, if not ``key``.
        also: other keys to set at the same time.
    """

    key: str
    label: str
    options: Mapping[str, str]
    stands_in: str = ""
    also: tuple[tuple[str, str], ...] = ()


ANODES: Final = {
    "li_in": "{type: planar, material: li_in, thickness: 100 um}",
    "li": "{type: planar, material: li, thickness: 50 um}",
    "graphite": "{type: composite, n_p_ratio: 1.4, porosity: 15 %, active: [{material: "
    "graphite, weight: 60 %, diameter: 10 um}], electrolyte: {material: li6ps5cl, "
    "weight: 40 %}}",
    "si": "{type: composite, n_p_ratio: 2, porosity: 25 %, active: [{material: si, "
    "weight: 45 %, diameter: 2 um}], electrolyte: {material: li6ps5cl, weight: 50 %}, "
    "additives: [{material: carbon, weight: 5 %}]}",
    "lto": "{type: composite, n_p_ratio: 1.3, porosity: 15 %, active: [{material: lto, "
    "weight: 50 %, diameter: 1 um}], electrolyte: {material: li6ps5cl, weight: 45 %}, "
    "additives: [{material: carbon, weight: 5 %}]}",
}
FIXTURES: Final = {
    "spring": "{{type: spring, pressure: {}, stiffness: 0.4 MPa/um}}",
    "bolted": "{{type: bolted, pressure: {}, frame_stiffness: 0.35 MPa/um}}",
    "constant_pressure": "{{type: constant_pressure, pressure: {}}}",
}
SLIDERS: Final = (
    Slider("fixture.pressure", "Stack pressure", "MPa", 0.2, 100.0, log=True,
           hint="What the fixture presses with when the cell is assembled."),
    Slider("fixture.stiffness", "Spring stiffness", "MPa/um", 0.01, 5.0, log=True,
           hint="How much the pressure rises where the stack grows by a micrometre."),
    Slider("fixture.frame_stiffness", "Frame stiffness", "MPa/um", 0.01, 5.0, log=True,
           hint="How much the pressure rises where the stack grows by a micrometre."),
    Slider("cathode.mass", "Cathode mass", "mg", 2.0, 60.0, log=True),
    Slider("cathode.loading", "Cathode loading", "mg/cm2", 2.0, 60.0, log=True),
    Slider("cathode.areal_capacity", "Cathode capacity", "mAh/cm2", 0.3, 10.0, log=True),
    Slider("cathode.active[0].weight", "Active material", "%", 40.0, 95.0,
           also=(("cathode.electrolyte.weight", "rest"), PERCOLATION),
           hint="By weight; the electrolyte takes the rest, and paths follow by percolation."),
    Slider("cathode.active[1].weight", "Second active material", "%", 2.0, 68.0,
           also=(("cathode.active[0].weight", "rest"),),
           hint="By weight; the first active material takes the rest."),
    Slider("cathode.active[0].diameter", "Particle diameter", "um", 0.5, 30.0, log=True),
    Slider("separator.thickness", "Separator thickness", "um", 10.0, 1000.0, log=True),
    Slider("anode.n_p_ratio", "Anode over cathode (n/p)", "", 0.5, 3.0),
    Slider("temperature", "Temperature", "degC", -20.0, 100.0),
    Slider("protocol.rate", "C-rate", "C", 0.02, 5.0, log=True),
    Slider("protocol.upper", "Upper cut-off", "V", 3.6, 4.8),
    Slider("protocol.lower", "Lower cut-off", "V", 1.5, 3.6),
)  # fmt: skip


CATHODES: Final = "ncm111, ncm523, ncm622, ncm721, ncm811, ncm88, nca, lco, lfp"
ELECTROLYTES: Final = (
    "li6ps5cl, li6ps5br, li5.5ps4.5cl1.5, li3ps4, li7p3s11, lgps, li3ycl6, li3incl6"
)
MORPHOLOGIES: Final = "random, textured, single_crystal"


def _same(words: str) -> dict[str, str]:
    return {word: word for word in words.split(", ")}


CHOICES: Final = (
    Choice("fixture", "Fixture", FIXTURES, "fixture.type"),
    Choice("cathode.active[0].material", "Cathode material", _same(CATHODES)),
    Choice("cathode.active[0].morphology", "Morphology", _same(MORPHOLOGIES)),
    Choice("cathode.electrolyte.material", "Electrolyte in the cathode", _same(ELECTROLYTES),
           also=(PERCOLATION,)),
    Choice("separator.material", "Separator material", _same(ELECTROLYTES)),
    Choice("anode", "Anode", ANODES, "anode.material"),
    Choice("anode.electrolyte.material", "Electrolyte in the anode", _same(ELECTROLYTES)),
)  # fmt: skip


def controls() -> list[dict[str, Any]]:
    """The controls of the page, plain data."""
    sliders = [{"kind": "slider", **one._asdict()} for one in SLIDERS]
    choices = [
        {"kind": "choice", "key": one.key, "label": one.label, "options": list(one.options)}
        for one in CHOICES
    ]
    return sliders[:2] + choices[:1] + sliders[2:] + choices[1:]


def standing(data: Mapping[str, Any]) -> dict[str, float | str]:
    """The values that a cell file has, by the key of the control; others do not apply.

    Args:
        data: the content of a cell file.
    """
    values: dict[str, float | str] = {}
    for slider in SLIDERS:
        number = _number(data, slider)
        if number is not None:
            values[slider.key] = number
    for choice in CHOICES:
        word = _at(data, choice.stands_in or choice.key)
        if choice.key == "anode" and word is None:
            word = _at(data, "anode.active[0].material")
        if isinstance(word, str):
            values[choice.key] = word
    return values


def settings(data: Mapping[str, Any], key: str, value: object) -> Settings:
    """Keys and values to write into a cell file for one move of a control.

    Args:
        data: the content of the cell file.
        key: of the control.
        value: number in the unit of the slider, or word of the choice.

    Raises:
        InputError: no such control, or no such value.
    """
    for slider in SLIDERS:
        if slider.key == key:
            return _moved(data, slider, value)
    for choice in CHOICES:
        if choice.key == key and isinstance(value, str) and value in choice.options:
            if choice.key == "fixture":
                pressure = _at(data, "fixture.pressure") or "20 MPa"
                return [(key, choice.options[value].format(pressure))]
            return [(key, choice.options[value]), *choice.also]
    raise InputError(f"{value!r} is not allowed", key=key)


def _moved(data: Mapping[str, Any], slider: Slider, value: object) -> Settings:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"expected a number, not {value!r}", key=slider.key)
    if not slider.low <= value <= slider.high:
        allowed_range = f"{slider.low:g} to {slider.high:g} {slider.unit}"
        raise InputError(f"{value:g}; allowed here: {allowed_range}", key=slider.key)
    if slider.key.startswith("protocol."):
        return [
            (key, _quoted(changed))
            for key, sentence in _sentences(data)
            if (changed := _spoken(sentence, slider.key, f"{value:.4g}")) != sentence
        ]
    return [(slider.key, f"{value:.4g} {slider.unit}".rstrip()), *slider.also]


def _quoted(sentence: str) -> str:
    """The sentence as a value on one line."""
    return f"'{sentence}'" if re.search("[,:'#]", sentence) else sentence


def _number(data: Mapping[str, Any], slider: Slider) -> float | None:
    if slider.key.startswith("protocol."):
        numbers = [n for _, text in _sentences(data) for n in _numbers(text, slider.key)]
        return numbers[0] if numbers else None
    value = _at(data, slider.key)
    try:
        if slider.unit:
            return parse_quantity(value, slider.unit) if isinstance(value, str) else None
        return float(value) if isinstance(value, int | float) else None
    except InputError:
        return None


def _at(data: Any, key: str) -> Any:  # noqa: ANN401  whatever YAML can hold
    for part in split_key(key):
        if not isinstance(data, Mapping | list):
            return None
        try:
            data = data[part]  # pyright: ignore[reportCallIssue, reportArgumentType]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _sentences(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every sentence of the protocol with its key."""

    def within(place: object, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
        if isinstance(place, str):
            yield join_key(path), place
        elif isinstance(place, list):
            for index, entry in enumerate(place):
                yield from within(entry, (*path, index))
        elif isinstance(place, Mapping) and "steps" in place:
            yield from within(place["steps"], (*path, "steps"))

    yield from within(data.get("protocol"), ("protocol",))


def _is_discharge(sentence: str) -> bool:
    return sentence.lower().startswith(("discharge", "gitt discharge"))


def _patterns(sentence: str, key: str) -> tuple[re.Pattern[str], ...]:
    """What of a sentence a control of the protocol means."""
    driven = sentence.lower().startswith(("charge", "discharge", "gitt"))
    if key == "protocol.rate":
        return (RATE,) if driven else ()
    if key == "protocol.upper":
        return () if _is_discharge(sentence) else (UNTIL, HOLD)
    return (UNTIL,) if _is_discharge(sentence) else ()


def _numbers(sentence: str, key: str) -> Iterator[float]:
    for pattern in _patterns(sentence, key):
        if match := pattern.search(sentence):
            if key == "protocol.rate" and match[1]:
                yield 1.0 / float(match[1])
            else:
                yield float(match[match.lastindex or 0])


def _spoken(sentence: str, key: str, number: str) -> str:
    """The sentence with another number."""
    for pattern in _patterns(sentence, key):
        sentence = pattern.sub(f"{number}C" if key == "protocol.rate" else number, sentence, 1)
    return sentence
