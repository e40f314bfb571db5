"""Environments that peers run in, beside ours."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PEERS = Path(__file__).parents[2] / ".venv" / "peers"


def python_of(name: str, packages: Sequence[str]) -> Path | None:
    """Python of a peer's environment, made if needed; None if it cannot be had."""
    python = PEERS / name / "bin" / "python"
    if not python.exists():
        print(f"setting up {', '.join(packages)}, once", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", *packages], check=False, capture_output=True
    )
    return None if done.returncode else python
