"""What the program remembers from one time to the next: choices and recent files."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from calibtool.errors import InputError
from calibtool.io.atomic import write_file
from calibtool.places import user_folder

_MOST_RECENT = 12


@dataclass(frozen=True)
class Preferences:
    """``recent`` are paths, the latest first; ``values`` plain values by name."""

    recent: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def with_value(self, name: str, value: Any) -> "Preferences":
        """Preferences with one value set; it must be one that JSON knows."""
        return replace(self, values=MappingProxyType({**self.values, name: value}))


def preferences_file() -> Path:
    """Where preferences are kept on this platform."""
    return user_folder("config") / "preferences.json"


def load_preferences(path: Path | None = None) -> Preferences:
    """Preferences as kept; the defaults where there are none or the file is damaged."""
    try:
        plain = json.loads((path or preferences_file()).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    if not isinstance(plain, dict):
        return Preferences()
    recent, values = plain.get("recent"), plain.get("values")
    paths = recent if isinstance(recent, list) else []
    return Preferences(
        recent=tuple(item for item in paths if isinstance(item, str))[:_MOST_RECENT],
        values=MappingProxyType(values if isinstance(values, dict) else {}),
    )


def save_preferences(preferences: Preferences, path: Path | None = None) -> None:
    """Keep preferences.

    Raises
    ------
    InputError
        Where they cannot be written; the program works without.
    """
    target = path or preferences_file()
    plain = {"recent": list(preferences.recent), "values": dict(preferences.values)}
    try:
        os.makedirs(target.parent, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot keep the preferences in {target}: {error.strerror}.") from error
    write_file(target, json.dumps(plain, indent=1, ensure_ascii=False) + "\n", force=True)
