"""A session is kept while the program runs and comes back as it was after a crash."""

from pathlib import Path

from calibtool.controller import recovery
from calibtool.controller.remembering import Memory
from calibtool.picture import Display
from tests.controller.conftest import Desk


def test_a_lost_session_comes_back_with_identical_numbers(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    desk.open(folder / "run_0.edf")
    for x, y in ((190.0, 132.0), (118.0, 206.0), (44.0, 131.0), (118.0, 57.0), (170.0, 184.0)):
        desk.controller.command("pick" if not desk.scene.picking else "step_back")
        desk.controller.click_image(x, y)
        desk.controller.click_lens(x, y)
    desk.controller.command("fit")
    desk.rest()
    before = desk.controller.session
    keeper = recovery.Keeper(tmp_path)
    work = keeper.work(before)
    assert work is not None
    desk.controller.start("keep", work)
    desk.until(lambda: not desk.workers[0].busy())
    assert keeper.work(before) is None
    (saved,) = tmp_path.glob("*.json*")
    orphan = tmp_path / f"1-999999999{''.join(saved.suffixes)}"
    orphan.write_bytes(saved.read_bytes())
    keeper.close()

    other = Desk()
    recovery.offer(other.controller, tmp_path)
    assert other.scene.notice is not None
    restore = next(choice for choice, label in other.scene.notice.choices if label == "Restore")
    other.controller.answer(restore)
    other.rest()
    after = other.controller.session
    assert [(p.clicked_x, p.clicked_y, p.x, p.y, p.refined) for p in after.points] == [
        (p.clicked_x, p.clicked_y, p.x, p.y, p.refined) for p in before.points
    ]
    assert before.result is not None
    assert after.result is not None
    assert after.result.best.center_x_px == before.result.best.center_x_px
    assert after.result.best.radius_px == before.result.best.radius_px
    assert not list(tmp_path.glob("*.json*"))
    for worker in other.workers:
        worker.close()


def test_display_and_recent_images_are_remembered(tmp_path: Path) -> None:
    place = tmp_path / "preferences.json"
    shown = Display(colormap="magma", stretch="log", low_percent=2.0, dark=True)
    Memory(place).remember(shown, ("/data/a.tif",), {"geometry": "1200x700+10+20"})
    again = Memory(place)
    assert again.display() == shown
    assert again.preferences.recent == ("/data/a.tif",)
    assert again.value("place") == {"geometry": "1200x700+10+20"}


def test_damaged_preferences_are_the_defaults(tmp_path: Path) -> None:
    place = tmp_path / "preferences.json"
    place.write_text('{"values": {"display": {"colormap": 7, "dark": "yes"}}}')
    assert Memory(place).display() == Display()
