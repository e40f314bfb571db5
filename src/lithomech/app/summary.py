"""What is shown of each cycle in the terminal."""

from typing import TYPE_CHECKING, Final

from rich.table import Table

from lithomech.cell.readout.quantities import outputs

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

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
