"""Undo and redo are a list and a cursor: every state comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from calibtool.model.state.undo import Timeline


@given(st.lists(st.integers(), max_size=30))
def test_undo_to_the_start_and_redo_to_the_end(values: list[int]) -> None:
    timeline = Timeline((0,))
    for value in values:
        timeline = timeline.push(value)
    seen = [timeline.current]
    while timeline.can_undo:
        timeline = timeline.undo()
        seen.append(timeline.current)
    assert seen == [0, *values][::-1]
    while timeline.can_redo:
        timeline = timeline.redo()
    assert timeline.current == [0, *values][-1]


def test_a_new_step_gives_up_what_was_undone() -> None:
    timeline = Timeline(("a",)).push("b").push("c").undo().push("d")
    assert timeline.states == ("a", "b", "d")
    assert not timeline.can_redo


def test_amending_is_no_step() -> None:
    timeline = Timeline(("a",)).push("b").amend("B")
    assert timeline.states == ("a", "B")
    assert timeline.undo().current == "a"


def test_undo_at_the_start_and_redo_at_the_end_do_nothing() -> None:
    timeline = Timeline(("a",))
    assert timeline.undo() is timeline
    assert timeline.redo() is timeline
