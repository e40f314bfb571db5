"""Which columns of a table are a frequency and an impedance, and in which unit."""

import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.spec import Channel, Mapping
from lithomech.observe.spectrum import CM2, OHM, OHM_CM2
from lithomech.observe.vocabulary import factor, split_header

Floats = NDArray[np.float64]

# What instruments and people call each column, without case, spaces and units; best first.
_RE: Final = (
    "re(z)", "z'", "zreal", "zre", "realimpedance", "realz", "real(z)", "rez", "zr", "real",
    "realteil", "re",
)  # fmt: skip
_IM: Final = (
    "im(z)", "z''", "zimag", "zim", "imaginaryimpedance", "imagz", "imag(z)", "imz", "zimg",
    "zi", "imaginary", "imag", "imaginärteil", "im",
)  # fmt: skip
_PHASE: Final = (
    "phase(z)", "zphz", "phase", "phaseangle", "impedancephase", "theta(z)", "theta", "arg(z)",
    "phaseshift", "phi",
)  # fmt: skip
WORDS: Final[Dictionary[str, tuple[str, ...]]] = {
    "f": ("frequency", "freq", "frequenz", "fréquence", "frequencia", "주파수", "f"),
    "re": _RE,
    "-re": tuple(f"-{word}" for word in _RE),
    "im": _IM,
    "-im": (*(f"-{word}" for word in _IM), "negativeimaginaryimpedance"),
    "modulus": (
        "|z|", "zmod", "impedancemodulus", "z-mod", "modulus", "abs(z)", "magnitude",
        "impedance", "z",
    ),
    "phase": _PHASE,
    "-phase": tuple(f"-{word}" for word in _PHASE),
    "cycle": ("cyclenumber", "cyclecount", "cycleindex", "cycleid", "cycle", "zcycle"),
    "loop": ("loopindex", "loopnumber", "loop", "sweepnumber", "sweep", "spectrumnumber"),
    "time": ("time", "testtime", "elapsedtime"),
    "pressure": ("surfacepressure", "stackpressure", "pressure"),
}  # fmt: skip
ADMITTANCE: Final = {
    "re(y)", "im(y)", "y'", "y''", "yreal", "yimag", "|y|", "y", "admittance",
    "realadmittance", "imaginaryadmittance", "conductance", "susceptance",
}  # fmt: skip
QUANTITIES: Final = {
    "frequency": "f",
    "real impedance": "re",
    "imaginary impedance": "im",
    "negative imaginary impedance": "-im",
    "impedance modulus": "modulus",
    "impedance phase": "phase",
    "cycle count": "cycle",
    "test time": "time",
    "surface pressure": "pressure",
}
SI: Final = {"f": "Hz", "phase": "rad", "-phase": "rad", "time": "s", "pressure": "Pa"}
COUNTED: Final = {"cycle", "loop"}
USUAL: Final = {"time": "s"}
HERTZ: Final = {"hz": 1.0, "khz": 1e3}
DEGREES: Final = {"deg", "deg.", "degree", "degrees", "°", "grad", "\ufffd"}
OF_IMPEDANCE: Final = ("re", "-re", "im", "-im", "modulus")


class Channelled(NamedTuple):
    """A column that was chosen.

    Attributes:
        place: in the header.
        header: as written.
        slope: what its numbers are multiplied by; nan where the unit depends on the numbers.
        offset: what is added then.
        unit: ``ohm`` or ``ohm cm2`` of an impedance, else that of the SI.
    """

    place: int
    header: str
    slope: float
    offset: float
    unit: str


class Chosen(NamedTuple):
    """The columns of a spectrum.

    Attributes:
        columns: by key.
        unit: of the impedance.
        notes: what was assumed and what else could have been taken.
    """

    columns: dict[str, Channelled]
    unit: str
    notes: tuple[str, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Places of the columns in the header."""
        return tuple(sorted({column.place for column in self.columns.values()}))

    def in_si(self, numbers: Dictionary[int, Floats]) -> dict[str, Floats]:
        """Columns by key, in SI (an impedance in ``unit``).

        Raises:
            InputError: a phase without a unit can be degrees and radians.
        """
        found = {}
        for key, column in self.columns.items():
            values = numbers[column.place]
            slope = column.slope
            if np.isnan(slope):  # a phase without a unit
                if not np.nanmax(np.abs(values), initial=0.0) > np.pi:
                    raise InputError(
                        f"column {column.header!r} has no unit: its numbers can be degrees "
                        "and radians; give the unit in the header or in a mapping file"
                    )
                slope = np.pi / 180.0
            found[key] = slope * values + column.offset
        return found


def impedance(columns: Dictionary[str, Floats]) -> NDArray[np.complex128]:
    """Complex impedance from real and imaginary part, or from modulus and phase."""
    if "modulus" in columns:
        phase = columns["phase"] if "phase" in columns else -columns["-phase"]
        return np.asarray(columns["modulus"] * np.exp(1j * phase), np.complex128)
    real = columns["re"] if "re" in columns else -columns["-re"]
    imaginary = columns["im"] if "im" in columns else -columns["-im"]
    return np.asarray(real + 1j * imaginary, np.complex128)


def choose(header: Sequence[str], mapping: Mapping) -> Chosen:
    """Choose the columns of a spectrum; what the mapping says goes first.

    An exact name beats an alias, and a column with a fitting unit beats one without; a column
    whose unit does not fit its name is another quantity.

    Raises:
        InputError: no frequency or no impedance, with what the columns are instead.
    """
    names = [name.strip() for name in header]
    taken = _mapped(names, mapping)
    candidates: dict[str, list[tuple[tuple[int, int], Channelled]]] = {}
    refused = []
    for place, name in enumerate(names):
        for key, column, score in _readings(place, name):
            if column is None:
                refused.append(name)
            elif key not in taken:
                candidates.setdefault(key, []).append((score, column))
    columns, notes = dict(taken), []
    for key, found in candidates.items():
        found.sort(key=lambda one: one[0])
        columns[key] = found[0][1]
        if len(found) > 1 and key in (*OF_IMPEDANCE, "f", "phase", "-phase"):
            others = ", ".join(repr(column.header) for _, column in found[1:])
            notes.append(f"{found[0][1].header!r} was taken, not {others}")
    columns = _one_form(columns, names, refused)
    units = {columns[key].unit for key in OF_IMPEDANCE if key in columns}
    if len(units) > 1:
        shown = " and ".join(
            repr(columns[key].header) for key in OF_IMPEDANCE if key in columns
        )
        raise InputError(f"one of {shown} is in ohm, the other in ohm cm2")
    return Chosen(columns, units.pop(), tuple(notes))


def _one_form(
    columns: dict[str, Channelled], names: Sequence[str], refused: Sequence[str]
) -> dict[str, Channelled]:
    """Keep real and imaginary part, or modulus and phase; one sign of each.

    Raises:
        InputError: neither is complete.
    """
    real = next((key for key in ("re", "-re") if key in columns), None)
    imaginary = next((key for key in ("im", "-im") if key in columns), None)
    phase = next((key for key in ("phase", "-phase") if key in columns), None)
    if "f" in columns and real and imaginary:
        kept = {"f", real, imaginary}
    elif "f" in columns and "modulus" in columns and phase:
        kept = {"f", "modulus", phase}
    else:
        raise InputError(_why_none(columns, names, refused))
    kept |= {"cycle", "loop", "time", "pressure"}
    return {key: column for key, column in columns.items() if key in kept}


def _why_none(
    columns: Dictionary[str, Channelled], names: Sequence[str], refused: Sequence[str]
) -> str:
    admittances = [n for n in names if _plain(split_header(n)[0]) in ADMITTANCE]
    admittances += [n for n in refused if split_header(n)[1] in {"S", "mS", "uS", "\u00b5S"}]
    missing = [] if "f" in columns else ["frequency"]
    if not ({"re", "-re"} & columns.keys() and {"im", "-im"} & columns.keys()):
        missing.append("Z' and Z'' (or modulus and phase)")
    shown = ", ".join(repr(name) for name in names if name)
    text = f"the table has no {' and no '.join(missing)}; its columns are {shown}"
    if admittances:
        return (
            f"{text}. {admittances[0]!r} is an admittance: export the impedance, or compute "
            "Z = 1/Y"
        )
    if refused:
        text += (
            f". The unit of {refused[0]!r} is none of this quantity; allowed: Hz, kHz, MHz, "
            "ohm, mohm, kohm, Mohm, ohm cm2"
        )
    return (
        f"{text}. Say what is what in a mapping file, such as columns: {{Frequency: {{column: "
        "A, unit: Hz}, Real Impedance: {column: B, unit: ohm}, Imaginary Impedance: {column: "
        "C, unit: ohm}}"
    )


def _mapped(names: list[str], mapping: Mapping) -> dict[str, Channelled]:
    """Columns that the mapping file names."""
    taken = {}
    for quantity, channel in mapping.columns.items():
        key = QUANTITIES.get(quantity.lower())
        if key is None:
            continue
        if channel.column not in names:
            shown = ", ".join(repr(name) for name in names if name)
            error = InputError(
                f"{channel.column!r} is no column of this file; its columns are {shown}",
                key=f"columns.{quantity}.column",
            )
            raise mapping.locate(error)
        place = names.index(channel.column)
        taken[key] = _declared(key, place, channel)
    return taken


def _declared(key: str, place: int, channel: Channel) -> Channelled:
    if channel.slope or channel.zero:
        slope, offset = channel.line(SI.get(key, "ohm"))
        return Channelled(place, channel.column, slope, offset, OHM)
    unit = channel.unit or split_header(channel.column)[1]
    line = _line(key, unit)
    if line is None:
        raise InputError(
            f"the unit {unit!r} of column {channel.column!r} is none of this quantity"
        )
    return Channelled(place, channel.column, line[0], 0.0, line[1])


def _readings(place: int, header: str) -> list[tuple[str, Channelled | None, tuple[int, int]]]:
    """What a header can mean, with a score: lower is better; None if its unit does not fit."""
    whole, (name, unit) = _plain(header), split_header(header)
    found = []
    for key, words in WORDS.items():
        if whole in words:
            rank, written, exact = words.index(whole), "", 1
        elif _plain(name) in words:
            rank, written, exact = words.index(_plain(name)), unit, 0
        else:
            continue
        line = _line(key, written)
        if key == "modulus" and words[rank] in {"z", "impedance"} and not written:
            continue
        column = None if line is None else Channelled(place, header, line[0], 0.0, line[1])
        found.append((key, column, (rank, exact)))
    return found


def _plain(name: str) -> str:
    """A name without case and spaces, with one kind of prime and of minus."""
    text = name.strip().lower().removeprefix("data:")
    text = re.sub(r"[\s_]", "", text.strip('"<> ') if text.count('"') != 1 else text)
    text = text.replace("\u2212", "-").replace("\u2013", "-").replace("\u2032", "'")
    text = text.replace("\u2033", "''").replace('"', "''").replace("\u2019", "'")
    return re.sub(r"(?<=')\([ab]\)$", "", text)


def _line(key: str, unit: str) -> tuple[float, str] | None:
    """Slope of a unit, and the unit it leads to; None if the unit is none of the quantity."""
    unit = unit.strip()
    if key in COUNTED:
        return 1.0, "1"
    if key in {"phase", "-phase"}:
        return _of_phase(unit)
    if key in OF_IMPEDANCE:
        return _of_impedance(unit)
    if key == "f":
        return _of_frequency(unit)
    return _factor(unit or USUAL.get(key, ""), SI[key])


def _of_phase(unit: str) -> tuple[float, str] | None:
    if not unit:
        return np.nan, "rad"
    return (np.pi / 180.0, "rad") if unit.lower() in DEGREES else _factor(unit, "rad")


def _of_frequency(unit: str) -> tuple[float, str] | None:
    if unit.lower().replace(" ", "") in {"rad/s", "rads-1", "rads^-1"}:
        return 1.0 / (2.0 * np.pi), "Hz"
    if unit.lower() in HERTZ or not unit:
        return HERTZ[unit.lower() or "hz"], "Hz"
    return _factor("MHz" if unit == "MHZ" else unit, "Hz")


def _of_impedance(unit: str) -> tuple[float, str] | None:
    if not unit:
        return 1.0, OHM
    text = unit.replace("\u00b7", "*").replace("\u22c5", "*").replace("\u00b2", "2")
    text = re.sub(r"(?i)ohms?|\u03a9|\u2126", "ohm", text)
    text = re.sub(r"^K(?=\s*ohm)", "k", text)
    text = re.sub(r"ohm\s*[.*]?\s*(?=c?m)", "ohm*", re.sub(r"^(\w)\s+ohm", r"\1ohm", text))
    plain = _factor(text, "ohm")
    if plain is not None:
        return plain[0], OHM
    per_area = _factor(text, "ohm*m^2")
    return None if per_area is None else (per_area[0] / CM2, OHM_CM2)


def _factor(unit: str, to: str) -> tuple[float, str] | None:
    try:
        return factor(unit, to)[0], to
    except InputError:
        return None
