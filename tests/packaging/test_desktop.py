"""The menu entry of the executable: put in place for one user, and taken away again."""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="menus of freedesktop.org")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The folder of the executable, in a place whose name needs care."""
    folder = tmp_path / "my & $programs 100%" / "calibtool"
    shutil.copytree(ROOT / "setup" / "desktop", folder)
    shutil.copy(ROOT / "icons" / "app-256.png", folder / "calibtool.png")
    return folder


def add(program: Path, data_home: Path, *words: str) -> str:
    done = subprocess.run(
        ["sh", program / "add-to-desktop.sh", *words], capture_output=True, text=True,
        env=os.environ | {"XDG_DATA_HOME": str(data_home)}, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


def test_the_entry_starts_this_program_with_a_file(program: Path, tmp_path: Path) -> None:
    add(program, tmp_path / "data")
    entry = (tmp_path / "data/applications/calibtool.desktop").read_text(encoding="utf-8")
    [line] = [line for line in entry.splitlines() if line.startswith("Exec=")]
    # The Desktop Entry Specification: two backslashes before a dollar sign, % doubled.
    path = str(program / "calibtool").replace("$", r"\\$").replace("%", "%%")
    assert line == f'Exec="{path}" %f'
    assert (tmp_path / "data/icons/hicolor/256x256/apps/calibtool.png").exists()


def test_every_file_type_of_the_entry_is_a_known_one_or_defined_beside_it() -> None:
    folder = ROOT / "setup" / "desktop"
    entry = (folder / "calibtool.desktop").read_text(encoding="utf-8")
    [line] = [line for line in entry.splitlines() if line.startswith("MimeType=")]
    wanted = set(line.removeprefix("MimeType=").strip(";").split(";"))
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    tree = ET.parse(folder / "calibtool-mime.xml")
    defined = {node.attrib["type"] for node in tree.iter(f"{space}mime-type")}
    assert wanted - defined == {"image/tiff"}


def test_it_can_be_taken_away_again(program: Path, tmp_path: Path) -> None:
    data_home = tmp_path / "data"
    add(program, data_home)
    add(program, data_home, "--remove")
    left = [path.name for path in data_home.rglob("calibtool*") if path.is_file()]
    assert left == []
