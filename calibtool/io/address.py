"""Addresses (``http://…``) of instruments: what is one, and what may come from there."""

import urllib.parse
from dataclasses import dataclass

from calibtool.errors import InputError

SCHEMES = ("http", "https")


@dataclass(frozen=True)
class Limits:
    """What an answer may be: whole within so many seconds, and so many bytes."""

    seconds: float = 10.0
    bytes: int = 256_000_000


def is_address(text: str) -> bool:
    """Whether a name is an address and not that of a file."""
    return text.lower().startswith(("http://", "https://"))


def parse_address(text: str) -> str:
    """Return the address that was typed.

    Raises
    ------
    InputError
        It is none of http or https, or it holds a password.
    """
    typed = text.strip()
    try:
        parts = urllib.parse.urlsplit(typed)
        whole = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(character.isspace() for character in typed):
        raise InputError(
            f"'{typed}' is not an address: write it as http://computer/path/of/the/image."
        )
    if parts.username or parts.password:
        raise InputError("An address with a password is not used: ask for one without.")
    return urllib.parse.quote(typed, safe="%/:=&?~#+!$,;'@()*[]")
