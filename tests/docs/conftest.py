"""The scripts of the manual, which are no package."""

import sys
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
    sys.path.insert(0, str(DOCS))
    try:
        import made
    finally:
        sys.path.remove(str(DOCS))
    return made
