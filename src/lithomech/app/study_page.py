"""One HTML file that shows a study: nothing to load, nothing to run."""

from collections.abc import Mapping
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app.page import STILL, Interactive, cell, figure, page, section, table
from lithomech.files.yamlfile import dump_yaml
from lithomech.plot.style import to_svg
from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.studies.table import StudyResult

MOST_ROWS: Final = 500  # of the table in the page; table.csv has all
HIDDEN: Final = "input_hash"


def write_page(
    result: "StudyResult",
    figures: Mapping[str, "Figure"],
    path: Path,
    interactive: Interactive = STILL,
) -> None:
    """Write the page."""
    parts = [
        _header(result),
        interactive.section,
        section("Warnings", _warnings(result)),
        section("Answers", _answers(result)),
        section("Pictures", "".join(_picture(result, n, f) for n, f in figures.items())),
        section("Members", _members(result)),
        section("Study", _study(result)),
    ]
    path.write_text(
        page(result.study.name, parts, interactive.scripts, interactive.styles),
        encoding="utf-8",
    )


def _header(result: "StudyResult") -> str:
    kind = "status completed" if result.status == "completed" else "status"
    return (
        f"<header><h1>{escape(result.study.name)}</h1>\n"
        f'<p><span class="{kind}">{escape(result.status)}</span>: {escape(result.reason)}; '
        f"{result.wall_time_s:.3g} s, lithomech {__version__}.</p></header>\n"
    )


def _warnings(result: "StudyResult") -> str:
    listed = "".join(f"<li>{escape(text)}</li>" for text in result.warnings)
    return f'<ul class="warnings">{listed}</ul>' if listed else ""


def _answers(result: "StudyResult") -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in result.answers)


def _picture(result: "StudyResult", name: str, drawn: "Figure") -> str:
    factors = " and ".join(axis.key for axis in result.study.axes)
    return figure(
        name.replace("@", "-cycle-"), to_svg(drawn), f"{name} over {factors}.",
        "Members without a value are crosses, or red lines.",
    )  # fmt: skip


def _members(result: "StudyResult") -> str:
    shown = [k for k, name in enumerate(result.columns) if name != HIDDEN]
    head = [cell(result.columns[k], "th") for k in shown]
    rows = [
        [cell(_text(row[k]), kind="" if isinstance(row[k], str) else "number") for k in shown]
        for row in islice(result.rows(), MOST_ROWS)
    ]
    count = len(result.column("status"))
    more = f" The first {MOST_ROWS} of {count}." if count > MOST_ROWS else ""
    note = f'<p class="quiet">All digits: table.csv.{more}</p>'
    return table(head, rows) + note


def _text(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.5g}"


def _study(result: "StudyResult") -> str:
    origin = result.study.origin
    if origin is None:
        return ""
    return f"<pre>{escape(dump_yaml(origin.document.data))}</pre>"
