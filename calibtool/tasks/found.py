"""A new frame, wherever it came from, and what is asked for new ones."""

from dataclasses import dataclass
from typing import Protocol

from calibtool.model.image import Image


@dataclass(frozen=True, eq=False)
class Found:
    """A new frame of a file or address; without an image the reason why."""

    file: str
    frame: int
    image: Image | None
    reason: str = ""


class Watch(Protocol):
    """A place where frames arrive. It is a value: a look makes a new one."""

    def look(self, now: float) -> "tuple[Watch, tuple[Found, ...]]":
        """Look once at a time ``now`` in s, of any clock that does not jump.

        Raises
        ------
        InputError
            There is nothing to be looked at any more.
        """
