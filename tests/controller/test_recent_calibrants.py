"""Calibrants chosen lately come first, also the next time."""

from dataclasses import replace
from pathlib import Path

from calibtool.controller.remembering import Memory
from calibtool.picture import Display
from tests.controller.conftest import Desk


def test_the_one_chosen_last_is_first_in_the_list(desk: Desk) -> None:
    controller = desk.controller
    controller.update(replace(controller.state, calibrants=("AgBh", "Al", "CeO2", "LaB6")))
    for name in ("LaB6", "CeO2", "LaB6", "nonsense"):
        controller.set_field("calibrant", name)
    assert desk.scene.fields["calibrant"].choices[:4] == ("LaB6", "CeO2", "AgBh", "Al")
    assert len(desk.scene.fields["calibrant"].choices) == 5, "and the free d-spacing"


def test_they_are_kept_for_the_next_time(tmp_path: Path) -> None:
    place = tmp_path / "preferences.json"
    assert Memory(place).calibrants() == ()
    Memory(place).remember(Display(), (), {}, ("LaB6", "CeO2"))
    assert Memory(place).calibrants() == ("LaB6", "CeO2")
    place.write_text('{"values": {"calibrants": [3, "Al"]}}')
    assert Memory(place).calibrants() == ("Al",)
