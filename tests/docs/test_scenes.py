"""The picture beside each warning of the manual is of an image that truly brings it."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from calibtool.presenter.advice import SHORT


def test_there_is_a_scene_for_each_warning(scenes: ModuleType) -> None:
    assert set(scenes.SCENES) == set(SHORT)


@pytest.mark.parametrize("code", sorted(SHORT))
def test_the_scene_brings_its_warning(scenes: ModuleType, code: str, tmp_path: Path) -> None:
    session = scenes.SCENES[code]().session()
    assert code in scenes.codes(session)
    scenes.picture(session).save(tmp_path / "picture.png")
    pixels = np.asarray(Image.open(tmp_path / "picture.png").convert("RGB"))
    assert pixels.shape == (scenes.SHOWN, scenes.SHOWN, 3)
    assert (pixels == (0x00, 0xE0, 0x60)).all(axis=2).any(), "what was found is on it"
