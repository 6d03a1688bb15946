"""A series written and measured once for all tests."""

from pathlib import Path

import pytest

from tests.tasks.batch_runs import table_of
from tests.tasks.frames import N_FRAMES, Series, write_series


@pytest.fixture(scope="session")
def series(tmp_path_factory: pytest.TempPathFactory) -> Series:
    """Frames with a known drift, seven of them bad."""
    return write_series(tmp_path_factory.mktemp("series"), N_FRAMES)


@pytest.fixture(scope="session")
def table(series: Series, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Table of the series, made by two processes without any accident of their own."""
    return table_of(series, tmp_path_factory.mktemp("table") / "table.csv")
