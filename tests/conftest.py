"""Settings of the whole test suite."""

import os

from hypothesis import settings

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"  # the oracle would report to its makers

# The same cases on every machine: a failure in continuous integration is a failure at home.
settings.register_profile("lithomech", derandomize=True, deadline=None)
settings.load_profile("lithomech")
