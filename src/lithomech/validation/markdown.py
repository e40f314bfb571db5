"""The scoreboard as a Markdown page, and the words for its numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from lithomech.validation.judge import STATUSES, Number, Verdict
from lithomech.validation.register import Register

MEANINGS: Final = {
    "reproduced": "a formula or a model gives the number or the trend, from other inputs",
    "contradicted": "it gives another one; the size of the miss is reported",
    "data": "the number is stored in the library of materials, and was compared with it",
    "erratum": "what is printed is wrong, and arithmetic shows it",
    "definition": "a convention or a method without a number, which the code follows",
    "drawn": "a figure that models or the library draw; nothing printed judges it",
    "pending": "the package cannot say yet; it waits for a capability",
    "cannot": "no model of the package will say, for the reason that is given",
    "unknown": "a mistake in the register",
}
_HEAD: Final = """\
# The literature register

Written by `lithomech validate`: every statement of Song et al. 2021, the review that the
package starts from, with a status that is computed from the library of materials and the
models.
A prediction that used a number which the same statement prints does not count as reproduced.
Misses are results: they stand here with their size. A figure (F-) has the status of its panel,
which follows from other statements: in the score these count twice.
"""
_COLUMNS: Final = "| id | statement | published | predicted | error | status | why |"
_RULE: Final = "| --- | --- | --- | --- | --- | --- | --- |"


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return how many claims have each status, in the order of the scoreboard."""
    found = Counter(verdict.status for verdict in verdicts)
    return {status: found[status] for status in STATUSES if found[status]}


def published(verdict: Verdict) -> str:
    """Return the printed numbers of a claim as text."""
    return "; ".join(_number_text(n.published, n, verdict) for n in verdict.numbers)


def predicted(verdict: Verdict) -> str:
    """Return the predicted numbers as text; "" where the number is only stored."""
    if verdict.status not in {"reproduced", "contradicted"}:
        return ""
    return "; ".join(_number_text(n.found, n, verdict) for n in verdict.numbers)


def error(verdict: Verdict) -> str:
    """Return the largest relative error as text."""
    size = verdict.relative_error
    if size is None or verdict.status not in {"reproduced", "contradicted"}:
        return ""
    return "0 %" if size == 0.0 else f"{100.0 * size:+.2g} %"


def render(verdicts: Sequence[Verdict], register: Register) -> str:
    """Return the page."""
    lines = [_HEAD, "| status | claims | meaning |", "| --- | --- | --- |"]
    table = counts(verdicts)
    lines += [f"| {status} | {count} | {MEANINGS[status]} |" for status, count in table.items()]
    lines += [f"| | {len(verdicts)} | |", "", _COLUMNS, _RULE]
    for verdict in verdicts:
        claim = register.claims[verdict.id]
        cells = (
            verdict.id,
            claim.statement,
            published(verdict),
            predicted(verdict),
            error(verdict),
            verdict.status,
            ", ".join(filter(None, (verdict.detail, *claim.errata))),
        )
        lines.append(f"| {' | '.join(' '.join(c.replace('|', '/').split()) for c in cells)} |")
    lines += ["", *_errata(register)]
    return "\n".join(lines) + "\n"


def _errata(register: Register) -> list[str]:
    """The list of errata: what is printed and what is right or undecided."""
    lines = [
        "## Errata",
        "",
        "Certainty: C shown by arithmetic (a test does it); P probable, by another source;",
        "I two statements that contradict each other and nothing decides between them.",
        "",
        "| id | certainty | place | printed | right | evidence |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, erratum in register.errata.items():
        cells = (
            name,
            erratum.certainty,
            erratum.place,
            erratum.printed,
            erratum.right,
            erratum.evidence,
        )
        lines.append(f"| {' | '.join(' '.join(c.replace('|', '/').split()) for c in cells)} |")
    return lines


def _number_text(ends: tuple[float, float], number: Number, verdict: Verdict) -> str:
    """One number or a range with its unit, and its name where a claim has several."""
    low, high = ends
    value = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
    unit = "" if number.unit == "dimensionless" else number.unit
    name = f"{number.name.replace('_', ' ')} " if len(verdict.numbers) > 1 else ""
    return f"{name}{value} {unit}".strip()
