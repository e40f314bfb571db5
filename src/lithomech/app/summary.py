"""What is shown of each cycle, in the terminal and in the report."""

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.table import Table

if TYPE_CHECKING:
    from lithomech.cell.result import CellResult

MOST_ROWS: Final = 12  # of the terminal table; the report has every cycle


class Quantity(NamedTuple):
    """One quantity of a cycle: key in the result, name, unit, factor and digits to show."""

    key: str
    name: str
    unit: str
    factor: float
    digits: int
    brief: str = ""  # heading in the terminal; quantities without one are in the report only


QUANTITIES: Final = (
    Quantity("charge_capacity_mAh_per_g", "Charge capacity", "mAh/g", 1, 1, "Charge"),
    Quantity("discharge_capacity_mAh_per_g", "Discharge capacity", "mAh/g", 1, 1, "Discharge"),
    Quantity("charge_capacity_mAh_per_cm2", "Charge capacity", "mAh/cm²", 1, 3),
    Quantity("discharge_capacity_mAh_per_cm2", "Discharge capacity", "mAh/cm²", 1, 3),
    Quantity("coulombic_efficiency", "Coulombic efficiency", "%", 100, 2, "CE"),
    Quantity("mean_discharge_voltage_V", "Mean discharge voltage", "V", 1, 3, "Voltage"),
    Quantity("stack_pressure_start_MPa", "Stack pressure at start", "MPa", 1, 3),
    Quantity("stack_pressure_min_MPa", "Lowest stack pressure", "MPa", 1, 3, "P min"),
    Quantity("stack_pressure_max_MPa", "Highest stack pressure", "MPa", 1, 3, "P max"),
    Quantity("stack_pressure_end_of_charge_MPa", "Stack pressure, end of charge", "MPa", 1, 3),
    Quantity("stack_pressure_end_MPa", "Stack pressure at end", "MPa", 1, 3),
    Quantity(
        "contact_fraction_end_of_charge", "Contact left, end of charge", "%", 100, 1, "Contact"
    ),
    Quantity("contact_fraction_end", "Contact left at end", "%", 100, 1),
    Quantity("crack_damage_end", "Crack damage at end", "%", 100, 1),
    Quantity(
        "crack_area_fraction_end_of_charge", "Crack area, end of charge", "%", 100, 2, "Cracks"
    ),
    Quantity("crack_area_fraction_end", "Crack area at end", "%", 100, 2),
    Quantity("cathode_thickness_change_um", "Cathode thickness change", "µm", 1, 3),
    Quantity("anode_thickness_change_um", "Anode thickness change", "µm", 1, 3),
    Quantity("lithium_contact_fraction_min", "Lowest lithium contact", "%", 100, 1),
    Quantity(
        "cathode_decomposition_mAh_per_cm2", "Decomposition at cathode so far", "mAh/cm²", 1, 4
    ),
    Quantity(
        "anode_decomposition_mAh_per_cm2", "Decomposition at anode so far", "mAh/cm²", 1, 4
    ),
    Quantity("first_cycle_loss_mAh_per_cm2", "First-cycle loss so far", "mAh/cm²", 1, 4),
)


def shown(value: float | None, quantity: Quantity) -> str:
    """Return a value as text; a dash where the quantity does not apply."""
    return "–" if value is None else f"{quantity.factor * value:.{quantity.digits}f}"


def cycle_table(result: "CellResult") -> Table:
    """Return the main quantities of each cycle; of many cycles the first and last ones."""
    brief = [quantity for quantity in QUANTITIES if quantity.brief]
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    table.caption = "P: stack pressure; contact left and crack area are those at end of charge"
    table.add_column("Cycle\n", justify="right")
    for quantity in brief:
        table.add_column(f"{quantity.brief}\n{quantity.unit}", justify="right")
    rows = list(enumerate(result.cycles, start=1))
    half = MOST_ROWS // 2
    for number, cycle in rows if len(rows) <= MOST_ROWS else rows[:half] + rows[-half:]:
        if len(rows) > MOST_ROWS and number == len(rows) - half + 1:
            table.add_row("…")
        table.add_row(
            str(number), *(shown(cycle[quantity.key], quantity) for quantity in brief)
        )
    return table
