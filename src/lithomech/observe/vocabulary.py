"""What instruments call their columns and units, and the names of this package for them.

The words themselves are data: vocabulary.yaml beside this file.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from lithomech.errors import InputError
from lithomech.files.quantity import convert
from lithomech.files.yamlfile import read_document

SERIES: Final = "series"
IMPEDANCE: Final = "impedance"
COUNT: Final = "1"  # unit of numbers without one
_FILE: Final = Path(__file__).with_name("vocabulary.yaml")
_OHM: Final = re.compile(r"\s?(?:ohms?|[\u03a9\u03c9])(?![-^])", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"(?<=ohm)\s*[\u00b7\u22c5.*\s]?\s*(?=c?m)")
_AGAINST: Final = re.compile(r"\s+(?:vs|versus|gegen|against)\b.*", re.IGNORECASE)


class Term(NamedTuple):
    """A quantity that columns of files are matched to.

    Attributes:
        column: its name in this package, with its unit in SI.
        unit: that unit, for the reader of units.
        instead: units of another kind that its columns may carry, such as per area.
        kind: SERIES or IMPEDANCE.
        words: what it is called, squeezed, best first; its own name is the first.
        letters: words that count only beside a unit that fits, squeezed.
        stems: words that may stand among others, with a unit that fits.
    """

    column: str
    unit: str
    instead: tuple[str, ...]
    kind: str
    words: tuple[str, ...]
    letters: tuple[str, ...]
    stems: tuple[str, ...]

    @property
    def quantity(self) -> str:
        """Name without its unit."""
        return self.column.rpartition(" / ")[0]


class Line(NamedTuple):
    """How numbers of a column become numbers in SI: slope, offset, and the unit reached."""

    slope: float
    offset: float
    unit: str


@cache
def _data() -> dict[str, Any]:
    return read_document(_FILE).data


@cache
def terms(kind: str = SERIES) -> tuple[Term, ...]:
    """Return the quantities of one kind, in the order of the file."""
    return tuple(term for term in every_term() if term.kind == kind)


@cache
def every_term() -> tuple[Term, ...]:
    """Return all quantities, in the order of the file."""
    return tuple(
        Term(
            column,
            entry["unit"],
            tuple(entry.get("instead", ())),
            entry.get("kind", SERIES),
            (
                squeezed(column.rpartition(" / ")[0]),
                *(squeezed(word) for word in entry.get("words", ())),
            ),
            tuple(squeezed(word) for word in entry.get("letters", ())),
            tuple(folded(word) for word in entry.get("stems", ())),
        )
        for column, entry in _data()["quantities"].items()
    )


@cache
def by_quantity() -> dict[str, Term]:
    """Return the terms by quantity in lower case, as mapping files name them."""
    return {term.quantity.lower(): term for term in every_term()}


@cache
def excluding() -> frozenset[str]:
    """Return the words beside which a stem is another quantity."""
    return frozenset(folded(word) for word in _data()["never"])


@cache
def eastern_words() -> frozenset[str]:
    """Return the words that are not written in Latin letters."""
    words = (w for term in every_term() for w in (*term.words, *term.stems))
    return frozenset(w for w in words if len(w) > 1 and w > "\u1100" and " " not in w)


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return a name without case, accents, signs and doubled spaces.

    A sign in front (-Im(Z)), quotes (Z'') and bars (abs) stay: they make another quantity.
    """
    text = unicodedata.normalize("NFKC", name).replace("\u2212", "-").replace("\u2013", "-")
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", text.strip(" \t~\ufeff"))
    text = unicodedata.normalize("NFD", text.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2032", "'")
    text = text.replace("\u2033", "''").replace("\u201d", '"').strip()
    sign = "-" if re.match(r"-\s*\S", text) else ""
    inside = re.sub(r"\((z|y|zwe-ce)\)", "\x01\\1\x02", text.lstrip("-"))
    plain = re.sub(r"[_\s#.:;,~/<>\[\](){}-]+", " ", inside).strip()
    return sign + plain.replace("\x01", "(").replace("\x02", ")")


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Return a name folded and without spaces, as words are compared."""
    return folded(name).replace(" ", "")


def line_to(unit: str, term: Term) -> Line | None:
    """Return how values of a column in ``unit`` become SI; None if it is no unit of the term.

    The unit is read for this quantity: C is a coulomb for a charge and a degree Celsius for a
    temperature, kg is a weight for a force.
    """
    for kind in (term.unit, *term.instead):
        line = _line(_written(unit), kind)
        if line is not None:
            return Line(*line, kind)
    return None


def factor(unit: str, to: str) -> tuple[float, float]:
    """Return slope and offset that turn values in ``unit`` into values in the SI unit ``to``.

    Raises:
        InputError: they measure different things.
    """
    line = _line(_written(unit), to)
    if line is None:
        convert(0.0, unit, to)  # says what is wrong with it
        raise InputError(f"the unit {unit!r} cannot be used")
    return line


@lru_cache(maxsize=2048)
def _line(unit: str, to: str) -> tuple[float, float] | None:
    known = _units(to)
    if to == COUNT:
        return (1.0, 0.0) if unit in known or unit == COUNT else None
    for written in (known.get(unit), unit, known.get(unit.lower()), _in_ohms(unit)):
        if written:
            try:
                offset = convert(0.0, written, to)
                return convert(1.0, written, to) - offset, offset
            except InputError:
                continue
    return None


def _in_ohms(unit: str) -> str:
    """A unit with every spelling of ohm as the reader of units knows it; "" without one."""
    text, count = _OHM.subn("ohm", unit)
    return _BETWEEN.sub("*", re.sub(r"^K(?=ohm)", "k", text)) if count else ""


@cache
def _units(kind: str) -> dict[str, str]:
    """Units as they are written, by the kind in SI."""
    return {
        unicodedata.normalize("NFKC", written): read
        for written, read in _data()["units"].get(kind, {}).items()
    }


def _written(unit: str) -> str:
    """A unit without what it is measured against, in plain characters."""
    text = unicodedata.normalize("NFKC", unit).replace("\u00ba", "\u00b0")
    return " ".join(_AGAINST.sub("", text).split()).rstrip(".")


def is_clock(unit: str) -> bool:
    """Whether a unit is a format of hours, minutes and seconds."""
    return _written(unit).lower() in _data()["clocks"]


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Whether a text is the name of a unit."""
    if is_clock(text) or text in {"#", COUNT}:
        return True
    return any(_line(_written(text), kind) for kind in _kinds())


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(kind for kind in _data()["units"] if kind != COUNT)


class Reading(NamedTuple):
    """One way to read a header; ``written`` if brackets or a slash set the unit apart."""

    name: str
    unit: str
    written: bool


def readings(header: str) -> Iterator[Reading]:
    """Yield the ways to read a header as name and unit; the unit is "" where it has none.

    Units stand in brackets of any kind, after a slash, or as the last word after a comma, an
    underscore or a space; what stands within < > is read alike.
    """
    text = unicodedata.normalize("NFKC", header).strip(' \t~\ufeff"')
    within = re.fullmatch(r"<(.+)>", text)
    text = within[1] if within else text
    seen: dict[tuple[str, str], Reading] = {}
    for written, patterns in ((True, _APART), (False, _JOINED)):
        for pattern in patterns:
            match = pattern.fullmatch(text)
            if match:
                name, unit = match["name"].strip(), match["unit"].strip()
                seen.setdefault((name, unit), Reading(name, unit, written))
    yield from seen.values()
    yield Reading(text, "", True)


_APART: Final = (
    re.compile(r"(?P<name>.*\S)\s*\[(?P<unit>[^\[\]]+)\]"),
    re.compile(r"(?P<name>.*\S)\s*\((?P<unit>[^()]+(?:\([^()]*\))?)\)"),
    re.compile(r"(?P<name>.*\S)\s*[<{](?P<unit>[^<>{}]+)[>}]"),
    re.compile(r"(?P<name>[^/]*[^/\s])\s*/\s*(?P<unit>.+)"),
    re.compile(r"(?P<name>.*\S)\s*/\s*(?P<unit>[^/]+)"),
)
_JOINED: Final = (
    re.compile(r"(?P<name>.*\S)\s*#\s*(?P<unit>[^#]+)"),
    re.compile(r"(?P<name>.*\S)\s*,\s*(?P<unit>[^,]+)"),
    re.compile(r"(?P<name>.*\S)\s+in\s+(?P<unit>\S+)"),
    re.compile(r"(?P<name>.*[^\W_])[_\s]+(?P<unit>[^\s_]+)"),
    re.compile(r"(?P<name>.*[^\W_])[_\s](?P<unit>[^\s_]+[_\s][^\s_]+)"),
)


def split_header(header: str) -> tuple[str, str]:
    """Return name and unit of a header as it writes them; "" where it has no unit."""
    return next(
        (r.name, r.unit) for r in readings(header) if not r.unit or r.written or is_unit(r.unit)
    )
