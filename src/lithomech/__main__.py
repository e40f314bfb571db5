"""``python -m lithomech`` is the command line."""

import sys

from lithomech.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
