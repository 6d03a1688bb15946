"""What setup.cfg and the folders say agrees, and the pictures are all there."""

import configparser
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from calibtool import icons

ROOT = Path(__file__).resolve().parents[2]


def declared_packages() -> set[str]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(config["options"]["packages"].split())


def test_setup_cfg_lists_exactly_the_packages_of_the_tree() -> None:
    found = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for init in (ROOT / "calibtool").rglob("__init__.py")
    }
    assert declared_packages() == found | {"calibtool.icons"}


def test_every_picture_exists_in_every_size_and_shade() -> None:
    names = {path.name.removesuffix("-dark.png") for path in (ROOT / "icons").glob("*-dark.png")}
    assert {"open", "find-ring", "select-points", "fit", "undo", "redo", "fit-view"} <= names
    for name in names:
        for dark in (False, True):
            for scale in icons.SCALES:
                assert png_size(icons.data(name, scale, dark)) == icons.TOOL_SIZE_PX * scale
    for size in icons.APP_SIZES_PX:
        assert png_size(icons.app(size)) == size


@pytest.mark.parametrize(
    ("screen_scale", "width"), [(0.9, 20), (1.0, 20), (1.25, 40), (2.0, 40), (2.5, 60), (4.0, 60)]
)
def test_a_picture_is_never_smaller_than_the_screen_asks(screen_scale: float, width: int) -> None:
    assert png_size(icons.data("open", screen_scale)) == width


def test_a_checkout_brings_its_pictures_where_another_install_is_in_use() -> None:
    # Without site-packages, as beside a plain ``pip install .``: Python takes the checkout first.
    code = "from calibtool import icons; print(len(icons.app(32)))"
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_a_picture_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icons.data("no-such-picture")


def png_size(png: bytes) -> int:
    """Width of a square PNG from its header (RFC 2083, chunk IHDR)."""
    width, height = struct.unpack(">II", png[16:24])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert width == height
    return int(width)
