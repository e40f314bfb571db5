"""What instruments call their columns, and the names of the Battery Data Format for them."""

import re
from typing import Final, NamedTuple

from lithomech.errors import InputError
from lithomech.files.quantity import convert

CLOCK: Final = "clock"  # hours, minutes and seconds as text
SECONDS: Final = "seconds"  # a clock, or seconds where the instrument writes none
MOMENT: Final = "moment"  # date and time as text
AS_TEXT: Final = (CLOCK, SECONDS, MOMENT)


class Term(NamedTuple):
    """A column of a series.

    Attributes:
        column: its name, with its unit in SI.
        unit: that unit.
        words: what it is called, without case, signs and units; best first.
        usual: unit where none is written, if that is beyond doubt.
    """

    column: str
    unit: str
    words: tuple[str, ...]
    usual: str = ""


class Match(NamedTuple):
    """A column of a file that was recognised."""

    term: Term
    unit: str  # as written, or "clock" or "moment"
    rank: int  # of the word among those of the term


TERMS: Final = (
    Term(
        "Test Time / s",
        "s",
        (
            "test time",
            "testtime",
            "time",
            "total time",
            "totaltime",
            "test",
            "relative time",
            "run time",
            "elapsed time",
            "program duration",
            "prog time",
            "t",
        ),
    ),
    Term("Step Time / s", "s", ("step time", "steptime", "state time", "step duration")),
    Term(
        "Unix Time / s",
        "s",
        (
            "unix time",
            "uts",
            "date time",
            "datetime",
            "date",
            "dpt time",
            "realtime",
            "absolute time",
            "timestamp",
            "time stamp",
            "date and time",
        ),
    ),
    Term(
        "Voltage / V",
        "V",
        (
            "voltage",
            "cell voltage",
            "ecell",
            "ewe",
            "ewe ece",
            "volts",
            "volt",
            "potential",
            "u",
            "vf",
            "v",
            "e",
        ),
    ),
    Term("Current / A", "A", ("current", "cell current", "i", "amps", "amp", "cur", "im")),
    Term(
        "Surface Pressure / Pa",
        "Pa",
        ("surface pressure", "stack pressure", "pressure", "p stack", "cell pressure"),
    ),
    Term("Applied Pressure / Pa", "Pa", ("applied pressure", "set pressure")),
    Term("Stack Force / N", "N", ("stack force", "force", "load")),
    Term(
        "Displacement / m",
        "m",
        ("displacement", "thickness change", "dilation", "expansion"),
    ),
    Term(
        "Positive Electrode Potential / V",
        "V",
        ("positive electrode potential", "cathode potential", "ewe ref"),
    ),
    Term(
        "Negative Electrode Potential / V",
        "V",
        ("negative electrode potential", "anode potential", "ece"),
    ),
    Term(
        "Ambient Temperature / K",
        "K",
        (
            "ambient temperature",
            "surface temperature t1",
            "temperature t1",
            "temperature",
            "temperature cell",
            "temperature 1",
            "temp 1",
            "temp",
            "aux temperature 1",
            "t1",
            "chamber temperature",
            "temperature chamber",
            "tenv",
        ),
    ),
    Term(
        "Cycle Count / 1",
        "1",
        (
            "cycle count",
            "cycle number",
            "cycle index",
            "cycle",
            "cyc",
            "cycle id",
            "z cycle",
            "cycle c",
            "total cycle",
        ),
        "1",
    ),
    Term(
        "Step Count / 1",
        "1",
        ("step count", "step index", "step number", "step id", "step", "ns", "line"),
        "1",
    ),
    Term(
        "Cumulative Capacity / C",
        "A*s",
        ("q qo", "net capacity", "cumulative capacity"),
    ),
    Term("Frequency / Hz", "Hz", ("frequency", "freq", "f")),
    Term("Real Impedance / Ohm", "ohm", ("real impedance", "re(z)", "zreal", "z'", "rez")),
    Term("Imaginary Impedance / Ohm", "ohm", ("imaginary impedance", "im(z)", "zimag", 'z"')),
    Term("Negative Imaginary Impedance / Ohm", "ohm", ("-im(z)", "-z''", "-zimag", '-z"')),
)
BY_NAME: Final = {term.column: term for term in TERMS}
BY_QUANTITY: Final = {term.column.rpartition(" / ")[0].lower(): term for term in TERMS}

# Units as instruments write them, for the reader of units.
UNITS: Final = {
    "mA.h": "mAh",
    "A.h": "Ah",
    "sec": "s",
    "Sec": "s",
    "secs": "s",
    "seconds": "s",
    "hr": "h",
    "hrs": "h",
    "hours": "h",
    "mins": "min",
    "Volts": "V",
    "Amps": "A",
    "Ohms": "ohm",
    "Ohm": "ohm",
    "kOhm": "kohm",
    "mOhm": "mohm",
    "MOhm": "Mohm",
    "C": "degC",
    "°C": "degC",
    "ºC": "degC",
    "\ufffdC": "degC",
    "celsius": "degC",
    "oC": "degC",
    "second": "s",
    "volt": "V",
    "ampere": "A",
    "pascal": "Pa",
    "hertz": "Hz",
    "ah": "Ah",
    "#": "1",
    "": "",
}
CLOCKS: Final = ("h:min:s", "hh:mm:ss", "h:m:s", "h:min:s.ms", "hh:mm:ss.ms")
_ENDS: Final = (
    re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]"),
    re.compile(r"(?P<name>.*\S)\s*/\s*(?P<unit>[^/]+)"),
    re.compile(r"(?P<name>.*\S)\s*#(?P<unit>[^#]+)"),
)
_IMPEDANCE: Final = re.compile(r"-?(re|im)\(z\)", re.IGNORECASE)


def split_header(text: str) -> tuple[str, str]:
    """Return name and unit of a column as its header writes them; "" where it has no unit."""
    text = text.strip().strip("~").strip()
    if not _IMPEDANCE.fullmatch(text):
        for end in _ENDS:
            found = end.fullmatch(text)
            if found:
                return found["name"], found["unit"].strip()
    name, _, unit = text.rpartition("_")
    if name and (unit in UNITS or unit in {"s", "V", "A", "mA", "Pa", "MPa", "N", "K", "C"}):
        return name, unit
    return text, ""


def recognise(header: str) -> Match | None:
    """Say which column a header stands for, if it is a known one.

    Raises:
        InputError: it is one, but its unit is none of that kind.
    """
    name, unit = split_header(header)
    word = _plain(name)
    for term in TERMS:
        if word in term.words:
            return Match(term, _unit(term, unit, header), term.words.index(word))
    return None


def factor(unit: str, to: str) -> tuple[float, float]:
    """Return slope and offset that turn values in ``unit`` into values in ``to``.

    Raises:
        InputError: they measure different things.
    """
    written = UNITS.get(unit, unit)
    if to == "1":
        return 1.0, 0.0
    offset = convert(0.0, written, to)
    return convert(1.0, written, to) - offset, offset


def is_unit(text: str) -> bool:
    """Whether a text is the name of a unit."""
    written = UNITS.get(text, text)
    try:
        convert(1.0, written, written)
    except InputError:
        return text.lower() in CLOCKS or written == "1"
    return True


def _plain(name: str) -> str:
    text = re.sub(r"[_\s]+", " ", name.strip().lower()).strip("<>#. ")
    return (
        text
        if "(z)" in text or text.startswith("-")
        else re.sub(r"[-()#.]+", " ", text).strip()
    )


def _unit(term: Term, unit: str, header: str) -> str:
    if unit.lower().strip(".") in CLOCKS:
        return CLOCK
    if not unit:
        return term.usual
    if term.unit == "1":
        return "1"
    try:
        factor(unit, term.unit)
    except InputError:
        if term.unit == "s":  # a time zone or a format, not a unit
            return ""
        raise InputError(
            f"the unit {unit!r} of column {header!r} is none of {term.column!r}; allowed: "
            f"units such as {term.unit}, or a mapping file that says what it is"
        ) from None
    return unit
