"""Headers of a series: what a mapping file says, then habits of instruments, then words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lithomech.errors import InputError
from lithomech.observe.readers.dialects import Dialect
from lithomech.observe.readers.headers import (
    NO_UNIT,
    Candidate,
    Level,
    Matching,
    candidates,
    choose,
)
from lithomech.observe.spec import Channel, Mapping
from lithomech.observe.timeseries import TIME
from lithomech.observe.vocabulary import (
    COUNT,
    Line,
    Term,
    by_quantity,
    line_to,
    readings,
    split_header,
    squeezed,
    terms,
)

VOLTAGE: Final = "Voltage / V"
POSITIVE: Final = "Positive Electrode Potential / V"
NEGATIVE: Final = "Negative Electrode Potential / V"
OF_CELL: Final = frozenset({"eweece", "ecell", "cellvoltage", "voltage"})  # no electrode's own


def matched(headers: Sequence[str], dialect: Dialect, mapping: Mapping) -> Matching:
    """Match the headers of a series to quantities.

    Raises:
        InputError: the mapping names a column that is not there, or gives no unit; all such
            mistakes at once, with the place of the first.
    """
    fixed = fixed_by(headers, mapping, None)
    taken = {candidate.place for candidate in fixed}
    others = [
        _by_habit(candidate, dialect)
        for candidate in candidates(headers, terms(), dialect.usual)
        if candidate.place not in taken
    ]
    return choose([*fixed, *_electrodes([*fixed, *others], others)])


def fixed_by(
    headers: Sequence[str], mapping: Mapping, some: Sequence[Term] | None
) -> list[Candidate]:
    """Return the columns that a mapping file names, of all quantities or of some.

    Raises:
        InputError: it names a column that is not there; all such mistakes at once, with the
            place of the first.
    """
    names = [header.strip() for header in headers]
    fixed, mistakes = [], []
    for quantity, channel in mapping.columns.items():
        if some is not None and by_quantity()[quantity.lower()] not in some:
            continue
        try:
            fixed.append(_mapped(quantity, channel, names))
        except InputError as error:
            mistakes.append(error)
    if mistakes:
        text = "; ".join(str(error.message) for error in mistakes)
        raise mapping.locate(InputError(text, key=mistakes[0].key))
    return fixed


def _mapped(quantity: str, channel: Channel, names: list[str]) -> Candidate:
    """The column that a mapping file names for a quantity."""
    term = by_quantity()[quantity.lower()]
    place = _place(quantity, channel, names)
    header = names[place]
    if channel.unit is not None:
        calibrated = channel.slope or channel.zero
        line = None if calibrated else line_to(channel.unit, term)
        line = line or Line(*channel.line(term.unit), term.unit)
        return Candidate(place, header, term, Level.MAPPING, 0, channel.unit, line)
    for _, unit, _ in readings(header):
        line = line_to(unit, term) if unit else None
        if line is not None:
            return Candidate(place, header, term, Level.MAPPING, 0, unit, line)
    if term.unit == COUNT:
        return Candidate(place, header, term, Level.MAPPING, 0, "", Line(1.0, 0.0, COUNT))
    return Candidate(place, header, term, Level.MAPPING, 0, "", None, NO_UNIT)


def _place(quantity: str, channel: Channel, names: list[str]) -> int:
    if channel.column in names:
        return names.index(str(channel.column))
    if isinstance(channel.column, int) and 1 <= channel.column <= len(names):
        return channel.column - 1
    shown = ", ".join(repr(name) for name in names if name)
    raise InputError(
        f"{channel.column!r} is no column of the table; there are {shown}",
        key=f"columns.{quantity}.column",
    )


def _by_habit(candidate: Candidate, dialect: Dialect) -> Candidate:
    """A time that starts anew with each step, where instruments of this kind write one."""
    name = squeezed(split_header(candidate.header)[0])
    if candidate.term.column == TIME and name in dialect.step_clock:
        return replace(candidate, term=_step_time())
    return candidate


def _step_time() -> Term:
    return by_quantity()["step time"]


def _electrodes(every: list[Candidate], others: list[Candidate]) -> list[Candidate]:
    """Decide whether a potential such as Ewe is the voltage of the cell or of one electrode.

    It is that of an electrode where the file has the other one too, or the voltage of the cell
    beside it.
    """
    usable = [c for c in every if c.usable]
    three = any(c.term.column == NEGATIVE for c in usable) or any(
        c.term.column == VOLTAGE and _is_of_cell(c) for c in usable
    )
    shared = {c.place for c in others if c.term.column == POSITIVE}
    drop = VOLTAGE if three else POSITIVE
    return [
        c
        for c in others
        if not (c.term.column == drop and c.place in shared and _is_shared(c, others))
    ]


def _is_of_cell(candidate: Candidate) -> bool:
    return squeezed(split_header(candidate.header)[0]) in OF_CELL


def _is_shared(candidate: Candidate, others: list[Candidate]) -> bool:
    """Whether a header may be both the voltage of the cell and an electrode's potential."""
    columns = {c.term.column for c in others if c.place == candidate.place}
    return {VOLTAGE, POSITIVE} <= columns
