"""A path from the clipboard, as terminals, file managers and browsers put it there."""

from pathlib import PurePath
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

SETTINGS = (".json", ".poni", ".info")
"""Endings of files that are loaded as a calibration; all others are opened as an image."""


def pasted_path(text: str) -> str:
    """Path that a text means: its first line, without quotes, a file URI as a path."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # GNOME puts the name of an action before the files.
    lines = [line for line in lines if line not in ("copy", "cut")]
    if not lines:
        return ""
    path = lines[0]
    if len(path) > 1 and path[0] == path[-1] and path[0] in "\"'":
        path = path[1:-1]
    if path.lower().startswith("file:"):
        parts = urlsplit(path)
        host = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
        path = unquote(host) + url2pathname(parts.path)
    return path


def command_for(path: str) -> str:
    """Name of the command that reads a file: ``"load"`` for settings, else ``"open"``."""
    return "load" if PurePath(path).suffix.lower() in SETTINGS else "open"
