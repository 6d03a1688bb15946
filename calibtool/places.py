"""Where calibtool keeps what belongs to a user: preferences, sessions, what can be made again."""

import os
from pathlib import Path
from typing import Literal

HOME = "CALIBTOOL_HOME"
"""Environment variable: a folder for all of it, in place of those of the system."""


def user_folder(kind: Literal["config", "state", "cache"]) -> Path:
    """Folder for one kind; platformdirs knows where each system wants it."""
    home = os.environ.get(HOME)
    if home:
        return Path(home, kind)
    import platformdirs

    place = {
        "config": platformdirs.user_config_dir,
        "state": platformdirs.user_state_dir,
        "cache": platformdirs.user_cache_dir,
    }[kind]
    return Path(place("calibtool", appauthor=False))
