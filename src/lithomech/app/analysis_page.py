"""What an analysis leaves behind: numbers, tables, a picture, and one page with all of them."""

import csv
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.app import out_folder
from lithomech.app.default_folder import INPUTS, UNFINISHED, record_inputs
from lithomech.app.outcome import number, quantity_table
from lithomech.app.page import cell, page, section, table
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis
from lithomech.plot.style import save_png
from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console
    from rich.table import Table

MOST_ROWS: Final = 60  # of a table on the page; the file has all
NUMBERS: Final = "analysis.json"
NAMES: Final = {NUMBERS, INPUTS, "report.html", "figures", "tables", UNFINISHED}

OURS: Final = ("figures/*.png", "figures/*.gif", "tables/*.csv")  # of an earlier analysis


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier analysis.

    Raises:
        InputError: something else stands there.
    """
    out_folder.check_folder(folder, lambda f: out_folder.visible(f) <= NAMES, "an analysis")


def described(
    analysis: AbstractAnalysis,
    title: str,
    sources: Sequence[Path],
    options: Mapping[str, object],
) -> dict[str, Any]:
    """An analysis as plain data, with the files it read and the options."""
    files = [{"file": path.name, "sha256": _digest(path)} for path in sources]
    return {
        "analysis": title,
        "version": __version__,
        "files": files,
        "options": dict(options),
        **analysis.to_json(),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_folder(
    analysis: AbstractAnalysis,
    data: Mapping[str, Any],
    figures: "Mapping[str, Figure]",
    folder: Path,
    sources: Sequence[Path],
    animations: Mapping[str, bytes] | None = None,
) -> None:
    """Write analysis.json, tables/*.csv, figures/*.png, *.gif and report.html; all or none.

    Beside them, input.txt names the sources.
    """
    moving = animations or {}
    with out_folder.staging(folder, OURS) as staged:
        text = json.dumps(data, indent=1, allow_nan=False)
        (staged / NUMBERS).write_text(text, encoding="utf-8")
        record_inputs(staged, folder, sources)
        (staged / "tables").mkdir()
        tables = analysis.tables()
        for name, columns in tables.items():
            _write_table(columns, staged / "tables" / f"{_file_name(name)}.csv")
        for name, figure in figures.items():
            save_png(figure, staged / "figures" / f"{name}.png")
        for name, moved in moving.items():
            (staged / "figures" / f"{name}.gif").write_bytes(moved)
        pictures = {
            name: _picture(name, _png(figure), "png") for name, figure in figures.items()
        }
        pictures |= {name: _picture(name, moved, "gif") for name, moved in moving.items()}
        parts = _sections(analysis, data, pictures, tables)
        text = page(str(data["analysis"]), parts)
        (staged / "report.html").write_text(text, encoding="utf-8")


def show(
    analysis: AbstractAnalysis,
    title: str,
    console: "Console",
    folder: Path | None,
    summary: "Table | None" = None,
) -> None:
    """Print the numbers, what limits them, and where the report lies."""
    console.print(title, style="bold", markup=False)
    if summary is not None:
        console.print(summary)
    console.print(quantity_table(analysis))
    for warning in analysis.warnings:  # each on one line, however narrow the terminal is
        text = " ".join(warning.split())
        console.print(f"warning: {text}", style="yellow", markup=False, soft_wrap=True)
    colour = "green" if analysis.status == COMPLETED else "red"
    console.print(analysis.status, style=colour, end="")
    console.print(f": {analysis.reason}", markup=False, soft_wrap=True)
    if folder is not None:
        console.print(f"report: {folder / 'report.html'}", markup=False, soft_wrap=True)


def _sections(
    analysis: AbstractAnalysis,
    data: Mapping[str, Any],
    pictures: Mapping[str, str],
    tables: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    good = "completed" if analysis.status == COMPLETED else ""
    header = (
        f"<header><h1>{escape(str(data['analysis']))}</h1>\n"
        f'<p><span class="status {good}">{escape(analysis.status)}</span>: '
        f"{escape(analysis.reason)}. lithomech {__version__}.</p></header>\n"
    )
    warned = "".join(f"<li>{escape(text)}</li>" for text in analysis.warnings)
    head = [cell(word, "th") for word in ("Quantity", "Value", "Unit", "Note")]
    rows = [
        [cell(q.name, "th"), cell(number(q), kind="number"), cell(q.unit), cell(q.note)]
        for q in analysis.quantities
    ]
    return [
        header,
        section("Warnings", f'<ul class="warnings">{warned}</ul>' if warned else ""),
        section("Pictures", "".join(pictures.values())),
        section("Numbers", table(head, rows) if rows else ""),
        *(
            section(name[0].upper() + name[1:], _table(columns))
            for name, columns in tables.items()
        ),
        section("Input", _input(data)),
    ]


def _input(data: Mapping[str, Any]) -> str:
    """Files with their checksums, and options."""
    rows = [
        [cell(f["file"], "th"), cell(f"SHA-256 {f['sha256'][:16]}...")] for f in data["files"]
    ]
    rows += [[cell(name, "th"), cell(value)] for name, value in data["options"].items()]
    return table([cell("Input", "th"), cell("Value", "th")], rows)


def _png(drawn: "Figure") -> bytes:
    stream = BytesIO()
    drawn.savefig(stream, format="png", dpi=150)
    return stream.getvalue()


def _picture(name: str, picture: bytes, kind: str) -> str:
    data = b64encode(picture).decode("ascii")
    text = escape(name.replace("_", " "), quote=True)
    return (
        f'<figure id="{text}">\n<img alt="{text}" style="max-width:100%" '
        f'src="data:image/{kind};base64,{data}">\n</figure>\n'
    )


def _table(columns: Mapping[str, Any]) -> str:
    """A table, thinned to what a reader can take in."""
    count = max((len(values) for values in columns.values()), default=0)
    if not count:
        return ""
    every = -(-count // MOST_ROWS)
    head = [cell(name, "th") for name in columns]
    rows = [
        [cell(_shown(values[row]), kind="number") for values in columns.values()]
        for row in range(0, count, every)
    ]
    note = f'<p class="quiet">1 of {every} rows; tables/*.csv has all.</p>' if every > 1 else ""
    return table(head, rows) + note


def _shown(value: Any) -> str:  # noqa: ANN401  whatever a table holds
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _write_table(columns: Mapping[str, Any], path: Path) -> None:
    lists = [
        ["" if isinstance(v, float) and not np.isfinite(v) else v for v in values.tolist()]
        for values in columns.values()
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*lists, strict=True))


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name.replace("/", "_"))[:80].strip("_") or "table"
