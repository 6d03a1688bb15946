"""What the button of a warning does takes the warning away."""

from pathlib import Path

from calibtool.io.edf import write_edf
from calibtool.model.demo import demo_image
from tests.controller.conftest import Desk


def test_an_assumed_calibrant_is_confirmed_by_its_button(desk: Desk, tmp_path: Path) -> None:
    write_edf(tmp_path / "arc.edf", demo_image()[-420:, :600].copy(), {})
    desk.open(tmp_path / "arc.edf")
    told = {advice.code: advice for advice in desk.scene.warnings}
    remedy = told["calibrant_not_told"].remedy
    assert remedy is not None
    assert remedy.label == "It is AgBh"
    desk.controller.answer(remedy.does)
    desk.rest()
    assert desk.controller.session.settings.calibrant_source == "user"
    assert "calibrant_not_told" not in {advice.code for advice in desk.scene.warnings}
