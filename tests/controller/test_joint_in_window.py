"""The ring is shown at once; the comparison with the other rings follows without a step of undo."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.demo import write_image
from calibtool.model.demo import CIRCLE
from tests.controller.conftest import Desk


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_image(tmp_path_factory.mktemp("demo") / "agbh.edf")


def test_the_shared_centre_joins_the_result_without_a_step_of_its_own(
    desk: Desk, demo: Path
) -> None:
    desk.open(demo)
    desk.until(lambda: desk.controller.session.result is not None)
    first = desk.controller.session.result
    assert first is not None
    steps = len(desk.controller.state.timeline.states)
    desk.rest()
    result = desk.controller.session.result
    assert result is not None
    assert result.joint is not None
    assert result.ring is first.ring
    assert len(desk.controller.state.timeline.states) == steps
    shown = {row.name: row.value for row in desk.scene.results}
    x = float(shown["Shared centre x"].split()[0])
    assert np.abs(x - CIRCLE.center_x_px) < 0.1
    desk.controller.command("undo")
    assert desk.controller.session.result is None


def test_points_set_meanwhile_are_kept(desk: Desk, demo: Path) -> None:
    desk.open(demo)
    desk.until(lambda: desk.controller.session.result is not None)
    desk.controller.command("pick")
    desk.controller.command("one_click")
    desk.controller.click_image(CIRCLE.center_x_px + CIRCLE.radius_px, CIRCLE.center_y_px)
    desk.rest()
    assert len(desk.controller.session.points) == 1
