"""The part of a report on the pouch that the layers of a cell would make."""

from typing import TYPE_CHECKING, Any, Final

from lithomech.app.page import cell, table

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

ROWS: Final = (
    ("specific_energy_Wh_per_kg", "Specific energy", "Wh/kg"),
    ("energy_density_Wh_per_L", "Energy density, charged", "Wh/L"),
    ("specific_power_W_per_kg", "Mean power of the discharge", "W/kg"),
    ("energy_Wh", "Energy", "Wh"),
    ("capacity_Ah", "Capacity", "Ah"),
    ("n_p_ratio", "Capacity of the anode over the cathode's (n/p)", "–"),
    ("inactive_lithium_Ah", "Lithium without contact", "Ah"),
    ("mass_kg", "Mass", "kg"),
    ("hardware_kg", "Pressure hardware", "kg"),
    ("thickness_mm", "Thickness, charged", "mm"),
    ("spring_stroke_um", "Stroke of the spring, whole run", "µm"),
    ("cost", "Cost of what has a price", ""),
)


def pouch_tables(result: "CellResult") -> str:
    """Return the pouch on each basis and its parts; nothing where there is none."""
    rows = result.stack
    if not rows:
        return ""
    head = [cell("Quantity", "th"), cell("Unit", "th")]
    head += [cell(row["basis"].capitalize(), "th", "number") for row in rows]
    body = [
        [
            cell(label, "th"),
            cell(unit or str(rows[0]["currency"] or ""), kind="unit"),
            *(cell(_number(row[key]), kind="number") for row in rows),
        ]
        for key, label, unit in ROWS
    ]
    stack = result.resolved["stack"]
    return table(head, body) + _parts(stack) + f'<p class="quiet">{_note(stack, rows)}</p>'


def _parts(stack: dict[str, Any]) -> str:
    """Mass and thickness of each kind of part."""
    names = ("Mass (g)", "Thickness (mm)", "Cost")
    head = [cell("Part", "th"), cell("Materials", "th")]
    head += [cell(name, "th", "number") for name in names]
    body = [
        [
            cell(part["part"].replace("_", " "), "th"),
            cell(", ".join(part["masses_kg"])),
            cell(_number(1e3 * part["mass_kg"]), kind="number"),
            cell(_number(1e3 * part["thickness_m"]), kind="number"),
            cell(_number(part["cost"]), kind="number"),
        ]
        for part in stack["parts"]
    ]
    return table(head, body)


def _note(stack: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """How to read the tables, in sentences."""
    edges = f"{1e3 * stack['width_m']:.3g} × {1e3 * stack['length_m']:.3g} mm"
    pressure = stack["design_pressure_Pa"]
    held = "" if pressure is None else f" Hardware holds {1e-6 * pressure:.3g} MPa."
    unpriced = ", ".join(stack["without_price"]) if rows[0]["currency"] else ""
    priced = f" Without a price: {unpriced}." if unpriced else ""
    return (
        f"{stack['pairs_of_electrodes']} pairs of electrodes of {edges}, at cycle "
        f"{rows[0]['cycle']}; parts as made.{held}{priced}"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
