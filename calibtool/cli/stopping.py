"""Ctrl-C and its like where something is begun that must end well."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from calibtool.cli.ending import LINE, end

_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
ENDING = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
"""What a batch system, a lost terminal or Ctrl-Break sends."""


class Stopped(KeyboardInterrupt):
    """The user, or the system, ends the program.

    Parameters
    ----------
    number : int
        The signal.
    note : str
        What is left to say, a clause.
    """

    def __init__(self, number: int = signal.SIGINT, note: str = "") -> None:
        super().__init__(number, note)
        self.number, self.note = number, note

    @property
    def line(self) -> str:
        """What is said."""
        return f"{LINE}; {self.note}" if self.note else LINE

    @property
    def exit_code(self) -> int:
        """As a shell counts them: 128 and the number of the signal."""
        return 128 + self.number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` in the main thread instead, so that what is begun ends well."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = (signal.SIG_DFL, signal.default_int_handler, end)
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, *ENDING)}
    heard = {number: handler for number, handler in before.items() if handler in usual}
    for number in heard:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)
