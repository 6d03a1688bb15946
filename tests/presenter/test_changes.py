"""Undo and redo say which step they are about."""

from dataclasses import replace

import pytest

from calibtool.model.settings import Quantity, Settings
from calibtool.model.state.session import Point, Session
from calibtool.presenter import new_state, present
from calibtool.presenter.changes import change
from calibtool.presenter.present import CARRIED

POINTS = tuple(Point(float(n), 2.0, float(n), 2.0) for n in range(1, 7))


@pytest.mark.parametrize(("points", "name"), [
    (POINTS, "point 6"),
    (POINTS[:3] + POINTS[4:5], "removal of point 4"),
    (POINTS[:4], "removal of point 5"),
    ((Point(9.0, 9.0, 9.0, 9.0), *POINTS[1:5]), "move of point 1"),
    ((), "reset of the points"),
    (POINTS[:2], "change of the points"),
])
def test_a_step_of_points_is_named(points: tuple[Point, ...], name: str) -> None:
    before = Session(points=POINTS[:5])
    assert change(before, replace(before, points=points)) == name


def test_a_step_of_settings_is_named() -> None:
    before, plain = Session(), Settings()
    for changed, name in (
        (replace(plain, fixed_center=True, center_x=Quantity(3.0)), "fixed beam"),
        (replace(plain, wavelength=Quantity(0.1)), "wavelength"),
        (replace(plain, calibrant="CeO2", ring=2), "calibrant"),
        (replace(plain, options=replace(plain.options, seed=4)), "fit settings"),
    ):
        assert change(before, replace(before, settings=changed)) == name
    assert change(before, replace(before, enabled=False)) == "setting by calibration image"
    assert change(before, replace(before, picking=True)) == "begin of the selection"


def test_menu_and_tooltip_get_the_names_of_both_steps() -> None:
    state = new_state()
    assert dict(present(state).labels) == {"undo": "Undo", "redo": "Redo"}
    state = state.push(replace(state.session, points=POINTS[:1]))
    state = state.push(replace(state.session, points=POINTS[:2])).undo()
    assert dict(present(state).labels) == {"undo": "Undo point 1", "redo": "Redo point 2"}


def test_settings_kept_from_the_image_before_can_be_undone() -> None:
    bare = Session()
    kept = replace(bare, settings=replace(Settings(), fixed_center=True))
    state = new_state().restart(kept, bare)
    assert present(state).labels["undo"] == f"Undo {CARRIED}"
    assert not state.undo().session.settings.fixed_center
    assert state.undo().redo().session is not None
    other = state.undo().push(replace(bare, enabled=False))
    assert present(other).labels["undo"] == "Undo setting by calibration image"
    assert not new_state().restart(bare, bare).timeline.can_undo
