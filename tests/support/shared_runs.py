"""Particles and composites that scripts, examples and the register have in common: run once.

A result is kept in this process, so the tests that share it stand in one file, which one worker
runs.
"""

import json
from contextlib import contextmanager

import pytest

from lithomech.microstructure import electrode
from lithomech.microstructure import spec as structure_spec
from lithomech.particle import fracture
from lithomech.particle import spec as particle_spec
from lithomech.validation import runs

PIECES = 3  # of a composite: what the register asks for
_results = {}


@contextmanager
def shared_runs():
    """Inside, a particle or a composite that was declared before is not computed again."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (fracture, runs):
            patch.setattr(module, "crack_particle", _crack_particle)
        for module in (electrode, runs):
            patch.setattr(module, "press_structure", _press_structure)
        yield


def _remember(declared, compute):
    key = json.dumps(declared)
    if key not in _results:
        _results[key] = compute()
    return _results[key]


_COMPUTE_PARTICLE = fracture.crack_particle
_COMPUTE_STRUCTURE = electrode.press_structure


def _crack_particle(particle, progress=None, kept=None):  # noqa: ARG001 - nothing is kept
    return _remember(particle_spec.to_input(particle), lambda: _COMPUTE_PARTICLE(particle))


def _press_structure(structure, progress=None, folder=None):  # noqa: ARG001 - nor are pieces
    fewer = structure.replace(seeds=min(structure.seeds, PIECES))
    return _remember(structure_spec.to_input(fewer), lambda: _COMPUTE_STRUCTURE(fewer))
