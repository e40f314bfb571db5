"""The one list of quantities that can be fitted."""

from collections.abc import Iterator, Mapping
from typing import Final

from lithomech.errors import InputError, Mistakes
from lithomech.studies.fitted_channels import (
    PRESSURE,
    RELATIVE,
    VOLTAGE,
    Asked,
    Channel,
    Fitted,
)
from lithomech.studies.fitted_cycles import Capacity, retention
from lithomech.studies.fitted_spectra import impedance

_CAPACITY: Final = ("A*s/kg", "A*s", "A*s/m^2", RELATIVE)
FITTED: Final[Mapping[str, Fitted]] = {
    "voltage": Fitted(("V",), "2 mV", VOLTAGE),
    "stack_pressure": Fitted(("Pa",), "5 kPa", PRESSURE),
    "charge_capacity": Fitted(
        _CAPACITY, "1 mAh/g", Capacity("charge_capacity", "Charge capacity")
    ),
    "discharge_capacity": Fitted(
        _CAPACITY, "1 mAh/g", Capacity("discharge_capacity", "Discharge capacity")
    ),
    "retention": Fitted((RELATIVE,), "0.5 %", retention),
    "impedance": Fitted(("ohm", RELATIVE), "1 %", impedance),
}
OVER_TIME: Final = frozenset({"voltage", "stack_pressure"})


def read_channels(asked: Asked) -> Iterator[Channel]:
    """Yield the channels of a measured file.

    Raises:
        InputError: the file cannot be read, or lacks a quantity; all of them at once.
    """
    mistakes, found = Mistakes(), []
    for quantity, noise in asked.noise.items():
        with mistakes.noted():
            if not asked.file.is_file():
                raise InputError(f"{asked.file}: there is no such file")
            found += FITTED[quantity].read(asked, noise)
    mistakes.report()
    yield from found
