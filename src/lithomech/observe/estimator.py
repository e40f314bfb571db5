"""State of charge, contact and lithium inventory, from voltage and stack pressure.

An unscented Kalman filter on a cell that is reduced to tables. This file needs numpy alone: a
copy of it runs on a battery management system's test bench without the package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CENTRE: Final = 1.0 / 3.0  # weight of the middle one of the sigma points
# charge in the negative electrode, lithium that is gone [C], contact as made over what is left,
# slow overvoltage [V], offset of the pressure sensor [Pa], error of the tables [V]
STATES: Final = ("charge", "lost", "rarefied", "slow", "offset", "error")
WORST: Final = 50.0  # contact as made over what is left; a cell with less does not run
# Errors of tables stay for as long [s], not from one measurement to the next: a jump of the
# current tells the contact apart from them. Assumed: a tenth of a charge at 0.1C.
LASTING: Final = 3600.0
FIRST: Final = np.eye(len(STATES))[0]
LEAST: Final = 1e-12  # variance, relative to the largest, that keeps a covariance definite


@dataclass(frozen=True, eq=False)
class ReducedCell:
    """A cell as tables over the charge that it holds.

    Its resistances follow the charge of the positive electrode, whose kinetics they mostly are.

    Attributes:
        charge: grid of the tables [C], from 0 (discharged) on, shape (n,).
        positive: potential of the positive electrode at rest [V], (n,).
        negative: that of the negative one [V], (n,).
        positive_pressure: stack pressure that the positive electrode adds [Pa], (n,).
        negative_pressure: that the negative one adds [Pa], (n,).
        resistance: that stays as it is [ohm], (n,).
        contact_resistance: that grows as contact is lost [ohm], over the contact that is left,
            (n,).
        slow_resistance: of diffusion [ohm], (n,).
        pressure: stack pressure of the discharged cell [Pa].
        slow_time: after which the slow overvoltage is built up [s].
        capacity: of the fresh cell between its limits [C].
    """

    charge: Floats
    positive: Floats
    negative: Floats
    positive_pressure: Floats
    negative_pressure: Floats
    resistance: Floats
    contact_resistance: Floats
    slow_resistance: Floats
    pressure: float
    slow_time: float
    capacity: float

    def voltage(self, state: Floats, current: float) -> Floats:
        """Return the voltage between the electrodes [V], (points,).

        Args:
            state: columns in the order of STATES, shape (points, 6).
            current: positive on charge [A].
        """
        held, lost = state[:, 0], state[:, 1]
        rest = _at(self.charge, self.positive, held + lost)
        rest = rest - _at(self.charge, self.negative, held)
        ohmic = _at(self.charge, self.resistance, held + lost)
        ohmic = ohmic + _at(self.charge, self.contact_resistance, held + lost) * state[:, 2]
        return rest + current * ohmic + state[:, 3] + state[:, 5]

    def stack_pressure(self, state: Floats) -> Floats:
        """Return the stack pressure as a sensor with an offset reads it [Pa], (points,)."""
        held, lost = state[:, 0], state[:, 1]
        grown = _at(self.charge, self.positive_pressure, held + lost)
        grown = grown + _at(self.charge, self.negative_pressure, held)
        return self.pressure + grown + state[:, 4]

    def moved(self, state: Floats, current: float, seconds: float) -> Floats:
        """Return the state after a current has passed for some time."""
        after = state.copy()
        after[:, 0] += current * seconds
        left = np.exp(-seconds / self.slow_time)
        slow = _at(self.charge, self.slow_resistance, after[:, 0] + after[:, 1])
        after[:, 3] = left * state[:, 3] + (1.0 - left) * slow * current
        after[:, 5] = np.exp(-seconds / LASTING) * state[:, 5]
        return after


class Sensors(NamedTuple):
    """What the measurements are worth: standard deviations, and steps of quantisation.

    Attributes:
        voltage: noise [V].
        pressure: noise [Pa]; None where no stack pressure is measured.
        voltage_step: of its quantisation [V].
        pressure_step: of its quantisation [Pa].
        pressure_drift: of the pressure sensor in an hour [Pa].
        current: error of the current, share of it.
    """

    voltage: float = 2e-3
    pressure: float | None = None
    voltage_step: float = 0.0
    pressure_step: float = 0.0
    pressure_drift: float = 0.0
    current: float = 1e-3


class Guess(NamedTuple):
    """What is believed at the start: values, and their standard deviations.

    Attributes:
        state_of_charge: charge over the capacity of the fresh cell.
        state_of_charge_error: its standard deviation.
        lost: lithium that is gone over that capacity.
        lost_error: its standard deviation.
        contact: share of the contact that is left.
        contact_error: standard deviation of its inverse.
        model_error: of the voltage of the reduced cell [V], which lasts: what no sensor makes
            better.
        pressure_error: of its stack pressure [Pa], within an hour.
        shift_error: of its tables along the charge, over the capacity, which lasts: where they
            are steep that is most of their error.
        offset_error: standard deviation of what the sensor reads too much, or the cell was
            pressed differently [Pa].
    """

    state_of_charge: float = 0.5
    state_of_charge_error: float = 0.2
    lost: float = 0.0
    lost_error: float = 0.05
    contact: float = 1.0
    contact_error: float = 1.0
    model_error: float = 3e-3
    pressure_error: float = 5e3
    offset_error: float = 5e4
    shift_error: float = 5e-3


class Estimate(NamedTuple):
    """What is known after a measurement; standard deviations behind it."""

    state_of_charge: float
    contact: float
    lost: float
    state_of_charge_error: float
    contact_error: float
    lost_error: float


class Estimator:
    """Follows a cell measurement by measurement.

    Examples:
        >>> import numpy as np
        >>> q = np.linspace(0.0, 7200.0, 50)
        >>> cell = ReducedCell(
        ...     q, 3.6 + 6e-5 * q, 0.1 - 1e-6 * q, -10.0 * q, 40.0 * q, *3 * [0.02 + 0.0 * q],
        ...     5e6, 600.0, 7200.0,
        ... )
        >>> follow = Estimator(cell, Sensors(pressure=5e3), Guess(0.3))
        >>> round(follow.step(10.0, 0.0, 3.7196, 5.06e6).state_of_charge, 2)
        0.28
    """

    def __init__(self, cell: ReducedCell, sensors: Sensors, guess: Guess | None = None) -> None:
        """Begin with a guess.

        Args:
            cell: what is followed.
            sensors: with what it is measured.
            guess: what is believed at the start.
        """
        begin = guess or Guess()
        self.cell, self.sensors, self.guess = cell, sensors, begin
        size = cell.capacity
        self.mean = np.array(
            [begin.state_of_charge * size, begin.lost * size, 1.0 / begin.contact, 0, 0, 0]
        )
        errors = (
            begin.state_of_charge_error * size, begin.lost_error * size, begin.contact_error,
            begin.model_error, begin.offset_error, begin.model_error,
        )  # fmt: skip
        self.covariance = np.diag(np.square(errors))

    def step(
        self, seconds: float, current: float, voltage: float, pressure: float | None = None
    ) -> Estimate:
        """Take a measurement, and return what is known after it.

        Args:
            seconds: since the last one, during which the current passed.
            current: positive on charge [A].
            voltage: between the electrodes [V].
            pressure: of the stack [Pa]; None: not measured this time.
        """
        self._predict(seconds, current)
        s, g = self.sensors, self.guess
        self._correct(
            voltage,
            lambda state: self.cell.voltage(state, current),
            s.voltage**2 + s.voltage_step**2 / 12.0 + g.model_error**2,
            seconds,
        )
        if pressure is not None and s.pressure is not None:
            variance = s.pressure**2 + s.pressure_step**2 / 12.0 + g.pressure_error**2
            self._correct(pressure, self.cell.stack_pressure, variance, seconds)
        return self.estimate

    @property
    def estimate(self) -> Estimate:
        """What is known now."""
        size, error = self.cell.capacity, np.sqrt(np.diag(self.covariance))
        contact = float(1.0 / self.mean[2])
        return Estimate(
            float(self.mean[0] / size), contact, float(self.mean[1] / size),
            float(error[0] / size), float(contact**2 * error[2]), float(error[1] / size),
        )  # fmt: skip

    def _predict(self, seconds: float, current: float) -> None:
        """The cell goes on; contact, inventory and errors wander, the sensor drifts."""
        points, weights = sigma_points(self.mean, self.covariance)
        after = self.cell.moved(points, current, seconds)
        self.mean = weights @ after
        apart = after - self.mean
        hours, size = seconds / 3600.0, self.cell.capacity
        lasts = np.exp(-2.0 * seconds / LASTING)
        drift = np.hypot(self.sensors.pressure_drift, self.guess.pressure_error)
        wander = (
            self.sensors.current * current * seconds, 1e-4 * size * np.sqrt(hours),
            0.05 * np.sqrt(hours), 0.1 * self.guess.model_error * np.sqrt(hours),
            drift * np.sqrt(hours), self.guess.model_error * np.sqrt(1.0 - lasts),
        )  # fmt: skip
        self.covariance = apart.T @ (weights[:, None] * apart) + np.diag(np.square(wander))

    def _correct(
        self, measured: float, read: Callable[[Floats], Floats], variance: float, seconds: float
    ) -> None:
        """One measurement more; that the tables are shifted counts once while it lasts."""
        shift = self.guess.shift_error * self.cell.capacity
        sides = read(self.mean + np.outer((-shift, shift), FIRST))
        times = max(2.0 * LASTING / max(seconds, 1e-3), 1.0)
        variance = variance + times * (0.5 * float(np.ptp(sides))) ** 2
        points, weights = sigma_points(self.mean, self.covariance)
        seen = read(points)
        expected = weights @ seen
        apart, off = points - self.mean, seen - expected
        shared = apart.T @ (weights * off)
        spread = float(weights @ (off * off)) + variance
        self.mean = self.mean + shared * ((measured - expected) / spread)
        self.covariance = self.covariance - np.outer(shared, shared) / spread
        self._keep_possible()

    def _keep_possible(self) -> None:
        """Where a state is beyond its bounds, move the mean to them along the covariance."""
        grid, most = self.cell.charge, self.cell.capacity
        bounds = ((1, 0.0, most), (2, 1.0, WORST), (0, grid[0], grid[-1]))
        for k, low, high in 2 * bounds:  # one may push another beyond its own
            beyond = min(max(self.mean[k], low), high) - self.mean[k]
            if beyond != 0.0:
                self.mean = self.mean + self.covariance[:, k] * (beyond / self.covariance[k, k])


def sigma_points(mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Return points with this mean and covariance, (2 n + 1, n), and their weights."""
    n, scale = len(mean), np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    unit = covariance / np.outer(scale, scale)
    unit = 0.5 * (unit + unit.T) + LEAST * np.eye(n)
    values, vectors = np.linalg.eigh(unit)
    root = vectors * np.sqrt(np.maximum(values, 0.0)) * np.sqrt(n / (1.0 - CENTRE))
    steps = (root * scale[:, None]).T
    points = np.vstack([mean, mean + steps, mean - steps])
    return points, np.array([CENTRE] + [(1.0 - CENTRE) / (2 * n)] * (2 * n))


def _at(grid: Floats, values: Floats, places: Floats) -> Floats:
    """Linear between the points of a table, and held beyond its ends."""
    return np.asarray(np.interp(places, grid, values), np.float64)
