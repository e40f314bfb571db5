"""A panel as it came out: its numbers beside the printed ones, and what the register says."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lithomech.validation.figures.panel import Panel, Reading, Results
from lithomech.validation.judge import Number, Verdict, judge
from lithomech.validation.register import load_register
from lithomech.validation.runs import Runs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STATUSES: Final = {
    "reproduced": "what is printed comes out: every claim that can be judged",
    "contradicted": "at least one claim comes out otherwise; the size of the miss is given",
    "drawn": "comes from the models or the library; no number or trend to judge it by",
}
OPEN: Final = ("pending", "cannot")  # of a claim


class Row(NamedTuple):
    """A printed number and ours.

    Attributes:
        claim: id.
        place: in the paper.
        number: both.
        role: predicted | calibrated | given | stored.
        errata: of the claim.
    """

    claim: str
    place: str
    number: Number
    role: str
    errata: tuple[str, ...]


class Outcome(NamedTuple):
    """What became of a panel.

    Attributes:
        panel: that was drawn.
        status: one of STATUSES.
        reason: one sentence.
        rows: printed numbers beside ours.
        verdicts: of the claims, in their order.
        seconds: that its runs took when they were computed.
        warnings: of its runs that did not complete.
    """

    panel: Panel
    status: str
    reason: str
    rows: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    seconds: float
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "id": self.panel.id,
            "title": self.panel.title,
            "status": self.status,
            "reason": self.reason,
            "numbers": [
                {
                    "claim": row.claim,
                    "place": row.place,
                    "name": row.number.name,
                    "printed": list(row.number.published),
                    "ours": list(row.number.found),
                    "unit": row.number.unit,
                    "relative_error": _finite(row.number.error()),
                    "role": row.role,
                    "errata": list(row.errata),
                }
                for row in self.rows
            ],
            "claims": {verdict.id: verdict.status for verdict in self.verdicts},
            "seconds": round(self.seconds, 2),
            "warnings": list(self.warnings),
        }


def outcome(panel: Panel, runs: Runs) -> Outcome:
    """Judge the claims of a panel and read its runs.

    Args:
        panel: whose runs are computed where they are missing.
        runs: where they are kept.
    """
    known = {verdict.id: verdict for verdict in judge(panel.judged_by, runs=runs)}
    status, reason = _summary(panel, known)
    verdicts = tuple(
        known.get(name) or panel_verdict(name, panel, known) for name in panel.claims
    )
    results = Results(panel.runs, runs)
    readings = tuple(panel.read(results))
    rows = (*(_read(reading) for reading in readings), *_judged(verdicts, readings))
    seconds = sum(runs.seconds(run.declared()) for run in panel.needed)
    warnings = tuple(
        f"{name}: {result.status}, {result.reason}"
        for name, result in results.items()
        if result.status not in {"completed", "short"}
    )
    return Outcome(panel, status, reason, rows, verdicts, seconds, warnings)


def drawn(panel: Panel, runs: Runs) -> "Figure":
    """Draw a panel."""
    return panel.draw(Results(panel.runs, runs))


def panel_verdict(claim: str, panel: Panel, known: Mapping[str, Verdict]) -> Verdict:
    """What a panel says of the claim that it is about.

    Args:
        claim: of a figure.
        panel: that draws it.
        known: verdicts of the claims that judge the panel, by id.
    """
    status, reason = _summary(panel, known)
    return Verdict(claim, status, f"{reason}; drawn by `lithomech figures {panel.id}`")


def _summary(panel: Panel, known: Mapping[str, Verdict]) -> tuple[str, str]:
    """Status of a panel and its reason, by the claims that judge it."""
    by: dict[str, list[str]] = {}
    for name in panel.judged_by:
        by.setdefault(known[name].status, []).append(name)
    if against := [*by.get("contradicted", ()), *by.get("unknown", ())]:
        return "contradicted", f"by {', '.join(against)}"
    if holds := by.get("reproduced"):
        return "reproduced", f"by {', '.join(holds)}"
    open_ = [f"{name} is {status}" for status in OPEN for name in by.get(status, ())]
    held = len(by.get("data", ())) + len(by.get("erratum", ()))
    if held:
        misprints = len(by.get("erratum", ()))
        more = f", {misprints} of them misprints" if misprints else ""
        open_.insert(0, f"printed statements that are stored: {held}{more}; none is judged")
    return "drawn", "; ".join(open_) or "nothing is printed to judge it by"


def _read(reading: Reading) -> Row:
    claim = load_register().claims[reading.claim]
    return Row(reading.claim, claim.place, reading.number(), reading.role, claim.errata)


def _judged(verdicts: Sequence[Verdict], readings: Sequence[Reading]) -> tuple[Row, ...]:
    """Numbers of the register, less those that the runs of the panel give."""
    known = {reading.claim for reading in readings}
    claims = load_register().claims
    return tuple(
        Row(
            verdict.id,
            claims[verdict.id].place,
            number._replace(name=number.name.replace("_", " ")),
            "stored" if verdict.status == "data" else "predicted",
            claims[verdict.id].errata,
        )
        for verdict in verdicts
        if verdict.id not in known
        for number in verdict.numbers
    )


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
