"""Entry point of ``calibtool`` and ``python -m calibtool``."""

import sys


def main() -> int:
    """Run the command line and return the exit code."""
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main())
