"""Options of `lithomech analyse` as numbers; what is wrong in them names the option."""

# ruff: noqa: PLC0415  imported when it is used, so that --help is quick

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.observe.polarization import Sample
    from lithomech.observe.spectrum import Spectrum


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Errors name the file, unless they name another."""
    try:
        yield
    except InputError as error:
        raise error.located(file=str(path)) from None


def quantity(text: str, unit: str, option: str) -> float:
    """A quantity in an SI unit."""
    from lithomech.files.quantity import parse_quantity

    with reading(Path(f"--{option}")):
        return parse_quantity(text.strip(), unit)


def length(text: str, option: str) -> float:
    """A length above nil [m]."""
    value = quantity(text, "m", option)
    if not value > 0.0:
        raise InputError(f"{text!r} is not above 0 m", file=f"--{option}")
    return value


def crop_of(text: str, shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture that count."""
    if not text:
        return shape[0], shape[1]
    parts = text.split(",")
    if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
        raise InputError(
            f"{text!r}; allowed: rows and columns, such as 900,1280", file="--crop"
        )
    return int(parts[0]), int(parts[1])


def prepare_of(frequencies: str, area: str) -> "Callable[[Spectrum], Spectrum]":
    """What is done to each spectrum before it is analysed: its window and its area."""
    window: list[float] = []
    if frequencies:
        window = sorted(quantity(part, "Hz", "frequencies") for part in frequencies.split(","))
        if len(window) != 2 or not 0.0 <= window[0] < window[1]:
            raise InputError(
                f"{frequencies!r}; allowed: two frequencies, such as '1 Hz,100 kHz'",
                file="--frequencies",
            )
    square = quantity(area, "m^2", "area") if area else None

    def prepared(spectrum: "Spectrum") -> "Spectrum":
        with reading(Path("--area")):
            spectrum = spectrum if square is None else spectrum.times_area(square)
        with reading(Path("--frequencies")):
            return spectrum.within(window[0], window[1]) if window else spectrum

    return prepared


def sample_of(
    diameter: str, thickness: str, separators: str, conductivity: str, rest: tuple[str, str]
) -> "Sample":
    """What was between the electrodes; ``rest`` is the share and the three errors."""
    from lithomech.observe.polarization import Sample

    if not diameter or not thickness:
        raise InputError("--diameter and --thickness are needed, such as '10 mm' and '100 um'")
    share, errors = rest
    relative = [quantity(part, "dimensionless", "errors") for part in errors.split(",")]
    if len(relative) != 3 or min(relative) < 0.0:
        raise InputError(
            f"{errors!r}; allowed: three shares, such as '2 %,5 %,3 %'", file="--errors"
        )
    return Sample(
        math.pi * length(diameter, "diameter") ** 2 / 4.0,
        length(thickness, "thickness"),
        quantity(separators, "ohm", "separators"),
        quantity(conductivity, "S/m", "conductivity") if conductivity else math.nan,
        quantity(share, "dimensionless", "share") if share else math.nan,
        (relative[0], relative[1], relative[2]),
    )


def particle_diameter_of(data: Mapping[str, object]) -> float | None:
    """Diameter of the first active material of a simulated cell [m]."""
    cathode = data.get("cathode")
    active = cathode.get("active") if isinstance(cathode, Mapping) else None
    first = active[0].get("diameter") if isinstance(active, list) and active else None
    if isinstance(first, Mapping):
        first = first.get("d50")
    return float(first) if isinstance(first, int | float) else None
