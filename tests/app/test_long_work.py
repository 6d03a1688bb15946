"""Long work: progress, Cancel, and answers that come too late."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.model.state.session import Point, Session
from tests.app.checks import essence
from tests.app.driver import Driver
from tests.app.rings import SMALL


def on_the_ring(number: int) -> tuple[Point, ...]:
    angles = np.linspace(0.1, 6.0, number)
    x = SMALL.center_x_px + SMALL.radius_px * np.cos(angles)
    y = SMALL.center_y_px + SMALL.radius_px * np.sin(angles)
    return tuple(Point(a, b, a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True))


def points_file(folder: Path) -> Path:
    """Nine points on the ring, as a file."""
    path = folder / "points.csv"
    rows = "".join(f"{point.x},{point.y}\n" for point in on_the_ring(9))
    path.write_text(f"x,y\n{rows}")
    return path


@pytest.fixture
def fitting(program: Driver, image: Path, tmp_path: Path) -> Session:
    """A fit that would take minutes is under way; the session before it."""
    program.open(image)
    program.load("load_points", points_file(tmp_path))
    for key, text in (("population", "400"), ("generations", "20000"), ("starts", "60")):
        program.controller.set_field(key, text)
    before = program.session
    program.press_button("fit")
    program.until(lambda: program.scene.busy and program.scene.busy.fraction, "progress")
    return before


def test_a_fit_shows_how_far_it_is_and_stops_when_asked(
    program: Driver, fitting: Session
) -> None:
    first = program.scene.busy
    assert first is not None
    assert first.fraction is not None
    program.until(
        lambda: program.scene.busy and (program.scene.busy.fraction or 0) > (first.fraction or 0),
        "more progress",
    )
    program.press(program.workspace.status.cancel)
    program.idle()
    assert "Stopped" in program.notice
    assert essence(program.session) == essence(fitting)


def test_another_image_opened_meanwhile_gets_no_numbers_of_the_old_one(
    program: Driver, fitting: Session, demo: Path
) -> None:
    program.open(demo)
    assert program.root.title().startswith("agbh_demo.edf")
    assert program.session.points == ()
    result = program.session.result
    assert result is not None, program.said
    assert result.circle is None, "it was found without a click, so it is not the old fit"
    assert result.best.radius_px == pytest.approx(121.45, abs=1.0)


def test_an_image_taken_away_meanwhile_stays_away(program: Driver, fitting: Session) -> None:
    program.press_button("unset")
    assert program.scene.busy is None
    program.until(lambda: not program.app.worker.busy("fit"), "end of the thread's work")
    program.settle()
    assert program.scene.picture is None
    assert program.session.result is None
    assert program.notice == ""


def test_points_changed_meanwhile_make_the_answer_too_late(
    program: Driver, image: Path, tmp_path: Path
) -> None:
    program.open(image)
    program.load("load_points", points_file(tmp_path))
    program.controller.command("fit")
    program.controller.move_point(1, 100.0, 40.0)
    program.idle()
    assert not program.session.fresh
    assert "Refit" in program.notice
    assert all(point.role == "new" for point in program.scene.points)


def test_five_points_are_needed_and_what_is_missing_is_said(program: Driver, image: Path) -> None:
    program.open(image)
    program.press_button("pick")
    for point in on_the_ring(3):
        program.click_image(point.x, point.y)
        program.click_lens(point.x, point.y)
    program.press_button("done")
    assert "2 more points" in program.notice
    assert program.scene.picking, "the selection goes on"
    assert len(program.scene.points) == 3


def test_cancel_restores_exactly_what_was(program: Driver, image: Path) -> None:
    program.open(image)
    program.press_button("apply")
    in_use = essence(program.session)
    program.type_into("distance", "250")
    program.press_button("pick")
    before = essence(program.session)
    for point in on_the_ring(3):
        program.click_image(point.x, point.y)
        program.click_lens(point.x, point.y)
    program.press_button("cancel_picking")
    assert essence(program.session)[3:] == (before[3], False, *before[5:])
    program.press_button("revert")
    assert essence(program.session) == in_use
    assert "revert" not in program.scene.enabled


def test_a_fault_in_a_callback_is_shown_and_logged_and_the_program_goes_on(
    program: Driver, image: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a fault for the test")

    program.root.after_idle(broken)
    program.root.update()
    assert "a fault for the test" in program.notice
    assert any(record.exc_info for record in caplog.records)
    assert len(program.faults) == 1
    program.faults.clear()
    program.open(image)
    assert program.session.result is not None


def test_a_fault_in_the_worker_is_shown_and_logged(
    program: Driver, image: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("a fault in the thread")

    from calibtool.controller import jobs

    program.open(image)
    monkeypatch.setattr(jobs, "find", broken)
    program.controller.command("find")
    program.until_fault()
    assert "a fault in the thread" in program.notice
    assert program.scene.busy is None
    assert any("broken" in str(record.exc_text or record.exc_info) for record in caplog.records)
