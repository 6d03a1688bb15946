"""Keep libraries from writing to the terminal, and hear what they wanted to say."""

import io
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

_LOGGERS = ("fabio", "h5py", "hdf5plugin", "matplotlib", "PIL", "pyFAI", "silx")
_lock = threading.RLock()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def quiet_libraries() -> Iterator[list[logging.LogRecord]]:
    """Collect log records of the reading libraries; drop their Python warnings and prints.

    Yields
    ------
    list of logging.LogRecord
        What was logged at WARNING or above so far, in order. Some readers report damage
        only there and return padded data.
    """
    collector = _Collector()
    # fabio prints about some files that it cannot unpack, and standard output is the answer's.
    with _lock, warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        before = [(logger.propagate, logger.handlers[:], logger.disabled) for logger in loggers]
        for logger in loggers:
            logger.propagate, logger.handlers, logger.disabled = False, [collector], False
        try:
            yield collector.records
        finally:
            for logger, state in zip(loggers, before, strict=True):
                logger.propagate, logger.handlers, logger.disabled = state
