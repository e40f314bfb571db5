"""What a run is to leave behind."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.observe.timeseries import TimeSeries


Format: TypeAlias = Literal["png", "svg", "pdf"]
FORMATS: Final[tuple[Format, ...]] = ("png", "svg", "pdf")


class Wanted(NamedTuple):
    """What a run is to leave behind, and what it came from.

    Attributes:
        folder: None if nothing is written.
        source: of the cell.
        measured: series that the run is drawn over.
        formats: of the figures.
        as_json: whether one JSON object is printed in place of the table.
        quiet: whether nothing is printed as long as all goes well.
        band: whether the ranges of what is not known are run too.
        interactive: whether its report is.
    """

    folder: Path | None
    source: Path
    measured: "TimeSeries | None" = None
    formats: tuple[Format, ...] = FORMATS[:1]
    as_json: bool = False
    quiet: bool = False
    band: bool = False
    interactive: bool = False


def formats(words: Sequence[str] | None) -> tuple[Format, ...]:
    """Return the kinds of picture files that were asked for, png if none was.

    Raises:
        InputError: one is not known.
    """
    chosen = [word.strip().lower() for one in words or FORMATS[:1] for word in one.split(",")]
    for word in chosen:
        if word not in FORMATS:
            raise InputError(f"--figures: {word!r} is not known; allowed: {', '.join(FORMATS)}")
    return tuple(known for known in FORMATS if known in chosen)
