"""Settings of the whole test suite."""

import os

from hypothesis import settings

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"  # the oracle would report to its makers
if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores: waiting threads cost all
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")

# The same cases on every machine: a failure in continuous integration is a failure at home.
settings.register_profile("lithomech", derandomize=True, deadline=None)
settings.load_profile("lithomech")
