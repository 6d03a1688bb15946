"""A user's home may have any name or be closed, and the locale may know ASCII only."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from calibtool.model.demo import CIRCLE
from calibtool.places import HOME
from calibtool.tasks.gallery import write_image

OF_THE_USER = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "MPLCONFIGDIR", HOME)
STRICT = ["-W", "error", "-X", "dev"]


def closed(folder: Path) -> Path:
    """A home in which nothing can be made, by root neither."""
    home = folder / "closed"
    home.write_text("no folder")
    return home / "home"


def of_any_name(folder: Path) -> Path:
    home = folder / "zu Hause bei Łukasz λ"
    home.mkdir()
    return home


def fit(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """What a fit with all its files finds, which must say nothing on standard error."""
    image = write_image(folder / "ring λ.edf")
    words = ["fit", str(image), "--json", "--figure", str(folder / "report.png"), "--force"]
    done = subprocess.run(
        [sys.executable, *STRICT, "-m", "calibtool", *words], capture_output=True, timeout=120,
        env={k: v for k, v in os.environ.items() if k not in OF_THE_USER} | environment,
        cwd=folder,
    )  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == 0
    assert (folder / "report.png").stat().st_size > 1000
    found: dict[str, float] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("home", [closed, of_any_name])
@pytest.mark.skipif(os.name == "nt", reason="a home by variables of POSIX")
def test_every_home_and_locale_will_do(tmp_path: Path, home: object) -> None:
    assert callable(home)
    place = str(home(tmp_path))
    found = fit(tmp_path, {"HOME": place, "USERPROFILE": place, "LC_ALL": "C", "PYTHONUTF8": "0",
                           "PYTHONCOERCECLOCALE": "0"})  # fmt: skip
    assert found["center_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=0.1)
