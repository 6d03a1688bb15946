"""What is remembered from one time to the next: recent images, theme, display, window."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from calibtool import __version__
from calibtool.errors import CalibtoolError
from calibtool.io.preferences import Preferences, load_preferences, save_preferences
from calibtool.picture import Display


class Memory:
    """Preferences of this user; a place that cannot be written is no reason to stop.

    Parameters
    ----------
    path : Path, optional
        Where they are kept, by default the platform's place.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.preferences: Preferences = load_preferences(path)
        self._version = self.value("version") if self.preferences.values else __version__

    def display(self) -> Display:
        """Return how images were shown last; what does not fit is left at its default."""
        kept = self.preferences.values.get("display")
        default = Display()
        if not isinstance(kept, Mapping):
            return default
        known: dict[str, Any] = {
            field.name: kept[field.name]
            for field in fields(Display)
            if type(kept.get(field.name)) is type(getattr(default, field.name))
        }
        return replace(default, **known)

    def calibrants(self) -> tuple[str, ...]:
        """Return the calibrants chosen lately, the last one first."""
        kept = self.preferences.values.get("calibrants")
        return tuple(n for n in kept if isinstance(n, str)) if isinstance(kept, list) else ()

    def value(self, name: str) -> Any:
        """Return a remembered value, None where there is none."""
        return self.preferences.values.get(name)

    def has_new_version(self) -> bool:
        """Whether another version was used last; only the first time that it is asked for."""
        before, self._version = self._version, __version__
        return bool(before != __version__)

    def remember(
        self,
        display: Display,
        recent: tuple[str, ...],
        place: Mapping[str, Any],
        calibrants: tuple[str, ...] = (),
    ) -> None:
        """Keep the display, images and calibrants chosen last, the window's place and lengths."""
        # What others have kept meanwhile, as the layout of a file, stays.
        kept = replace(load_preferences(self._path), recent=recent)
        kept = kept.with_value("display", asdict(display)).with_value("place", dict(place))
        kept = kept.with_value("calibrants", list(calibrants))
        kept = kept.with_value("version", self._version)
        if kept == self.preferences:
            return
        with suppress(CalibtoolError):
            save_preferences(kept, self._path)
            self.preferences = kept
