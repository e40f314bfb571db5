"""How much a run would store and compute, counted before any of it is allocated."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.compose import cause_rows
from lithomech.cell.protocol import steps
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver.command import full_charge, kernel_step
from lithomech.errors import InputError

MEMORY: Final = 16e9  # bytes
MARCHES: Final = 1_000_000  # steps, pulses and rows of drives, repeats unrolled
FREQUENCIES: Final = 10_000  # of one spectrum
FREE_ROWS: Final = 50  # that a step of the protocol stores besides its samples
LEG: Final = 4e3  # bytes that stay of each march for the summaries
COPIES: Final = 2.0  # of all rows, while a result is joined from its steps
OF_MEMBER, OF_NODE = 12, 100  # complex numbers of an impedance for each frequency


class Load(NamedTuple):
    """What one step of the protocol asks for, its repeats included."""

    text: str
    marches: float
    rows: float
    frequencies: float  # of one spectrum


def frequencies(step: steps.Impedance) -> float:
    """Number of frequencies of a spectrum, both ends included; whole."""
    decades = np.log10(step.high_Hz) - np.log10(step.low_Hz)
    return max(2.0, np.ceil(np.round(decades * step.points_per_decade, 9)) + 1.0)


def check_size(model: Resolved, protocol: tuple[steps.Step, ...]) -> None:
    """Refuse what would not fit.

    Raises:
        InputError: too many steps, frequencies, or stored rows.
    """
    try:
        _check(model, protocol)
    except InputError as error:
        raise model.cell.locate(error) from None


def _check(model: Resolved, protocol: tuple[steps.Step, ...]) -> None:
    loads = list(_loads(model, protocol, 1.0))
    for load in loads:
        if load.frequencies > FREQUENCIES:
            raise _refusal(
                f"{load.text!r} asks for {load.frequencies:.4g} frequencies; allowed: up to "
                f"{FREQUENCIES}; ask for fewer points per decade"
            )
    marches = sum(load.marches for load in loads)
    if marches > MARCHES:
        worst = max(loads, key=lambda load: load.marches)
        raise _refusal(
            f"{marches:.4g} steps, pulses and rows of drives in all; allowed: up to {MARCHES}; "
            f"most are of {worst.text!r}: fewer repeats, or longer pulses"
        )
    row = 8.0 * _row_length(model)
    kept = _share_kept(model)
    spectrum = 16.0 * (OF_MEMBER * model.layout.members + OF_NODE * model.layout.nodes)
    memory = sum(COPIES * kept * load.rows * row + LEG * load.marches for load in loads)
    memory += spectrum * max((load.frequencies for load in loads), default=0.0)
    if memory > MEMORY:
        worst = max(loads, key=lambda load: load.rows)
        raise _refusal(
            f"the run would store {kept * sum(load.rows for load in loads):.4g} rows of "
            f"{row / 8.0:.4g} numbers and need {memory / 1e9:.4g} GB; allowed: up to "
            f"{MEMORY / 1e9:g} GB; most are of {worst.text!r}; lower output.points, "
            "solver.nodes or solver.shells, set output.traces, or check rate_capacity"
        )


def _refusal(message: str) -> InputError:
    return InputError(message, key="protocol")


def _loads(model: Resolved, protocol: tuple[steps.Step, ...], times: float) -> Iterator[Load]:
    """Every step with what it asks for in all its repeats."""
    for step in protocol:
        if isinstance(step, steps.Repeat):
            yield from _loads(model, step.steps, times * step.count)
        elif isinstance(step, steps.Impedance):
            yield Load(step.text, times, 0.0, frequencies(step))
        elif isinstance(step, steps.Gitt):
            pulse = steps.ConstantCurrent(step.current, step.pulse_s, until=step.until)
            current = abs(kernel_step(model, pulse, 0.0).value)
            pulses = max(full_charge(model) / (current * step.pulse_s), 1.0)
            rows = _rows(model, pulse) + _rows(model, steps.Rest(step.rest_s))
            yield Load(step.text, 2.0 * times * pulses, times * pulses * rows, 0.0)
        elif isinstance(step, steps.Drive):
            rows = len(step.time_s) - 1.0
            yield Load(step.text, times * rows, 3.0 * times * rows, 0.0)
        elif isinstance(step, steps.SetPressure | steps.HoldPressure | steps.SetTemperature):
            yield Load(step.text, times, times * _rows(model, steps.Rest(1e-3)), 0.0)
        else:
            yield Load(step.text, times, times * _rows(model, step), 0.0)


def _rows(model: Resolved, step: steps.Step) -> float:
    """Rows that a step stores which takes all its time; a free one ends after a charge."""
    march, points = kernel_step(model, step, 0.0), float(model.cell.output.points)
    if getattr(step, "duration", None) is None or march.sample == 0.0:
        return FREE_ROWS + points
    return FREE_ROWS + march.duration / march.sample


def _row_length(model: Resolved) -> int:
    """Numbers of one stored row: the state, and what is read out of it."""
    causes = len(cause_rows(model.composition.particle))
    return model.layout.total + (6 + causes) * model.layout.members


def _share_kept(model: Resolved) -> float:
    """Share of the cycles whose rows are kept."""
    traces = model.cell.output.traces
    if isinstance(traces, dict):
        return 1.0 / traces["every"]
    return {"all": 1.0, "none": 0.0}[traces]
