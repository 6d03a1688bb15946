"""Fixtures shared by all tests."""

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with real calibration images that are not part of the project."""
    if not (REAL_DATA / "references.json").exists():
        pytest.skip(f"real images are not here: {REAL_DATA}")
    return REAL_DATA
