"""What each instrument does in its own way; all else is read by the same code."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from lithomech.observe.readers.dates import Order
from lithomech.observe.readers.text import Layout
from lithomech.observe.vocabulary import split_header, squeezed


class Dialect(NamedTuple):
    """Ways of one instrument.

    Attributes:
        name: of the format.
        sign_of: what the current is multiplied by for each code of a step; without it the
            current of the file has a sign.
        codes: names of the column with these codes, squeezed.
        usual: units of columns that are written without one, by their squeezed header.
        step_clock: squeezed names of a time that starts anew with each step.
        dates: order of day and month, where the dates of a file do not show it.
    """

    name: str
    codes: tuple[str, ...] = ()
    sign_of: Mapping[str, float] = {}
    usual: Mapping[str, str] = {}
    step_clock: tuple[str, ...] = ()
    dates: Order | None = None


PLAIN: Final = Dialect("delimited text")
BDF: Final = Dialect("Battery Data Format")
BIOLOGIC: Final = Dialect("Biologic EC-Lab text", dates=Order.MONTH)
NEWARE: Final = Dialect(
    "Neware text",
    step_clock=("time", "relativetime", "steptime"),
    usual={"time": "s", "totaltime": "s", "steptime": "s"},
)
ARBIN: Final = Dialect(
    "Arbin text",
    dates=Order.MONTH,
    usual={
        "testtime": "s",
        "steptime": "s",
        "current": "A",
        "voltage": "V",
        "chargecapacity": "Ah",
        "dischargecapacity": "Ah",
        "chargeenergy": "Wh",
        "dischargeenergy": "Wh",
        "temperature": "degC",
    },
)
MACCOR: Final = Dialect(
    "Maccor text",
    dates=Order.MONTH,
    codes=("state", "md"),
    sign_of={"c": 1.0, "d": -1.0},  # all others rest
    usual={
        "amps": "A",
        "volts": "V",
        "test": "s",
        "testtime": "s",
        "amphr": "Ah",
        "watthr": "Wh",
        "current": "A",
        "voltage": "V",
        "capacity": "Ah",
        "energy": "Wh",
        "temp1": "degC",
        "steptime": "s",
    },
)
_EC_LAB: Final = frozenset({"control", "controlchanges", "nschanges", "dq"})
_BDF_NAMES: Final = re.compile(
    r"(test time / s|test_time_second|voltage / v|voltage_volt)", re.IGNORECASE
)


def dialect_of(layout: Layout) -> Dialect:
    """Return the dialect that a file speaks, from its first lines and its header."""
    names = {name.lower() for name in layout.header}
    words = {squeezed(split_header(name)[0]) for name in layout.header if name}
    first = " ".join(layout.preamble[:3]).lower()
    signs = (
        (
            NEWARE,
            layout.levels is not None and bool(words & {"datapoint", "recordid", "record"}),
        ),
        (BIOLOGIC, "ec-lab" in first or "bt-lab" in first or len(words & _EC_LAB) > 1),
        (MACCOR, {"rec", "dpttime"} <= words or "today's date" in first),
        (MACCOR, any(name.startswith(("cyc#", "rec#")) for name in names)),
        (ARBIN, "testtime" in words and bool(words & {"datapoint", "cycleindex"})),
        (NEWARE, any(n.startswith(("step type", "chg. cap", "record id")) for n in names)),
        (BDF, any(_BDF_NAMES.fullmatch(name) for name in names)),
    )
    return next((dialect for dialect, seen in signs if seen), PLAIN)
