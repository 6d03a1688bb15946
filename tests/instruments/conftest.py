"""A private cache folder, so that tests neither use nor leave tables of the user."""

from collections.abc import Iterator

import pytest

from calibtool.instruments import cache, detector_table


@pytest.fixture(scope="session", autouse=True)
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "cache_folder", lambda: folder)
        detector_table.detector_table.cache_clear()
        yield
    detector_table.detector_table.cache_clear()
