"""Writes docs/validation.md: every statement of the review with its computed status.

python docs/validation.py            writes the page; cells are run for some statements
"""

import sys
from pathlib import Path

from lithomech.validation.markdown import render
from lithomech.validation.register import load_register
from lithomech.validation.scoreboard import scoreboard

PAGE = Path(__file__).with_name("validation.md")


def main() -> int:
    """Write the page."""
    PAGE.write_text(render(scoreboard(), load_register()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
