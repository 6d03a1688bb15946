"""A private screen: Xvfb for as long as a ``with`` block lasts, with a window manager if wanted."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.x11 import Screen


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


@contextmanager
def managed(display: str, manager: str) -> Iterator[None]:
    """Run a window manager on a screen; an empty name runs none."""
    if not manager:
        yield
        return
    running = subprocess.Popen([manager], env={**os.environ, "DISPLAY": display},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        screen, end = Screen(display), time.monotonic() + 20.0
        while not screen.is_managed():
            if running.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{manager} does not manage the screen {display}")
        screen.close()
        yield
    finally:
        running.terminate()
        running.wait()
