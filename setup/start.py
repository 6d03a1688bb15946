"""Where the executable starts: as a worker process of its own batch, or as calibtool."""

import multiprocessing
import sys

if __name__ == "__main__":
    # A worker process is this program started again with words meant for multiprocessing.
    multiprocessing.freeze_support()

    from calibtool.__main__ import main

    sys.exit(main())
