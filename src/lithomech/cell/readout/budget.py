"""From what the legs of a run left behind to the loss budget of each cycle.

The missing capacity is an inventory of lithium, exact by charge, at two moments: the end of the
discharge, where the cathode is not as full as before the first charge, and its start, where it
is not as empty as after the first charge. See docs/theory/losses.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.holdings import Holding, Holdings
from lithomech.cell.readout.jumps import Jump, Summary, with_skipped
from lithomech.cell.readout.legs import LEAST_CHARGE, WHOLE, Left
from lithomech.cell.readout.losses import Losses
from lithomech.cell.resolve.build import Resolved

Floats = NDArray[np.float64]
NO_PATH, CUT_OFF, FILMS, KEPT = "no path", "cut off", "films", "lithium kept"
NOT_ASKED, BEYOND = "not asked for", "beyond the first charge"
COULOMB_PER_MAH: Final = 3.6
MILLIVOLT: Final = 1e3  # per V


class Span(NamedTuple):
    """Two moments that lithium is compared between: a discharge, or the first charge."""

    start: Holdings
    end: Holdings

    @property
    def passed(self) -> float:
        """Charge between them, positive on discharge [C/m2]."""
        return self.end.passed - self.start.passed


def loss_budget(
    model: Resolved, legs: Iterable[tuple[int, Left]], jumps: Sequence[Jump]
) -> Losses:
    """Return the loss budget of all cycles, skipped ones interpolated.

    Args:
        model: the cell.
        legs: cycle of every leg, and what it left.
        jumps: over skipped cycles.
    """
    cycles: dict[int, list[Left]] = {}
    for cycle, left in legs:
        cycles.setdefault(cycle, []).append(left)
    first = _first_charge(cycles.values())
    per_gram = _per_gram(model)
    known = per_gram is not None and first is not None and _is_counted(first)
    overvoltage = {n: _half(legs) for n, legs in cycles.items()}
    capacity = {
        n: _missing(model, first, legs) if known and first else {} for n, legs in cycles.items()
    }
    volts = _columns(overvoltage, jumps, MILLIVOLT)
    charges = _columns(capacity, jumps, per_gram or 1.0)
    none = np.full(len(volts[WHOLE]), np.nan)
    return Losses(
        overvoltage_mV={cause: v for cause, v in volts.items() if cause != WHOLE},
        whole_overvoltage_mV=volts[WHOLE],
        capacity_mAh_per_g={c: v for c, v in charges.items() if known and c != WHOLE},
        missing_capacity_mAh_per_g=charges[WHOLE] if known else none,
        reference_capacity_mAh_per_g=(
            -first.passed / _in_use(model) * (per_gram or 1.0) if known and first else np.nan
        ),
    )


def _per_gram(model: Resolved) -> float | None:
    """From C/m2 to mAh per gram of active material of the cathode; None without any."""
    if not model.active_mass:
        return None
    return model.area / COULOMB_PER_MAH / (1e3 * model.active_mass)


def _is_counted(first: Span) -> bool:
    """Whether the cathode is a host, whose sites can be counted."""
    return bool(np.isfinite(first.start.cathode.sites).all())


def _in_use(model: Resolved) -> float:
    """Share of the cathode's active material that ions and electrons reach."""
    if "cathode" not in model.composites:
        return 1.0
    reached = model.arrays.particles["host"]["volume_fraction"][model.class_ranges["cathode"]]
    made = [(g.volume_fraction, g.inert) for g in model.composites["cathode"].particles]
    pairs = zip(reached, made, strict=True)
    return min((float(vf / whole) for vf, (whole, inert) in pairs if not inert), default=1.0)


def _first_charge(cycles: Iterable[list[Left]]) -> Span | None:
    """The first charge of a run, with the hold after it."""
    start = end = None
    for leg in chain.from_iterable(cycles):
        moved = leg.end.passed - leg.start.passed
        if start is not None and leg.discharged > 0.0:
            break
        if moved < -LEAST_CHARGE:
            start, end = start or leg.start, leg.end
    return None if start is None or end is None else Span(start, end)


def _half(legs: list[Left]) -> Summary:
    """Overvoltages in the leg in which half of the discharge of a cycle is passed."""
    total, passed = sum(leg.discharged for leg in legs), 0.0
    for leg in legs:
        passed += leg.discharged
        if total > 0.0 and passed >= 0.5 * total:
            return dict(leg.half())
    return {}


def _missing(model: Resolved, first: Span, legs: list[Left]) -> Summary:
    """Charge that a discharge lacks of the reference, by cause [C/m2]."""
    discharging = [leg for leg in legs if leg.discharged > 0.0]
    if not discharging:
        return {}
    last = discharging[-1]
    span = Span(discharging[0].start, last.end)
    reference = -first.passed / _in_use(model)
    found = _inventory(first, span, last.at_anode)
    found[NO_PATH] = reference + first.passed
    return {WHOLE: reference - span.passed, **_shared(found, last)}


def _inventory(first: Span, span: Span, at_anode: float) -> dict[str, float]:
    """Charge by where lithium or its sites are; "not asked for" is what could still move.

    Args:
        first: the first charge.
        span: the discharge.
        at_anode: lithium that the anode could still give at its end.
    """
    made, emptied = first.start.cathode, first.end.cathode
    empty, full = span.start.cathode, span.end.cathode
    as_made, as_emptied = _per_site(made), _per_site(emptied)
    # sites in grains that are cut off: not filled as they were made, not emptied as at first
    cut = ((full.cut - made.cut) * as_made - (full.trapped - made.trapped)).sum()
    cut += ((empty.trapped - emptied.trapped) - (empty.cut - emptied.cut) * as_emptied).sum()
    unfilled = ((full.sites - full.cut) * as_made - full.in_use).sum()
    unemptied = (empty.in_use - (empty.sites - empty.cut) * as_emptied).sum()
    short = _short(first.start, span.end, float(unfilled) - at_anode)
    films = (made.films - emptied.films) + (empty.films - full.films)
    kept = (made.kept - emptied.kept) + (empty.kept - full.kept)
    return {
        CUT_OFF: float(cut) + short[CUT_OFF],
        FILMS: films + short[FILMS],
        KEPT: kept + short[KEPT],
        NOT_ASKED: float(unfilled + unemptied) - sum(short.values()),
    }


def _per_site(holding: Holding) -> Floats:
    """Lithium per site in use, class by class."""
    sites = holding.sites - holding.cut
    return holding.in_use / np.where(sites > 0.0, sites, 1.0)


def _short(made: Holdings, now: Holdings, lacking: float) -> dict[str, float]:
    """Lithium that the anode lacks to fill the cathode, by where the anode has lost it."""
    lost = {
        CUT_OFF: float((now.anode.trapped - made.anode.trapped).sum()),
        FILMS: now.anode.films - made.anode.films,
        KEPT: now.anode.kept - made.anode.kept,
    }
    whole = sum(lost.values())
    if whole <= 0.0:
        return dict.fromkeys(lost, 0.0)
    share = min(max(lacking, 0.0) / whole, 1.0)
    return {cause: share * charge for cause, charge in lost.items()}


def _shared(found: dict[str, float], last: Left) -> Summary:
    """Let the causes of the overvoltage share what could still move, where it was asked for.

    It is negative, and no loss, where the cathode is fuller than before the first charge.
    """
    volts = {c: max(v, 0.0) for c, v in last.last().items() if c != WHOLE}
    total, rest = sum(volts.values()), found.pop(NOT_ASKED)
    if rest < 0.0:
        return {**found, BEYOND: rest}
    if not last.asked or total <= 0.0:
        return {**found, NOT_ASKED: rest}
    return {**found, **{cause: rest * v / total for cause, v in volts.items()}}


def _columns(
    rows: Mapping[int, Summary], jumps: Sequence[Jump], factor: float
) -> dict[str, Floats]:
    """Numbers per cycle by cause, those of skipped cycles interpolated; NaN is not known."""
    causes = dict.fromkeys(chain([WHOLE], *rows.values()))
    whole = {n: _whole_row(rows[n], causes) for n in sorted(rows)}
    table = with_skipped(whole, jumps)
    return {
        cause: np.array(
            [np.nan if (v := row[cause]) is None else factor * v for row in table], dtype=float
        )
        for cause in causes
    }


def _whole_row(row: Summary, causes: Iterable[str]) -> Summary:
    """The same with every cause: 0 where it does not apply, None where nothing is known."""
    return {cause: row.get(cause, 0.0) if row else None for cause in causes}
