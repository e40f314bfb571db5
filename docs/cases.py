"""Writes docs/cases.md and docs/images/cases: measured cells beside their simulation.

python docs/cases.py            five minutes; every case of the package is run
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lithomech.plot.cases import Compared, compared
from lithomech.plot.style import save_png
from lithomech.validation.case_run import CaseRow, run_cases
from lithomech.validation.case_spec import Case, cases, load_case

PAGE = Path(__file__).with_name("cases.md")
PICTURES = Path(__file__).parent / "images" / "cases"
HEAD = """# Measured cells

Each case is a cell that somebody measured, described by its published inputs
(`src/lithomech/validation/cases`). A row is *calibrated* where a constant was set on it, else
*predicted*; measured values stand only where they were known before the simulation was run.
The band is what one assumed input at a time leaves. Inputs that a source does not give are
assumed once and listed; most numbers of the sources were read in a digest. Cells of one batch
differ by a factor of 2 in their fade, so judge orders and factors, not curves.

Written by `python docs/cases.py`; the same rows as JSON: `lithomech validate --cases --json`
([howto/add_a_case.md](howto/add_a_case.md)).
"""


def main() -> int:
    """Run every case, draw and write."""
    rows = run_cases()
    PICTURES.mkdir(exist_ok=True)
    parts = [HEAD, "\n".join(_constants(rows))]
    for name in cases():
        case = load_case(name)
        own = [row for row in rows if row.case == name]
        drawn = [_compared(row) for row in own if row.value is not None]
        if drawn:
            save_png(compared(drawn), PICTURES / f"{name}.png")
        parts.append("\n".join(_section(case, own, picture=bool(drawn))))
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    return 0


def _compared(row: CaseRow) -> Compared:
    return Compared(
        f"{_words(row)} [{row.unit}]",
        f"{row.condition}, {row.at}",
        row.value,
        row.band,
        row.measured,
        row.role,
    )


def _constants(rows: Sequence[CaseRow]) -> Iterator[str]:
    """What was set on which rows, and how well these come out."""
    yield "## What was calibrated\n"
    yield "| case | constant | value | set on | simulated | measured |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name in cases():
        case = load_case(name)
        for constant in case.calibrated:
            for wanted in constant.rows:
                row = next(
                    r
                    for r in rows
                    if (r.case, r.condition, r.quantity, r.at)
                    == (name, wanted.condition, wanted.quantity, wanted.at)
                )
                place = f"{_escaped(row.condition)}: {_words(row)} at {row.at}"
                yield (
                    f"| {name} | `{constant.parameter}` | {_value(constant.value)} | {place} "
                    f"| {_number(row.value)} | {_number(row.measured)} |"
                )
    yield ""


def _section(case: Case, rows: Sequence[CaseRow], *, picture: bool) -> Iterator[str]:
    yield f"## {case.id}: {case.source}\n"
    if picture:
        yield f"![{case.id}](images/cases/{case.id}.png)\n"
    yield "| condition | quantity | at | simulated | band | measured | unit | role |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        band = "" if row.band is None else f"{_number(row.band[0])} to {_number(row.band[1])}"
        measured = "" if row.measured is None else _number(row.measured)
        yield (
            f"| {_escaped(row.condition)} | {_words(row)} | {row.at} | {_number(row.value)} "
            f"| {band} | {measured} | {row.unit} | {row.role} |"
        )
    yield ""
    reasons = dict.fromkeys((row.condition, row.reason) for row in rows if row.reason)
    for condition, reason in reasons:
        yield f"- {_escaped(condition)}: {reason}."
    for assumed in case.assumed:
        varied = f"; also {', '.join(map(_value, assumed.varied))}" if assumed.varied else ""
        reason = f" ({assumed.reason})" if assumed.reason else ""
        yield f"- Assumed: `{assumed.key}` {_value(assumed.value)}{varied}{reason}."
    for note in case.notes:
        yield f"- {note}"
    yield ""


def _value(value: object) -> str:
    """A value of a case file in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "; ".join(map(_value, value))
    return str(value)


def _words(row: CaseRow) -> str:
    """The quantity without its unit, which has a column."""
    unit = row.unit.replace("/", "_per_").replace("*", "_").replace("^", "")
    return row.quantity.removesuffix(f"_{unit}").replace("_", " ")


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
