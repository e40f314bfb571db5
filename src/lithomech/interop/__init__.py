"""Other simulators and their formats: PyBaMM and BPX."""

from lithomech.interop.bpx import to_bpx, write_bpx
from lithomech.interop.bpx_reading import read_bpx

__all__ = ["read_bpx", "to_bpx", "write_bpx"]
