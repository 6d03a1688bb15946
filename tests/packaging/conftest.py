"""One wheel for all tests of installed copies."""

from pathlib import Path

import pytest

from tests.packaging.environments import build_wheel, copy_sources


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    copy_sources(folder)
    return folder


@pytest.fixture(scope="session")
def direct_wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(checkout, tmp_path_factory.mktemp("wheel"))
