"""Every predicted number beside the published one, for the figures of the register."""

from collections.abc import Sequence

from lithomech.plot.validation import Compared
from lithomech.validation.judge import Verdict
from lithomech.validation.register import load_register


def compared(verdicts: Sequence[Verdict]) -> list[Compared]:
    """Return every predicted number beside the published one, for the figures."""
    claims, rows = load_register().claims, []
    for verdict in verdicts:
        check = claims[verdict.id].check
        if check.by != "prediction" or verdict.status not in {"reproduced", "contradicted"}:
            continue
        for n in verdict.numbers:
            low, high = n.published
            value = n.found[0]
            near = min(max(value, low), high)
            met = abs(n.error()) <= check.tolerance
            status = "reproduced" if met else "contradicted"
            label = n.name.replace("_", " ")
            row = Compared(verdict.id, label, status, near, value, n.error(), check.tolerance)
            rows.append(row)
    return rows
