"""Settings of the whole test suite."""

import os
import signal

import pytest
from hypothesis import settings

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"  # the oracle would report to its makers
# A shell that puts the tests in the background lets them ignore Ctrl-C, which some are about.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):  # nohup lets them ignore this one
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores: waiting threads cost all
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")

# The same cases on every machine: a failure in continuous integration is a failure at home.
settings.register_profile("lithomech", derandomize=True, deadline=None)
settings.load_profile("lithomech")

# Workers take whole files, in this order; the longest come first, so that none is left alone.
LONGEST = (
    "tests/particle/test_fracture.py",
    "tests/examples/test_examples.py",
    "tests/cell/test_against_pybamm.py",
    "tests/cell/test_impedance.py",
    "tests/app/test_analyse_command.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(LONGEST)))
