"""`lithomech analyse cycles`: what each cycle of a file or a result passes."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from lithomech.app.analyse_options import length, quantity, reading
from lithomech.app.analyse_target import finish, names, target_of
from lithomech.app.default_folder import stem_of
from lithomech.app.settings import JsonOption
from lithomech.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from lithomech.observe.cycles import Cycles

MOST_ROWS: Final = 12  # of the table on the screen; cycles.csv has every cycle
UNITS: Final = ("mAh_per_g", "mAh_per_cm2", "mAh")  # the first one that is known is shown
SHOWN: Final = (  # key, heading, unit, scale, format
    ("charge_capacity", "Charge", "", 1.0, "#.4g"),
    ("discharge_capacity", "Discharge", "", 1.0, "#.4g"),
    ("coulombic_efficiency", "CE", "%", 100.0, ".2f"),
    ("energy_efficiency", "EE", "%", 100.0, ".2f"),
    ("mean_charge_voltage_V", "Charge", "V", 1.0, ".3f"),
    ("mean_discharge_voltage_V", "Discharge", "V", 1.0, ".3f"),
    ("stack_pressure_swing_MPa", "P swing", "kPa", 1e3, ".4g"),
    ("stack_pressure_drift_MPa", "P drift", "kPa", 1e3, ".3g"),
)


def cycles(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Measured files, or result.nc.")
    ],
    mass: Annotated[
        str,
        typer.Option(metavar="MASS", help="Of the active material, '12 mg'; a result has it."),
    ] = "",
    diameter: Annotated[
        str, typer.Option(metavar="LENGTH", help="Of a round electrode, '10 mm'; or --area.")
    ] = "",
    area: Annotated[
        str, typer.Option(metavar="AREA", help="Of the electrode, '1.33 cm2'.")
    ] = "",
    window: Annotated[
        str,
        typer.Option(
            metavar="VOLTAGE", help="Of dQ/dV, '10 mV' (default: chosen from the data)."
        ),
    ] = "",
    begins: Annotated[
        Literal["charge", "discharge"],
        typer.Option(help="Half cycle that a cycle begins with, where the file has none."),
    ] = "charge",
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="YAML", help="Which column is what, and calibrations."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder (default: results/<file stem>-cycles)."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Capacity, efficiencies, mean voltages, V(Q), dQ/dV and pressure swing of each cycle."""
    from lithomech.app.measured import cell_result, series_of
    from lithomech.observe.cycles import cycles as analysed
    from lithomech.observe.several import several
    from lithomech.plot.cycles import differential, voltage_curves

    options = {"mass": mass, "diameter": diameter, "area": area, "window": window}
    options["begins"] = begins if begins != "charge" else ""
    kilograms = _above_nil(mass, "kg", "mass")
    square_metres = _area_of(area, diameter)
    width = _above_nil(window, "V", "window")
    target = target_of("cycles", sources, (mapping,), out, options, as_json)
    analyses = []
    for path in sources:
        with reading(path):
            measured = cell_result(path) or series_of(path, mapping)
            analyses.append(
                analysed(
                    measured,
                    kilograms,
                    square_metres,
                    width,
                    discharge_first=begins == "discharge",
                )
            )
    if len(analyses) > 1:
        together = several(analyses, [stem_of(path) for path in sources])
        return finish(
            together, f"Cycles of {names(sources)}", {"cycles": together.plot}, target
        )
    one = analyses[0]
    figures = {
        "overview": one.plot,
        "voltage_curves": lambda: voltage_curves(one),
        "differential_capacity": lambda: differential(one),
    }
    return finish(one, f"Cycles of {names(sources)}", figures, target, cycle_table(one))


def cycle_table(analysis: "Cycles") -> "Table":
    """Return one row per cycle; of many cycles the first and the last ones."""
    from rich.table import Table

    unit = next(unit for unit in UNITS if f"charge_capacity_{unit}" in analysis.columns)
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    table.caption = "V: mean voltages; CE, EE: coulombic and energy efficiency"
    if "stack_pressure_swing_MPa" in analysis.columns:
        table.caption += "; P swing: end of charge less start"
    table.add_column("Cycle\n", justify="right", no_wrap=True)
    columns = []
    for key, heading, own, scale, shown in SHOWN:
        capacity = key.endswith("capacity")
        name = f"{key}_{unit}" if capacity else key
        if name in analysis.columns:
            head = unit.replace("_per_", "/") if capacity else own
            table.add_column(f"{heading}\n{head}", justify="right", no_wrap=True)
            columns.append((analysis.columns[name] * scale, shown))
    numbers = analysis.columns["cycle"].tolist()
    rows = list(range(len(numbers)))
    half = MOST_ROWS // 2
    for row in rows if len(rows) <= MOST_ROWS else rows[:half] + rows[-half:]:
        if len(rows) > MOST_ROWS and row == len(rows) - half:
            table.add_row("…")
        cells = [_text(float(values[row]), shown) for values, shown in columns]
        table.add_row(str(numbers[row]), *cells)
    return table


def _text(value: float, shown: str) -> str:
    return format(value, shown) if math.isfinite(value) else "–"


def _above_nil(text: str, unit: str, option: str) -> float | None:
    if not text:
        return None
    value = quantity(text, unit, option)
    if not value > 0.0:
        raise InputError(f"{text!r} is not above 0 {unit}", file=f"--{option}")
    return value


def _area_of(area: str, diameter: str) -> float | None:
    """Area of the electrode [m2], from one of the two options."""
    if area and diameter:
        raise InputError("--area and --diameter mean the same: give one of them")
    if diameter:
        return math.pi * length(diameter, "diameter") ** 2 / 4.0
    return _above_nil(area, "m^2", "area")
