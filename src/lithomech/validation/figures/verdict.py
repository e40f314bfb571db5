"""A panel as it came out: its numbers beside the printed ones, and what the register says."""

from collections.abc import Sequence
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
    "pending": "waits for something that the package cannot do yet",
    "cannot": "no model gives it, for the reason given",
}


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
    verdicts = tuple(judge(panel.claims, runs=runs))
    results = Results(panel.runs, runs)
    readings = () if panel.cannot else tuple(panel.read(results))
    rows = (*(_read(reading) for reading in readings), *_judged(verdicts, readings))
    status, reason = _summary(panel, verdicts)
    seconds = sum(runs.seconds(run.declared()) for run in panel.needed)
    warnings = tuple(
        f"{name}: {result.status}, {result.reason}"
        for name, result in results.items()
        if result.status not in {"completed", "short"}
    )
    return Outcome(panel, status, reason, rows, verdicts, seconds, warnings)


def drawn(panel: Panel, runs: Runs) -> "Figure | None":
    """Draw a panel; None for a table and for what no model gives."""
    return None if panel.draw is None else panel.draw(Results(panel.runs, runs))


def waiting(panel: Panel) -> tuple[str, str] | None:
    """Why a panel is not drawn, as status and reason, without a run; None if it can be."""
    if panel.cannot:
        return "cannot", panel.cannot
    first = load_register().claims[panel.claims[0]]
    if panel.draw is None and first.check.by == "pending":
        return "pending", judge(panel.claims[:1])[0].detail
    return None


def _summary(panel: Panel, verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """Status of a panel and its reason."""
    if (why := waiting(panel)) is not None:
        return why
    by = {
        status: [v.id for v in verdicts if v.status == status]
        for status in ("contradicted", "reproduced", "pending", "unknown")
    }
    if by["contradicted"] or by["unknown"]:
        return "contradicted", f"by {', '.join(by['contradicted'] + by['unknown'])}"
    if by["reproduced"]:
        return "reproduced", ", ".join(by["reproduced"])
    held = [v.id for v in verdicts if v.status in {"data", "erratum"}]
    if held:
        misprints = sum(v.status == "erratum" for v in verdicts)
        more = f", {misprints} of them misprints" if misprints else ""
        return "drawn", f"{len(held)} printed statements are stored{more}; none is judged"
    return "drawn", "nothing is printed to judge it by"


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
