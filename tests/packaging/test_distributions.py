"""Wheel and sdist, each installed in a fresh environment, bring the command and the icons."""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from calibtool import __version__

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("calibtool", "icons", "LICENSE", "README.md", "pyproject.toml", "setup.cfg")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that building leaves nothing behind in the real ones."""
    folder = tmp_path_factory.mktemp("checkout")
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy(source, folder / name)
    return folder


def build_wheel(source: Path, folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run(*pip, "--wheel-dir", folder, source, cwd=folder)
    [wheel] = folder.glob("*.whl")
    return wheel


def build_sdist(source: Path, folder: Path) -> Path:
    call = f"from setuptools.build_meta import build_sdist; build_sdist({str(folder)!r})"
    run(sys.executable, "-c", call, cwd=source)
    [sdist] = folder.glob("*.tar.gz")
    return sdist


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def wheel(
    request: pytest.FixtureRequest, checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A wheel made from the checkout, directly or by way of an sdist."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "wheel":
        return build_wheel(checkout, folder)
    return build_wheel(build_sdist(checkout, folder), folder)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a new environment that has this wheel.

    The dependencies are lent by the environment of the tests: a path line in a .pth file adds
    them behind the new environment's own packages and starts no editable install.
    """
    place = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place)
    scheme = sysconfig.get_paths("venv", {"base": str(place), "platbase": str(place)})
    lent = {sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]}
    lent |= {path for path in sys.path if Path(path).name == "site-packages"}
    Path(scheme["purelib"], "lent.pth").write_text("\n".join(sorted(lent)), encoding="utf-8")
    python = Path(scheme["scripts"], "python")
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", python]
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=place)
    return Path(scheme["scripts"])


def test_the_wheel_holds_the_package_and_nothing_beside_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"calibtool", f"calibtool-{__version__}.dist-info"}
    assert "calibtool/py.typed" in names
    pictures = {path.name for path in (ROOT / "icons").glob("*.png")}
    assert {f"calibtool/icons/{picture}" for picture in pictures} <= set(names)


def test_the_sdist_holds_licence_and_readme(checkout: Path, tmp_path: Path) -> None:
    with tarfile.open(build_sdist(checkout, tmp_path)) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "setup.cfg", "icons/open.png"} <= names


def test_the_installed_package_finds_its_own_pictures(environment: Path, tmp_path: Path) -> None:
    code = "from calibtool import icons; print(icons.__file__, len(icons.data('open', 2, True)))"
    file, size = run(environment / "python", "-c", code, cwd=tmp_path).rsplit(maxsplit=1)
    assert Path(file).is_relative_to(environment.parent)
    assert int(size) == (ROOT / "icons" / "open-dark@2x.png").stat().st_size
