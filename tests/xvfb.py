"""A private screen: Xvfb for as long as a ``with`` block lasts."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running_xvfb(size: str = "1920x1200", dpi: int = 96) -> Iterator[str]:
    """Run Xvfb with one screen of ``size`` (width x height) and give its name (``":7"``).

    Xvfb picks a free number itself and writes it to the pipe once it listens.
    """
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24"]
    command += ["-dpi", str(dpi), "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb ended with code {server.wait()} before it was ready")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
