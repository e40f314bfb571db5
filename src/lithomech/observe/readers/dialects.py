"""What each instrument does in its own way; all else is read by the same code."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from lithomech.observe.readers.text import Layout
from lithomech.observe.vocabulary import SECONDS


class Dialect(NamedTuple):
    """Ways of one instrument.

    Attributes:
        name: of the format.
        sign_of: what the current is multiplied by for each code in the column `code`; without
            it the current of the file has a sign.
        code: name of a column with a code for the step, in lower case.
        usual: units of columns that are written without one, by the start of their header.
        step_clock: headers, in lower case, of a time that starts anew with each step.
    """

    name: str
    code: str = ""
    sign_of: Mapping[str, float] = {}
    usual: Mapping[str, str] = {}
    step_clock: tuple[str, ...] = ()


PLAIN: Final = Dialect("delimited text")
BDF: Final = Dialect("Battery Data Format")
BIOLOGIC: Final = Dialect("Biologic EC-Lab text")
NEWARE: Final = Dialect(
    "Neware text",
    step_clock=("time(h:min:s.ms)", "time", "relative time(h:min:s.ms)"),
    usual={"time": SECONDS, "total time": SECONDS},
)
ARBIN: Final = Dialect("Arbin text")
MACCOR: Final = Dialect(
    "Maccor text",
    code="state",
    sign_of={"c": 1.0, "d": -1.0},  # all others rest
    usual={"amps": "A", "volts": "V", "test": SECONDS, "testtime": SECONDS},
)
_BDF_NAMES: Final = re.compile(
    r"(test time / s|test_time_second|voltage / v|voltage_volt)", re.IGNORECASE
)


def dialect_of(layout: Layout) -> Dialect:
    """Return the dialect that a file speaks, from its first lines and its header."""
    names = {name.lower() for name in layout.header}
    first = " ".join(layout.preamble[:3]).lower()
    if "ec-lab" in first or "bt-lab" in first:
        return BIOLOGIC
    if any(name.startswith(("cyc#", "rec#")) for name in names) or "today's date" in first:
        return MACCOR
    if names & {"test_time(s)", "test time (s)"} and names & {"cycle_index", "cycle index"}:
        return ARBIN
    if any(name.startswith(("step type", "chg. cap", "record id")) for name in names):
        return NEWARE
    if any(_BDF_NAMES.fullmatch(name) for name in names):
        return BDF
    return PLAIN
