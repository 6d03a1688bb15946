"""The scripts of the manual, which are no package."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="session")
def docs() -> Path:
    return DOCS


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """What makes the pages that come from the code."""
    return script("made")


@pytest.fixture(scope="session")
def scenes() -> ModuleType:
    """What makes the pictures of the warnings."""
    return script("scenes")


def script(name: str) -> ModuleType:
    """A script of the manual."""
    sys.path.insert(0, str(DOCS))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(DOCS))
