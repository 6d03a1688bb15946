"""Numbers of an image under another mask or dark are not told as if they were of this one."""

from pathlib import Path

from tests.controller.conftest import Desk


def test_a_dark_that_leaves_no_ring_leaves_no_verdict_either(desk: Desk, folder: Path) -> None:
    path = folder / "run_0.edf"
    desk.open(path)
    before = desk.scene
    desk.controller.command_path("load_dark", str(path))
    desk.rest()
    assert desk.scene.notice is not None
    assert "No ring" in desk.scene.notice.text
    assert desk.scene.verdict.words == "The image has changed"
    assert all(row.dimmed for row in desk.scene.results)
    assert not {"save", "save_poni", "apply"} & set(desk.scene.enabled)
    desk.controller.command("undo")
    assert desk.scene.verdict == before.verdict
    assert desk.scene.results == before.results


def test_a_mask_dims_the_numbers_until_it_is_done(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    before = desk.scene
    desk.controller.command("draw_mask")
    assert desk.scene.verdict == before.verdict
    desk.controller.draw_mask("rectangle", (5.0, 5.0, 20.0, 20.0))
    assert desk.scene.verdict.words == "The image has changed"
    desk.controller.command("draw_mask")
    desk.rest()
    assert desk.scene.verdict.words == before.verdict.words
    assert not any(row.dimmed for row in desk.scene.results)
