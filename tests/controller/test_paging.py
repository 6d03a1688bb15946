"""While images are paged through, the last numbers stay, dimmed, until the new ones come."""

from pathlib import Path

from calibtool.scene import Scene
from tests.controller.conftest import Desk


class Film:
    """Keeps all scenes."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []

    def show(self, scene: Scene) -> None:
        self.scenes.append(scene)


def test_the_numbers_stay_dimmed_and_no_line_comes_or_goes(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    old = desk.scene
    assert not any(row.dimmed for row in old.results)
    film = Film()
    desk.controller._view = film
    desk.controller.command("next")
    desk.rest()
    last = film.scenes[-1]
    for scene in film.scenes:
        assert [row.key for row in scene.results] == [row.key for row in old.results]
        if scene.picture is old.picture:
            assert scene.results == old.results
        elif any(row.dimmed for row in scene.results):
            assert [row.text for row in scene.results] == [row.text for row in old.results]
            assert (scene.verdict.words, scene.verdict.dimmed) == (old.verdict.words, True)
            assert all(advice.dimmed for advice in scene.warnings)
    assert any(scene.verdict.dimmed for scene in film.scenes)
    assert last.picture is not old.picture
    assert not last.verdict.dimmed
    assert [row.value for row in last.results] != [row.value for row in old.results]


def test_numbers_of_another_image_do_not_outlive_the_search(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.command("next")
    desk.rest()
    desk.controller.command("undo")
    assert [row.value for row in desk.scene.results] == [""] * 5
    assert desk.scene.verdict.words == "No result yet"
    desk.controller.command("find")
    assert not any(row.value for row in desk.scene.results)
    desk.rest()
    assert desk.scene.results[0].value
