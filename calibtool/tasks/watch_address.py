"""Watch an address that serves the newest image of an instrument."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from calibtool.errors import CalibtoolError
from calibtool.io.address import Limits, parse_address
from calibtool.io.images import load_image
from calibtool.tasks.found import Found

EVERY_S = 2.0


@dataclass(frozen=True)
class AddressWatch:
    """What an address has served; a look makes a new one.

    ``every_s`` is the time between two requests. ``digest`` is that of the last content, so that
    an image that is served again counts once, ``said`` the last reason why there was none, so
    that it is said once. ``due`` is when to ask next and ``number`` how many frames there were.
    """

    address: str
    every_s: float = EVERY_S
    limits: Limits = Limits()
    due: float = float("-inf")
    digest: str = ""
    said: str = ""
    number: int = 0

    def look(self, now: float) -> tuple["AddressWatch", tuple[Found, ...]]:
        """Ask for the image where it is time; waits no longer than the limits say."""
        if now < self.due:
            return self, ()
        from calibtool.io.fetching import fetch

        state = replace(self, due=now + self.every_s)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            target = Path(folder, "image")
            try:
                digest = fetch(self.address, target, self.limits)
                if digest == self.digest:
                    return state, ()
                state = replace(state, digest=digest)
                image = load_image(target)
            except CalibtoolError as error:
                reason = str(error).replace(str(target), self.address)
                known = reason == self.said
                found = () if known else (Found(self.address, self.number, None, reason),)
                return replace(state, said=reason), found
        image = replace(image, path=self.address, frame=self.number, n_frames=1)
        found = (Found(self.address, self.number, image),)
        return replace(state, said="", number=self.number + 1), found


def watch_address(text: str, every_s: float = EVERY_S) -> AddressWatch:
    """Begin to watch the address that was typed.

    Raises
    ------
    InputError
        It is not an address.
    """
    return AddressWatch(parse_address(text), every_s)
