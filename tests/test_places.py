"""What belongs to a user is kept in one folder of the system, or in CALIBTOOL_HOME."""

from pathlib import Path

import pytest

from calibtool.instruments.cache import cache_folder
from calibtool.io.preferences import preferences_file
from calibtool.tasks.autosave import state_folder


def places() -> list[Path]:
    return [preferences_file(), state_folder(), cache_folder()]


def test_all_of_it_is_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CALIBTOOL_HOME", str(tmp_path))
    assert all(tmp_path in place.parents for place in places())
    assert len(set(places())) == 3


def test_no_kind_has_the_authors_folder_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    # On Windows there would be calibtool\\calibtool beside calibtool.
    monkeypatch.delenv("CALIBTOOL_HOME")
    for kind in ("config", "state", "cache"):
        monkeypatch.setattr(
            f"platformdirs.user_{kind}_dir",
            lambda name, appauthor=None: f"/Local/{'' if appauthor is False else name + '/'}{name}",
        )
    assert places() == [
        Path("/Local/calibtool/preferences.json"),
        Path("/Local/calibtool/sessions"),
        Path("/Local/calibtool"),
    ]
