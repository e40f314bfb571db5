"""How much memory is free."""

import os
from pathlib import Path


def free_memory() -> int | None:
    """Bytes free on this machine, where it says so."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        names = getattr(os, "sysconf_names", {})
        if "SC_PHYS_PAGES" not in names:
            return None
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    free = [line for line in lines if line.startswith("MemAvailable:")]
    return 1024 * int(free[0].split()[1]) if free else None
