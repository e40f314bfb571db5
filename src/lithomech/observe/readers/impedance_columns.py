"""Which columns of a table are a frequency and an impedance, and in which unit."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.headers import Candidate, Matching, candidates, choose
from lithomech.observe.readers.quantities import fixed_by
from lithomech.observe.spec import Mapping
from lithomech.observe.spectrum import CM2, OHM, OHM_CM2
from lithomech.observe.vocabulary import IMPEDANCE, Term, by_quantity, terms

Floats = NDArray[np.float64]

F: Final = "Frequency / Hz"
OMEGA: Final = "Angular Frequency / rad/s"
REAL: Final = "Real Impedance / Ohm"
MINUS_REAL: Final = "Negative Real Impedance / Ohm"
IMAGINARY: Final = "Imaginary Impedance / Ohm"
MINUS_IMAGINARY: Final = "Negative Imaginary Impedance / Ohm"
MODULUS: Final = "Impedance Modulus / Ohm"
PHASE: Final = "Impedance Phase / rad"
MINUS_PHASE: Final = "Negative Impedance Phase / rad"
CYCLE: Final = "Cycle Count / 1"
LOOP: Final = "Loop Count / 1"
TIME: Final = "Test Time / s"
PRESSURE: Final = "Surface Pressure / Pa"
BESIDE: Final = (CYCLE, LOOP, TIME, PRESSURE)
OF_IMPEDANCE: Final = (REAL, MINUS_REAL, IMAGINARY, MINUS_IMAGINARY, MODULUS)
FORMS: Final = (  # complete descriptions of an impedance, best first
    (REAL, IMAGINARY),
    (REAL, MINUS_IMAGINARY),
    (MINUS_REAL, IMAGINARY),
    (MINUS_REAL, MINUS_IMAGINARY),
    (MODULUS, PHASE),
    (MODULUS, MINUS_PHASE),
)
PER_AREA: Final = "ohm*m^2"
ADMITTANCE: Final = "Admittance"
SIEMENS: Final = frozenset({"S", "mS", "uS", "\u00b5S", "\u03bcS"})


class Chosen(NamedTuple):
    """The columns of a spectrum.

    Attributes:
        columns: by the name of the quantity.
        unit: of the impedance, ``ohm`` or ``ohm cm2``.
        notes: what was assumed and what else could have been taken.
    """

    columns: dict[str, Candidate]
    unit: str
    notes: tuple[str, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Places of the columns in the header."""
        return tuple(sorted({column.place for column in self.columns.values()}))

    def in_si(self, numbers: Dictionary[int, Floats]) -> dict[str, Floats]:
        """Return the columns by quantity, in SI, an impedance in ``unit``.

        Raises:
            InputError: a phase without a unit can be degrees and radians.
        """
        return {
            name: _in_si(name, column, numbers[column.place])
            for name, column in self.columns.items()
        }


def frequency(columns: Dictionary[str, Floats]) -> Floats:
    """Frequency [Hz]."""
    return columns[F] if F in columns else columns[OMEGA] / (2.0 * np.pi)


def impedance(columns: Dictionary[str, Floats]) -> NDArray[np.complex128]:
    """Complex impedance from real and imaginary part, or from modulus and phase."""
    if MODULUS in columns:
        phase = columns[PHASE] if PHASE in columns else -columns[MINUS_PHASE]
        return np.asarray(columns[MODULUS] * np.exp(1j * phase), np.complex128)
    real = columns[REAL] if REAL in columns else -columns[MINUS_REAL]
    imaginary = columns[IMAGINARY] if IMAGINARY in columns else -columns[MINUS_IMAGINARY]
    return np.asarray(real + 1j * imaginary, np.complex128)


def choose_columns(header: Sequence[str], mapping: Mapping) -> Chosen:
    """Choose the columns of a spectrum; what the mapping says goes first.

    Raises:
        InputError: no frequency or no impedance, with what the columns are instead.
    """
    fixed = fixed_by(header, mapping, _terms())
    taken = {candidate.place for candidate in fixed}
    free = [c for c in candidates(header, _terms()) if c.place not in taken]
    matching = choose([*fixed, *map(_angular, free)])
    chosen = matching.chosen
    form = next((form for form in FORMS if set(form) <= chosen.keys()), None)
    first = next((name for name in (F, OMEGA) if name in chosen), None)
    if form is None or first is None:
        raise InputError(_why_none(matching, header))
    columns = {name: chosen[name] for name in (first, *form, *BESIDE) if name in chosen}
    units = {_unit_of(columns[name]) for name in form if name in OF_IMPEDANCE}
    if len(units) > 1:
        shown = " and ".join(repr(columns[name].header) for name in form)
        raise InputError(f"one of {shown} is in ohm, the other in ohm cm2")
    return Chosen(columns, units.pop(), (*_assumed(columns), *_others(matching, columns)))


def _terms() -> tuple[Term, ...]:
    beside = (by_quantity()[name.rpartition(" / ")[0].lower()] for name in BESIDE)
    return (*terms(IMPEDANCE), *(term for term in beside if term.kind != IMPEDANCE))


def _angular(candidate: Candidate) -> Candidate:
    """A frequency whose unit is of an angle is an angular one, and the reverse."""
    name = candidate.term.column
    if name not in {F, OMEGA} or candidate.line is None:
        return candidate
    if ("rad" in candidate.unit.lower()) == (name == OMEGA):
        return candidate
    other = OMEGA if name == F else F
    term = by_quantity()[other.rpartition(" / ")[0].lower()]
    return replace(candidate, term=term)


def _unit_of(candidate: Candidate) -> str:
    return OHM_CM2 if candidate.line is not None and candidate.line.unit == PER_AREA else OHM


def _in_si(name: str, column: Candidate, numbers: Floats) -> Floats:
    if column.line is not None:
        scale = 1.0 / CM2 if column.line.unit == PER_AREA else 1.0
        return scale * (column.line.slope * numbers + column.line.offset)
    if name not in {PHASE, MINUS_PHASE}:
        return numbers
    if not np.nanmax(np.abs(numbers), initial=0.0) > np.pi:
        raise InputError(
            f"column {column.header!r} has no unit: its numbers can be degrees and radians; "
            "give the unit in the header or in a mapping file"
        )
    return np.radians(numbers)


def _assumed(columns: Dictionary[str, Candidate]) -> list[str]:
    """What is taken for the unit where there is none."""
    bare = [repr(c.header) for name, c in columns.items() if c.problem and name not in BESIDE]
    if not bare:
        return []
    return [f"without a unit, {', '.join(bare)} were read in Hz, ohm and degrees"]


def _others(matching: Matching, columns: Dictionary[str, Candidate]) -> list[str]:
    """What else could have been taken for a part of the impedance."""
    notes = []
    for name in (F, REAL, IMAGINARY, MINUS_IMAGINARY):
        if name not in columns:
            continue
        others = [
            repr(c.header)
            for c in matching.candidates
            if c.term.column == name and c.usable and c.place != columns[name].place
        ]
        if others:
            notes.append(f"{columns[name].header!r} was taken, not {', '.join(others)}")
    return notes


def _why_none(matching: Matching, header: Sequence[str]) -> str:
    chosen = matching.chosen
    missing = [] if F in chosen or OMEGA in chosen else ["frequency"]
    if not any(set(form) <= chosen.keys() for form in FORMS):
        missing.append("Z' and Z'' (or modulus and phase)")
    shown = ", ".join(repr(name) for name in header if name.strip())
    text = f"the table has no {' and no '.join(missing)}; its columns are {shown}"
    siemens = [
        c for c in matching.candidates if c.unit in SIEMENS or ADMITTANCE in c.term.column
    ]
    if siemens:
        first = min(siemens, key=lambda c: c.place).header
        return f"{text}. {first!r} is an admittance: export the impedance, or compute Z = 1/Y"
    refused = [c for c in matching.refused if c.term.column in {F, *OF_IMPEDANCE}]
    if refused:
        first = min(refused, key=lambda c: c.place)
        text += (
            f". The unit of {first.header!r} is none of this quantity; allowed: Hz, kHz, "
            "MHz, ohm, mohm, kohm, Mohm, ohm cm2"
        )
    return (
        f"{text}. Say what is what in a mapping file, such as columns: {{Frequency: {{column: "
        "A, unit: Hz}, Real Impedance: {column: B, unit: ohm}, Imaginary Impedance: {column: "
        "C, unit: ohm}}"
    )
