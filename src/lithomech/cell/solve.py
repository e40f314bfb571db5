"""Run a cell through its protocol; the only user of the compiled kernel."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import arrays, cutoffs, march, steps
from lithomech.cell.equations import Model, build
from lithomech.cell.impedance import impedance
from lithomech.cell.program import Planned, count, direction, flatten, kernel_step
from lithomech.cell.readout import Readout, read_out
from lithomech.cell.record import Kept, Rows, assemble
from lithomech.cell.result import CellResult, Event, ImpedanceSpectrum
from lithomech.cell.spec import Cell
from lithomech.cell.summary import leg_ends
from lithomech.numerics.compiled import must_compile

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]
CONTACT_LEFT: Final = 0.02  # mean contact below which a failed start is called contact lost


def run(cell: Cell, progress: Progress | None = None) -> CellResult:
    """Run the protocol of a cell.

    Args:
        cell: what to run.
        progress: called with the fraction done and a text.

    Returns:
        The result; physical and numerical failures are its status, not exceptions.

    Raises:
        InputError: the inputs do not describe a possible cell.
    """
    begun = time.perf_counter()
    if progress is not None and must_compile():
        progress(0.0, "compiling the solver: only this once, about half a minute")
    model = build(cell)
    protocol = cell.steps()
    runner = Runner(model)
    total = count(protocol)
    for planned in flatten(protocol):
        if progress is not None:
            progress((planned.step - 1) / total, planned.what.text)
        runner.take(planned)
        if runner.status is not None:
            break
    if progress is not None:
        progress(1.0, "done")
    if runner.status is None and runner.skipped == total:
        runner.stop("infeasible", "every step was skipped: each cut-off was already passed")
    status, reason = runner.status or ("completed", "the protocol ran to its end")
    return assemble(model, runner.kept, status, reason, time.perf_counter() - begun)


@final
@dataclass
class Runner:
    """State of a run between two protocol steps."""

    model: Model
    y: Floats = field(init=False)
    time: float = 0.0
    reference: tuple[float, float] = field(init=False)
    applied: float = field(init=False)
    kept: Kept = field(default_factory=lambda: Kept([], [], [], []))
    status: tuple[str, str] | None = None
    skipped: int = 0
    lifted: bool = False

    def __post_init__(self) -> None:
        """Start from the assembled cell."""
        self.y = self.model.start.copy()
        self.applied = self.model.cell.fixture.pressure
        self.reference = (self.applied, grown(self.model, self.y))

    def stop(self, status: str, reason: str) -> None:
        """End the run."""
        self.status = (status, reason)

    def take(self, planned: Planned) -> None:
        """Do one step of the protocol."""
        step = planned.what
        if isinstance(step, steps.SetPressure):
            self._set_pressure(planned, step)
        elif isinstance(step, steps.Impedance):
            self._impedance(planned, step)
        elif isinstance(step, steps.Gitt):
            self._gitt(planned, step)
        elif isinstance(step, steps.Drive):
            self._drive(planned, step)
        else:
            self._march(planned, kernel_step(self.model, step, self._pressure()))

    def _pressure(self) -> float:
        virtual = self.y[self.model.sizes.globals + arrays.PRESSURE]
        width = self.model.arrays.lift_width
        return float(width * np.logaddexp(0.0, virtual / width))

    def _event(self, planned: Planned, name: str, value: float | None, at: float) -> None:
        self.kept.events.append(Event(float(at), planned.cycle, planned.step, name, value))

    def _set_pressure(self, planned: Planned, step: steps.SetPressure) -> None:
        """Turn the fixture's screw: the pressure changes, the stack answers, nothing flows."""
        model, z = self.model, self.model.sizes
        self.y[z.globals + arrays.PRESSURE] = max(step.pressure, 0.0)
        self.applied = step.pressure
        self.reference = (step.pressure, grown(model, self.y))
        self._event(planned, "stack pressure set [Pa]", step.pressure, self.time)
        self._march(planned, kernel_step(model, steps.Rest(1e-3), step.pressure))

    def _march(self, planned: Planned, step: arrays.Step) -> bool:
        """Let the kernel take one step; True if the run can go on from its end."""
        model = self.model
        if not keeps_traces(model, planned.cycle):
            step = step._replace(sample=np.inf)
        before = self.y.copy()
        trace = march.march(
            model.arrays, model.sizes, self.y, step, self.reference, model.scale, model.control
        )
        self.kept.steps += trace.steps
        self.kept.iterations += trace.iterations
        readout = read_out(model.arrays, model.sizes, trace.state)
        if trace.outcome == march.LIMIT and trace.steps == 0:
            self._skip(planned, step, trace, before)
            return False
        if trace.outcome != march.NO_START:
            self.kept.ends.append(leg_ends(model, planned, trace, readout))
            self._lift_off(planned, trace)
            if keeps_traces(model, planned.cycle):
                time = self.time + trace.time
                self.kept.rows.append(Rows(planned, time, self.applied, trace.state, readout))
            self.time += float(trace.time[-1])
        self._judge(planned, step, trace, readout)
        return self.status is None

    def _skip(
        self, planned: Planned, step: arrays.Step, trace: march.Trace, before: Floats
    ) -> None:
        """A cut-off that is already passed: note it and leave the state as it was."""
        self.y[:] = before
        if int(step.limits[trace.limit, 0]) == cutoffs.PLATING:
            self.stop(
                "short", f"{planned.what.text}: the plating current starts above critical"
            )
            return
        self.skipped += 1
        name = "step skipped: its cut-off was already passed"
        self._event(planned, name, float(step.limits[trace.limit, 1]), self.time)

    def _judge(
        self, planned: Planned, step: arrays.Step, trace: march.Trace, readout: Readout
    ) -> None:
        """Turn the outcome of the kernel into events and status."""
        if trace.outcome == march.LIMIT:
            kind, value = int(step.limits[trace.limit, 0]), float(step.limits[trace.limit, 1])
            if kind == cutoffs.PLATING:
                self._event(planned, "short", value, self.time)
                self.stop(
                    "short",
                    "local plating current at the remaining lithium contact reached critical",
                )
                return
            shift = self.model.reference_potential if kind == cutoffs.VOLTAGE else 0.0
            self._event(planned, _LIMIT_NAMES[kind], value + shift, self.time)
            return
        if trace.outcome == march.ENDED:
            if direction(planned.what) and planned.what.duration is None:  # pyright: ignore[reportAttributeAccessIssue]
                self.stop("infeasible", f"{planned.what.text}: its cut-off was never reached")
            return
        contact = float(readout.theta[-1].mean()) if readout.theta.size else 1.0
        where = f"{planned.what.text} (cycle {planned.cycle}, step {planned.step})"
        if contact < CONTACT_LEFT:
            self.stop(
                "contact lost",
                f"{where}: {100 * contact:.1f} % contact cannot carry the current",
            )
        elif trace.outcome == march.NO_START:
            self.stop("infeasible", f"{where}: no state carries this current or voltage")
        elif trace.outcome == march.STUCK and step.mode == arrays.POWER:
            self.stop("infeasible", f"{where}: the cell cannot sustain this power any longer")
        else:
            words = {march.STUCK: "the step size fell below its floor"}
            self.stop("not converged", f"{where}: {words.get(trace.outcome, 'too much work')}")

    def _lift_off(self, planned: Planned, trace: march.Trace) -> None:
        """Note where the pistons lose the stack and find it again."""
        virtual = trace.state[:, self.model.sizes.globals + arrays.PRESSURE]
        for row, value in enumerate(virtual):
            if (value < 0.0) != self.lifted:
                self.lifted = not self.lifted
                name = "lift-off" if self.lifted else "pistons touch again"
                self._event(planned, name, None, self.time + trace.time[row])

    def _impedance(self, planned: Planned, step: steps.Impedance) -> None:
        """Measure without changing the cell."""
        decades = np.log10(step.high_Hz / step.low_Hz)
        points = max(2, int(np.ceil(decades * step.points_per_decade)) + 1)
        frequency = np.geomspace(step.high_Hz, step.low_Hz, points)
        z = impedance(self.model, self.y, frequency)
        self.kept.spectra.append(
            ImpedanceSpectrum(self.time, planned.cycle, planned.step, frequency, z)
        )

    def _gitt(self, planned: Planned, step: steps.Gitt) -> None:
        """Pulses and rests until a pulse meets the limit."""
        pulse = steps.ConstantCurrent(step.current, duration=step.pulse_s, until=step.until)
        rest = steps.Rest(step.rest_s)
        full = LONGEST_PULSES * 3600.0 * self.model.one_c / self.model.area
        moved = 0.0
        while moved < full:
            begun = len(self.kept.events)
            kernel = kernel_step(self.model, pulse, self._pressure())
            if not self._march(planned, kernel) or len(self.kept.events) > begun:
                return
            moved += abs(kernel.value) * step.pulse_s
            if not self._march(planned, kernel_step(self.model, rest, self._pressure())):
                return
        self.stop("infeasible", f"{step.text}: its cut-off was never reached")

    def _drive(self, planned: Planned, step: steps.Drive) -> None:
        """Sample and hold each row of a drive file until the next."""
        power = step.current_A is None
        values = step.power_W if step.current_A is None else step.current_A
        for begin, end, value in zip(step.time_s, step.time_s[1:], values or (), strict=False):
            kernel = kernel_step(self.model, steps.Rest(end - begin), 0.0)
            mode = arrays.POWER if power and value else arrays.GALVANOSTATIC
            kernel = kernel._replace(mode=int(mode), value=-value / self.model.area, sample=0.0)
            if not self._march(planned, kernel):
                return


LONGEST_PULSES: Final = 4.0
_LIMIT_NAMES: Final = {
    cutoffs.VOLTAGE: "voltage limit [V]",
    cutoffs.ABSOLUTE_CURRENT: "current limit [A/m2]",
    cutoffs.STACK_PRESSURE: "pressure limit [Pa]",
    cutoffs.MOVED_CHARGE: "charge limit [C/m2]",
}


def keeps_traces(model: Model, cycle: int) -> bool:
    """Whether the traces of this cycle are stored."""
    traces = model.cell.output.traces
    if isinstance(traces, dict):
        return (cycle - 1) % traces["every"] == 0
    return {"all": True, "none": False}[traces]


def grown(model: Model, y: Floats) -> float:
    """Thickness change of all layers at constant pressure since assembly [m]."""
    readout = read_out(model.arrays, model.sizes, y[None, :])
    return float(readout.grown.sum() + readout.planar[0, :, :2].sum())
