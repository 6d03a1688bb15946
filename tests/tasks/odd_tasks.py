"""Tasks for another process that end oddly; quickly imported there."""

import time


def for_ever() -> None:
    while True:
        time.sleep(3600.0)


def identity(value: object) -> object:
    return value


def unsendable() -> object:
    return lambda: None
