"""Entry point of ``calibtool`` and ``python -m calibtool``."""

import os
import sys
import warnings


def main() -> int:
    """Run the command line and return the exit code."""
    from calibtool.cli.ending import end_at_once
    from calibtool.threads import SINGLE_THREAD

    end_at_once()
    for name in SINGLE_THREAD:
        os.environ.setdefault(name, "1")
    if getattr(sys, "frozen", False):
        # In the executable, a process of a series starts this program again.
        import multiprocessing

        multiprocessing.freeze_support()
    from calibtool.cli.main import run

    if not sys.warnoptions:
        # A warning of Python is for who writes programs; what the user must know is said in words.
        warnings.simplefilter("ignore")
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
