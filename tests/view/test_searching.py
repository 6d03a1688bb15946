"""A part of a name finds it: what a typed text means, and the list below the field."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from calibtool.scene import Field
from calibtool.view.body import Body
from calibtool.view.suggestions import Suggestions, matches, meant
from tests.view.events import click, settle
from tests.view.recorder import Recorder
from tests.view.scenes import fitted
from tests.view.test_fields import entry, retype

NAMES = ("AgBh", "CeO2", "collagen_wet", "collagen_dry", "Cr2O3", "CrOx", "LaB6", "LaB6_SRM660a",
         "LaB6_SRM660b", "Pilatus 1M", "Pilatus 2M", "Si", "Si_SRM640")


@pytest.mark.parametrize(("typed", "name"), [
    ("lab", "LaB6"), ("LAB6", "LaB6"), ("660b", "LaB6_SRM660b"), ("ceo", "CeO2"), ("si", "Si"),
    ("pilatus1m", "Pilatus 1M"), ("pilatus-2m", "Pilatus 2M"), ("agb", "AgBh"),
])
def test_a_text_that_can_mean_one_name_only_stands_for_it(typed: str, name: str) -> None:
    assert meant(typed, NAMES) == name


@pytest.mark.parametrize("typed", ["cr", "collagen", "pilatus", "xyz", "", "-"])
def test_a_text_that_could_be_several_names_or_none_stands_for_none(typed: str) -> None:
    assert meant(typed, NAMES) is None


def test_names_that_begin_with_the_text_come_first() -> None:
    assert matches("c", ("AgCl", "CeO2", "Al2Cu")) == ("CeO2", "AgCl", "Al2Cu")
    assert matches("", NAMES) == NAMES


@pytest.fixture
def searched(window: Body) -> Suggestions:
    """The list below the calibrant, with the focus in its field."""
    fields = MappingProxyType({"calibrant": Field("AgBh", choices=NAMES)})
    window.show(replace(fitted(), fields=fields))
    entry(window, "calibrant")
    suggestions = window.workspace.rows["calibrant"].suggestions
    assert suggestions is not None
    return suggestions


def shown(suggestions: Suggestions) -> tuple[str, ...]:
    return tuple(suggestions.list.get(0, "end")) if suggestions.list.winfo_viewable() else ()


def test_the_list_follows_each_letter_and_return_takes_the_marked_name(
    window: Body, searched: Suggestions, actions: Recorder
) -> None:
    widget = entry(window, "calibrant")
    assert shown(searched) == ()
    retype(widget, "l")
    assert shown(searched) == ("LaB6", "LaB6_SRM660a", "LaB6_SRM660b", "collagen_wet",
                               "collagen_dry", "Pilatus 1M", "Pilatus 2M")
    retype(widget, "lab")
    assert shown(searched) == ("LaB6", "LaB6_SRM660a", "LaB6_SRM660b")
    assert searched.marked == "LaB6"
    for key in ("<Down>", "<Down>", "<Return>"):
        widget.event_generate(key)
        settle(widget)
    assert shown(searched) == ()
    assert actions.named("set_field") == [("calibrant", "LaB6_SRM660b")]


def test_a_click_in_the_list_takes_the_name(
    window: Body, searched: Suggestions, actions: Recorder
) -> None:
    widget = entry(window, "calibrant")
    retype(widget, "cr")
    x, y, width, height = searched.list.bbox(1)
    click(searched.list, x + width // 2, y + height // 2)
    assert actions.named("set_field") == [("calibrant", "CrOx")]
    assert shown(searched) == ()


def test_escape_closes_the_list_and_brings_back_the_name(
    window: Body, searched: Suggestions, actions: Recorder
) -> None:
    widget = entry(window, "calibrant")
    retype(widget, "ce")
    assert shown(searched) == ("CeO2",)
    widget.event_generate("<Escape>")
    settle(widget)
    assert shown(searched) == ()
    assert widget.get() == "AgBh"
    assert actions.named("set_field") == []


def test_leaving_the_field_takes_what_the_text_stands_for(
    window: Body, searched: Suggestions, actions: Recorder
) -> None:
    widget = entry(window, "calibrant")
    retype(widget, "lab")
    window.workspace.image.focus_force()
    settle(widget)
    assert actions.named("set_field") == [("calibrant", "LaB6")]
    assert shown(searched) == ()
