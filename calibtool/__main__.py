"""Entry point of ``calibtool`` and ``python -m calibtool``."""

import sys


def main() -> int:
    """Run the command line and return the exit code."""
    if getattr(sys, "frozen", False):
        # In the executable, a process of a series starts this program again.
        import multiprocessing

        multiprocessing.freeze_support()
    from calibtool.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
