"""What is typed is handed on once, never lost, and no key of it runs a command."""

import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from calibtool.scene import Field, Scene
from calibtool.view.body import Body
from tests.view.events import settle, wait_until
from tests.view.recorder import Recorder
from tests.view.scenes import KEYS, fields, fitted


def show(window: Body, **changed: Field) -> Scene:
    scene = replace(fitted(), fields=MappingProxyType({**fields(), **changed}))
    window.show(scene)
    return scene


def entry(window: Body, key: str) -> Any:
    """The widget of an input, with the focus in it and its text chosen."""
    workspace = window.workspace
    assert workspace is not None
    for section in workspace.side.sections.values():
        if not section.opened:
            section.header.invoke()
    if key in workspace.folder.rows:
        workspace.drawer.select(workspace.folder)
    widget = workspace.rows[key].widget
    widget.focus_force()
    settle(widget)
    return widget


def retype(widget: Any, text: str) -> None:
    """Replace the text by pressing keys."""
    widget.selection_range(0, "end")
    names = {".": "period", ",": "comma", "-": "minus", " ": "space", "+": "plus"}
    for letter in text:
        widget.event_generate(f"<Key-{names.get(letter, letter)}>")
    settle(widget)


def test_return_hands_the_text_on_once(window: Body, actions: Recorder) -> None:
    show(window)
    for key in ("wavelength", "d_spacing", "center_x", "pattern", "seed"):
        widget = entry(window, key)
        retype(widget, "0.125")
        assert actions.named("set_field") == []
        widget.event_generate("<Return>")
        settle(widget)
        assert actions.named("set_field") == [(key, "0.125")]
        show(window, **{key: Field("0.125")})
        actions.calls.clear()


def test_after_return_the_keys_are_for_the_image_but_not_with_an_error(
    window: Body, actions: Recorder
) -> None:
    show(window)
    widget = entry(window, "wavelength")
    retype(widget, "0.125")
    widget.event_generate("<Return>")
    settle(widget)
    assert widget.focus_get() is window.workspace.image
    show(window, wavelength=Field("0.1x", "nm", error="Wavelength must be a number in nm."))
    entry(window, "wavelength").event_generate("<Return>")
    settle(widget)
    assert widget.focus_get() is widget


def test_leaving_hands_the_text_on_and_an_unchanged_text_is_not(
    window: Body, actions: Recorder
) -> None:
    show(window)
    entry(window, "energy")
    retype(entry(window, "distance"), "2400")
    entry(window, "energy")
    assert actions.named("set_field") == [("distance", "2400")]


def test_a_command_takes_a_value_that_is_still_being_typed_first(
    window: Body, actions: Recorder
) -> None:
    show(window)
    widget = entry(window, "d_spacing")
    retype(widget, "6.5")
    widget.event_generate("<F5>")
    settle(widget)
    calls = [call for call in actions.calls if call[0] in ("set_field", "command")]
    assert calls == [("set_field", ("d_spacing", "6.5")), ("command", ("find",))]


def test_letters_arrows_and_delete_in_a_field_run_no_command(
    window: Body, actions: Recorder
) -> None:
    scene = show(window)
    window.show(replace(scene, selected=2))
    widget = entry(window, "pattern")
    for key in ("p", "f", "m", "o", "n", "b", "0", "1", "plus", "minus", "Delete", "BackSpace",
                "Left", "Right", "Up", "Down", "Home", "Prior", "Next", "Control-c", "Control-z",
                "Control-Left", "Escape", "Return"):
        widget.focus_force()
        widget.event_generate(f"<{key}>" if "-" in key else f"<Key-{key}>")
        settle(widget)
    assert {name for name, _arguments in actions.calls} <= {"set_field", "describe", "profile"}


def test_an_error_stands_below_the_field_with_the_text_kept(
    window: Body, actions: Recorder
) -> None:
    show(window)
    widget = entry(window, "energy")
    retype(widget, "12,abc")
    widget.event_generate("<Return>")
    settle(widget)
    message = "Energy must be a number in keV, for example 12.4."
    show(window, energy=Field("12,abc", "keV", error=message))
    row = window.workspace.rows["energy"]
    assert row.text.get() == "12,abc"
    assert row.error.cget("text") == message
    assert row.error.winfo_manager() == "grid"
    assert row.widget.instate(["invalid"])
    assert row.error.grid_info()["row"] > row.widget.grid_info()["row"]
    show(window, energy=Field("12.4", "keV"))
    assert row.error.winfo_manager() == ""
    assert not row.widget.instate(["invalid"])


def test_a_scene_does_not_change_a_text_that_is_being_typed(
    window: Body, actions: Recorder
) -> None:
    show(window)
    widget = entry(window, "distance")
    retype(widget, "99")
    show(window, distance=Field("2000", "mm", "fit"), energy=Field("8", "keV", "header"))
    assert widget.get() == "99"
    assert entry(window, "energy").get() == "8"


def test_escape_brings_the_old_text_back(window: Body, actions: Recorder) -> None:
    show(window)
    widget = entry(window, "seed")
    retype(widget, "77")
    widget.event_generate("<Escape>")
    settle(widget)
    assert widget.get() == "1.5"
    assert actions.named("set_field") == []
    assert actions.named("command") == []


def test_every_field_shows_its_text_unit_and_source(window: Body) -> None:
    known = {
        key: replace(field, text=field.text if field.choices else f"{index}.25", unit="mm",
                     source=f"source {index}")
        for index, (key, field) in enumerate(fields().items())
    }
    window.show(replace(fitted(), fields=MappingProxyType(known)))
    assert set(window.workspace.rows) == set(KEYS)
    for key, row in window.workspace.rows.items():
        assert row.text.get() == known[key].text
        assert row.unit.cget("text") == "mm"
        assert str(row.source.cget("text")).startswith(known[key].source)


def test_unconfirmed_values_are_marked_and_missing_fields_are_disabled(window: Body) -> None:
    show(window)
    rows = window.workspace.rows
    assert str(rows["calibrant"].source.cget("text")) == "default ?"
    assert str(rows["calibrant"].source.cget("style")) == "Unconfirmed.TLabel"
    show(window, pixel_size=Field("0.1", "mm", "Type the pixel size.", unconfirmed=True))
    assert str(rows["pixel_size"].source.cget("text")) == "Type the pixel size."
    window.show(replace(fitted(), fields=MappingProxyType({})))
    assert all(row.widget.instate(["disabled"]) for row in rows.values())


def test_numbers_that_are_only_read_cannot_be_typed(window: Body, actions: Recorder) -> None:
    show(window)
    for key in ("scale", "d10"):
        widget = entry(window, key)
        retype(widget, "9")
        widget.event_generate("<Return>")
        settle(widget)
        assert widget.get() == "1.5"
    assert actions.named("set_field") == []


def listed(window: Body, key: str) -> tuple[str, ...]:
    """What the list below a field shows."""
    suggestions = window.workspace.rows[key].suggestions
    assert suggestions is not None
    assert bool(suggestions.list.winfo_viewable()) == suggestions.open
    return tuple(suggestions.list.get(0, "end")) if suggestions.open else ()


def test_typing_narrows_the_list_of_detectors(window: Body, actions: Recorder) -> None:
    show(window)
    widget = entry(window, "detector")
    retype(widget, "pilatus")
    assert listed(window, "detector") == ("Pilatus 1M", "Pilatus 2M")
    retype(widget, "1m")
    assert listed(window, "detector") == ("Pilatus 1M",)
    retype(widget, "marc")
    widget.event_generate("<Return>")
    settle(widget)
    assert actions.named("set_field") == [("detector", "MarCCD 165")]


def test_a_part_of_a_name_is_not_handed_on_while_the_list_is_open(
    window: Body, actions: Recorder
) -> None:
    show(window)
    widget = entry(window, "detector")
    retype(widget, "pil")
    widget.tk.call("ttk::combobox::Post", widget)
    assert listed(window, "detector") == (), "one list at a time"
    listbox = f"{widget.tk.call('ttk::combobox::PopdownWindow', widget)}.f.l"
    wait_until(widget, lambda: widget.tk.call("winfo", "ismapped", listbox))
    widget.tk.call("focus", "-force", listbox)
    settle(widget)
    assert actions.named("set_field") == []
    widget.tk.call("event", "generate", listbox, "<Down>")
    widget.tk.call("event", "generate", listbox, "<Return>")
    settle(widget)
    assert actions.named("set_field") == [("detector", "Pilatus 2M")]


def test_a_choice_from_the_list_is_handed_on(window: Body, actions: Recorder) -> None:
    show(window)
    widget = entry(window, "ring")
    widget.event_generate("<Down>")
    settle(widget)
    popdown = widget.tk.call("ttk::combobox::PopdownWindow", widget)
    listbox = f"{popdown}.f.l"
    widget.tk.call("focus", "-force", listbox)
    settle(widget)
    widget.tk.call("event", "generate", listbox, "<Down>")
    widget.tk.call("event", "generate", listbox, "<Return>")
    settle(widget)
    assert actions.named("set_field") == [("ring", "2")]


@pytest.mark.parametrize("width", [1000, 1280])
def test_a_list_is_as_wide_as_its_longest_choice(
    window: Body, root: tk.Tk, width: int
) -> None:
    root.geometry(f"{width}x740")
    longest = "alpha_Al2O3_SRM676a_2015_recertified"
    show(window, calibrant=Field("AgBh", choices=("AgBh", longest)))
    box = entry(window, "calibrant")
    tk_call = root.tk.call
    tk_call("ttk::combobox::Post", box)
    settle(box)
    listing = tk_call("ttk::combobox::PopdownWindow", box)
    needed = tkfont.nametofont("TkDefaultFont", root).measure(longest)
    assert tk_call("winfo", "width", f"{listing}.f.l") >= needed > box.winfo_width()
    right = tk_call("winfo", "rootx", listing) + tk_call("winfo", "width", listing)
    assert right <= root.winfo_rootx() + root.winfo_width()
    tk_call("ttk::combobox::Unpost", box)


def test_the_wheel_over_a_list_does_not_change_it(window: Body, actions: Recorder) -> None:
    show(window)
    widget = entry(window, "ring")
    for pattern in ("<Button-4>", "<Button-5>"):
        widget.event_generate(pattern, x=5, y=5)
    settle(widget)
    assert widget.get() == "1"
    assert actions.named("set_field") == []


def test_the_box_of_the_fixed_centre_sets_and_clears_it(
    window: Body, actions: Recorder, root: tk.Tk
) -> None:
    show(window)
    box = window.workspace.side.fixed_box
    box.invoke()
    show(window, fixed_center=Field("1"))
    assert box.instate(["selected"])
    box.invoke()
    assert actions.named("set_field") == [("fixed_center", "1"), ("fixed_center", "")]


def test_the_display_panel_changes_the_display(window: Body, actions: Recorder) -> None:
    scene = show(window)
    panel = window.workspace.side.display
    panel.colormap.set("magma")
    panel.colormap.event_generate("<<ComboboxSelected>>")
    panel.high.set(97.04)
    settle(panel)
    assert actions.named("set_display") == [
        (("colormap", "magma"),), (("high_percent", 97.0),)
    ]
    actions.calls.clear()
    window.show(replace(scene, display=replace(scene.display, stretch="log", low_percent=5.0)))
    settle(panel)
    assert panel.stretch.get() == "log"
    assert panel.low.get() == pytest.approx(5.0)
    assert actions.named("set_display") == []
