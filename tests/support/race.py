"""lithomech against the PyBaMM model of the same equations, at equal true error of voltage.

Both are swept over their tolerances and radial meshes, each judged against its own tight
reference; of the settings within the allowed error the fastest of each side race: one thread,
warm, interleaved, median against median.
"""

import dataclasses
import itertools
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pybamm

from lithomech.cell.protocol.order import flatten
from lithomech.cell.protocol.steps import Hold
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import Runner, run
from lithomech.cell.solver.command import kernel_step
from lithomech.cell.solver.march import Order, march
from lithomech.cell.spec import Cell
from oracles.pybamm_cell import PybammCell
from support.plain_numbers import plain_numbers, plain_step

POINTS = 4000  # of a reference, per step
WINDOW = (0.01, 0.95)  # of a step: where voltages are compared
SHELLS = (8, 12, 16, 24, 40)
OURS = tuple(itertools.product((5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5), SHELLS))
PEER = tuple(itertools.product((1e-3, 3e-4, 1e-4, 1e-5, 1e-6), SHELLS))
FASTEST = 3  # settings of each side that enter the race


@dataclass
class Entry:
    """One setting of one side."""

    setting: tuple[float, int]
    solve: Callable[[], float]  # returns the seconds it took
    error: float  # V
    seconds: list[float] = field(default_factory=list)

    def go(self) -> None:
        self.seconds.append(self.solve())

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def pin() -> None:
    """One thread on one core."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


class Ours:
    """The cell solved by lithomech."""

    def __init__(self, cell: Cell, timed: int):
        self.cell, self.timed = cell, timed

    def with_setting(self, tolerance: float, shells: int, order: int = 2) -> Cell:
        changes = {"voltage_tolerance": tolerance, "shells": shells, "order": order}
        return self.cell.replace(solver=dataclasses.replace(self.cell.solver, **changes))

    def voltages(self, cell: Cell) -> list[tuple[np.ndarray, np.ndarray]]:
        """Time and voltage of every timed step; untimed."""
        result = run(cell)
        assert result.status == "completed", result.reason
        number = result.series.columns["Step Count / 1"]
        steps = range(self.timed, len(cell.steps()) + 1)
        return [(result.time[number == n], result.voltage[number == n]) for n in steps]

    def solver(self, cell: Cell) -> Callable[[], float]:
        """Only the kernel, keeping every step as the peer does."""
        model = resolve(cell)
        runner, plan = Runner(model), list(flatten(cell.steps()))
        for planned in plan[: self.timed - 1]:
            runner.take(planned)
        begin, pressure = runner.y.copy(), cell.fixture.pressure
        steps = [
            kernel_step(model, planned.what, pressure)._replace(sample=0.0)
            for planned in plan[self.timed - 1 :]
        ]

        orders = [
            Order(model.arrays, model.layout, step, runner.clamp, model.control, model.scale)
            for step in steps
        ]

        def solve() -> float:
            begun, y = time.perf_counter(), begin.copy()
            for order in orders:
                march(order, y)
            return time.perf_counter() - begun

        return solve

    def runner(self, cell: Cell) -> Callable[[], float]:
        """The same with samples, contact, cracks and thickness of every stored row."""
        model, plan = resolve(cell), list(flatten(cell.steps()))

        def solve() -> float:
            runner = Runner(model)
            for planned in plan[: self.timed - 1]:
                runner.take(planned)
            begun = time.perf_counter()
            for planned in plan[self.timed - 1 :]:
                runner.take(planned)
            return time.perf_counter() - begun

        return solve


class Peer:
    """The same cell solved by PyBaMM's IDAKLU."""

    def __init__(self, cell: Cell, timed: int, holds: bool, compiled: bool):
        self.options = {"compile": True} if compiled else None
        self.model, self.timed, self.holds = resolve(cell), timed, holds
        self.numbers = plain_numbers(self.model)
        self.steps = [plain_step(self.model, step) for step in cell.steps()]
        self.nodes = cell.solver.nodes
        self.fixture = float(self.model.arrays.stiffness), cell.fixture.pressure

    def built(self, tolerance: float, shells: int) -> PybammCell:
        return PybammCell(self.numbers, self.nodes, shells, tolerance, self.holds, self.options)

    def march(self, cell: PybammCell) -> tuple[float, list[pybamm.Solution]]:
        solutions, last = [], None
        for step in self.steps[: self.timed - 1]:
            last = cell.run(step, *self.fixture, after=last)
        begun = time.perf_counter()
        for step in self.steps[self.timed - 1 :]:
            last = cell.run(step, *self.fixture, after=last)
            solutions.append(last)
        return time.perf_counter() - begun, solutions

    def voltages(self, cell: PybammCell) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for solution in self.march(cell)[1]:
            time_ = np.linspace(solution.t[0], solution.t[-1], POINTS)
            voltage = solution["voltage"](time_) + self.model.reference_potential
            found.append((time_, voltage))
        return found


def error(steps, reference) -> float:
    """Largest difference of voltage at equal times, away from the ends of each step."""
    worst = 0.0
    for (time_, voltage), (exact_time, exact) in zip(steps, reference, strict=True):
        lasted = exact_time[-1] - exact_time[0]
        mine = time_ - time_[0]
        inside = (mine > WINDOW[0] * lasted) & (mine < WINDOW[1] * lasted)
        at = np.interp(mine[inside], exact_time - exact_time[0], exact)
        worst = max(worst, float(abs(voltage[inside] - at).max()))
    return worst


def sweep(ours: Ours, peer: Peer, quick: bool) -> tuple[dict[str, list[Entry]], float]:
    """Error and a first timing of every setting; and how far the two references differ."""
    dense = dataclasses.replace(ours.cell.output, points=POINTS)
    tight = ours.voltages(ours.with_setting(1e-6, 120, 5).replace(output=dense))
    tight_peer = peer.voltages(peer.built(1e-8, 120))
    entries: dict[str, list[Entry]] = {"ours": [], "peer": []}
    for setting in OURS[:: 2 if quick else 1]:
        changed = ours.with_setting(*setting)
        wrong = error(ours.voltages(changed), tight)
        entries["ours"].append(Entry(setting, ours.solver(changed), wrong))
    for setting in PEER[:: 2 if quick else 1]:
        built = peer.built(*setting)
        wrong = error(peer.voltages(built), tight_peer)
        entries["peer"].append(Entry(setting, lambda b=built: peer.march(b)[0], wrong))
    for entry in (*entries["ours"], *entries["peer"]):
        entry.go()
        entry.seconds.clear()  # warm now
        for _ in range(3):
            entry.go()
    return entries, error(tight, tight_peer)


def race(
    name: str, cell: Cell, timed: int, targets: list[float], quick: bool, compiled: bool
) -> tuple[list[str], list[dict]]:
    """Sweep, race, and report.

    Args:
        name: of the comparison.
        cell: to solve; its solver's tolerance and shells are swept.
        timed: number of the first protocol step that is timed.
        targets: allowed errors of voltage [V].
        quick: sweep and repeat less.
        compiled: let PyBaMM compile its model with the machine's C compiler; by default it
            does not, and few users have it do so.

    Returns:
        Lines on every setting tried; one comparison per allowed error.
    """
    pin()
    holds = any(isinstance(step, Hold) for step in cell.steps())
    ours, peer = Ours(cell, timed), Peer(cell, timed, holds, compiled)
    entries, apart = sweep(ours, peer, quick)
    lines = [f"the two references differ by {1e3 * apart:.4f} mV"]
    lines += [
        f"{side} at tolerance {e.setting[0]:g} with {e.setting[1]} shells: "
        f"{1e3 * e.error:.3f} mV, {1e3 * e.median:.2f} ms"
        for side, found in entries.items()
        for e in found
    ]
    rounds = 7 if quick else 25
    kind = "IDAKLU compiled by cc" if compiled else "IDAKLU"
    rows = [judge(name, target, ours, entries, rounds) for target in targets]
    return lines, [{**row, "peer": f"PyBaMM {pybamm.__version__} {kind}"} for row in rows]


def judge(
    name: str, target: float, ours: Ours, entries: dict[str, list[Entry]], rounds: int
) -> dict:
    """Interleave the fastest settings within the target and compare their medians."""
    fast = {}
    for side, found in entries.items():
        good = sorted((e for e in found if e.error <= target), key=lambda e: e.median)
        fast[side] = good[:FASTEST]
    name = f"{name}, error below {1e3 * target:g} mV"
    if not fast["ours"] or not fast["peer"]:
        return {"name": name, "note": "a side has no setting within this error"}
    racing = [*fast["ours"], *fast["peer"]]
    whole = [
        Entry(e.setting, ours.runner(ours.with_setting(*e.setting)), e.error)
        for e in fast["ours"]
    ]
    for entry in (*racing, *whole):
        entry.go()
        entry.seconds.clear()
    for _ in range(rounds):
        for entry in (*racing, *whole):
            entry.go()
    best, other = (min(fast[side], key=lambda e: e.median) for side in ("ours", "peer"))
    derived = min(e.median for e in whole)
    return {
        "name": name,
        "ours_s": best.median,
        "peer_s": other.median,
        "ratio": other.median / best.median,
        "our_error": best.error,
        "peer_error": other.error,
        "our_setting": best.setting,
        "peer_setting": other.setting,
        "ours_with_derived_quantities_s": derived,
        "ratio_with_derived_quantities": other.median / derived,
        "threads": 1,
    }
