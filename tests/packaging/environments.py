"""Wheels made from a copy of the sources, and new environments to install them in."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("calibtool", "icons", "LICENSE", "README.md", "pyproject.toml", "setup.cfg")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed and return what it prints."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def copy_sources(folder: Path) -> None:
    """Copy what is packaged, so that building leaves nothing behind in the real sources."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy(source, folder / name)


def build_wheel(source: Path, folder: Path) -> Path:
    """Build a wheel from a folder of sources or an sdist."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run(*pip, "--wheel-dir", folder, source, cwd=folder)
    [wheel] = folder.glob("*.whl")
    return wheel


def build_sdist(source: Path, folder: Path) -> Path:
    """Build an sdist from a folder of sources."""
    call = f"from setuptools.build_meta import build_sdist; build_sdist({str(folder)!r})"
    run(sys.executable, "-c", call, cwd=source)
    [sdist] = folder.glob("*.tar.gz")
    return sdist


def make_environment(place: Path, wheel: Path, without: tuple[str, ...] = ()) -> Path:
    """Make an environment that has the wheel and return the folder of its programs.

    The dependencies are lent by the environment of the tests, all but those whose names begin
    with one of ``without``: links in a folder that a path line of a .pth file puts behind the
    new environment's own packages. An editable install among them is not started by that.
    """
    run(sys.executable, "-m", "venv", "--without-pip", place / "env", cwd=place)
    base = str(place / "env")
    scheme = sysconfig.get_paths("venv", {"base": base, "platbase": base})
    lent = place / "lent"
    lent.mkdir()
    for folder in _site_packages():
        for entry in folder.iterdir():
            name = entry.name.lower()
            taken = (lent / entry.name).exists() or name.endswith(".pth")
            if not taken and not name.startswith(("calibtool", "__editable__", *without)):
                os.symlink(entry, lent / entry.name)
    Path(scheme["purelib"], "lent.pth").write_text(str(lent), encoding="utf-8")
    python = Path(scheme["scripts"], "python")
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", python]
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=place)
    return Path(scheme["scripts"])


def _site_packages() -> list[Path]:
    paths = [sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"], *sys.path]
    folders = [Path(path) for path in dict.fromkeys(paths)]
    return [folder for folder in folders if folder.name == "site-packages" and folder.is_dir()]
