"""What point contacts do to active grains: pellets put together by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.microstructure.grains import resolve
from lithomech.microstructure.loads import point_loads
from lithomech.microstructure.pack import Pellet, press
from lithomech.microstructure.spec import load_structure

R = 2e-6
EXAMPLE = "nca_li3ycl6"


def pellet(force):
    """Active grains 0, 1 and 3, electrolyte 2; contacts 0-1, 0-2, 1-3."""
    count = 3
    return Pellet(
        centres=np.zeros((4, 3)),
        radii=np.array([R, 2.0 * R, R, R]),
        sorts=np.array([0, 0, 1, 0]),
        box=np.ones(3),
        pairs=np.array([[0, 1], [0, 2], [1, 3]], np.int32),
        overlap=np.zeros(count),
        most_overlap=np.zeros(count),
        force=np.asarray(force),
        contact_radius=np.zeros(count),
        branch=np.ones((count, 3)),
        pull=np.zeros((count, 3)),
        stress=np.zeros(3),
        at_rest=True,
    )


ACTIVE = np.array([True, True, False, True])


def test_the_heaviest_contact_between_active_grains_counts():
    """0.9 F/d^2 (Hiramatsu and Oka); what electrolyte presses spreads out and is left away."""
    found = point_loads(pellet([1e-3, 9e-3, 3e-3]), ACTIVE)
    d = 2.0 * R
    assert_allclose(found, [0.9e-3 / d**2, 2.7e-3 / (2.0 * d) ** 2, 2.7e-3 / d**2])


@pytest.mark.deep
def test_less_electrolyte_means_more_contacts_and_more_tension():
    """The order of Han2021, section 4.1 of the review: 29.1 against 40.7 % by weight."""
    seen = []
    for weight in (0.291, 0.407):
        changes = [
            ("composition.active[0].weight", f"{100.0 * (1.0 - weight):.1f} %"),
            ("composition.electrolyte.weight", f"{100.0 * weight:.1f} %"),
        ]
        structure = load_structure(EXAMPLE, changes)
        mixture = resolve(structure)
        pressed = press(structure, mixture, 0)[0]
        active = mixture.active[pressed.sorts]
        both = active[pressed.pairs].all(axis=1) & (pressed.force > 0.0)
        seen.append((both.sum() / active.sum(), point_loads(pressed, active).mean()))
    assert np.all(np.array(seen[0]) > np.array(seen[1]))


def test_grains_that_touch_none_bear_nothing():
    assert_allclose(point_loads(pellet([0.0, 9e-3, 0.0]), ACTIVE), 0.0)
