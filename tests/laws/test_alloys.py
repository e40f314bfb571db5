"""Path between two branches of a potential, and fronts that follow lithium."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws.alloys import front_share, hysteresis_path

WIDTH = 0.05


def travelled(start, steps):
    """The path after each of some changes of stoichiometry."""
    path = [start]
    for dx in steps:
        path.append(float(hysteresis_path(path[-1], dx, abs(dx), WIDTH)))
    return np.array(path)


@pytest.mark.parametrize(("sign", "branch"), [(1.0, -1.0), (-1.0, 1.0)])
def test_a_branch_is_approached_exponentially_at_first_order(sign, branch):
    """Exact: branch + (start - branch) exp(-|dx|/width)."""
    exact = branch + (0.3 - branch) * np.exp(-0.08 / WIDTH)
    errors = [
        abs(travelled(0.3, np.full(n, sign * 0.08 / n))[-1] - exact) for n in (40, 80, 160)
    ]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert_allclose(orders, 1.0, atol=0.1, rtol=0.0)


def test_no_walk_leaves_the_branches_or_sets_energy_free():
    """Work at the path less what is stored, width s^2/2 per site and H, falls in no step."""
    draw = np.random.default_rng(7)
    steps = draw.uniform(-0.02, 0.02, 4000) * draw.integers(0, 2, 4000)
    path = travelled(0.0, steps)
    assert np.abs(path).max() <= 1.0
    lost = -path[1:] * steps - WIDTH * np.diff(path**2) / 2.0
    assert lost.min() >= -1e-18
    assert lost.sum() > 0.0


def test_a_closed_cycle_costs_the_area_between_the_branches():
    """2 per H and stoichiometry, less 2 width for each of the two reversals."""
    there = np.full(20_000, 1.0 / 20_000)
    path = travelled(1.0, np.concatenate([there, -there]))
    area = -np.sum(path[1:] * np.concatenate([there, -there]))
    assert_allclose(area, 2.0 * (1.0 - 2.0 * WIDTH), rtol=1e-3)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.9])
def test_a_front_stands_still_without_time_and_follows_its_content_for_ever(share):
    assert_allclose(front_share(share, 0.3, 0.57, 0.0), share, rtol=1e-15)
    assert_allclose(front_share(share, 0.3, 0.57, 1e9), 0.3 / 0.57, rtol=1e-6)


def test_a_step_of_a_front_solves_its_implicit_equation():
    for reach in (1e-3, 0.1, 5.0):
        after = front_share(0.2, 0.3, 0.57, reach)
        assert_allclose(after, 0.2 + reach * (0.3 / after - 0.57), rtol=1e-12)
