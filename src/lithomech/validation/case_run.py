"""Run cases: the rows of every condition, with the band that the assumed inputs leave."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from lithomech.cell.many import run_many
from lithomech.cell.readout.result import CellResult
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.cell.resolve.build import Resolved, resolve
from lithomech.cell.spec import Cell
from lithomech.errors import InputError
from lithomech.validation.case_readings import COMPLETED, Simulated
from lithomech.validation.case_spec import Case, Output, Row, cases, load_case

Progress = Callable[[float, str], None]


class CaseRow(NamedTuple):
    """One quantity of a case under one condition.

    Attributes:
        case: id.
        condition: name.
        quantity: name.
        unit: of the value.
        at: cycle, rate, pressure or words.
        value: None where the cell does not get there; ``reason`` says why.
        role: calibrated where a constant was set on this row, else predicted.
        set_by: constants that this case set.
        seen: whether the measured value was known before.
        measured: that value.
        band: lowest and highest value with one assumed input replaced at a time.
        reason: why there is no value, or that an assumed input leaves none; else "".
    """

    case: str
    condition: str
    quantity: str
    unit: str
    at: float | str
    value: float | None
    role: str
    set_by: tuple[str, ...]
    seen: bool
    measured: float | None
    band: tuple[float, float] | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        """The row of ``lithomech validate --cases --json``."""
        return {
            **self._asdict(),
            "set_by": list(self.set_by),
            "band": None if self.band is None else list(self.band),
            "reason": self.reason or None,
        }


class _Found(NamedTuple):
    """A value, or why there is none."""

    value: float | None
    reason: str = ""


def run_cases(ids: Iterable[str] = (), progress: Progress | None = None) -> list[CaseRow]:
    """Run cases.

    Args:
        ids: of packaged cases, or paths of case files; all packaged ones if there is none.
        progress: called with the fraction done and a text.

    Raises:
        InputError: there is no such case, or its file is wrong.
        KeyboardInterrupt: Ctrl-C.
    """
    report = progress or (lambda _fraction, _text: None)
    chosen = [load_case(name) for name in (list(ids) or cases())]
    total = sum(len(case.conditions) for case in chosen)
    rows: list[CaseRow] = []
    done = 0
    for case in chosen:
        for condition in case.conditions:
            report(done / total, f"{case.id}, {condition}")
            rows += condition_rows(case, condition)
            done += 1
    report(1.0, "done")
    return rows


def condition_rows(case: Case, condition: str) -> list[CaseRow]:
    """Return the rows of one condition."""
    reason = case.conditions[condition].not_yet
    found: dict[Output, list[_Found]] = {
        output: [_Found(None, reason)] if reason else [] for output in case.quantities
    }
    for run in () if reason else case.runs or ("",):
        wanted = [output for output in case.quantities if output.run == run]
        found |= dict(zip(wanted, _of_run(case, condition, wanted), strict=True))
    return [_row(case, condition, output, found[output]) for output in case.quantities]


def _of_run(case: Case, condition: str, wanted: Sequence[Output]) -> list[list[_Found]]:
    """Values of each quantity of one run: as assumed, and with each variation."""
    if not wanted:
        return []
    variations = (None, *case.variations)
    cells = [case.cell(condition, wanted[0].run, variation) for variation in variations]
    simulated = _simulate(cells, needs_run=any(one.how.needs_run for one in wanted))
    later = case.conditions[condition].cycles_later
    return [[_read(one, output, later) for one in simulated] for output in wanted]


def _simulate(cells: Sequence[Cell], *, needs_run: bool) -> list[Simulated | str]:
    """Resolve and run cells side by side; of one that is not possible, why."""
    models = [_resolved(cell) for cell in cells]
    able = [cell for cell, model in zip(cells, models, strict=True) if model[0] is not None]
    results = iter(run_many(able) if needs_run else [None] * len(able))
    return [
        reason if model is None else Simulated(model, next(results)) for model, reason in models
    ]


def _resolved(cell: Cell) -> tuple[Resolved | None, str]:
    try:
        return resolve(cell), ""
    except InputError as error:
        return None, error.message


def _read(cell: Simulated | str, output: Output, later: int) -> _Found:
    """Read a quantity, or find out why there is none."""
    if isinstance(cell, str):
        return _Found(None, cell)
    value = output.how.value(cell, output.place(later))
    if value is not None:
        return _Found(float(value))
    return _Found(None, _why(cell.result, output))


def _why(result: CellResult | None, output: Output) -> str:
    """Why a run has no such value."""
    if result is not None and result.status != COMPLETED:
        return f"{result.status}: {result.reason}"
    if result is not None and any(event.name == SKIPPED for event in result.events):
        return "a step before it was skipped: its cut-off was already passed when it began"
    return output.how.missing


def _row(case: Case, condition: str, output: Output, found: Sequence[_Found]) -> CaseRow:
    row = Row(condition, output.quantity, output.at)
    measured = case.measured(row)
    values = [one.value for one in found if one.value is not None]
    varied = len(found) > 1 and found[0].value is not None
    return CaseRow(
        case=case.id,
        condition=condition,
        quantity=output.quantity,
        unit=output.how.unit,
        at=output.at,
        value=found[0].value,
        role=case.role(row),
        set_by=case.constants,
        seen=measured is not None,
        measured=measured,
        band=(min(values), max(values)) if varied else None,
        reason=found[0].reason or _lost(found[1:]),
    )


def _lost(varied: Sequence[_Found]) -> str:
    """How many variations have no value, and why the first of them has none."""
    lost = [one.reason for one in varied if one.value is None]
    return f"no value with {len(lost)} of {len(varied)} variations: {lost[0]}" if lost else ""
