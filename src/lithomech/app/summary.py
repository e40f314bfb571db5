"""What is shown of each cycle in the terminal."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from rich.table import Table

from lithomech.cell.readout.quantities import outputs
from lithomech.cell.resolve.sources import ASSUMED, TAKEN

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.studies.frame_band import FrameBand

MOST_ROWS: Final = 12  # of the terminal table; the report has every cycle


def cycle_table(result: "CellResult") -> Table:
    """Return the main quantities of each cycle; of many cycles the first and last ones."""
    headed = [quantity for quantity in outputs().cycle.values() if quantity.heading]
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    table.caption = "P: stack pressure; contact left and crack area are those at end of charge"
    table.add_column("Cycle\n", justify="right")
    for quantity in headed:
        table.add_column(f"{quantity.heading}\n{quantity.shown_unit}", justify="right")
    rows = list(enumerate(result.cycles, start=1))
    half = MOST_ROWS // 2
    for number, cycle in rows if len(rows) <= MOST_ROWS else rows[:half] + rows[-half:]:
        if len(rows) > MOST_ROWS and number == len(rows) - half + 1:
            table.add_row("…")
        table.add_row(str(number), *(quantity.text(cycle[quantity.key]) for quantity in headed))
    return table


def band_lines(result: "CellResult", band: "FrameBand") -> Iterator[str]:
    """Yield the swing of the stack pressure with its band, of the first cycle and the last."""
    soft, stiff = (1e-12 * stiffness for stiffness in band.stiffness)
    frame = f"{band.frame} of {soft:g} to {stiff:g} MPa/um"
    yield f"stack pressure at end of charge less start, {frame}:"
    for number in dict.fromkeys((1, len(result.cycles))):
        cycle, ends = result.cycles[number - 1], band.swings[number - 1]
        if ends is not None:
            low, high = ends
            yield (
                f"  cycle {number}: {cycle['stack_pressure_swing_MPa']:+.2f} MPa "
                f"({low:+.2f} to {high:+.2f} MPa)"
            )


def brief(warnings: Iterable[str]) -> list[str]:
    """Return the warnings of a run with one line on all assumed and borrowed values.

    The report lists these values one by one.
    """
    kept, counts = [], {ASSUMED: 0, TAKEN: 0}
    for warning in warnings:
        _, _, said = warning.partition(": ")
        kind = next((word for word in counts if said.startswith(word)), None)
        if kind is None:
            kept.append(warning)
        else:
            counts[kind] += len(said.partition(": ")[2].split(", "))
    words = {ASSUMED: "assumed", TAKEN: "borrowed from another material"}
    numbers = [f"{count} {words[kind]}" for kind, count in counts.items() if count]
    if numbers:
        kept.append(f"values of the materials: {', '.join(numbers)}; the report lists them")
    return kept
