"""Fixtures shared by all tests."""

import gc
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calibtool.places import HOME
from calibtool.view.window_system import introduce
from tests.drawn import register_profiles
from tests.xvfb import managed, running_xvfb

register_profiles()

REAL_DATA = Path("shared", "data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a closed window go in the thread that made it.

    Tcl aborts the process when an interpreter is deleted by another thread, which happens when
    Python collects its garbage while a worker of a later test runs.
    """
    result = yield
    if "root" in getattr(item, "fixturenames", ()):
        gc.collect()
    return result


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with real calibration images that are not part of the project."""
    for parent in Path(__file__).resolve().parents[1:]:
        if (parent / REAL_DATA / "references.json").exists():
            return parent / REAL_DATA
    pytest.skip(f"real images are not here: no folder {REAL_DATA} beside the project")


@pytest.fixture(scope="session", autouse=True)
def private_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Preferences, cache and kept sessions of the tests, never those of the user."""
    places = tmp_path_factory.mktemp("places")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME, str(places))
        yield


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A screen for windows: a private Xvfb, else the user's; its name, as DISPLAY has it.

    A private screen has one size everywhere. It has the window manager that
    ``CALIBTOOL_WINDOW_MANAGER`` names (openbox, twm), by default none.
    """
    if sys.platform != "linux":
        introduce()
        yield ""
        return
    if shutil.which("Xvfb") is None:
        if not os.environ.get("DISPLAY"):
            pytest.skip("no display and no Xvfb for the tests of the window")
        yield os.environ["DISPLAY"]
        return
    manager = os.environ.get("CALIBTOOL_WINDOW_MANAGER", "")
    with (
        running_xvfb() as name, managed(name, manager), pytest.MonkeyPatch.context() as patch
    ):
        patch.setenv("DISPLAY", name)
        yield name


KNOWN_FAULTS = {
    r"test_variants_have_the_same_answer\[(.*-cut|gaps.*-(transposed|turned 90|turned 180))": (
        "answers agree to 0.2-0.3 σ, not always to 0.2 σ"
    ),
    r"test_variants_have_the_same_answer\[nothing given-transposed": "odds at the limit of certain",
    r"test_variants_of_a_real_image.*ceo2": "faint rings come and go",
    r"test_the_calibrant_is_recognised\[Si\]": "CeO2 without two of its lines stays in the set",
    r"test_an_answer_is_a_start": "agrees to 0.2 σ, not to 0.05 σ",
}
"""Tests of what does not hold yet, each with its fault; CALIBTOOL_GOALS=1 runs them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, visibly, what is known not to hold."""
    if os.environ.get("CALIBTOOL_GOALS"):
        return
    for item in items:
        for part, fault in KNOWN_FAULTS.items():
            if "model/pattern" in item.nodeid and re.search(part, item.nodeid):
                item.add_marker(pytest.mark.skip(reason=f"known fault: {fault}"))
