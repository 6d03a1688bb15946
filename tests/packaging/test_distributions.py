"""Wheel and sdist, each installed in a fresh environment, bring the command and the icons."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from calibtool import __version__
from tests.packaging.environments import ROOT, build_sdist, build_wheel, make_environment, run


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def wheel(
    request: pytest.FixtureRequest,
    checkout: Path,
    direct_wheel: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A wheel made from the checkout, directly or by way of an sdist."""
    if request.param == "wheel":
        return direct_wheel
    folder = tmp_path_factory.mktemp("sdist")
    return build_wheel(build_sdist(checkout, folder), folder)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a new environment that has this wheel."""
    return make_environment(tmp_path_factory.mktemp("environment"), wheel)


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


def test_the_installed_command_starts(environment: Path, tmp_path: Path) -> None:
    version = f"calibtool {__version__}\n"
    for words in (["calibtool"], ["python", "-m", "calibtool"]):
        said = run(environment / words[0], *words[1:], "--version", cwd=tmp_path)
        assert said.startswith(version)


def test_the_installed_package_finds_its_own_pictures(environment: Path, tmp_path: Path) -> None:
    code = "from calibtool import icons; print(icons.__file__, len(icons.data('open', 2, True)))"
    file, size = run(environment / "python", "-c", code, cwd=tmp_path).rsplit(maxsplit=1)
    assert Path(file).is_relative_to(environment.parent)
    assert int(size) == (ROOT / "icons" / "open-dark@2x.png").stat().st_size
