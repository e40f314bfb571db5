"""The one place where headers of a file are matched to quantities.

Every header is a candidate for every quantity that its words and its unit allow. The best
candidate gets its quantity, one header each: the own name of a quantity goes before its other
names, these before single letters with a unit, and these before words among others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Final, NamedTuple, final

from lithomech.observe.reading import HeaderChoice
from lithomech.observe.vocabulary import (
    COUNT,
    Line,
    Reading,
    Term,
    every_term,
    excluding,
    folded,
    is_clock,
    is_unit,
    line_to,
    readings,
    squeezed,
)

DATES: Final = "Unix Time / s"  # needs no unit: its cells say what they are
LONG_STEM: Final = 4  # letters from which a word may end in a stem, as in Zelldruck


class Level(Enum):
    """How well the words of a header fit a quantity."""

    STEM = 1
    LETTER = 2
    WORD = 3
    OWN_NAME = 4
    MAPPING = 5


@final
@dataclass(frozen=True)
class Candidate:
    """A header that may stand for a quantity.

    Attributes:
        place: of the column, from 0.
        header: as written.
        term: the quantity.
        level: how well the words fit.
        rank: of the word among those of the quantity, 0 for the best.
        unit: as written; "" without one.
        line: how its numbers become SI; None where the unit is missing, wrong, or a clock.
        problem: why it cannot be used as it is; "" if it can.
    """

    place: int
    header: str
    term: Term
    level: Level
    rank: int
    unit: str
    line: Line | None
    problem: str = ""

    @property
    def usable(self) -> bool:
        """Whether the unit is not one of another quantity."""
        return self.problem in {"", NO_UNIT}

    @property
    def score(self) -> tuple[int, bool, int, int]:
        """Order among candidates; the largest is the best."""
        return self.level.value, not self.problem, -self.rank, -self.place


NO_UNIT: Final = "has no unit"


@final
@dataclass(frozen=True)
class Matching:
    """Which header is which quantity.

    Attributes:
        chosen: the best candidate of each quantity, by the name of its column here.
        candidates: all of them, best first.
    """

    chosen: dict[str, Candidate]
    candidates: tuple[Candidate, ...]

    @property
    def without_unit(self) -> tuple[Candidate, ...]:
        """The chosen ones whose unit is not known."""
        return tuple(c for c in self.chosen.values() if c.problem == NO_UNIT)

    @property
    def refused(self) -> tuple[Candidate, ...]:
        """Headers whose unit is none of the only quantities that their words name."""
        fit = {c.place for c in self.candidates if c.usable}
        others = [c for c in self.candidates if c.place not in fit]
        return tuple({c.place: c for c in reversed(others)}.values())

    def beside(self, quantities: Collection[str]) -> tuple[Candidate, ...]:
        """Usable headers of some quantities that another header stands for.

        Args:
            quantities: names of their columns.
        """
        used = {c.place for c in self.chosen.values()}
        others = {
            c.place: c
            for c in reversed(self.candidates)
            if c.term.column in quantities and not c.problem and c.place not in used
        }
        return tuple(sorted(others.values(), key=lambda c: c.place))

    def choices(self) -> tuple[HeaderChoice, ...]:
        """Return the report: every candidate, best first, and whether it was chosen."""
        return tuple(
            HeaderChoice(c.header, c.term.column, c.unit, level, self._decision(c))
            for c in self.candidates
            for level in [c.level.name.lower()]
        )

    def _decision(self, candidate: Candidate) -> str:
        if self.chosen.get(candidate.term.column) == candidate:
            return f"chosen, {candidate.problem}" if candidate.problem else "chosen"
        if candidate.problem:
            return candidate.problem
        better = self.chosen.get(candidate.term.column)
        if better is None or better.place == candidate.place:
            return "stands for another quantity"
        return f"{better.header!r} fits better"


def match_headers(
    headers: Sequence[str],
    terms: Sequence[Term],
    usual: Mapping[str, str] | None = None,
    fixed: Sequence[Candidate] = (),
) -> Matching:
    """Match headers to quantities.

    Args:
        headers: of all columns.
        terms: the quantities that are looked for.
        usual: units of headers without one in files of this kind, by squeezed header.
        fixed: what a mapping file says, which goes first.
    """
    return choose([*fixed, *candidates(headers, terms, usual)])


def candidates(
    headers: Sequence[str], terms: Sequence[Term], usual: Mapping[str, str] | None = None
) -> list[Candidate]:
    """Return every header for every quantity that it may stand for."""
    choices: dict[tuple[int, str], list[Candidate]] = {}
    known = frozenset(term.column for term in terms)
    for place, header in enumerate(headers):
        for reading, fit in _fits(header.strip()):
            if fit.term.column in known:
                way = _candidate(place, header, reading, fit, usual or {})
                choices.setdefault((place, fit.term.column), []).extend(way)
    ways = [
        max(some, key=lambda c: (c.usable + (not c.problem), c.score))
        for some in choices.values()
        if some
    ]
    return sorted(ways, key=lambda c: c.place)


def choose(every: Sequence[Candidate]) -> Matching:
    """Give each quantity its best candidate, and each header one quantity at most."""
    ordered = sorted(every, key=lambda c: c.score, reverse=True)
    chosen: dict[str, Candidate] = {}
    taken: set[int] = set()
    for candidate in ordered:
        column = candidate.term.column
        if candidate.usable and column not in chosen and candidate.place not in taken:
            chosen[column] = candidate
            taken.add(candidate.place)
    return Matching(chosen, tuple(ordered))


class _Fit(NamedTuple):
    """How well a name fits a quantity."""

    term: Term
    level: Level
    rank: int


@lru_cache(maxsize=4096)
def _fits(header: str) -> tuple[tuple[Reading, _Fit], ...]:
    """Every way to read a header with every quantity that its words name."""
    return tuple((reading, fit) for reading in readings(header) for fit in _named(reading.name))


def _candidate(
    place: int, header: str, reading: Reading, fit: _Fit, usual: Mapping[str, str]
) -> list[Candidate]:
    """The candidate that one way to read a header makes, if any."""
    unit = reading.unit or usual.get(squeezed(reading.name), "")
    unit, line, problem = _unit(unit, fit.term)
    sure = line is not None or is_clock(unit)
    whole = fit.level.value > Level.LETTER.value and (reading.written or is_unit(unit))
    if not (sure or whole):
        return []
    return [Candidate(place, header, fit.term, fit.level, fit.rank, unit, line, problem)]


@cache
def _words() -> dict[str, list[_Fit]]:
    """Which quantities a squeezed word names."""
    index: dict[str, list[_Fit]] = {}
    for term in every_term():
        for level, words in ((Level.WORD, term.words), (Level.LETTER, term.letters)):
            for rank, word in enumerate(words):
                own = level is Level.WORD and rank == 0
                index.setdefault(word, []).append(
                    _Fit(term, Level.OWN_NAME if own else level, rank)
                )
    return index


@lru_cache(maxsize=4096)
def _named(name: str) -> tuple[_Fit, ...]:
    """Quantities that a name stands for, the best word of each."""
    best: dict[str, _Fit] = {}
    for fit in _words().get(squeezed(name), ()):
        best.setdefault(fit.term.column, fit)
    for term in every_term():
        if term.stems and term.column not in best and _has_stem(name, term):
            best[term.column] = _Fit(term, Level.STEM, len(term.words))
    return tuple(best.values())


def _has_stem(name: str, term: Term) -> bool:
    """Whether a word of the quantity stands among others that do not change its meaning."""
    words = [word.rstrip("0123456789") for word in folded(name).split()]
    if excluding() & set(words):
        return False
    text = f" {' '.join(words)} "
    return any(
        f" {stem} " in text
        or (len(stem) >= LONG_STEM and any(word.endswith(stem) for word in words))
        or (not stem.isascii() and stem in text)
        for stem in term.stems
    )


def _unit(unit: str, term: Term) -> tuple[str, Line | None, str]:
    """Unit, its line and what is wrong with it."""
    if term.unit == COUNT and not unit:
        return unit, Line(1.0, 0.0, COUNT), ""
    line = line_to(unit, term) if unit else None
    if line is not None:
        return unit, line, ""
    if term.unit == "s" and (is_clock(unit) or not is_unit(unit)):
        # a zone, a format of dates or nothing: the cells say what they are
        return unit, None, "" if term.column == DATES or is_clock(unit) else NO_UNIT
    if not unit:
        return unit, None, NO_UNIT
    return unit, None, f"the unit {unit!r} is none of {term.quantity}"
