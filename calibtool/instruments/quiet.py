"""Keep pyFAI from writing to the terminal while it is asked something."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_pyfai() -> Iterator[None]:
    """Drop the warnings and log records of pyFAI, and leave its logger as it was."""
    logger = logging.getLogger("pyFAI")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = logger.disabled, logger.propagate, logger.handlers[:]
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
        try:
            yield
        finally:
            logger.disabled, logger.propagate, logger.handlers = before
