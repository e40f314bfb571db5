"""The estimator against a truth that is known: a reduced cell, with noise, drift and steps."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.observe import estimator
from lithomech.observe.estimator import Estimator, Guess, ReducedCell, Sensors, sigma_points

CAPACITY = 7200.0  # C
GRID = np.linspace(-0.2, 1.3, 61) * CAPACITY
VOLTAGE, PRESSURE, DRIFT, STEP = 2e-3, 5e3, 5e3, 1e3
SHARE = GRID / CAPACITY
CELL = ReducedCell(
    GRID,
    3.55 + 0.45 * SHARE + 0.15 * SHARE**3,
    # a flat counter electrode that empties at its lower end
    0.08 + 0.3 * np.exp(-(SHARE + 0.1) / 0.05),
    -0.15e6 * SHARE**2,
    1.2e6 * SHARE,
    *3 * [np.full(GRID.size, 0.02)], 5e6, 600.0, CAPACITY,
)  # fmt: skip
BOTH = Sensors(VOLTAGE, PRESSURE, 1e-3, STEP, DRIFT)
ALONE = Sensors(VOLTAGE, None, 1e-3)
SECONDS = 60.0


def course():
    """Currents [A] of a charge and a discharge in pulses, with rests."""
    pulse = np.repeat([1.0, 1.0, 0.0], 10)
    return np.concatenate([np.tile(pulse, 6), -np.tile(pulse, 7)])


def truth(draw):
    """State of a cell that has lost contact and lithium, and what its sensors read."""
    contact, lost, start = (
        draw.uniform(0.4, 0.9),
        draw.uniform(0.02, 0.12),
        draw.uniform(0.1, 0.2),
    )
    state = np.array([[start * CAPACITY, lost * CAPACITY, 1.0 / contact, 0.0, 0.0, 0.0]])
    rows, offset = [], 0.0
    for current in course():
        state = CELL.moved(state, current, SECONDS)
        offset += DRIFT * np.sqrt(SECONDS / 3600.0) * draw.normal()
        volt = CELL.voltage(state, current)[0] + VOLTAGE * draw.normal()
        pascal = CELL.stack_pressure(state)[0] + offset + PRESSURE * draw.normal()
        read = (np.round(volt / 1e-3) * 1e-3, np.round(pascal / STEP) * STEP)
        rows.append((current, *read, state[0, 0] / CAPACITY))
    return contact, lost, rows


def errors(sensors, contact, lost, rows):
    """Root mean squares of charge and inventory over the last half, last error of contact."""
    follow = Estimator(CELL, sensors, Guess(0.5, 0.25, 0.0, 0.1, 0.7, 0.7, 1e-3, 1e3, 1e4, 0.0))
    seen = [follow.step(SECONDS, *row[:3]) for row in rows]
    half = len(rows) // 2
    apart = [one.state_of_charge - row[3] for one, row in zip(seen, rows, strict=True)][half:]
    gone = [one.lost - lost for one in seen[half:]]
    squares = [np.sqrt(np.mean(np.square(one))) for one in (apart, gone)]
    return squares[0], abs(seen[-1].contact - contact), squares[1]


def test_sigma_points_have_the_mean_and_the_covariance():
    draw = np.random.default_rng(1)
    root = draw.normal(size=(6, 6)) * np.array([1e4, 1.0, 1e-3, 1.0, 1e5, 1e-2])
    mean, covariance = draw.normal(size=6), root.T @ root
    points, weights = sigma_points(mean, covariance)
    assert_allclose(weights.sum(), 1.0, rtol=1e-12)
    assert_allclose(weights @ points, mean, rtol=1e-6, atol=1e-6)
    apart = points - mean
    found = apart.T @ (weights[:, None] * apart)
    size = np.sqrt(np.diag(covariance))
    assert_allclose(found / np.outer(size, size), covariance / np.outer(size, size), atol=1e-9)


def test_of_a_linear_cell_it_is_the_kalman_filter():
    """One state, one measurement: the posterior has a closed form."""
    flat = np.zeros_like(GRID)
    line = ReducedCell(GRID, 3.6 + 1e-4 * GRID, *6 * [flat], 0.0, 1.0, CAPACITY)
    guess = Guess(0.5, 0.1, 0.0, 1e-9, 1.0, 1e-9, 1e-9, 0.0, 0.0, 0.0)
    found = Estimator(line, Sensors(2e-3), guess).step(0.0, 0.0, 4.0)
    prior, noise = (0.1 * CAPACITY) ** 2, (2e-3) ** 2
    gain = prior * 1e-4 / (prior * 1e-8 + noise)
    charge = 0.5 * CAPACITY + gain * (4.0 - 3.6 - 1e-4 * 0.5 * CAPACITY)
    assert_allclose(found.state_of_charge, charge / CAPACITY, rtol=1e-6)
    error = np.sqrt(prior * (1.0 - gain * 1e-4)) / CAPACITY
    assert_allclose(found.state_of_charge_error, error, rtol=1e-4)


def test_pressure_helps_on_average_and_never_hurts_by_more_than_noise():
    draw = np.random.default_rng(20)
    found = []
    for _ in range(12):
        contact, lost, rows = truth(draw)
        found.append([errors(sensors, contact, lost, rows) for sensors in (ALONE, BOTH)])
    alone, both = np.swapaxes(np.array(found), 0, 1)
    for k, noise in enumerate((0.005, 0.02, 0.005)):  # charge, contact, inventory
        assert both[:, k].mean() < alone[:, k].mean() + 0.1 * noise
        assert np.all(both[:, k] < alone[:, k] + noise)
    assert both[:, 0].mean() < 0.8 * alone[:, 0].mean()
    assert both[:, 2].mean() < 0.8 * alone[:, 2].mean()
    assert both[:, 0].mean() < 0.01


@pytest.mark.deep
def test_errors_are_what_it_says():
    """Of many estimates about two of three lie within one standard deviation."""
    draw, off = np.random.default_rng(3), []
    for _ in range(12):
        _, lost, rows = truth(draw)
        follow = Estimator(
            CELL, BOTH, Guess(0.3, 0.25, 0.05, 0.1, 0.7, 0.7, 1e-3, 1e3, 1e4, 0.0)
        )
        last = [follow.step(SECONDS, *row[:3]) for row in rows][-1]
        off.append((last.state_of_charge - rows[-1][3]) / last.state_of_charge_error)
        off.append((last.lost - lost) / last.lost_error)
    assert 0.3 < np.sqrt(np.mean(np.square(off))) < 2.0


def test_a_contact_that_is_lost_is_seen():
    """Half of the contact goes at once; a pulse later it is seen."""
    state = np.array([[0.3 * CAPACITY, 0.0, 1.0, 0.0, 0.0, 0.0]])
    follow = Estimator(CELL, BOTH, Guess(0.3, 0.05, offset_error=1e4))
    seen = []
    for k, current in enumerate(np.tile([1.0, 1.0, 0.0], 20)):
        state = CELL.moved(state, current, SECONDS)
        state[0, 2] = 2.0 if k >= 12 else 1.0
        volt, pascal = CELL.voltage(state, current)[0], CELL.stack_pressure(state)[0]
        seen.append(follow.step(SECONDS, current, volt, pascal).contact)
    assert seen[11] > 0.9
    assert seen[-1] < 0.65


def test_tables_that_are_wrong_by_a_constant_leave_the_contact():
    """What stays does not jump with the current: the pulses tell the contact apart from it."""
    state = np.array([[0.3 * CAPACITY, 0.0, 2.0, 0.0, 0.0, 0.0]])
    follow = Estimator(CELL, ALONE, Guess(0.3, 0.05, contact=0.7, model_error=1e-2))
    for current in np.tile([1.0, 1.0, 0.0], 10):
        state = CELL.moved(state, current, SECONDS)
        volt = CELL.voltage(state, current)[0] + 1e-2
        found = follow.step(SECONDS, current, volt)
    assert_allclose(found.contact, 0.5, atol=0.1)


def test_its_file_runs_alone(tmp_path):
    copy = tmp_path / "estimator.py"
    copy.write_text(Path(estimator.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    code = (
        "import sys, estimator; assert not {'numba', 'scipy', 'lithomech'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
