"""Progress on a terminal: how many, how many failed, how long it will take."""

import sys
import time
from typing import TextIO

from calibtool.tasks.series_row import SeriesRow

EVERY_S = 0.2


class Counter:
    """Counts rows; writes one changing line where the stream is a terminal.

    Parameters
    ----------
    total : int
        Files to do; the time left is judged by files, as the frames are not known before.
    stream : file, optional
        Standard error if not given.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._begin = self._last = time.monotonic()
        self._width = 0
        self._files = self._frames = self._failed = 0

    def count(self, row: SeriesRow) -> None:
        """Take note of a row."""
        self._frames += 1
        self._failed += not row.ok
        self._files += row.frame == 0
        now = time.monotonic()
        if self._shown and now - self._last > EVERY_S:
            self._last = now
            self._say(self.line(now - self._begin))
            self._stream.flush()

    def line(self, elapsed_s: float) -> str:
        """Text for the time that has passed."""
        text = f"{self._frames} frames, {self._files} of {self.total} files"
        if self._failed:
            text += f", {self._failed} without an answer"
        if 0 < self._files < self.total:
            text += f", {_duration(elapsed_s * (self.total / self._files - 1.0))} left"
        return text

    def finish(self) -> None:
        """End the line, and say how many there were."""
        if self._shown:
            self._say(self.line(time.monotonic() - self._begin))
            self._stream.write("\n")

    def _say(self, text: str) -> None:
        # Blanks, as not every terminal knows how to clear a line.
        self._stream.write("\r" + text.ljust(self._width))
        self._width = len(text)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
