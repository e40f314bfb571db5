"""What a run is between two steps of its protocol; the only user of the compiled kernel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import GALVANOSTATIC, POWER, Clamp, Step
from lithomech.cell.enclosed import Aged
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import Planned, direction
from lithomech.cell.readout.continued import continued
from lithomech.cell.readout.journal import Journal
from lithomech.cell.readout.legs import thinned
from lithomech.cell.readout.limits import LIMIT_NAMES, SPENT_SIDES
from lithomech.cell.readout.moments import lift_off, split
from lithomech.cell.readout.observation import (
    Observation,
    Readout,
    clamped,
    keeps_traces,
    observe,
    stack_pressure_of,
)
from lithomech.cell.readout.record import Kept, Rows, Whole
from lithomech.cell.readout.result import Event, ImpedanceSpectrum
from lithomech.cell.readout.shorts import short_reason
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.cell.readout.spent import (
    deeper,
    is_spent,
    left,
    most_spent,
    no_contact,
    no_state,
)
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.conditions import Condition, Conditions
from lithomech.cell.solver import cutoffs, march
from lithomech.cell.solver.command import drive_step, kernel_step, longest_charge
from lithomech.cell.solver.impedance import impedance
from lithomech.cell.solver.size import frequencies
from lithomech.cell.solver.voltages import is_beyond, possible

Floats = NDArray[np.float64]


@final
@dataclass
class Runner:
    """State of a run between two protocol steps."""

    model: Resolved  # under the present condition
    conditions: Conditions = field(init=False)
    condition: Condition = field(init=False)
    y: Floats = field(init=False)
    time: float = 0.0
    clamp: Clamp = field(init=False)
    applied: float = field(init=False)
    kept: Kept = field(default_factory=lambda: Kept([], [], [], [], [], []))
    journal: Journal = field(default_factory=Journal)
    status: tuple[str, str] | None = None
    skipped: int = 0
    driving: bool = False  # within a drive, after its first row
    lifted: bool = False
    place: str = "before the first step"
    whole: Whole = field(init=False)
    pause: Callable[[], None] | None = None  # called at least once in about 50 ms

    def __post_init__(self) -> None:
        """Start from the assembled cell."""
        self.conditions = Conditions(self.model)
        self.condition = Condition(self.model.cell.temperature)
        self.y = self.model.start.copy()
        self.applied = self.model.cell.fixture.pressure
        self.clamp = clamped(self.model, self.y, self.applied)
        self.mark()

    def mark(self) -> None:
        """Note the state after a whole step."""
        self.whole = Whole(
            self.y.copy(), self.clamp, self.applied, self.time, self.skipped, self.lifted,
            self.condition, self.kept.mark(),
        )  # fmt: skip

    def turn(self) -> None:
        """Note that a part of a long step is whole."""
        self.mark()
        if self.pause is not None:
            self.pause()

    def rewind(self) -> None:
        """Go back to the last whole step; what ended the run since is forgotten."""
        whole, self.status = self.whole, None
        self.y, self.clamp, self.applied = whole.y.copy(), whole.clamp, whole.applied
        self.time, self.skipped, self.lifted = whole.time, whole.skipped, whole.lifted
        self._change(whole.condition)
        self.kept.rewind(whole.kept)

    def go_on(self, aged: Aged | None) -> None:
        """Start where another run ended, if there is one."""
        if aged is None:
            return
        self.y, self.clamp = continued(self.model, aged)
        self.applied = stack_pressure_of(self.model, self.clamp.virtual)
        self.lifted = bool(self.y[self.model.layout.pressure] < -self.model.arrays.lift_width)
        self.mark()

    def stop(self, status: str, reason: str) -> None:
        """End the run."""
        self.status = (status, reason)

    def take(self, planned: Planned) -> None:
        """Do one step of the protocol."""
        step, self.place = planned.what, planned.place
        if isinstance(step, steps.SetPressure | steps.HoldPressure):
            self._press(planned, step)
        elif isinstance(step, steps.SetTemperature):
            self._set_temperature(planned, step)
        elif isinstance(step, steps.Impedance):
            self._impedance(planned, step)
        elif isinstance(step, steps.Gitt):
            self._gitt(planned, step)
        elif isinstance(step, steps.Drive):
            self._drive(planned, step)
        elif isinstance(step, steps.Hold) and is_beyond(self.model, step.voltage):
            reason = f"{self.time:.6g} s: {possible(self.model)}"
            self.stop("electrode exhausted", f"{planned.place} after {reason}")
        else:
            self._march(planned, kernel_step(self.model, step, self._pressure()))
        self.mark()

    def _pressure(self) -> float:
        return stack_pressure_of(self.model, self.y[self.model.layout.pressure])

    def _event(self, planned: Planned, name: str, value: float | None, at: float) -> None:
        self.kept.events.append(Event(float(at), planned.cycle, planned.step, name, value))

    def _press(self, planned: Planned, step: steps.SetPressure | steps.HoldPressure) -> None:
        """Turn the fixture's screw: the pressure changes, the stack answers, nothing flows."""
        held = isinstance(step, steps.HoldPressure)
        self._change(self.condition._replace(pressed=held))
        self.y[self.model.layout.pressure] = max(step.pressure, 0.0)
        self.applied = step.pressure
        self.clamp = clamped(self.model, self.y, self.applied)
        name = "stack pressure held [Pa]" if held else "stack pressure set [Pa]"
        self._event(planned, name, step.pressure, self.time)
        self._march(planned, kernel_step(self.model, steps.Rest(1e-3), step.pressure))

    def _set_temperature(self, planned: Planned, step: steps.SetTemperature) -> None:
        """Heat or cool the whole cell at once: the state stays, its parameters change."""
        self._change(self.condition._replace(temperature=step.temperature))
        self._event(planned, "temperature set [K]", step.temperature, self.time)
        self._march(planned, kernel_step(self.model, steps.Rest(1e-3), self._pressure()))

    def _change(self, condition: Condition) -> None:
        self.condition, self.model = condition, self.conditions.at(condition)

    def _march(self, planned: Planned, step: Step) -> bool:
        """Take one step, in the journal or in the kernel; True if the run goes on after it."""
        return self.journal.march(self, planned, partial(self._marched, planned, step))

    def _marched(self, planned: Planned, step: Step) -> bool:
        """Let the kernel take one step; True if it took all its time and the run goes on."""
        model = self.model
        if not keeps_traces(model, planned.cycle):
            step = step._replace(sample=0.0 if direction(planned.what) < 0 else np.inf)
        before = self.y.copy()
        trace = march.march(self._order(step), self.y, self.pause)
        if not keeps_traces(model, planned.cycle):
            trace = thinned(trace, model.layout)
        self.kept.steps += trace.steps
        self.kept.iterations += trace.iterations
        readout = observe(model, trace.state)
        if trace.outcome == march.LIMIT and trace.steps == 0:
            self._skip(planned, step, trace, readout, before)
            return False
        if trace.outcome != march.NO_START:
            self.kept.add(planned, trace, Observation(model, trace.state, readout))
            self._watch(planned, trace, readout)
            if keeps_traces(model, planned.cycle):
                at, y = self.time + trace.time, trace.state
                self.kept.rows.append(Rows(model, planned, at, self.applied, y, readout))
            self.time += float(trace.time[-1])
        self._judge(planned, step, trace, readout)
        return self.status is None and trace.outcome == march.ENDED

    def _order(self, step: Step) -> march.Order:
        """What the kernel needs to march through a step."""
        m = self.model
        return march.Order(m.arrays, m.layout, step, self.clamp, m.control, m.scale)

    def _skip(
        self, planned: Planned, step: Step, trace: march.Trace, readout: Readout, before: Floats
    ) -> None:
        """A cut-off that is already passed: note it and leave the state as it was."""
        self.y[:] = before
        kind, value = self._limit(step, trace)
        if kind in SPENT_SIDES or kind == cutoffs.SHORT:
            self._meet(planned, kind, value, trace, readout)
        elif kind == cutoffs.EXTREME:
            self._fail(planned, readout, no_state(self.model, before, step))
        elif no_contact(self.model, readout) and not self._rests(step):
            self._fail(planned, readout, "")
        elif self.driving:  # reached from one row to the next
            self._event(planned, LIMIT_NAMES[kind], value, self.time)
        else:
            self.skipped += 1
            self._event(planned, SKIPPED, value, self.time)

    def _rests(self, step: Step) -> bool:
        """Whether the limits of a step are passed even without its current."""
        y = self.y.copy()
        rest = step._replace(mode=GALVANOSTATIC, value=0.0, duration=1e-3)
        trace = march.march(self._order(rest), y, self.pause)
        return trace.outcome == march.LIMIT and trace.steps == 0

    def _limit(self, step: Step, trace: march.Trace) -> tuple[int, float]:
        """Kind and value of the limit that ended a step, voltages as the user gave them."""
        kind, value = int(step.limits[trace.limit, 0]), float(step.limits[trace.limit, 1])
        shift = self.model.reference_potential if kind == cutoffs.VOLTAGE else 0.0
        return kind, value + shift

    def _judge(
        self, planned: Planned, step: Step, trace: march.Trace, readout: Readout
    ) -> None:
        """Turn the outcome of the kernel into events and status."""
        if trace.outcome == march.LIMIT:
            self._meet(planned, *self._limit(step, trace), trace, readout)
        elif trace.outcome == march.ENDED:
            what = planned.what
            driven = isinstance(what, steps.ConstantCurrent | steps.ConstantPower)
            if driven and what.duration is None:
                self.stop("infeasible", f"{planned.place}: its cut-off was never reached")
        elif trace.outcome == march.NO_START:
            self._fail(planned, readout, no_state(self.model, self.y, step))
        elif trace.outcome == march.STUCK and step.mode == POWER:
            self._fail(planned, readout, "the cell cannot sustain this power any longer")
        else:
            words = {march.STUCK: "the step size fell below its floor"}
            reason = words.get(trace.outcome, "it took more than the work allowed")
            self.stop("not converged", f"{planned.place}: {reason}")

    def _meet(
        self, planned: Planned, kind: int, value: float, trace: march.Trace, readout: Readout
    ) -> None:
        """A limit ended a step on its way."""
        if kind in SPENT_SIDES:
            self._exhausted(planned, SPENT_SIDES[kind], trace, readout)
            return
        if kind == cutoffs.EXTREME:
            self._exhausted(planned, most_spent(self.model, trace, readout), trace, readout)
            return
        self._event(planned, LIMIT_NAMES[kind], value, self.time)
        if kind == cutoffs.SHORT:
            reason = short_reason(self.model, self.y, float(readout.pressure[-1]))
            self.stop("short", f"{planned.place}: {reason}")

    def _exhausted(
        self, planned: Planned, side: str, trace: march.Trace, readout: Readout
    ) -> None:
        """The hosts of one side are empty or full wherever the current could go."""
        hosts = left(self.model, side, trace, readout)
        if not is_spent(hosts) or deeper(self.model, self.y, readout) is not None:
            reason = f"lithium does not come to the contacts of the {side} this fast"
            self._fail(planned, readout, reason)
            return
        self._event(planned, f"electrode exhausted: {side} {hosts.end()}", None, self.time)
        reason = f"the {side} is {hosts.end()} after {self.time:.6g} s: {hosts.where()}"
        self._fail(planned, readout, reason, "electrode exhausted")

    def _fail(
        self, planned: Planned, readout: Readout, reason: str, status: str = "infeasible"
    ) -> None:
        """The step cannot go on: for want of contact or salt, or for the reason given."""
        status, reason = deeper(self.model, self.y, readout) or (status, reason)
        self.stop(status, f"{planned.place}: {reason}")

    def _watch(self, planned: Planned, trace: march.Trace, readout: Readout) -> None:
        """Note where pistons lose the stack, and where it splits the separator."""
        virtual = trace.state[:, self.model.layout.pressure]
        for moment in (
            *lift_off(self.model, trace.time, virtual, self.lifted),
            *split(self.model, trace.time, readout.pressure, self.kept.events),
        ):
            self._event(planned, moment.name, moment.value, self.time + moment.time)
        self.lifted = bool(virtual[-1] < -self.model.arrays.lift_width)

    def _impedance(self, planned: Planned, step: steps.Impedance) -> None:
        """Measure without changing the cell."""
        points = int(frequencies(step))
        frequency = np.geomspace(step.high_Hz, step.low_Hz, points)
        z = impedance(self.model, self.y, frequency)
        self.kept.spectra.append(
            ImpedanceSpectrum(self.time, planned.cycle, planned.step, frequency, z)
        )

    def _gitt(self, planned: Planned, step: steps.Gitt) -> None:
        """Pulses and rests until a pulse meets the limit."""
        pulse = steps.ConstantCurrent(step.current, duration=step.pulse_s, until=step.until)
        rest = steps.Rest(step.rest_s)
        full = longest_charge(self.model)
        moved = 0.0
        while moved < full:
            kernel = kernel_step(self.model, pulse, self._pressure())
            if not self._march(planned, kernel):
                return
            moved += abs(kernel.value) * step.pulse_s
            if not self._march(planned, kernel_step(self.model, rest, self._pressure())):
                return
            self.turn()
        self.stop("infeasible", f"{planned.place}: its cut-off was never reached")

    def _drive(self, planned: Planned, step: steps.Drive) -> None:
        """Sample and hold each row of a drive file until the next."""
        pressure = self._pressure()
        for row in range(len(step.time_s) - 1):
            if not self._march(planned, drive_step(self.model, step, row, pressure)):
                break
            self.driving = True
            self.turn()
        self.driving = False
